/**
 * The keys that seal personal fields, one a subject, in a table of their own beside the log (architecture 2). Each is
 * wrapped by the master key; dropping the row forgets the person, and the chain of hashes stays whole.
 */

/** 32 bytes each. A subject without a key was forgotten, or never had one. */
export interface SubjectKeys {
  /** The keys of these subjects as far as they are there. */
  find(subjects: readonly string[]): Promise<ReadonlyMap<string, Buffer>>
  /** The subject's key, made now where it has none. Two makers at once get the same key. */
  obtain(subject: string): Promise<Buffer>
}
