/** For an app that is asked nothing about stores: whoever does all the same gets to know. */
import type { AppOptions } from '../../src/http/app.js'

const asked = () => Promise.reject(new Error('No test of this app asks about stores'))

export const NO_STORES: Pick<AppOptions, 'stores' | 'receiveWebhook' | 'quoteRefund'> = {
  stores: { save: asked, remove: asked, connection: asked },
  receiveWebhook: asked,
  quoteRefund: asked,
}
