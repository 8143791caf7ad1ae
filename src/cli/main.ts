#!/usr/bin/env node
/** `folio`: the command line. Each command is a file beside this one. */
import { Command } from 'commander'
import { EXIT } from './failure.js'
import { printJson } from './output.js'

const program = new Command('folio')
  .description(
    'A ledger for orders, invoices, payments, credit notes and refunds, kept as events in a log.',
  )
  .version('0.1.0')
  .showHelpAfterError('(folio --help, or folio <command> --help, says what there is)')
  // commander leaves with 1 for what it does not understand; that is bad input.
  .exitOverride((error) => {
    const exitCode = error.exitCode === 0 ? EXIT.done : EXIT.badInput
    if (exitCode !== EXIT.done && process.argv.includes('--json')) {
      printJson({ error: error.message, exitCode })
    }
    process.exit(exitCode)
  })

/** A file each; loaded all together they take half a second, so the one that is asked for is loaded alone. */
const COMMANDS = {
  start: async () => (await import('./start.js')).startCommand,
  import: async () => (await import('./import.js')).importCommand,
  demo: async () => (await import('./demo.js')).demoCommand,
  rebuild: async () => (await import('./rebuild.js')).rebuildCommand,
  doctor: async () => (await import('./doctor.js')).doctorCommand,
  log: async () => (await import('./log.js')).logCommand,
  key: async () => (await import('./key.js')).keyCommand,
  instance: async () => (await import('./instance.js')).instanceCommand,
} as const satisfies Readonly<Record<string, () => Promise<(program: Command) => void>>>

const [, , asked = ''] = process.argv
const one = Object.entries(COMMANDS).filter(([name]) => name === asked)
for (const [, load] of one.length > 0 ? one : Object.entries(COMMANDS)) (await load())(program)
for (const command of program.commands) command.copyInheritedSettings(program)

// Whoever read the output has gone (`folio demo | head`): the work is brought to its end in order all the same.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
  })
}

await program.parseAsync()
