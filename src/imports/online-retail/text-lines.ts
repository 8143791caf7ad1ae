import { createHash } from 'node:crypto'
import type { Hash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { isUtf8 } from 'node:buffer'
import type { Place } from './places.js'

/** A line longer than this is no line of a shop's sales; the rest of it is passed over. */
export const lineBytesMax = 65_536

const lineFeed = 0x0a
const carriageReturn = 0x0d

/** A line of text without its line end, or the place that says why there is none. */
export type TextLine = { number: number; text: string } | { number: number; place: Place }

/**
 * Reads a file line by line, in constant memory, and feeds its bytes to `digest`.
 *
 * Lines end in LF or CRLF; a byte order mark of UTF-8 is dropped. Every line that is not UTF-8
 * becomes a place with its byte (from 0) in the file, so that all of them can be listed. A file
 * that cannot be opened, or is UTF-16, is one place and the end.
 */
export async function* readTextLines(
  path: string,
  digest: Hash = createHash('sha256'),
): AsyncGenerator<TextLine> {
  const refusal = await fileRefusal(path)
  if (refusal) {
    yield { number: 0, place: refusal }
    return
  }
  try {
    yield* linesOf(createReadStream(path), digest)
  } catch (error) {
    if (!isSystemError(error)) throw error
    yield { number: 0, place: fileNotReadable(path, error.code) }
  }
}

async function* linesOf(chunks: AsyncIterable<Buffer>, digest: Hash): AsyncGenerator<TextLine> {
  let rest: Buffer = Buffer.alloc(0)
  let restStart = 0
  let number = 1
  let passingOver = false
  for await (const chunk of chunks) {
    digest.update(chunk)
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
    if (restStart === 0 && isUtf16(bytes)) {
      yield { number: 0, place: encodingIsUtf16 }
      return
    }
    let start = 0
    let end = bytes.indexOf(lineFeed)
    while (end !== -1) {
      if (!passingOver) yield lineOf(bytes.subarray(start, end), number, restStart + start)
      passingOver = false
      number += 1
      start = end + 1
      end = bytes.indexOf(lineFeed, start)
    }
    rest = bytes.subarray(start)
    restStart += start
    if (!passingOver && rest.length > lineBytesMax) {
      passingOver = true
      yield { number, place: lineTooLong(number) }
    }
    if (passingOver) {
      restStart += rest.length
      rest = Buffer.alloc(0)
    }
  }
  if (rest.length > 0 && !passingOver) yield lineOf(rest, number, restStart)
}

const lineOf = (line: Buffer, number: number, fileOffset: number): TextLine => {
  const length = line.at(-1) === carriageReturn ? line.length - 1 : line.length
  if (length > lineBytesMax) return { number, place: lineTooLong(number) }
  const text = line.toString('utf8', 0, length)
  // The replacement character is the only trace of bad bytes, but it may also be in the file.
  if (text.includes('\uFFFD') && !isUtf8(line)) {
    return { number, place: encodingNotUtf8(number, fileOffset + firstBadByte(line, text)) }
  }
  return { number, text: fileOffset === 0 && text.startsWith('\uFEFF') ? text.slice(1) : text }
}

const firstBadByte = (line: Buffer, text: string): number => {
  const replacement = Buffer.from('\uFFFD')
  let at = text.indexOf('\uFFFD')
  let offset = 0
  while (at !== -1) {
    offset = Buffer.byteLength(text.slice(0, at))
    if (!line.subarray(offset, offset + replacement.length).equals(replacement)) break
    at = text.indexOf('\uFFFD', at + 1)
  }
  return offset
}

const isUtf16 = (bytes: Buffer): boolean =>
  (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)

/** Asked before opening, because opening a named pipe would wait for its writer for ever. */
const fileRefusal = async (path: string): Promise<Place | undefined> => {
  try {
    const found = await stat(path)
    if (found.isDirectory()) {
      const message = `${path} is a directory; name the file in it.`
      return { line: 0, code: 'file_is_a_directory', message }
    }
    if (!found.isFile()) return fileNotReadable(path, 'not a regular file')
    if (found.size === 0) return { line: 0, code: 'file_empty', message: `${path} is empty.` }
    return undefined
  } catch (error) {
    if (!isSystemError(error)) throw error
    if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR') {
      return fileNotReadable(path, error.code)
    }
    return { line: 0, code: 'file_not_found', message: `There is no file ${path}.` }
  }
}

const isSystemError = (error: unknown): error is Error & { code: string } =>
  error instanceof Error && 'code' in error && typeof error.code === 'string'

const fileNotReadable = (path: string, why: string): Place => ({
  line: 0,
  code: 'file_not_readable',
  message: `${path} cannot be read (${why}).`,
})

const encodingIsUtf16: Place = {
  line: 0,
  code: 'encoding_is_utf16',
  message: 'The file is UTF-16 (by its byte order mark); save it as UTF-8.',
}

const encodingNotUtf8 = (line: number, byte: number): Place => ({
  line,
  code: 'encoding_not_utf8',
  message: `Byte ${byte.toString()} of the file is not UTF-8; save the file as UTF-8.`,
})

const lineTooLong = (line: number): Place => ({
  line,
  code: 'line_too_long',
  message: `The line has more than ${lineBytesMax.toString()} bytes.`,
})
