// Reads dates as people type them. A day that was not given is never invented.
const FULL_WIDTH = /[０-９．／－]/g

/** "2026.3.5", "20260305", "2026年3月5日" as 2026-03-05; "2015.7" as 2015-07 when months are allowed; null when it is no date. */
export function readDate(typed: string, monthAllowed = false): string | null {
  const text = typed.trim().replace(FULL_WIDTH, c => String.fromCharCode(c.charCodeAt(0) - 0xfee0))
  const match =
    /^(\d{4})[-./年\s]\s*(\d{1,2})(?:[-./月\s]\s*(?:(\d{1,2})日?)?)?$/.exec(text) ?? /^(\d{4})(\d{2})(\d{2})?$/.exec(text)
  if (!match) return null
  const [, year = '', month = '', day] = match
  const y = Number(year)
  const m = Number(month)
  if (y < 1900 || y > 2200 || m < 1 || m > 12) return null
  const yearMonth = `${year}-${String(m).padStart(2, '0')}`
  if (!day) return monthAllowed ? yearMonth : null
  const d = Number(day)
  if (d < 1 || d > new Date(Date.UTC(y, m, 0)).getUTCDate()) return null
  return `${yearMonth}-${String(d).padStart(2, '0')}`
}
