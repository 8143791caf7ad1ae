/** Calendar days as text, `2026-11-22`, which compare as they stand. */

const DAYS_OF_MONTH = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

/** The day after. */
export function nextDay(day: string): string {
  const [year = 0, month = 0, dayOfMonth = 0] = day
    .split('-')
    .map((digits) => Number.parseInt(digits, 10))
  if (dayOfMonth < daysOf(year, month)) return text(year, month, dayOfMonth + 1)
  return month < 12 ? text(year, month + 1, 1) : text(year + 1, 1, 1)
}

export function yearOf(day: string): number {
  return Number.parseInt(day.slice(0, 4), 10)
}

export function laterDay(left: string, right: string): string {
  return left > right ? left : right
}

function daysOf(year: number, month: number): number {
  const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0
  return month === 2 && isLeap ? 29 : (DAYS_OF_MONTH[month - 1] ?? 31)
}

function text(year: number, month: number, day: number): string {
  const digits = (value: number, length: number) => `${value}`.padStart(length, '0')
  return `${digits(year, 4)}-${digits(month, 2)}-${digits(day, 2)}`
}
