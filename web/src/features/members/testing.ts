// Synthetic dossiers for the tests of this feature.
import type { Schemas } from '@/api/types'

export function dossier(part: Partial<Schemas['Dossier']> = {}): Schemas['Dossier'] {
  return {
    id: '7', version: 3, name: '古丽努尔·阿卜杜热依木', gender: '女', ethnicity: '维吾尔族', born: '1988-04', native_place: '新疆喀什', education: '大学本科', degree: '学士',
    worked_on: '2010-07', applied_on: '2011-05-04', joined_on: '2013-06-20', full_on: '2014-06-20', org_id: '33', org_name: '机务第三党支部', party_post: null, admin_post: '工程师',
    title: '工程师', title_level: '中级', employment: '劳动合同', stage: 'full', stage_name: '正式党员', frontline: null, membership: 'normal', membership_name: '正常', mobile: false,
    occupation: null, path: [{ id: '33', name: '机务第三党支部' }], identity_masked: '653101********0024', phone_masked: '139****1234', household_masked: null, residence_masked: null, left: false, spells: [],
    ...part,
  }
}
function field(name: string, label: string, required = false, choices: string[] = [], hidden = false): Schemas['FieldInfo'] {
  return { field: name, label, required, private: hidden, proposable: true, choices }
}
export const FIELDS = [
  field('seq', '序号'), field('name', '姓名', true), field('gender', '性别', false, ['男', '女']), field('born', '出生日期'), field('identity_number', '公民身份号码', true, [], true),
  field('native_place', '籍贯'), field('education', '学历', false, ['硕士研究生', '大学本科']), field('joined_on', '入党时间', true), field('full_on', '转正时间'), field('org', '所在党支部', true),
  field('stage', '人员类别', false, ['入党申请人', '预备党员', '正式党员']), field('phone', '联系电话', false, [], true), field('membership', '党籍状态', false, ['正常', '失联']),
]
export function memberRow(id: string, name: string): Schemas['MemberRow'] {
  return { id, name, gender: '女', age: 36, stage: 'full', stage_name: '正式党员', org_id: '33', org_name: '机务第三党支部', education: '大学本科', joined_on: '2013-06', identity_masked: '653101********0024', phone_masked: '139****1234' }
}
