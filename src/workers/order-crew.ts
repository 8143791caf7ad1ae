/** So many orders at once, so many of one store, and each order once at a time: a slow store keeps nobody else waiting. */
import type { OrderAtStore } from './pull-ports.js'

export type OrderCrew = Readonly<{
  /** Takes it up, or says that it is under way already, or that there is no room now. */
  start: (order: OrderAtStore, work: () => Promise<void>) => boolean
  ended: () => Promise<void>
}>

export function createOrderCrew({
  atOnceMax,
  ofStoreMax,
  onFailure,
}: Readonly<{
  atOnceMax: number
  ofStoreMax: number
  onFailure: (order: OrderAtStore, error: unknown) => void
}>): OrderCrew {
  const underWay = new Map<string, Readonly<{ instance: string; ended: Promise<void> }>>()
  const ofStore = (instance: string): number =>
    [...underWay.values()].filter((one) => one.instance === instance).length
  return {
    start: (order, work) => {
      const { instance } = order
      const key = `${instance} ${order.order}`
      if (underWay.has(key) || underWay.size >= atOnceMax) return false
      if (ofStore(instance) >= ofStoreMax) return false
      const ended = work()
        .catch((error: unknown) => {
          onFailure(order, error)
        })
        .finally(() => underWay.delete(key))
      underWay.set(key, { instance, ended })
      return true
    },
    ended: async () => {
      await Promise.allSettled([...underWay.values()].map(({ ended }) => ended))
    },
  }
}
