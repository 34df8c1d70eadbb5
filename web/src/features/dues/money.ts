// Money as it is shown and typed. Amounts are whole fen. Pure.

/** ¥1,234.50 */
export function yuan(fen: number | null | undefined) {
  if (fen == null) return ''
  return `¥${amount(fen)}`
}

/** 1,234.50 */
export function amount(fen: number) {
  return (fen / 100).toLocaleString('zh-CN', { minimumFractionDigits: 2, maximumFractionDigits: 2 })
}

/** What somebody typed as yuan, in fen; null when it is no amount: 8000, 8,000.5, ８０００ */
export function readYuan(text: string): number | null {
  const plain = text.normalize('NFKC').replace(/[,，\s¥元]/g, '')
  const found = /^(\d{1,9})(?:\.(\d{1,2}))?$/.exec(plain)
  return found ? Number(found[1]) * 100 + Number((found[2] ?? '').padEnd(2, '0')) : null
}

/** An amount as it is put into a field: 8000, 8000.50 */
export function typed(fen: number | null | undefined) {
  if (fen == null) return ''
  return fen % 100 ? (fen / 100).toFixed(2) : String(fen / 100)
}
