//! 少交、免交: asked for by the branch, decided by the organisation above (DUES-04).

use super::{Fen, Month};

/// Paying less, or nothing, for some months.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reduction {
    /// The first month.
    pub from: Month,
    /// The last month.
    pub to: Month,
    /// What is paid a month; nothing is 免交.
    pub pays: Fen,
}

impl Reduction {
    /// Whether it holds in a month.
    pub fn covers(&self, month: Month) -> bool {
        (self.from..=self.to).contains(&month)
    }
}

/// What is due when these reductions hold: never more than without them.
pub fn lowest(due: Fen, reductions: &[Reduction], month: Month) -> Fen {
    reductions.iter().filter(|reduction| reduction.covers(month)).map(|reduction| reduction.pays).fold(due, Fen::min)
}

/// Where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ReductionState {
    /// Asked for by the branch.
    Asked,
    /// Approved by the superior.
    Approved,
    /// Refused by the superior.
    Refused,
    /// Taken back by the branch.
    Withdrawn,
}

impl ReductionState {
    /// All states.
    pub const ALL: &'static [ReductionState] =
        &[ReductionState::Asked, ReductionState::Approved, ReductionState::Refused, ReductionState::Withdrawn];

    /// The identifier stored and used in JSON.
    pub fn key(self) -> &'static str {
        match self {
            ReductionState::Asked => "asked",
            ReductionState::Approved => "approved",
            ReductionState::Refused => "refused",
            ReductionState::Withdrawn => "withdrawn",
        }
    }

    /// The state of an identifier.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|state| state.key() == key)
    }

    /// The Chinese name.
    pub fn name(self) -> &'static str {
        match self {
            ReductionState::Asked => "待批准",
            ReductionState::Approved => "已批准",
            ReductionState::Refused => "未批准",
            ReductionState::Withdrawn => "已撤回",
        }
    }
}

/// What can be done about one that was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ReductionDecision {
    /// 批准, by the superior.
    Approve,
    /// 不批准, by the superior.
    Refuse,
    /// 撤回, by the branch.
    Withdraw,
}

/// Why paying less cannot be asked for or decided on.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReductionRefused {
    /// It ends before it begins.
    #[error("少交或免交到 {1} 为止，早于开始的 {0}（DUES-04）。请改正起止月份。")]
    BadSpan(Month, Month),
    /// Longer than a year at once.
    #[error("少交或免交一次最长批准 12 个月（DUES-04）。到期仍有困难的，请再次申请。")]
    TooLong,
    /// Begins before what could still be paid back.
    #[error("开始月份最早为 {0}，更早的月份已过补交期限（DUES-04）。请改正。")]
    TooEarly(Month),
    /// Less than nothing.
    #[error("每月实交金额不能小于 0（DUES-04）。免交请填 0。")]
    Negative,
    /// As much as is due anyway, or more.
    #[error("每月应交 ¥{0}，少交的金额须小于应交金额（DUES-04）。请改正。")]
    NotLess(Fen),
    /// Somebody decided already.
    #[error("这份申请{0}，不用再办理。")]
    Decided(&'static str),
    /// No reason where one is needed.
    #[error("不批准须写明原因（DUES-04）。请补填。")]
    NoReason,
}

impl ReductionRefused {
    /// A stable code for programs.
    pub fn code(&self) -> &'static str {
        match self {
            ReductionRefused::BadSpan(..) | ReductionRefused::TooLong | ReductionRefused::TooEarly(_) => "bad_month",
            ReductionRefused::Negative | ReductionRefused::NotLess(_) => "bad_amount",
            ReductionRefused::Decided(_) => "reduction_decided",
            ReductionRefused::NoReason => "missing_required",
        }
    }
}

/// Most months asked for at once: hardship is looked at anew every year, as bases are.
const LONGEST: i32 = 12;

/// Whether paying less may be asked for: `due` is what is due in the first month, where that is known; `back` how many months may be
/// paid back.
pub fn check_reduction(
    reduction: &Reduction,
    due: Option<Fen>,
    back: i32,
    this_month: Month,
) -> Result<(), ReductionRefused> {
    let earliest = this_month.back(back);
    if reduction.to < reduction.from {
        return Err(ReductionRefused::BadSpan(reduction.from, reduction.to));
    }
    if reduction.from.until(reduction.to) >= LONGEST {
        return Err(ReductionRefused::TooLong);
    }
    if reduction.from < earliest {
        return Err(ReductionRefused::TooEarly(earliest));
    }
    if reduction.pays < Fen::ZERO {
        return Err(ReductionRefused::Negative);
    }
    match due {
        Some(due) if reduction.pays >= due => Err(ReductionRefused::NotLess(due)),
        Some(_) | None => Ok(()),
    }
}

