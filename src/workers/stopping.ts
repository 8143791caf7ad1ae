import { setMaxListeners } from 'node:events'

/**
 * What stops a worker. Any number of its calls wait under the one signal, each with a listener that it takes away: the
 * runtime's warning that there are more than ten of them would be told to an operator, and mean nothing.
 */
export function createStopping(): AbortController {
  const stopping = new AbortController()
  setMaxListeners(0, stopping.signal)
  return stopping
}
