//! 依据: what every rule of the domain says, on which article it stands, and what the program does about it. Shown beside whatever is
//! asked for or refused. The numbers themselves are in [`crate::measure`].
//!
//! Rules that were written from memory at first have been looked up since:
//! - ORG-06, ORG-09: 支部工作条例 art. 21 (5 years in villages and communities, 3 elsewhere; vacancies are filled in time) and 《关于党的
//!   基层组织任期的意见》 of 2018-07 (committees 5 years, general branches and branches 3; longer or shorter by a year at most).
//! - ORG-08: 支部工作条例 chapter 2: a temporary branch as a rule admits nobody, collects no dues and holds no re-election; its officers are
//!   named by the organisation that approved it. So the calendar asks it for neither DUES-04 nor ORG-06.
//! - DUES-04, DUES-05: 党费规定 of 2008 art. 8, 12 (monthly, quarterly at most by consent, paid back for six months at most) and 13.
//! - EDU-02: 党员教育培训工作规划 (56 hours, one training a year, new secretaries within half a year, new members within a year).
//! - EDU-04: no article sets the days; offices write "at most three months" on the letter. 90 days is the register's own reading.
//! - EDU-05: 教育管理条例 art. 24 (six months without contact, two years after suspension).
//! - ELEC-05: published guidance of 2023 counts by those who should come (应到会), as for local organisations; the 1990 rules counted by
//!   those who came.
//! - ELEC-06, ELEC-07: 支部工作条例 art. 21 (elected by the committee, or by the members where there is none; secretaries approved,
//!   members filed), chapter 6 (superiors remind six months ahead). No article sets days for the request or the report.
//! - DEV: 发展党员工作细则 was revised on 2026-05-18; articles are those of the revision, as two independent publications cite them.

use jiff::civil::{Date, date};

/// What the program does when a rule is not kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Treatment {
    /// 拒: it cannot be submitted.
    Refuse,
    /// 警: it goes on with a reason that is kept.
    Warn,
    /// 提: it is called to mind ahead of time, and an alert when late.
    Remind,
    /// The program counts and explains.
    Explain,
}

impl Treatment {
    /// The identifier used in JSON.
    pub fn key(self) -> &'static str {
        match self {
            Treatment::Refuse => "refuse",
            Treatment::Warn => "warn",
            Treatment::Remind => "remind",
            Treatment::Explain => "explain",
        }
    }

    /// The Chinese words.
    pub fn name(self) -> &'static str {
        match self {
            Treatment::Refuse => "不符合的不能提交",
            Treatment::Warn => "不符合的须填写理由",
            Treatment::Remind => "提前提醒，逾期告警",
            Treatment::Explain => "自动计算并说明",
        }
    }
}

/// One rule and what it stands on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ground {
    /// The rule's id, such as `MEET-01`.
    pub rule: &'static str,
    /// The regulation or standard.
    pub regulation: &'static str,
    /// The article or chapter; empty where the regulation has none.
    pub article: &'static str,
    /// The day from which it is in force.
    pub since: Date,
    /// What it says, in one plain sentence.
    pub text: &'static str,
    /// What the program does about it.
    pub treatment: Treatment,
}

