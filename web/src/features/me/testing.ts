// A synthetic member for this feature's tests.
import type { OwnDossier } from './facts'

export const dossier: OwnDossier = {
  id: '7',
  version: 3,
  name: '欧阳明远',
  gender: '男',
  education: '大学本科',
  joined_on: '2013-06',
  org_id: '33',
  org_name: '第三党支部',
  stage: 'full',
  stage_name: '正式党员',
  membership: 'normal',
  membership_name: '正常',
  mobile: false,
  left: false,
  path: [],
  identity_number: '11010519491231002X',
  phone: '13900001234',
  spells: [],
}
