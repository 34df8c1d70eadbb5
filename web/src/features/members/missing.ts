// What a dossier still lacks or plainly gets wrong, said before it is sent (REG-01, REG-03 to REG-05). The server decides; this spares a round trip.
import { identityFault, tidyIdentity } from '@/features/session/identity'
import { MEMBER_STAGES, type FieldInfo, type Values } from './fields'

/** Whether this field has to be filled in, given the others. */
export function isNeeded({ field, required }: FieldInfo, values: Values) {
  if (field === 'stage') return true
  if (field === 'joined_on') return MEMBER_STAGES.includes(values.stage ?? '')
  if (field === 'full_on') return values.stage === '正式党员'
  return required
}

export function missingFields(fields: FieldInfo[], values: Values) {
  return fields.filter(info => isNeeded(info, values) && !values[info.field]?.trim())
}

/** Latest day a partial date can mean, and a year added to it: both compare as texts. */
const latest = (date: string) => (date.length === 7 ? `${date}-31` : date)
const addYears = (date: string, years: number) => `${String(Number(date.slice(0, 4)) + years).padStart(4, '0')}${date.slice(4)}`

/** Contradictions in what has been typed so far, by field. A date without a day is taken at its most favourable. */
export function contradictions(values: Values): Record<string, string> {
  const found: Record<string, string> = {}
  const { identity_number = '', born = '', joined_on = '', full_on = '', stage = '' } = values
  const number = tidyIdentity(identity_number)
  if (number) {
    const fault = identityFault(number)
    if (fault) found.identity_number = fault
    else if (born && !bornOf(number).startsWith(born.slice(0, 7))) found.born = `和身份号码中的出生日期 ${bornOf(number)} 不一致（REG-01）。`
  }
  if (born && joined_on && latest(joined_on) < addYears(born, 18)) found.joined_on = '入党时未满 18 周岁，请核对出生日期和入党时间（REG-03）。'
  if (joined_on && full_on && latest(full_on) < addYears(joined_on, 1)) found.full_on = '转正时间早于入党满一年，请核对（REG-04）。'
  if (stage === '预备党员' && full_on) found.full_on = '预备党员没有转正时间，请清空，或者把人员类别改为正式党员（REG-05）。'
  return found
}

/** 1988-04-12 of a valid identity number. */
export function bornOf(number: string) {
  return `${number.slice(6, 10)}-${number.slice(10, 12)}-${number.slice(12, 14)}`
}
export function genderOf(number: string) {
  return Number(number[16]) % 2 ? '男' : '女'
}

/** What a valid identity number tells about fields that are still empty. */
export function derived(values: Values): Values {
  const number = tidyIdentity(values.identity_number ?? '')
  if (identityFault(number)) return {}
  return { ...(values.born ? {} : { born: bornOf(number) }), ...(values.gender ? {} : { gender: genderOf(number) }) }
}
