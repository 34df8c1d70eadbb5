//! Whether enough have come.

use super::kind::Circle;
use super::model::Meeting;
use super::vote::half;
use crate::activity::Activity;
use serde::Serialize;

/// How many have to come, and whether they have. Shown live while people check in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Quorum {
    /// The rule; empty where none asks for a number.
    pub rule: &'static str,
    /// Who is counted, in Chinese.
    pub counted: &'static str,
    /// How many should come.
    pub expected: u32,
    /// How many have.
    pub present: u32,
    /// How many must; 0 where none asks for a number.
    pub needed: u32,
    /// Whether they have.
    pub met: bool,
    /// How many must have come before somebody's admission or conversion is voted on (VOTE-01); 0 where that is not done here.
    pub needed_for_membership: u32,
}

/// The quorum of a meeting: half of a committee for it to meet at all (MEET-02), half of those with a vote for a members' meeting to
/// resolve anything (支部工作条例 第十一条), more than half for somebody's membership (VOTE-01). The other meetings have none.
pub fn quorum(meeting: &Meeting) -> Quorum {
    let heard = meeting.heard();
    let half_of = |whole: u32| whole.div_ceil(2).max(1);
    match meeting.circle() {
        Circle::Committee => {
            let (expected, present) = (heard.expected + heard.excused, heard.present);
            let (needed, met) = (half_of(expected), half(present, expected));
            Quorum { rule: "MEET-02", counted: "委员", expected, present, needed, met, needed_for_membership: 0 }
        }
        Circle::Members if meeting.plan.activities.contains(&Activity::MembersMeeting) => {
            let (expected, present) = (heard.voters, heard.voters_present);
            let (needed, met) = (half_of(expected), half(present, expected));
            let needed_for_membership = expected / 2 + 1;
            Quorum {
                rule: "MEET-01", counted: "有表决权的党员", expected, present, needed, met, needed_for_membership
            }
        }
        Circle::Members | Circle::Chosen => Quorum {
            rule: "",
            counted: "应到人员",
            expected: heard.expected,
            present: heard.present,
            needed: 0,
            met: true,
            needed_for_membership: 0,
        },
    }
}
