/**
 * The simulator as a process: `main.js --port 0 --folder DIR --options JSON-or-file`. Says where it listens in one line of
 * JSON. With `--attached` it ends when its standard input does, so that it does not outlive who started it.
 */
import { readFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import type { SimulatorOptions } from './options.js'
import { startSimulator } from './simulator.js'

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    folder: { type: 'string' },
    options: { type: 'string', default: '{}' },
    attached: { type: 'boolean', default: false },
  },
})

const text = values.options.trimStart().startsWith('{')
  ? values.options
  : await readFile(values.options, 'utf8')
const options = JSON.parse(text) as SimulatorOptions
const folder = values.folder === undefined ? {} : { folder: values.folder }
const simulator = await startSimulator({ ...options, port: Number(values.port), ...folder })

const stop = (): void => void simulator.close().then(() => process.exit(0))
process.once('SIGTERM', stop)
process.once('SIGINT', stop)
if (values.attached) process.stdin.resume().once('end', stop)

const { address, port } = simulator
process.stdout.write(`${JSON.stringify({ address, port })}\n`)
