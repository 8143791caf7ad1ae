import { readFile } from 'node:fs/promises'
import { userInfo } from 'node:os'
import { EmbeddedPostgresUnavailable } from './unavailable.js'

/** A user of the system by number. */
export type UserIds = Readonly<{ uid: number; gid: number }>

/**
 * Whom the server runs as. PostgreSQL refuses user 0, so for root it is a number of its own that
 * no program shares; `initdb` alone insists on a user with a name and borrows one.
 * See docs/decisions/0002-postgresql-as-root.md.
 */
export type ServerAccount =
  | Readonly<{ kind: 'own' }>
  /** A number without a name, as containers give out: within a user namespace `initdb` sees another user's. */
  | Readonly<{ kind: 'nameless'; initdb: UserIds }>
  | Readonly<{ kind: 'unprivileged'; server: UserIds; initdb: UserIds }>

/**
 * Neither systemd (60578 to 61183 are marked unused there) nor adduser gives out this number, and
 * it lies below 65536, where containers with a user map end.
 */
const serverUserId = 61_000

export async function serverAccount(): Promise<ServerAccount> {
  const isRoot = process.geteuid?.() === 0
  if (!isRoot && (process.platform !== 'linux' || hasName())) return { kind: 'own' }
  const users = parseUsers(await readFile('/etc/passwd', 'utf8').catch(() => ''))
  const initdb = users.find(({ name }) => name === 'nobody') ?? users[0]
  if (!isRoot) return initdb === undefined ? { kind: 'own' } : { kind: 'nameless', initdb }
  if (initdb === undefined) {
    throw new EmbeddedPostgresUnavailable(
      'no_unprivileged_user',
      'PostgreSQL refuses to run as root, and /etc/passwd names no other user to set up a database with. Start as an ordinary user, or set DATABASE_URL.',
    )
  }
  return { kind: 'unprivileged', server: { uid: serverUserId, gid: serverUserId }, initdb }
}

function hasName(): boolean {
  try {
    return userInfo().username !== ''
  } catch {
    return false
  }
}

function parseUsers(passwd: string): (UserIds & { name: string })[] {
  return passwd
    .split('\n')
    .map((line) => line.split(':'))
    .map(([name = '', , uid = '', gid = '']) => ({ name, uid: id(uid), gid: id(gid) }))
    .filter(({ name, uid, gid }) => name !== '' && uid > 0 && gid > 0)
}

function id(text: string): number {
  return /^\d{1,10}$/.test(text) ? Number.parseInt(text, 10) : 0
}
