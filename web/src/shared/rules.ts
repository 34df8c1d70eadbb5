// The rules this client shows, in one line each, with their ground. The server decides by them; here they are only read.
export interface Ground {
  text: string
  source: string
}

const BRANCH = '《中国共产党支部工作条例（试行）》'
const SOE = '《中国共产党国有企业基层组织工作条例（试行）》'
const EDUCATION = '《中国共产党党员教育管理工作条例》'
const DEVELOPMENT = '《中国共产党发展党员工作细则》'
const DUES = '《关于中国共产党党费收缴、使用和管理的规定》'
const OFFICE = '台账管理要求'

export const GROUNDS: Record<string, Ground> = {
  'ORG-01': { text: '有正式党员 3 人以上的，应当成立党支部；不足 3 人的，成立联合党支部，覆盖单位一般不超过 5 个。', source: BRANCH },
  'ORG-02': { text: '党支部党员人数一般不超过 50 人。', source: BRANCH },
  'ORG-03': { text: '党员 50 人以上、不足 100 人的设党总支，100 人以上的设党委；人数不足而确因工作需要的，经上级批准也可设。', source: SOE },
  'ORG-04': { text: '有正式党员 7 人以上的党支部设支部委员会，由 3 至 5 人组成，一般不超过 7 人。', source: BRANCH },
  'ORG-05': { text: '正式党员不足 7 人的党支部，设 1 名书记，必要时可设 1 名副书记。', source: BRANCH },
  'ORG-06': { text: '国有企业党委任期一般 5 年，党总支、党支部任期一般 3 年，任期届满按期换届。', source: SOE },
  'ORG-07': { text: '延期或者提前换届须报上级批准，延长期限一般不超过 1 年。', source: BRANCH },
  'ORG-08': { text: '为期 6 个月以上的工程、工作项目，符合条件的应当成立党支部。', source: BRANCH },
  'ORG-09': { text: '书记、委员出缺应当及时补选。', source: BRANCH },
  'ORG-10': { text: '上级组织不能是自己的下级；党小组设在党支部之下；撤销组织前须先转出党员、撤并下级。', source: OFFICE },
  'REG-01': { text: '公民身份号码为 18 位，须通过校验，并与出生日期、性别一致。', source: 'GB 11643' },
  'REG-02': { text: '按数字保存的身份号码会丢失末三位，不可猜补，须重新填写。', source: OFFICE },
  'REG-03': { text: '入党时须年满 18 周岁。', source: DEVELOPMENT },
  'REG-04': { text: '转正日期不早于入党满 1 年。', source: DEVELOPMENT },
  'REG-05': { text: '正式党员须有转正日期，预备党员没有转正日期；日期不在未来。', source: OFFICE },
  'REG-06': { text: '性别、民族、学历、职称级别等按国家标准的代码填写。', source: 'GB/T 2261.1、3304、4658、8561，GB 32100' },
  'REG-07': { text: '用工身份分为劳动合同、劳务派遣、事业编制、退休返聘、实习、其他。', source: OFFICE },
  'REG-08': { text: '姓名只含汉字、间隔号和拉丁字母。', source: OFFICE },
  'EDU-03': { text: '党员工作单位、居住地变动，或者外出 6 个月以上且地点相对固定的，应当转移组织关系；不得无故拒转拒接。', source: EDUCATION },
  'EDU-04': { text: '组织关系介绍信有效期一般不超过 90 天。', source: EDUCATION },
  'EDU-05': { text: '失去联系 6 个月以上、查找无果的可以停止党籍，由组织按程序决定。', source: EDUCATION },
  'DUES-01': { text: '在职党员以每月税后工资收入为基数：3000 元以下（含）0.5%，5000 元以下（含）1%，10000 元以下（含）1.5%，10000 元以上 2%，全额按所在档计算。', source: DUES },
  'DUES-02': { text: '离退休党员每月按养老金交纳：5000 元以下（含）0.5%，5000 元以上 1%。', source: DUES },
  'DUES-03': { text: '学生、下岗失业、依靠抚恤救济或者领取低保生活的党员每月 0.2 元；农民党员每月 0.2 至 1 元。', source: DUES },
  'DUES-04': { text: '党费按月交纳，预备党员从支部大会通过之日起交纳；补交一般不超过 6 个月；确有困难的，经支部研究、上级批准可以少交或者免交。', source: DUES },
  'DUES-05': { text: '没有正当理由连续 6 个月不交纳党费的，按自行脱党的程序办理；软件只提醒，从不自动处理。', source: '《中国共产党章程》' },
  'DUES-06': { text: '金额计到分，四舍五入；基数变更留痕，已交的月份不变。', source: OFFICE },
}
