/**
 * The places at which a file cannot be read. They are values, not exceptions: a file of the
 * user's is expected to be wrong now and then, and all its places are told at once.
 */

/** One place. `line` counts from 1, the header being line 1; 0 is the file as a whole. */
export type Place = { line: number; column?: string; code: PlaceCode; message: string }

export type PlaceCode =
  | 'file_not_found'
  | 'file_is_a_directory'
  | 'file_not_readable'
  | 'file_empty'
  | 'encoding_is_utf16'
  | 'encoding_not_utf8'
  | 'line_too_long'
  | 'too_many_lines'
  | 'column_missing'
  | 'column_duplicate'
  | 'column_unknown'
  | 'field_count_wrong'
  | 'quotes_unbalanced'
  | 'control_character'
  | 'value_missing'
  | 'value_too_long'
  | 'value_malformed'
  | 'value_out_of_range'
  | 'date_in_the_future'

/** What a file that cannot be read answers: the first places in file order, and how many in all. */
export type Unreadable = { readable: false; places: readonly Place[]; placesTotal: number }

/** So many places are kept and listed; the others are only counted. */
export const placesListedMax = 1_000

export type PlaceList = { readonly listed: Place[]; total: number }

export const noPlaces = (): PlaceList => ({ listed: [], total: 0 })

export const addPlace = (list: PlaceList, place: Place): void => {
  list.total += 1
  if (list.listed.length < placesListedMax) list.listed.push(place)
}

export const unreadable = (list: PlaceList): Unreadable => ({
  readable: false,
  places: list.listed,
  placesTotal: list.total,
})
