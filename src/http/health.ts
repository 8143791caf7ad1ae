/** `/health/live`: the process answers. `/health/ready`: the read models can be asked, and none stands still. */
import { Router } from 'express'

/** Of each read model: its live build, and why that stands still. */
export type ReadinessOfProjections = () => Promise<
  readonly Readonly<{ name: string; build: number | null; error: string | null }>[]
>

export function healthRoutes(readiness: ReadinessOfProjections): Router {
  const router = Router()
  router.get('/health/live', (_request, response) => {
    response.json({ status: 'live' })
  })
  router.get('/health/ready', async (_request, response) => {
    const stopped = await readiness().then(
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
