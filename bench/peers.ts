/**
 * The peers have a package file of their own in bench/peers, so that nothing of the product can come to import them.
 * They are loaded from there by name, and typed by the few things of them that are used.
 */
import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'

/** The project, seen from `dist/bench/bench`, where this is run. */
const PROJECT = join(import.meta.dirname, '..', '..', '..')
const FOLDER = join(PROJECT, 'bench', 'peers')

const load = createRequire(join(FOLDER, 'package.json'))

/** A peer's module. What it holds is as its version in bench/peers/package.json has it. */
export function peerModule(name: string): unknown {
  return load(name)
}

/** Peers could not be installed; the message ends with what npm said. */
export class PeersUnavailable extends Error {
  constructor(said: string) {
    super(`The peers of the bench could not be installed (npm ci in bench/peers): ${said}`)
    this.name = 'PeersUnavailable'
  }
}

/** Installs the peers where they are missing or of other versions than the lock file says. */
export async function ensurePeers(say: (line: string) => void, signal: AbortSignal): Promise<void> {
  if (areInstalled()) return
  say('Installing what we are measured against (npm ci in bench/peers) …')
  const said = await npmCi(signal)
  if (!areInstalled()) throw new PeersUnavailable(said)
}

type Versions = Readonly<Record<string, string>>

function areInstalled(): boolean {
  const { dependencies } = readJson(join(FOLDER, 'package.json')) as { dependencies: Versions }
  return Object.entries(dependencies).every(([name, version]) => {
    const manifest = join(FOLDER, 'node_modules', name, 'package.json')
    return existsSync(manifest) && (readJson(manifest) as { version: string }).version === version
  })
}

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(path, 'utf8'))
}

/** Fulfilled with what npm said, however it ended. */
function npmCi(signal: AbortSignal): Promise<string> {
  return new Promise((settle) => {
    const windows = process.platform === 'win32'
    const child = spawn(windows ? 'npm.cmd' : 'npm', ['ci', '--ignore-scripts'], {
      cwd: FOLDER,
      shell: windows,
      signal,
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    let said = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text
    })
    child.once('error', (error) => {
      settle(error.message)
    })
    child.once('close', () => {
      settle(said.trim())
    })
  })
}
