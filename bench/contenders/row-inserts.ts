/** The limit of a store that commits one by one: a row of an event's size per statement, a connection per caller. */
import pg from 'pg'
import { callersFor, numberIn, serveContender, textIn } from '../contender.js'

const INSERT = {
  name: 'insert_row',
  text: 'insert into bench_rows (data, metadata) values ($1, $2)',
}

serveContender(async (setup) => {
  const callers = numberIn(setup, 'callers')
  const clients = Array.from(
    { length: callers },
    () => new pg.Client({ connectionString: textIn(setup, 'database') }),
  )
  await Promise.all(clients.map((client) => client.connect()))
  await clients[0]?.query(
    `create table bench_rows (
       position bigint generated always as identity primary key, data text not null, metadata text not null)`,
  )
  const values = [
    'd'.repeat(numberIn(setup, 'dataBytes')),
    'm'.repeat(numberIn(setup, 'metadataBytes')),
  ]
  const idle = [...clients]
  const insert = async () => {
    const client = idle.pop()
    if (client === undefined) throw new Error('There are more callers than connections.')
    await client.query({ ...INSERT, values })
    idle.push(client)
    return 1
  }
  return {
    round: (ms) => callersFor(ms, callers, insert),
    close: async () => {
      await Promise.all(clients.map((client) => client.end()))
    },
  }
})
