//! The way of a meeting, rule by rule.

mod attendance;
mod plan;
mod record;
mod votes;
mod ways;

use super::*;
use crate::activity::Activity as A;
use crate::ids::{ItemId, PersonId};
use crate::org::OrgKind;
use crate::refusal::Refusal;
use jiff::civil::{Date, Time, date, time};

const TODAY: Date = date(2026, 11, 24);
const NINE: Time = time(9, 0, 0, 0);
const TEN: Time = time(10, 30, 0, 0);
const CHAIR: PersonId = PersonId(1);
const RECORDER: PersonId = PersonId(2);

/// Eight full members with a vote, one old one of whom nothing is asked, two probationary members.
fn facts() -> Facts {
    let person =
        |n: i64| Called { person: PersonId(n), votes: n <= 9, excused: (n == 9).then(|| "年老体弱".to_owned()) };
    Facts { called: (1..=11).map(person).collect(), invited: Vec::new(), fresh: vec![101, 102, 103] }
}

fn proposal(activities: &[crate::activity::Activity]) -> Plan {
    Plan {
        activities: activities.to_vec(),
        title: "第四季度支部党员大会".to_owned(),
        place: "三楼会议室".to_owned(),
        on: TODAY,
        at: Some(NINE),
        host: Some(CHAIR),
        recorder: Some(RECORDER),
        remote: false,
        invited: Vec::new(),
        guests: String::new(),
        learning_tenths: 0,
    }
}

fn item(title: &str) -> ItemDraft {
    ItemDraft { title: title.to_owned(), notes: "大家谈了学习体会。".to_owned(), ..ItemDraft::default() }
}

fn planned(activities: &[crate::activity::Activity]) -> Meeting {
    plan(OrgKind::Branch, proposal(activities), &[item("讨论工作计划")], &facts(), TODAY).unwrap()
}

fn act(meeting: &Meeting, command: Command) -> Result<Meeting, Vec<Refusal>> {
    decide(meeting, &command, &facts(), TODAY)
}

fn go(meeting: &Meeting, commands: &[Command]) -> Meeting {
    commands.iter().fold(meeting.clone(), |meeting, command| {
        act(&meeting, command.clone()).unwrap_or_else(|refusals| panic!("{command:?}: {refusals:?}"))
    })
}

fn notice() -> Command {
    Command::Notice { on: TODAY, reason: String::new() }
}

fn open() -> Command {
    Command::Open { from: NINE, reason: String::new() }
}

fn roll(present: &[i64], absent: &[i64]) -> Command {
    let present = present.iter().map(|n| (PersonId(*n), Come::Present));
    let absent = absent.iter().map(|n| (PersonId(*n), Come::Absent("出差".to_owned())));
    Command::RollCall { entries: present.chain(absent).collect(), reason: "没有带手机".to_owned(), at: 0 }
}

fn resolution(kind: VoteKind, written: u32, [in_favour, against, abstained]: [u32; 3]) -> Command {
    Command::PutResolution {
        id: None,
        item: ItemId(101),
        kind,
        text: "同意".to_owned(),
        subject: None,
        written,
        in_favour,
        against,
        abstained,
    }
}

fn confirm() -> Command {
    Command::Confirm { by: Some(CHAIR), reason: String::new() }
}

/// Everybody but the old one and member 8 came, one ordinary resolution was passed, the meeting is over.
fn closed() -> Meeting {
    let commands = [
        notice(),
        open(),
        roll(&[1, 2, 3, 4, 5, 6, 7, 10, 11], &[8]),
        resolution(VoteKind::Ordinary, 0, [7, 0, 0]),
        Command::Close { to: TEN },
    ];
    go(&planned(&[A::MembersMeeting]), &commands)
}

fn seen(result: Result<Meeting, Vec<Refusal>>) -> Vec<(&'static str, &'static str, String)> {
    match result {
        Ok(_) => Vec::new(),
        Err(refusals) => refusals.into_iter().map(|one| (one.rule, one.code, one.field)).collect(),
    }
}

fn codes(result: Result<Meeting, Vec<Refusal>>) -> Vec<&'static str> {
    seen(result).into_iter().map(|(_, code, _)| code).collect()
}
