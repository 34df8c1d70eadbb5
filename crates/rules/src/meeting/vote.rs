//! Votes: who counts, when a vote may be taken, when it has passed (VOTE-01 to VOTE-04; 支部工作条例 第十一条、第十三条).

use crate::refusal::Refusal;

/// The counts of one vote. Whose ballot said what is not among them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct VoteCount {
    /// 应到会有表决权的: full members of the branch who are not deprived of their rights (VOTE-03), or the committee's members.
    pub expected_voters: u32,
    /// Those of them who came.
    pub present_voters: u32,
    /// Those who did not come and gave their opinion in writing before the meeting; counted in the three numbers below
    /// (DEV-15), not among those present.
    pub written: u32,
    /// 赞成.
    pub in_favour: u32,
    /// 不赞成.
    pub against: u32,
    /// 弃权.
    pub abstained: u32,
}

/// What came of a vote.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum VoteResult {
    /// 通过.
    Passed,
    /// 未通过.
    NotPassed,
}

/// What is voted on: decides when a vote may be taken and when it has passed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum VoteKind {
    /// 接收预备党员 (DEV-15).
    Admission,
    /// 预备党员转正、延长预备期、取消资格 (DEV-23).
    Conversion,
    /// Any other resolution of a members' meeting or a committee.
    Ordinary,
    /// 推荐、征求意见: counted, with nothing to pass.
    Opinion,
}

impl VoteKind {
    /// All kinds.
    pub const ALL: &'static [VoteKind] =
        &[VoteKind::Admission, VoteKind::Conversion, VoteKind::Ordinary, VoteKind::Opinion];

    /// The identifier used in JSON and stored.
    pub fn key(self) -> &'static str {
        match self {
            VoteKind::Admission => "admission",
            VoteKind::Conversion => "conversion",
            VoteKind::Ordinary => "ordinary",
            VoteKind::Opinion => "opinion",
        }
    }

    /// The kind of an identifier.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.key() == key)
    }

    /// The Chinese name.
    pub fn name(self) -> &'static str {
        match self {
            VoteKind::Admission => "接收预备党员",
            VoteKind::Conversion => "预备党员转正",
            VoteKind::Ordinary => "一般决议",
            VoteKind::Opinion => "推荐、征求意见",
        }
    }

    /// Whether it decides on somebody's membership: each person by itself, and written opinions count (DEV-15).
    pub fn on_membership(self) -> bool {
        matches!(self, VoteKind::Admission | VoteKind::Conversion)
    }

    /// The rule by which it may be taken.
    pub fn rule(self) -> &'static str {
        match self {
            VoteKind::Admission | VoteKind::Conversion => "VOTE-01",
            VoteKind::Ordinary => "MEET-01",
            VoteKind::Opinion => "VOTE-04",
        }
    }
}

impl VoteCount {
    /// Votes cast, written ones with them.
    pub fn cast(&self) -> u32 {
        self.in_favour.saturating_add(self.against).saturating_add(self.abstained)
    }

    /// Whether a vote on somebody's membership may be taken: more than half of those with a vote have come; exactly half is not
    /// enough (VOTE-01). Written opinions do not make anybody present.
    pub fn may_vote_on_membership(&self) -> bool {
        more_than_half(self.present_voters, self.expected_voters)
    }

    /// Whether an ordinary vote may be taken: half of those with a vote have come (支部工作条例 第十一条 「半数以上」, which has half itself
    /// in it; the same for a committee, 第十三条).
    pub fn may_vote(&self) -> bool {
        half(self.present_voters, self.expected_voters)
    }

    /// The result of a vote on admission or conversion, or why it is none (VOTE-01, VOTE-02, VOTE-04). Both halves are halves of those
    /// who should come.
    pub fn admission_result(&self) -> Result<VoteResult, Vec<Refusal>> {
        self.result(VoteKind::Admission)
    }

