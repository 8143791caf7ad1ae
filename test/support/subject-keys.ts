import { createHash } from 'node:crypto'
import type { SubjectKeys } from '../../src/event-store/subject-keys.js'

/** Keys by name, so that tests are repeatable; `forget` drops one as ForgetSubject will. */
export function testSubjectKeys(): SubjectKeys & { forget(subject: string): void } {
  const forgotten = new Set<string>()
  const keyOf = (subject: string) => createHash('sha256').update(subject).digest()
  return {
    find: (subjects) =>
      Promise.resolve(
        new Map(
          subjects
            .filter((subject) => !forgotten.has(subject))
            .map((subject) => [subject, keyOf(subject)]),
        ),
      ),
    obtain: (subject) => Promise.resolve(keyOf(subject)),
    forget: (subject) => void forgotten.add(subject),
  }
}