/// A regulation and its day in force.
type Source = (&'static str, Date);

const DEVELOPMENT: Source = ("《中国共产党发展党员工作细则》", date(2026, 5, 18));
const BRANCH: Source = ("《中国共产党支部工作条例（试行）》", date(2018, 10, 28));
const ENTERPRISE: Source = ("《中国共产党国有企业基层组织工作条例（试行）》", date(2019, 12, 30));
const TERMS: Source = ("《关于党的基层组织任期的意见》", date(2018, 7, 1));
const ELECTION: Source = ("《中国共产党基层组织选举工作条例》", date(2020, 7, 13));
const EDUCATION: Source = ("《中国共产党党员教育管理工作条例》", date(2019, 5, 6));
const TRAINING: Source = ("《全国党员教育培训工作规划（2024－2028年）》", date(2024, 1, 1));
const DUES: Source = ("《关于中国共产党党费收缴、使用和管理的规定》", date(2008, 2, 4));
const CONSTITUTION: Source = ("《中国共产党章程》", date(2022, 10, 22));
const IDENTITY: Source = ("GB 11643《公民身份号码》", date(1999, 7, 1));
const CODES: Source = ("GB/T 2261.1、3304、4658、8561，GB 32100", date(2003, 12, 1));
const OFFICE: Source = ("台账管理要求", date(2019, 5, 6));

macro_rules! grounds {
    ($($rule:literal $source:ident $article:literal $treatment:ident $text:literal),+ $(,)?) => {
        /// Every rule, in the order of the rules.
        pub const GROUNDS: &[Ground] = &[$(Ground {
            rule: $rule, regulation: $source.0, article: $article, since: $source.1, text: $text, treatment: Treatment::$treatment,
        }),+];
    };
}

grounds! {
    "DEV-01" DEVELOPMENT "第五条、第六条" Refuse "年满 18 周岁的人，可以向工作、学习所在单位的党组织书面提出入党申请；没有工作、学习单位的，向居住地党组织提出。",
    "DEV-02" DEVELOPMENT "第七条" Remind "党组织收到入党申请书后，应当在 1 个月内派人同申请人谈话。",
    "DEV-03" DEVELOPMENT "第八条" Refuse "入党积极分子由党员推荐、群团推优产生人选，由支部委员会（不设支部委员会的由支部大会）研究决定；须先谈话。",
    "DEV-04" DEVELOPMENT "第八条" Remind "确定入党积极分子后，报上级党委备案。",
    "DEV-05" DEVELOPMENT "第九条" Refuse "指定 1 至 2 名正式党员作培养联系人；预备党员和受留党察看处分的党员不能担任。",
    "DEV-06" DEVELOPMENT "第十一条" Remind "党支部每半年对入党积极分子考察 1 次；单位或者居住地变动的，材料转交，培养教育时间连续计算。",
    "DEV-07" DEVELOPMENT "第十三条" Refuse "经过 1 年以上培养教育和考察的积极分子，听取党小组、培养联系人、党员和群众意见后，方可列为发展对象。",
    "DEV-08" DEVELOPMENT "第十三条" Remind "列为发展对象，须经支部委员会讨论并报上级党委。",
    "DEV-09" DEVELOPMENT "第三章" Refuse "发展对象应当有 2 名正式党员作入党介绍人；受留党察看处分、尚未恢复党员权利的党员不能担任。",
    "DEV-10" DEVELOPMENT "第十六条" Refuse "对发展对象进行政治审查并形成结论性材料；未经政治审查或者审查不合格的，不能发展入党。",
    "DEV-11" DEVELOPMENT "第十七条" Refuse "发展对象参加短期集中培训，一般不少于 3 天或者 24 学时；未经培训的，除个别特殊情况外不能发展入党。",
    "DEV-12" DEVELOPMENT "第十八条" Remind "支部委员会征求党员和群众意见，集体讨论，对发展对象严格审查。",
    "DEV-13" DEVELOPMENT "第十八条" Warn "报有审批权限的基层党委预审，合格的发给《入党志愿书》；3 个月内将离开工作、学习单位的，一般不办理接收。",
    "DEV-14" DEVELOPMENT "第四章" Remind "发展对象在入党介绍人指导下填写《入党志愿书》。",
    "DEV-15" DEVELOPMENT "第十九条、第二十条" Refuse "预审合格后 1 个月内提交支部大会讨论，逐个讨论、逐个表决。",
    "DEV-16" DEVELOPMENT "第四章" Remind "党委审批前，指派党委委员或者组织员同发展对象谈话。",
    "DEV-17" DEVELOPMENT "第二十五条" Remind "党委应当在 3 个月内审批接收预备党员的决议；特殊情况可以适当延长，最长不超过 6 个月。",
    "DEV-18" DEVELOPMENT "第四章" Remind "批准接收的预备党员，报再上一级党委组织部门备案。",
    "DEV-19" DEVELOPMENT "第二十八条" Remind "党组织应当及时将上级党委批准的预备党员编入党支部和党小组。",
    "DEV-20" DEVELOPMENT "第二十九条" Remind "预备党员面向党旗入党宣誓，一般在批准后 1 个月内进行。",
    "DEV-21" DEVELOPMENT "第三十一条" Remind "预备期 1 年，从支部大会通过之日算起；党组织继续对预备党员教育和考察。",
    "DEV-22" DEVELOPMENT "第三十二条" Refuse "预备期满，由本人书面提出转正申请；期未满的不能提出。",
    "DEV-23" DEVELOPMENT "第三十二条" Remind "预备期满后，党支部应当及时讨论：按期转正，或者延长一次（不少于半年、最长 1 年），或者取消预备党员资格。",
    "DEV-24" DEVELOPMENT "第三十三条" Remind "党委应当在 3 个月内审批转正决议；党龄从预备期满转为正式党员之日算起。",
    "DEV-25" DEVELOPMENT "第三十六条" Refuse "转正后，及时将入党志愿书、入党申请书、政治审查材料、转正申请书和培养教育考察材料归档。",
    "DEV-30" DEVELOPMENT "" Refuse "按程序逐步办理：日期不早于前一步、不晚于今天，不得倒签；同一人只有一份在办的卷宗。",
    "VOTE-01" DEVELOPMENT "第四章" Refuse "讨论接收和转正的支部大会，有表决权的到会人数须超过应到会有表决权人数的半数。",
    "VOTE-02" DEVELOPMENT "第二十条" Refuse "赞成人数超过应到会有表决权的正式党员的半数，方为通过；恰好半数不算。",
    "VOTE-03" ELECTION "第五条" Refuse "预备党员、受留党察看处分期间的党员没有表决权、选举权和被选举权；被依法留置、逮捕的，按管理权限中止。",
    "VOTE-04" OFFICE "" Refuse "赞成、反对、弃权之和等于实投票数，且不超过到会人数与书面意见之和。",
    "ORG-01" BRANCH "第二章" Warn "有正式党员 3 人以上的，应当成立党支部；不足 3 人的，成立联合党支部，覆盖单位一般不超过 5 个。",
    "ORG-02" BRANCH "第二章" Warn "党支部党员人数一般不超过 50 人。",
    "ORG-03" ENTERPRISE "第四条" Warn "党员 50 人以上、不足 100 人的设党总支，100 人以上的设党委；人数不足而确因工作需要的，经上级批准也可设。",
    "ORG-04" BRANCH "第二十条" Warn "有正式党员 7 人以上的党支部设支部委员会，由 3 至 5 人组成，一般不超过 7 人。",
    "ORG-05" BRANCH "第六章" Warn "正式党员不足 7 人的党支部，设 1 名书记，必要时可设 1 名副书记。",
    "ORG-06" TERMS "第一条" Remind "基层党委任期一般 5 年，党总支、党支部任期一般 3 年，任期届满按期换届。",
    "ORG-07" ELECTION "第三条" Remind "延期或者提前换届须报上级党组织批准，延长或者提前期限一般不超过 1 年。",
    "ORG-08" BRANCH "第二章" Warn "为期 6 个月以上的工程、工作项目，符合条件的应当成立党支部；临时党支部一般不发展党员、不收缴党费、不进行换届。",
    "ORG-09" BRANCH "第二十一条" Remind "书记、副书记、委员出现空缺，应当及时补选。",
    "ORG-10" OFFICE "" Refuse "上级组织不能是自己的下级；党小组设在党支部之下；撤销组织前须先转出党员、撤并下级。",
    "MEET-01" BRANCH "第十一条" Remind "党支部党员大会一般每季度召开 1 次。",
    "MEET-02" BRANCH "第十二条" Remind "党支部委员会会议一般每月召开 1 次，须有半数以上委员到会方可进行。",
    "MEET-03" BRANCH "第十三条" Remind "党小组会一般每月召开 1 次。",
    "MEET-04" BRANCH "第十六条" Remind "定期上党课；党委（党组）书记每年至少讲 1 次党课。",
    "MEET-05" BRANCH "第十六条" Remind "党支部每月相对固定 1 天开展主题党日。",
    "MEET-06" BRANCH "第十七条" Remind "党支部每年至少召开 1 次组织生活会，一般安排在第四季度。",
    "MEET-07" BRANCH "第十八条" Remind "党支部一般每年开展 1 次民主评议党员，可以结合组织生活会一并进行。",
    "MEET-08" BRANCH "第五章" Remind "支部委员之间、支部委员和党员之间、党员和党员之间，每年谈心谈话一般不少于 1 次。",
    "MEET-09" OFFICE "" Refuse "会议记录须写明时间、地点、主持、记录、应到实到缺席及原因、议题、发言要点、决议与票数。",
    "MEET-10" OFFICE "" Refuse "一次会议可以同时履行多项组织生活，须逐项注明。",
    "MEET-11" EDUCATION "第二十三条" Warn "年老体弱、失能党员参加组织生活不作硬性要求，免除的须登记。",
    "ELEC-01" ELECTION "第四条" Warn "委员会由党员大会选举产生；党员 500 名以上或者驻地分散的，经批准可以召开代表大会。",
    "ELEC-02" ELECTION "" Refuse "有选举权的到会人数不少于应到会人数的五分之四，方可选举。",
    "ELEC-03" ELECTION "" Refuse "委员候选人的差额不少于应选人数的 20%；监票人由不是候选人的党员担任。",
    "ELEC-04" ELECTION "" Explain "收回的选票不多于发出的选票，选举有效；每张选票所选不多于应选人数，该票有效。",
    "ELEC-05" ELECTION "" Explain "赞成票超过应到会有选举权人数的半数，始得当选；超过应选名额的，以得票多少为序；末位同票的，就同票者再次投票。",
    "ELEC-06" BRANCH "第二十一条" Remind "书记、副书记由委员会会议选举，不设委员会的由党员大会选举；选举结果报上级党组织批准。",
    "ELEC-07" BRANCH "第六章" Remind "换届须事先请示上级党组织；上级一般提前 6 个月提醒做好准备。",
    "REG-01" IDENTITY "" Refuse "公民身份号码为 18 位，须通过校验，并与出生日期、性别一致。",
    "REG-02" OFFICE "" Refuse "按数字保存的身份号码会丢失末三位，不可猜补，须重新填写。",
    "REG-03" DEVELOPMENT "第五条" Refuse "入党时须年满 18 周岁。",
    "REG-04" DEVELOPMENT "第三十一条" Refuse "转正日期不早于入党满 1 年。",
    "REG-05" OFFICE "" Refuse "正式党员须有转正日期，预备党员没有转正日期；日期不在未来。",
    "REG-06" CODES "" Refuse "性别、民族、学历、职称级别、统一社会信用代码按国家标准的代码填写。",
    "REG-07" OFFICE "" Refuse "用工身份分为劳动合同、劳务派遣、事业编制、退休返聘、实习、其他。",
    "REG-08" OFFICE "" Refuse "姓名只含汉字、间隔号和拉丁字母。",
    "DUES-01" DUES "第一章" Explain "在职党员以每月税后工资收入为基数，分四档按 0.5%、1%、1.5%、2% 全额交纳。",
    "DUES-02" DUES "第一章" Explain "离退休党员每月按养老金的 0.5%（5000 元以下）或者 1% 交纳。",
    "DUES-03" DUES "第一章" Explain "学生、下岗失业、依靠抚恤救济和低保生活的党员每月 0.2 元；农民党员每月 0.2 至 1 元。",
    "DUES-04" DUES "第八条、第十二条" Remind "预备党员从支部大会通过之日起交纳；党费按月交纳，补交一般不超过 6 个月；困难的经批准可以少交或者免交。",
    "DUES-05" CONSTITUTION "第九条" Remind "没有正当理由连续 6 个月不交纳党费的，按自行脱党的程序办理；软件在第 2、4、5 个月提醒，从不自动处理。",
    "DUES-06" OFFICE "" Explain "金额计到分，四舍五入；基数变更留痕。",
    "EDU-01" EDUCATION "第二十条" Remind "党员每年集中学习培训时间一般不少于 32 学时。",
    "EDU-02" TRAINING "" Remind "基层党组织书记和班子成员每年不少于 56 学时、至少参加 1 次集中培训；新任书记半年内参加任职培训；新党员转正后 1 年内参加 1 次集中培训。",
    "EDU-03" EDUCATION "第二十五条" Remind "党员工作单位、居住地变动，或者外出 6 个月以上且地点相对固定的，应当转移组织关系；不得无故拒转拒接。",
    "EDU-04" EDUCATION "第二十五条" Remind "组织关系介绍信有效期一般不超过 90 天，到期未接收的告警。",
    "EDU-05" EDUCATION "第二十四条" Remind "失去联系 6 个月以上、查找无果的，可以停止党籍；停止党籍 2 年后仍无法联系的，可以除名：均由组织按程序决定。",
    "EDU-06" EDUCATION "第三十条" Remind "限期改正的时间一般不超过 1 年。",
    "EDU-07" EDUCATION "第二十四条" Explain "经支部大会通过、基层党委审批接收的预备党员，自通过之日起取得党籍。",
}

/// The ground of a rule.
pub fn ground(rule: &str) -> Option<&'static Ground> {
    GROUNDS.iter().find(|ground| ground.rule == rule)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::activity::Activity;
    use crate::measure::Measure;
    use std::collections::BTreeSet;

    #[test]
    fn every_rule_has_one_ground() {
        let rules: BTreeSet<_> = GROUNDS.iter().map(|ground| ground.rule).collect();
        assert_eq!(rules.len(), GROUNDS.len());
        assert!(GROUNDS.iter().all(|ground| ground.text.ends_with('。')));
        assert_eq!(ground("MEET-01").map(|ground| ground.article), Some("第十一条"));
        assert_eq!(ground("MEET-99"), None);
    }

    #[test]
    fn every_activity_and_every_number_stands_on_a_ground() {
        for rule in
            Activity::ALL.iter().map(|activity| activity.rule()).chain(Measure::ALL.iter().map(|m| m.spec().rule))
        {
            assert!(ground(rule).is_some(), "{rule}");
        }
    }
}
