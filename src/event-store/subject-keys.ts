/**
 * The keys that seal personal fields, one a subject, in a table of their own beside the log (architecture 2). Each is
 * wrapped by the master key; dropping the row forgets the person, and the chain of hashes stays whole.
 */

/** One key among those that a subject has had: `key` names it without giving it away, as the sealed boxes do. */
export type SubjectKey = Readonly<{ subject: string; key: string }>

/** 32 bytes each. A subject without a key was forgotten, or never had one. */
export interface SubjectKeys {
  /** The keys of these subjects as far as they are there; none that was dropped longer than a second ago. */
  find(subjects: readonly string[]): Promise<ReadonlyMap<string, Buffer>>
  /** The subject's key, made now where it has none. Two makers at once get the same key. */
  obtain(subject: string): Promise<Buffer>
  /** Names the keys that these subjects have now, whatever is remembered of them. */
  named(subjects: readonly string[]): Promise<readonly SubjectKey[]>
  /**
   * Drops exactly these keys; one that was made for the same subject since stays. Gives those that were still there, so
   * that it can be repeated until none is.
   */
  drop(keys: readonly SubjectKey[]): Promise<readonly SubjectKey[]>
  /** The log says that these are forgotten: this process opens nothing with them any more, dropped already or not. */
  revoke(keys: readonly SubjectKey[]): void
  /** Counts up whenever keys turn out to be dropped: what was opened before then is not to be kept. */
  generation(): number
}
