import { type Command, Option } from 'commander'
import { KEYS_LISTED_MAX, type ListedKey } from '../access/api-keys.js'
import { REVOCATION_DELAY_MS_MAX } from '../access/authenticate.js'
import { type Role, ROLES } from '../access/role.js'
import {
  keyNameSchema,
  NAME_LENGTH_MAX,
  RATE_PER_MINUTE_DEFAULT,
  RATE_PER_MINUTE_MAX,
  ratePerMinuteSchema,
} from '../access/schema.js'
import { run, type Shared, withSharedOptions } from './command-line.js'
import { BadInput } from './failure.js'
import { grouped, print, printJson, say, table } from './output.js'
import { withLedger } from './with-ledger.js'

type CreateOptions = Shared & Readonly<{ role: Role; name: string; rate: string }>

export const NOT_SHOWN_AGAIN =
  'The key is not shown again: only its hash is kept. If it is lost, revoke it and create another.'

/** Keys are made and revoked beside a server that runs: it looks them up in the database. */
export function keyCommand(program: Command): void {
  const key = program.command('key').description('make, list and revoke API keys')
  withSharedOptions(key.command('create'))
    .description('make a key and print it, this once')
    .addOption(
      new Option('--role <role>', 'what it may do').choices([...ROLES]).makeOptionMandatory(),
    )
    .requiredOption('--name <name>', 'whom it is for: stands in the events as key:<name>')
    .option('--rate <n>', 'requests a minute that it may make', String(RATE_PER_MINUTE_DEFAULT))
    .action(createKey)
  withSharedOptions(key.command('list'))
    .description('list the keys, never their text')
    .action(listKeys)
  withSharedOptions(key.command('revoke'))
    .description('end a key; its name may be given to a new one then')
    .argument('<name>', 'the name of the key')
    .action(revokeKey)
}

async function createKey(options: CreateOptions): Promise<void> {
  await run(options, async ({ config, json }) => {
    const name = nameIn(options.name)
    const ratePerMinuteMax = rateIn(options.rate)
    const { role } = options
    await withLedger(config, { projections: false }, async ({ apiKeys }) => {
      const created = await apiKeys.create({ name, role, ratePerMinuteMax })
      if (created.outcome === 'name_in_use') {
        throw new BadInput(
          `There is a key named ${name} already. Give another name; or revoke that key first ` +
            `(folio key revoke ${name}), and this one takes its place.`,
        )
      }
      const { key } = created
      say(`Made the key ${name} for the role ${role}. ${NOT_SHOWN_AGAIN}`)
      if (json) printJson({ name, role, ratePerMinuteMax, key })
      else print(key)
    })
  })
}

async function listKeys(options: Shared): Promise<void> {
  await run(options, async ({ config, json }) => {
    await withLedger(config, { projections: false }, async ({ apiKeys }) => {
      const keys = await apiKeys.list()
      if (json) printJson({ keys })
      else print(keyTable(keys))
      if (keys.length === KEYS_LISTED_MAX) say(`These are the first ${KEYS_LISTED_MAX} keys.`)
    })
  })
}

async function revokeKey(name: string, options: Shared): Promise<void> {
  await run(options, async ({ config, json }) => {
    nameIn(name)
    await withLedger(config, { projections: false }, async ({ apiKeys }) => {
      if ((await apiKeys.revoke(name)) === 'no_such_key') {
        throw new BadInput(
          `There is no key named ${name}, or it is revoked already. See: folio key list`,
        )
      }
      if (json) printJson({ name, revoked: true })
      const seconds = REVOCATION_DELAY_MS_MAX / 1000
      say(`Revoked the key ${name}. Servers refuse it within ${seconds} seconds.`)
    })
  })
}

function keyTable(keys: readonly ListedKey[]): string {
  const columns = [
    { label: 'Name' },
    { label: 'Role' },
    { label: 'Requests a minute', align: 'right' },
    { label: 'Created' },
    { label: 'Revoked' },
  ] as const
  const rows = keys.map(({ name, role, ratePerMinuteMax, createdAt, revokedAt }) => [
    name,
    role,
    grouped(String(ratePerMinuteMax)),
    createdAt.toISOString(),
    revokedAt?.toISOString() ?? '',
  ])
  return table(columns, rows)
}

/** What was given is not told again: somebody may have put a key in place of the name. */
function nameIn(text: string): string {
  const name = keyNameSchema.safeParse(text)
  if (name.success) return name.data
  throw new BadInput(
    `The name of a key is made of a-z, 0-9 and single dashes between them, at most ${NAME_LENGTH_MAX} of them: such as web-shop-2.`,
  )
}

function rateIn(text: string): number {
  const rate = ratePerMinuteSchema.safeParse(
    /^\d{1,9}$/.test(text) ? Number.parseInt(text, 10) : null,
  )
  if (rate.success) return rate.data
  throw new BadInput(`--rate is a whole number from 1 to ${RATE_PER_MINUTE_MAX}.`)
}
