/** `folio instance credentials`: what opens a store, read from standard input, where no list of processes shows it. */
import type { Command } from 'commander'
import { credentialsSchema } from '../http/credentials-schema.js'
import type { Connections } from '../open-connections.js'
import { run, type Shared, withSharedOptions } from './command-line.js'
import { BadInput } from './failure.js'
import { printJson, say } from './output.js'
import { withLedger } from './with-ledger.js'

type Options = Shared & Readonly<{ check: boolean }>

const INPUT_BYTES_MAX = 4_096
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

export function instanceCommand(program: Command): void {
  const instance = program.command('instance').description('connect stores')
  withSharedOptions(instance.command('credentials'))
    .description(
      'save what opens a store: from standard input the access token, and on a line of its own the client secret',
    )
    .argument('<instance>', 'the id of the store, as register-instance answered it')
    .option('--no-check', 'save it without asking the store whether it takes it')
    .action(saveCredentials)
}

async function saveCredentials(instance: string, options: Options): Promise<void> {
  await run(options, async ({ config, json }) => {
    if (!UUID.test(instance)) throw new BadInput('This is no id of an instance.')
    if (process.stdin.isTTY) {
      say('The access token, Enter, the client secret if there is one, Enter, Ctrl-D:')
    }
    const given = credentialsIn(await standardInput())
    await withLedger(config, { projections: false }, async ({ connections }) => {
      const saved = await connections.access.save(instance, given, { check: options.check })
      if (saved.outcome !== 'saved') throw new BadInput(whyNot(saved))
    })
    if (json) printJson({ instance, saved: true })
    say('Saved. The server takes over what changes at the store from now on.')
  })
}

/** What was given is not told again. */
function credentialsIn(text: string): Parameters<Connections['access']['save']>[1] {
  const [accessToken, clientSecret, ...more] = text.split(/\r?\n/).filter((line) => line !== '')
  const read = credentialsSchema.safeParse({ accessToken, clientSecret })
  if (!read.success || more.length > 0) {
    throw new BadInput(
      'Standard input has the access token on its first line, and the client secret, where there is one, on its second.',
    )
  }
  return { accessToken: read.data.accessToken, clientSecret: read.data.clientSecret ?? null }
}

async function standardInput(): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of process.stdin as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > INPUT_BYTES_MAX) throw new BadInput('That is more than a token and a secret.')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function whyNot(
  saved: Exclude<
    Awaited<ReturnType<Connections['access']['save']>>,
    Readonly<{ outcome: 'saved' }>
  >,
): string {
  switch (saved.outcome) {
    case 'unknown_instance':
      return 'There is no instance of this id. See: GET /instances'
    case 'platform_not_offered':
      return `Stores of ${saved.platform} cannot be connected to.`
    case 'refused':
      return `The store does not take it (${saved.failure.reason}): ${saved.failure.detail}`
  }
}
