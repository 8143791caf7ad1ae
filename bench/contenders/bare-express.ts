/** Express with nothing but its JSON parser, answering what Folio answered once. */
import express from 'express'
import type { AddressInfo } from 'node:net'
import { serveContender, textIn } from '../contender.js'

serveContender(async (setup) => {
  const app = express()
  app.use(express.json())
  app.post('/commands/:name', (request, response) => {
    response.type('json').send(textIn(setup, request.params.name))
  })
  const server = app.listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as AddressInfo
  return {
    round: () => Promise.resolve({ port }),
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
})
