/**
 * Personal fields are marked where an event's schema is written, and found again by walking it. The codec seals what
 * stands in them with the key of its subject (architecture 2, A6); the rest of an event is never sealed.
 */
import { z } from 'zod'

/** What a reader sees in a personal field once the subject's key was dropped. */
export const FORGOTTEN = '[forgotten]'

const marks = z.registry<{ personal: true }>()

/** Marks a text field as personal: a name, an address, an e-mail, a phone number. */
export function personal<Schema extends z.ZodType<string>>(schema: Schema): Schema {
  marks.add(schema, { personal: true })
  return schema
}

/** The paths of a schema's personal fields, as keys from the top: `[['billTo', 'name'], …]`. Objects only, no lists. */
export function personalPaths(schema: z.ZodType): readonly (readonly string[])[] {
  return walk(schema, [])
}

function walk(schema: z.core.$ZodType, path: readonly string[]): (readonly string[])[] {
  if (marks.has(schema)) return [path]
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable) {
    return walk(schema.unwrap(), path)
  }
  if (schema instanceof z.ZodObject) {
    return Object.entries(schema.shape as Record<string, z.core.$ZodType>).flatMap(
      ([key, member]) => walk(member, [...path, key]),
    )
  }
  if (schema instanceof z.ZodArray && walk(schema.element, []).length > 0) {
    throw new TypeError(
      `A list with personal fields at ${path.join('.')}: the codec cannot seal it`,
    )
  }
  return []
}
