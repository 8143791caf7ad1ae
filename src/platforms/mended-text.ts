/** Texts of a store as whoever keeps them can take them: well-formed, without U+0000, and no longer than there is room. */

/** Mends texts, and remembers whether one had to be. */
export class Mending {
  isRepaired = false

  /** Empty text is left empty. */
  text(value: string | null | undefined, max: number): string {
    const given = value ?? ''
    const mended = cutTo(given.toWellFormed().replaceAll('\u0000', ''), max)
    if (mended !== given) this.isRepaired = true
    return mended
  }
}

/** At most so many UTF-16 units, and no half of a character. */
export function cutTo(text: string, max: number): string {
  if (text.length <= max) return text
  const cut = text.slice(0, max)
  return cut.isWellFormed() ? cut : cut.slice(0, -1)
}
