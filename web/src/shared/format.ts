// How dates, instants, counts and sizes are written.

function parts(date: string) {
  const [year, month, day] = date.split('-').map(Number)
  return { year, month, day }
}

/** 2026年3月5日, or 2015年7月 where only the month is known. */
export function longDate(date: string | null | undefined) {
  if (!date) return ''
  const { year, month, day } = parts(date)
  return day ? `${year}年${month}月${day}日` : month ? `${year}年${month}月` : `${year}年`
}

const two = (n: number) => String(n).padStart(2, '0')

/** An instant (UTC milliseconds) in local time: 2026-03-05 14:02. */
export function instant(at: number | null | undefined) {
  if (at == null) return ''
  const d = new Date(at)
  return `${d.getFullYear()}-${two(d.getMonth() + 1)}-${two(d.getDate())} ${two(d.getHours())}:${two(d.getMinutes())}`
}

/** 12,345 */
export function count(n: number) {
  return n.toLocaleString('zh-CN')
}

/** 37 人 */
export function people(n: number) {
  return `${count(n)} 人`
}

/** 1.4 MB */
export function bytes(size: number) {
  const units = ['B', 'KB', 'MB', 'GB', 'TB']
  let step = 0
  while (size >= 1024 && step < units.length - 1) {
    size /= 1024
    step += 1
  }
  return `${step && size < 100 ? size.toFixed(1) : Math.round(size)} ${units[step]}`
}

/** Days from one civil date to another. */
export function daysBetween(from: string, to: string) {
  return Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000)
}

/** 还有 3 天, 今天到期, 逾期 2 天. */
export function untilText(due: string, today: string) {
  const days = daysBetween(today, due)
  return days > 0 ? `还有 ${days} 天` : days === 0 ? '今天到期' : `逾期 ${-days} 天`
}
