// REG-01: a typing error in an identity number is found before it is sent.
const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
const CHECKS = '10X98765432'

/** Digits and X without the spaces people put in between. */
export function tidyIdentity(typed: string) {
  return typed
    .replace(/[\s－-]/g, '')
    .replace(/[０-９Ｘｘ]/g, c => String.fromCharCode(c.charCodeAt(0) - 0xfee0))
    .toUpperCase()
}

export function identityFault(number: string) {
  if (!/^\d{17}[\dX]$/.test(number)) return '公民身份号码为 18 位，请核对。'
  const sum = WEIGHTS.reduce((total, weight, index) => total + weight * Number(number[index]), 0)
  return number[17] === CHECKS[sum % 11] ? '' : '公民身份号码没有通过校验，请逐位核对。'
}
