//! What is filled in at the steps of a synthetic case.

use super::super::posts::Holder;
use crate::synth::Dice;
use jiff::civil::Date;
use rules::date::add_days;
use rules::development::{Facts, FieldKind, Form, Step, Value, Values};
use rules::ids::{OrgId, PersonId};
use rules::meeting::VoteCount;

/// The paper that stands for every paper: one page that says so.
pub(super) const PAPER: &[u8] = include_bytes!("paper.pdf");

/// Who and what a case can tell of.
pub(super) struct Teller<'a> {
    pub(super) holders: &'a [&'a Holder],
    pub(super) secretary: Option<PersonId>,
    pub(super) voters: u32,
    pub(super) facts: &'a Facts,
    pub(super) group: Option<OrgId>,
}

impl Teller<'_> {
    /// A step's form; none when there are too few full members for it.
    pub(super) fn form(&self, step: Step, on: Date, dice: &mut Dice) -> Option<Form> {
        let mut values = Values::default();
        for field in step.spec().fields.iter().filter(|field| field.required && field.only_if.is_none()) {
            let value = match field.kind {
                FieldKind::Choice => field.choices.first().map(|choice| Value::Text(choice.key.clone())),
                FieldKind::Text | FieldKind::LongText => Some(Value::Text(words(step, &field.key, dice).to_owned())),
                FieldKind::Vote => Some(Value::Vote(self.vote(dice))),
                FieldKind::Persons => Some(Value::Persons(self.persons(step, on)?)),
                FieldKind::Date | FieldKind::Number | FieldKind::Org => None,
            };
            values.0.extend(value.map(|value| (field.key.clone(), value)));
        }
        let text = |key: &str, text: &str| (key.to_owned(), Value::Text(text.to_owned()));
        if step.spec().field("body").is_some() && !self.facts.place.has_committee {
            values.0.extend([text("body", "meeting")]);
        }
        match step {
            Step::CandidateSelection => values.0.extend([
                ("notice_from".to_owned(), Value::Date(add_days(on, -12))),
                ("notice_until".to_owned(), Value::Date(add_days(on, -3))),
                text("notice_result", "公示期间没有收到反映"),
            ]),
            Step::IntensiveTraining => values.0.extend([
                text("organiser", "集团党委党校"),
                ("from".to_owned(), Value::Date(add_days(on, -3))),
                ("days".to_owned(), Value::Number(4)),
                ("hours".to_owned(), Value::Number(28)),
            ]),
            Step::GroupPlacement => {
                values.0.extend(self.group.map(|group| ("group".to_owned(), Value::Org(group))));
            }
            _ => {}
        }
        let reason = match self.secretary.filter(|person| self.facts.named.contains_key(person)) {
            Some(_) => String::new(),
            None => "书记暂时不在，由支部指定的老党员谈话".to_owned(),
        };
        Some(Form { step, on, values, reason })
    }

    /// The secretary for a talk, others to guide and to vouch.
    fn persons(&self, step: Step, on: Date) -> Option<Vec<PersonId>> {
        let present = self.holders.iter().filter(|holder| holder.since <= on).map(|holder| holder.person);
        if step == Step::ApplicationTalk {
            let known = self.secretary.filter(|person| self.facts.named.contains_key(person));
            return Some(vec![known.or_else(|| present.min())?]);
        }
        let chosen: Vec<PersonId> = present.take(2).collect();
        (chosen.len() == 2).then_some(chosen)
    }

    /// Nearly everybody came, and nearly all were in favour.
    fn vote(&self, dice: &mut Dice) -> VoteCount {
        let away = (dice.below(u64::from(self.voters / 8) + 1)) as u32;
        let present = self.voters - away;
        let abstained = u32::from(present > 8 && dice.below(3) == 0);
        VoteCount {
            expected_voters: self.voters,
            present_voters: present,
            written: 0,
            in_favour: present - abstained,
            against: 0,
            abstained,
        }
    }
}

fn words(step: Step, key: &str, dice: &mut Dice) -> &'static str {
    let choices: &[&str] = match (step, key) {
        (Step::ApplicationTalk, _) => &[
            "谈了入党动机、工作情况和家庭情况，介绍了入党的条件和程序；本人态度端正，愿意接受组织培养。",
            "本人说明了申请入党的认识过程；谈话人肯定其工作表现，提出加强理论学习的要求。",
        ],
        (Step::CultivationReview, _) => &[
            "按时参加学习，工作积极，群众反映较好；理论学习还需深入，建议继续培养。",
            "能够完成重点任务，主动承担急难工作；希望进一步学习党的基本知识。",
        ],
        (Step::CandidateSelection | Step::BranchCommitteeReview, _) => {
            &["党小组、培养联系人均表示同意；征求党员和群众意见，没有不同意见。"]
        }
        (Step::PoliticalReview, _) => &["经谈话、查阅档案和函调，本人及直系亲属政治历史清楚，遵纪守法。"],
        (Step::PreReview, _) => &["培养教育和政治审查材料齐全，程序完备，同意发给入党志愿书。"],
        (Step::SuperiorTalk, "talker") => &["集团党委组织员"],
        (Step::SuperiorTalk, _) => &["对党的认识正确，入党动机端正，同意报党委审批。"],
        (Step::ApprovalFiling, _) => &["上级党委组织部"],
        (Step::Oath, "place") => &["集团党员活动中心"],
        (Step::Oath, _) => &["党支部书记"],
        (Step::ProbationReview, _) => &["认真履行党员义务，按时参加组织生活和交纳党费，工作表现好。"],
        (Step::Archiving, _) => &["集团人力资源部档案室"],
        _ => &["情况属实"],
    };
    choices[dice.below(choices.len() as u64) as usize]
}
