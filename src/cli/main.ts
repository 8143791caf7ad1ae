#!/usr/bin/env node
/** `folio`: the command line. Each command is a file beside this one. */
import { Command } from 'commander'
import { demoCommand } from './demo.js'
import { doctorCommand } from './doctor.js'
import { EXIT } from './failure.js'
import { importCommand } from './import.js'
import { instanceCommand } from './instance.js'
import { keyCommand } from './key.js'
import { logCommand } from './log.js'
import { printJson } from './output.js'
import { rebuildCommand } from './rebuild.js'
import { startCommand } from './start.js'

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

const commands = [
  startCommand,
  importCommand,
  demoCommand,
  rebuildCommand,
  doctorCommand,
  logCommand,
  keyCommand,
  instanceCommand,
]
for (const add of commands) add(program)
for (const command of program.commands) command.copyInheritedSettings(program)

// Whoever read the output has gone (`folio demo | head`): the work is brought to its end in order all the same.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
  })
}

await program.parseAsync()
