const formats = new Map<string, Intl.DateTimeFormat>()

/** The calendar day that an instant is in a time zone (IANA name), by the runtime's own time zone data. */
export function dayIn(timeZone: string, instant: string | number): string {
  const format =
    formats.get(timeZone) ??
    new Intl.DateTimeFormat('en-CA', {
      timeZone,
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
    })
  formats.set(timeZone, format)
  return format.format(new Date(instant))
}