/// Whether a decision may be taken, and the state it leads to.
pub fn decide_reduction(
    state: ReductionState,
    decision: ReductionDecision,
    reason: &str,
) -> Result<ReductionState, ReductionRefused> {
    match (state, decision) {
        (ReductionState::Asked, ReductionDecision::Refuse) if reason.trim().is_empty() => {
            Err(ReductionRefused::NoReason)
        }
        (ReductionState::Asked, ReductionDecision::Approve) => Ok(ReductionState::Approved),
        (ReductionState::Asked, ReductionDecision::Refuse) => Ok(ReductionState::Refused),
        (ReductionState::Asked, ReductionDecision::Withdraw) => Ok(ReductionState::Withdrawn),
        (ReductionState::Approved | ReductionState::Refused | ReductionState::Withdrawn, _) => {
            Err(ReductionRefused::Decided(state.name()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn month(year: i16, month: i8) -> Month {
        Month::of(date(year, month, 1))
    }

    fn reduction(from: Month, to: Month, pays: i64) -> Reduction {
        Reduction { from, to, pays: Fen(pays) }
    }

    #[test]
    fn dues_04_less_is_asked_for_a_span_of_at_most_a_year() {
        let now = month(2026, 11);
        let check = |one: Reduction| check_reduction(&one, Some(Fen(12_000)), 6, now);
        assert_eq!(check(reduction(month(2026, 11), month(2027, 10), 0)), Ok(()));
        assert_eq!(check(reduction(month(2026, 5), month(2026, 5), 11_999)), Ok(()));
        assert_eq!(check(reduction(month(2026, 11), month(2027, 11), 0)), Err(ReductionRefused::TooLong));
        assert_eq!(
            check(reduction(month(2026, 4), month(2026, 6), 0)),
            Err(ReductionRefused::TooEarly(month(2026, 5)))
        );
        assert!(matches!(check(reduction(month(2026, 12), month(2026, 11), 0)), Err(ReductionRefused::BadSpan(..))));
        assert_eq!(check(reduction(now, now, -1)), Err(ReductionRefused::Negative));
        assert_eq!(check(reduction(now, now, 12_000)), Err(ReductionRefused::NotLess(Fen(12_000))));
        assert_eq!(check_reduction(&reduction(now, now, 12_000), None, 6, now), Ok(()));
    }

    #[test]
    fn dues_04_a_relief_lowers_what_is_due_in_its_months_only() {
        let reductions =
            [reduction(month(2026, 3), month(2026, 5), 5_000), reduction(month(2026, 5), month(2026, 6), 0)];
        let due = |n| lowest(Fen(12_000), &reductions, month(2026, n)).0;
        assert_eq!([2, 3, 4, 5, 6, 7].map(due), [12_000, 5_000, 5_000, 0, 0, 12_000]);
        assert_eq!(lowest(Fen(3_000), &reductions, month(2026, 3)), Fen(3_000), "never more than without it");
    }

    #[test]
    fn dues_04_a_superior_decides_once_and_refuses_with_a_reason() {
        use ReductionDecision::{Approve, Refuse, Withdraw};
        assert_eq!(decide_reduction(ReductionState::Asked, Approve, ""), Ok(ReductionState::Approved));
        assert_eq!(decide_reduction(ReductionState::Asked, Withdraw, ""), Ok(ReductionState::Withdrawn));
        assert_eq!(decide_reduction(ReductionState::Asked, Refuse, " "), Err(ReductionRefused::NoReason));
        assert_eq!(decide_reduction(ReductionState::Asked, Refuse, "收入未减少"), Ok(ReductionState::Refused));
        for state in [ReductionState::Approved, ReductionState::Refused, ReductionState::Withdrawn] {
            for decision in [Approve, Refuse, Withdraw] {
                assert_eq!(decide_reduction(state, decision, "因"), Err(ReductionRefused::Decided(state.name())));
            }
        }
    }
}
