import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { z } from 'zod'
import {
  BOOKS_COMMANDS,
  FOLIO_COMMANDS,
  INSTANCE_COMMANDS,
  SUBJECT_COMMANDS,
} from '../../commands/registry.js'

const AREAS = readdirSync('commands', { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)
const ALL = [...BOOKS_COMMANDS, ...FOLIO_COMMANDS, ...INSTANCE_COMMANDS, ...SUBJECT_COMMANDS]

test('every file that defines a command stands in the registry under its own name', () => {
  const files = AREAS.flatMap((area) =>
    readdirSync(join('commands', area))
      .filter((file) =>
        /= (?:folio|books|opening|instance|subject)Command\(/.test(
          readFileSync(join('commands', area, file), 'utf8'),
        ),
      )
      .map((file) => `${area}/${file.replace('.ts', '')}`),
  )
  expect(ALL.map(({ area, name }) => `${area}/${name}`).sort()).toEqual(files.sort())
})

/** Of what is one thing or another, each. */
function alternatives(schema: z.ZodType): readonly z.ZodType[] {
  return schema instanceof z.ZodDiscriminatedUnion
    ? (schema.options as readonly z.ZodType[])
    : [schema]
}

test('every command says what it answers, and takes and answers nothing beside what it says', () => {
  for (const { name, input, output } of ALL) {
    for (const schema of [input, output].flatMap(alternatives)) {
      const codes = JSON.stringify(schema.safeParse({ surprise: 1 }).error?.issues ?? [])
      expect(codes, name).toContain('unrecognized_keys')
    }
  }
})

test('every command cites the rows it decides and says in a sentence what it does', () => {
  for (const { name, rows, summary } of ALL) {
    expect(rows.length, name).toBeGreaterThan(0)
    expect(summary, name).toMatch(/^[A-Z].{10,}[^.]$/)
  }
})
