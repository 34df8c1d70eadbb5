//! How times, counts and results of meetings are said.

use jiff::civil::Time;
use rules::meeting::{VoteCount, VoteKind, VoteResult};

/// 14:05.
pub(crate) fn clock(time: Time) -> String {
    format!("{:02}:{:02}", time.hour(), time.minute())
}

/// A number of a heading, below a hundred: 一, 十二, 二十.
pub(crate) fn chinese(number: usize) -> String {
    const DIGITS: [&str; 11] = ["", "一", "二", "三", "四", "五", "六", "七", "八", "九", "十"];
    match (number / 10, number % 10) {
        (0, ones) => DIGITS[ones].to_owned(),
        (1, ones) => format!("十{}", DIGITS[ones]),
        (tens, ones) => format!("{}十{}", DIGITS.get(tens).unwrap_or(&""), DIGITS[ones]),
    }
}

/// How the result of a vote follows from its counts; why it is none while it is none.
pub(super) fn arithmetic(count: &VoteCount, kind: VoteKind) -> String {
    let VoteCount { expected_voters, in_favour, .. } = *count;
    let result = match count.result(kind) {
        Ok(result) => result,
        Err(refusals) => return refusals.into_iter().map(|refusal| refusal.message).collect(),
    };
    let rule = if kind.on_membership() { "VOTE-02" } else { "支部工作条例第十一条" };
    let half = f64::from(expected_voters) / 2.0;
    match (kind, result) {
        (VoteKind::Opinion, _) => format!("赞成 {in_favour} 票，只作推荐和征求意见，不形成决议。"),
        (_, VoteResult::Passed) => {
            format!("赞成 {in_favour} 票，超过应到有表决权 {expected_voters} 人的半数（{half}），通过（{rule}）。")
        }
        (_, VoteResult::NotPassed) => {
            format!(
                "赞成 {in_favour} 票，没有超过应到有表决权 {expected_voters} 人的半数（{half}），未通过（{rule}）。"
            )
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(votes: [u32; 3]) -> String {
        let [in_favour, against, abstained] = votes;
        let count = VoteCount { expected_voters: 11, present_voters: 9, written: 0, in_favour, against, abstained };
        arithmetic(&count, VoteKind::Admission)
    }

    #[test]
    fn a_result_is_said_with_its_arithmetic_and_its_rule() {
        assert_eq!(said([6, 3, 0]), "赞成 6 票，超过应到有表决权 11 人的半数（5.5），通过（VOTE-02）。");
        assert_eq!(said([5, 4, 0]), "赞成 5 票，没有超过应到有表决权 11 人的半数（5.5），未通过（VOTE-02）。");
        assert!(said([9, 1, 0]).contains("VOTE-04"), "more votes than voters");
        assert_eq!(clock(jiff::civil::time(9, 5, 0, 0)), "09:05");
    }
}
