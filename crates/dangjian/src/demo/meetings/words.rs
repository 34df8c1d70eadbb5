//! What the demo's meetings are about.

use crate::synth::Dice;
use jiff::civil::Date;
use rules::activity::Activity;
use rules::meeting::ItemDraft;

/// Where meetings are held.
pub(super) const PLACES: [&str; 6] =
    ["二楼党员活动室", "办公楼三楼会议室", "项目部会议室", "车间学习室", "综合楼报告厅", "一楼小会议室"];

/// Why somebody stays away.
pub(super) const ABSENCES: [&str; 6] = ["出差", "年休假", "病假", "值班", "参加上级培训", "外出学习"];

const MEETING: [(&str, &str); 4] = [
    (
        "通报上一阶段支部工作，讨论下一阶段安排",
        "支部书记通报工作完成情况；与会党员就安全生产、班组建设提出建议；一致认为工作安排切合实际。",
    ),
    ("讨论支部年度工作要点", "逐条讨论工作要点，建议把技能比武和师带徒列入，增加对一线倒班党员的学习安排。"),
    ("听取支部委员会工作报告", "组织委员、纪检委员分别汇报；党员对学习形式和活动时间提出意见，支委会当场答复。"),
    ("讨论党员责任区和示范岗设置", "明确责任区划分和公示办法，建议每季度轮换一次，由党小组组长负责检查。"),
];
const COMMITTEE: [(&str, &str); 4] = [
    ("研究本月主题党日安排", "确定主题、时间和分工；要求提前三天通知，安排好值班党员的补学。"),
    ("研究党员教育培训计划", "梳理学时完成情况，对学时偏少的党员逐一安排补学；落实培训场地和授课人。"),
    ("分析入党积极分子培养情况", "听取培养联系人意见，提出下一步培养措施，做好考察记录。"),
    ("检查支部工作手册和党费收缴情况", "核对记录和台账，指出两处缺项，限一周内补齐。"),
];
const GROUP: [(&str, &str); 3] = [
    ("学习上级文件精神，交流体会", "逐人发言，结合岗位谈落实；组长小结，提出下月学习重点。"),
    ("讨论党员发挥作用情况", "对照岗位承诺谈做法和不足，商定互帮互学安排。"),
    ("讨论班组安全和服务质量", "结合近期检查发现的问题讨论改进办法，明确责任人和时限。"),
];
const LECTURE: [(&str, &str); 4] = [
    ("学习党章，牢记党员的权利和义务", "授课人结合身边事例讲解；课后三名党员谈体会，提出学以致用的打算。"),
    ("弘扬优良作风，做好本职工作", "讲授优良传统和作风要求，组织讨论如何改进服务、减少差错。"),
    ("加强纪律学习，筑牢思想防线", "以案说纪，讲清常见违纪情形；要求党员对照检查。"),
    ("围绕中心任务，发挥先锋作用", "介绍先进班组做法，讨论党员在急难任务中的带头作用。"),
];
const THEME_DAY: [(&str, &str); 6] = [
    ("重温入党誓词，开展志愿服务", "集体重温誓词后，到候机楼开展旅客引导志愿服务两小时。"),
    ("安全生产月专题学习和隐患排查", "学习安全规程，分三组排查隐患，现场整改四处。"),
    ("参观教育基地", "参观后座谈，党员谈感受，提出把优良传统融入岗位实践。"),
    ("学习交流和过集体政治生日", "为本月入党的党员过政治生日，交流入党初心。"),
    ("走访慰问退休党员", "分两组走访，送去学习资料，听取对支部工作的意见。"),
    ("技能攻关和岗位练兵", "围绕除冰保障流程开展练兵，总结出三条改进建议。"),
];
const LIFE: (&str, &str) =
    ("开展批评和自我批评", "班子带头查摆问题，党员逐一对照检查，相互提出意见；会后列出整改清单，明确时限。");
const APPRAISAL: (&str, &str) =
    ("民主评议党员", "按照个人自评、党员互评、民主测评的程序进行；支部委员会综合意见后提出评定等次，向本人反馈。");
const TALK: (&str, &str) =
    ("支委之间、支委和党员之间谈心谈话", "交流思想、工作和生活情况，听取对支部工作的意见；对困难党员商定帮助措施。");

/// An item for an activity, with its notes.
pub(super) fn item(activity: Activity, on: Date, dice: &mut Dice) -> ItemDraft {
    let list: &[(&str, &str)] = match activity {
        Activity::MembersMeeting => &MEETING,
        Activity::CommitteeMeeting => &COMMITTEE,
        Activity::GroupMeeting => &GROUP,
        Activity::PartyLecture => &LECTURE,
        Activity::ThemeDay => &THEME_DAY,
        Activity::OrganisationLifeMeeting => &[LIFE],
        Activity::DemocraticAppraisal => &[APPRAISAL],
        _ => &[TALK],
    };
    let at = (u64::from(on.month().unsigned_abs()) + dice.below(2)) as usize % list.len();
    let (title, notes) = list[at];
    ItemDraft { id: None, activity: Some(activity), title: title.to_owned(), notes: notes.to_owned() }
}
