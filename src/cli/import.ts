import { Argument, type Command, Option } from 'commander'
import { systemClock } from '../system-clock.js'
import { run, type Shared, withSharedOptions } from './command-line.js'
import { IMPORT_FORMATS, importPlan, type ImportSummary, planFile } from './import-file.js'
import { grouped, print, printJson } from './output.js'
import { withLedger } from './with-ledger.js'

type Options = Shared & Readonly<{ format: string; report?: string; vat?: boolean }>

/** The formats' files are dated in British local time. */
export const FILE_TIME_ZONE = 'Europe/London'

export function importCommand(program: Command): void {
  withSharedOptions(program.command('import'))
    .description('book a file of sales: orders, invoices, payments, credit notes and refunds')
    .addArgument(new Argument('<file>', 'the file'))
    .addOption(
      new Option('--format <name>', 'its format')
        .choices([...IMPORT_FORMATS])
        .makeOptionMandatory(),
    )
    .option('--report <path>', 'where the report goes (default DIR/imports/<hash of the file>.csv)')
    .option('--vat', 'take UK VAT of the date to be in the prices for UK customers')
    .action(async (file: string, options: Options) => {
      await run(options, async ({ config, json, interruption }) => {
        const { vat = false, report } = options
        const plan = await planFile({ file, vat, report }, systemClock().today(FILE_TIME_ZONE))
        await withLedger(config, { projections: true }, async (ledger) => {
          const { dataDirectory } = config
          const { report: written, ...summary } = await importPlan(plan, ledger, {
            dataDirectory,
            report,
            signal: interruption.signal,
          })
          printSummary(summary, written)
          if (json) printJson(summary)
        })
      })
    })
}

export function printSummary(summary: ImportSummary, report: string): void {
  const { inputTotal, bookedTotal, refusedTotal } = summary
  print(
    [
      `${summary.invoices} invoices, ${summary.creditNotesLinked} linked and ` +
        `${summary.creditNotesAdHoc} ad-hoc credit notes, of ${summary.documents} documents and ${summary.lines} lines.`,
      `Booked ${grouped(bookedTotal)} + refused ${grouped(refusedTotal)} = input ${grouped(inputTotal)} GBP, ` +
        'proven from the read models.',
      `Refused lines: ${refusalsText(summary.refusals)}. Each line stands in ${report}`,
      `${summary.eventsAppended} events appended in ${summary.seconds} s.`,
    ].join('\n'),
  )
}

function refusalsText(refusals: ImportSummary['refusals']): string {
  const reasons = Object.entries(refusals)
  if (reasons.length === 0) return 'none'
  return reasons.map(([reason, count]) => `${count} ${reason}`).join(', ')
}
