/** `/health/live`: the process answers. `/health/ready`: the read models can be asked, and none stands still. */
import { Router } from 'express'
import type { StatusOfProjections } from './projection-routes.js'

export function healthRoutes(projections: StatusOfProjections): Router {
  const router = Router()
  router.get('/health/live', (_request, response) => {
    response.json({ status: 'live' })
  })
  router.get('/health/ready', async (_request, response) => {
    const stopped = await projections().then(
      (states) =>
        states
          .filter(({ build, error }) => build === null || error !== null)
          .map(({ name }) => name),
      () => null,
    )
    const ready = stopped !== null && stopped.length === 0
    response
      .status(ready ? 200 : 503)
      .json({ status: ready ? 'ready' : 'not ready', ...(stopped === null ? {} : { stopped }) })
  })
  return router
}
