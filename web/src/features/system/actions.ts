// The ledger's actions in groups, by the prefix under which they are asked for.
export const ACTION_GROUPS = [
  { prefix: 'org.', name: '党组织' },
  { prefix: 'post.', name: '任职' },
  { prefix: 'person.', name: '党员信息' },
  { prefix: 'change.', name: '信息更正' },
  { prefix: 'transfer.', name: '组织关系转接' },
  { prefix: 'case.', name: '发展党员' },
  { prefix: 'excuse.', name: '免除申请' },
  { prefix: 'measure.', name: '规则数值' },
  { prefix: 'own_duty.', name: '企业自定事项' },
  { prefix: 'duty.', name: '应办起算日期' },
  { prefix: 'import.', name: '导入' },
  { prefix: 'file.', name: '材料' },
  { prefix: 'account.', name: '账号和角色' },
  { prefix: 'enterprise.', name: '首次设置' },
  { prefix: 'session.', name: '登录' },
] as const