    /// The result of a vote of this kind, or every reason why it is none. An opinion that is counted correctly counts as passed.
    pub fn result(&self, kind: VoteKind) -> Result<VoteResult, Vec<Refusal>> {
        let refusals = self.refusals(kind);
        if !refusals.is_empty() {
            return Err(refusals);
        }
        let passed = kind == VoteKind::Opinion || more_than_half(self.in_favour, self.expected_voters);
        Ok(if passed { VoteResult::Passed } else { VoteResult::NotPassed })
    }

    /// Every reason why these counts are no vote.
    pub fn refusals(&self, kind: VoteKind) -> Vec<Refusal> {
        let VoteCount { expected_voters: expected, present_voters: present, written, .. } = *self;
        let mut refusals = Vec::new();
        let mut refuse = |rule, code, field: &str, message| refusals.push(Refusal::new(rule, code, field, message));
        if present > expected {
            let message =
                format!("到会有表决权的 {present} 人，多于应到会有表决权的 {expected} 人（VOTE-03）。请核对名单。");
            refuse("VOTE-03", "bad_count", "/present_voters", message);
        }
        match kind {
            VoteKind::Admission | VoteKind::Conversion if !self.may_vote_on_membership() => {
                let message = format!(
                    "应到会有表决权的党员 {expected} 人，到会 {present} 人，没有超过半数，不能表决（VOTE-01）。请等到会人数超过半数，或改期再议。"
                );
                refuse("VOTE-01", "no_quorum", "/present_voters", message);
            }
            VoteKind::Ordinary if !self.may_vote() => {
                let message = format!(
                    "应到会有表决权的 {expected} 人，到会 {present} 人，不到半数，不能表决（MEET-01，支部工作条例第十一条）。请等人到齐，或改期再议。"
                );
                refuse("MEET-01", "no_quorum", "/present_voters", message);
            }
            VoteKind::Admission | VoteKind::Conversion | VoteKind::Ordinary | VoteKind::Opinion => {}
        }
        if written > 0 && !kind.on_membership() {
            let message = "会前书面意见只在表决接收、转正时计入票数（DEV-15）。请改为 0。".to_owned();
            refuse("DEV-15", "written_not_counted", "/written", message);
        } else if written > expected.saturating_sub(present) {
            let away = expected.saturating_sub(present);
            let message = format!(
                "书面意见 {written} 份，多于没有到会的有表决权党员 {away} 人（VOTE-04）。到会的人当场表决，请核对。"
            );
            refuse("VOTE-04", "too_many_written", "/written", message);
        }
        let (cast, most) = (self.cast(), present.saturating_add(written));
        if cast > most {
            let message = format!(
                "赞成、不赞成、弃权合计 {cast} 票，多于能投票的 {most} 人（到会有表决权的 {present} 人，书面意见 {written} 份；预备党员和受留党察看处分期间的党员没有表决权，VOTE-03、VOTE-04）。请重新点票。"
            );
            refuse("VOTE-04", "too_many_votes", "/in_favour", message);
        } else if cast == 0 {
            refuse(
                "VOTE-04",
                "no_votes",
                "/in_favour",
                "没有填写票数（VOTE-04）。请填写赞成、不赞成、弃权的票数。".to_owned(),
            );
        }
        refusals
    }
}

/// Whether a part is more than half of a whole.
fn more_than_half(part: u32, whole: u32) -> bool {
    u64::from(part) * 2 > u64::from(whole)
}

