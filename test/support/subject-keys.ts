import { createHash } from 'node:crypto'
import { keyName } from '../../src/event-store/seal.js'
import type { SubjectKey, SubjectKeys } from '../../src/event-store/subject-keys.js'

/**
 * Keys by name, so that tests are repeatable; `forget` drops one without a word in the log. Several ledgers over the same
 * keys are processes that all see at once what one of them drops.
 */
export function testSubjectKeys(): SubjectKeys & { forget(subject: string): void } {
  /** By subject: how often its key was dropped; each time it gets another one. */
  const drops = new Map<string, number>()
  const obtained = new Map<string, Buffer>()
  const forgotten = new Set<string>()
  let generation = 0
  const keyOf = (subject: string) =>
    createHash('sha256')
      .update(`${subject}${drops.get(subject) ?? ''}`)
      .digest()
  const found = (subjects: readonly string[]) =>
    subjects
      .filter((subject) => !forgotten.has(subject))
      .map((subject): [string, Buffer] => [subject, keyOf(subject)])
  const forget = (subject: string) => {
    drops.set(subject, (drops.get(subject) ?? 0) + 1)
    obtained.delete(subject)
    forgotten.add(subject)
    generation += 1
  }
  return {
    find: (subjects) => Promise.resolve(new Map(found(subjects))),
    obtain: (subject) => {
      const key = keyOf(subject)
      forgotten.delete(subject)
      obtained.set(subject, key)
      return Promise.resolve(key)
    },
    named: (subjects) =>
      Promise.resolve(
        subjects.flatMap((subject): SubjectKey[] => {
          const key = obtained.get(subject)
          return key === undefined ? [] : [{ subject, key: keyName(key) }]
        }),
      ),
    drop: (keys) => {
      const there = keys.filter(({ subject, key }) => {
        const known = obtained.get(subject)
        return known !== undefined && keyName(known) === key
      })
      there.forEach(({ subject }) => {
        forget(subject)
      })
      return Promise.resolve(there)
    },
    revoke: () => undefined,
    generation: () => generation,
    forget,
  }
}