/// Whether a part is half of a whole or more; half of nobody is not.
pub(super) fn half(part: u32, whole: u32) -> bool {
    whole > 0 && u64::from(part) * 2 >= u64::from(whole)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn count(expected_voters: u32, present_voters: u32, written: u32, votes: [u32; 3]) -> VoteCount {
        let [in_favour, against, abstained] = votes;
        VoteCount { expected_voters, present_voters, written, in_favour, against, abstained }
    }

    fn rules_of(count: VoteCount, kind: VoteKind) -> Vec<&'static str> {
        count.refusals(kind).into_iter().map(|refusal| refusal.rule).collect()
    }

    #[test]
    fn vote_01_more_than_half_of_those_with_a_vote_must_have_come() {
        assert_eq!(rules_of(count(10, 5, 0, [5, 0, 0]), VoteKind::Admission), ["VOTE-01"]);
        assert_eq!(rules_of(count(10, 6, 0, [6, 0, 0]), VoteKind::Admission), [""; 0]);
        assert_eq!(
            rules_of(count(11, 5, 6, [11, 0, 0]), VoteKind::Conversion),
            ["VOTE-01"],
            "written ones have not come"
        );
        assert_eq!(rules_of(count(11, 6, 0, [6, 0, 0]), VoteKind::Conversion), [""; 0]);
        assert_eq!(rules_of(count(0, 0, 0, [0, 0, 0]), VoteKind::Admission), ["VOTE-01", "VOTE-04"]);
    }

    #[test]
    fn vote_02_passed_is_more_than_half_of_those_who_should_come() {
        for (expected, present, written, votes, result) in [
            (10, 8, 0, [5, 3, 0], VoteResult::NotPassed), // exactly half
            (10, 8, 0, [6, 2, 0], VoteResult::Passed),
            (10, 6, 0, [5, 1, 0], VoteResult::NotPassed), // more than half of those present only
            (10, 6, 1, [6, 1, 0], VoteResult::Passed),    // with a written one
            (11, 6, 0, [6, 0, 0], VoteResult::Passed),
        ] {
            assert_eq!(
                count(expected, present, written, votes).admission_result(),
                Ok(result),
                "{votes:?} of {expected}"
            );
        }
    }

    #[test]
    fn vote_03_nobody_without_a_vote_is_counted() {
        // Eight full members and two probationary ones came; ten votes are two too many.
        let refusals = count(8, 8, 0, [10, 0, 0]).refusals(VoteKind::Admission);
        assert_eq!(refusals[0].code, "too_many_votes");
        assert!(refusals[0].message.contains("VOTE-03"));
        assert_eq!(rules_of(count(8, 9, 0, [8, 0, 0]), VoteKind::Ordinary), ["VOTE-03"]);
    }

    #[test]
    fn vote_04_votes_are_at_most_those_present_and_the_written_ones() {
        assert_eq!(rules_of(count(10, 8, 0, [6, 2, 1]), VoteKind::Ordinary), ["VOTE-04"]);
        assert_eq!(rules_of(count(10, 8, 0, [6, 1, 1]), VoteKind::Ordinary), [""; 0]);
        assert_eq!(rules_of(count(10, 8, 2, [10, 0, 0]), VoteKind::Admission), [""; 0]);
        assert_eq!(rules_of(count(10, 8, 3, [10, 0, 0]), VoteKind::Admission), ["VOTE-04"], "two were away");
        assert_eq!(rules_of(count(10, 8, 0, [0, 0, 0]), VoteKind::Opinion), ["VOTE-04"]);
    }

    #[test]
    fn meet_01_half_is_enough_for_an_ordinary_resolution() {
        assert_eq!(rules_of(count(10, 4, 0, [4, 0, 0]), VoteKind::Ordinary), ["MEET-01"]);
        assert_eq!(count(10, 5, 0, [5, 0, 0]).result(VoteKind::Ordinary), Ok(VoteResult::NotPassed));
        assert_eq!(count(10, 6, 0, [6, 0, 0]).result(VoteKind::Ordinary), Ok(VoteResult::Passed));
    }

    #[test]
    fn dev_15_written_opinions_count_for_membership_only() {
        assert_eq!(rules_of(count(10, 8, 1, [8, 1, 0]), VoteKind::Ordinary), ["DEV-15"]);
        assert_eq!(rules_of(count(10, 8, 1, [8, 1, 0]), VoteKind::Conversion), [""; 0]);
    }

    proptest! {
        #[test]
        fn whatever_passes_has_the_majority_of_all_who_should_come(
            expected in 0..60u32, present in 0..60u32, written in 0..60u32, a in 0..60u32, b in 0..60u32, c in 0..60u32
        ) {
            let count = count(expected, present, written, [a, b, c]);
            if count.admission_result() == Ok(VoteResult::Passed) {
                prop_assert!(present <= expected && present * 2 > expected && a * 2 > expected);
                prop_assert!(a + b + c <= present + written && present + written <= expected);
            }
        }
    }
}
