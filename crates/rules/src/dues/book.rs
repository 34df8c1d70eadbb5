//! The month's book: which months may be drawn up, what may be booked and taken back, when it is handed up (DUES-04, ORG-08).

use super::{Fen, Month};
use crate::org::OrgKind;
use jiff::civil::Date;

/// Where a member's line of a month stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LineState {
    /// What the member pays by is not known yet.
    NoBase,
    /// To be paid.
    Open,
    /// Paid.
    Paid,
    /// Nothing to pay: 免交 has been approved.
    Exempt,
}

impl LineState {
    /// All states.
    pub const ALL: &'static [LineState] = &[LineState::NoBase, LineState::Open, LineState::Paid, LineState::Exempt];

    /// The identifier stored and used in JSON.
    pub fn key(self) -> &'static str {
        match self {
            LineState::NoBase => "no_base",
            LineState::Open => "open",
            LineState::Paid => "paid",
            LineState::Exempt => "exempt",
        }
    }

    /// The state of an identifier.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|state| state.key() == key)
    }

    /// The Chinese name.
    pub fn name(self) -> &'static str {
        match self {
            LineState::NoBase => "未核定基数",
            LineState::Open => "未交",
            LineState::Paid => "已交",
            LineState::Exempt => "免交",
        }
    }

    /// Where a line stands that nobody has paid, by what is due.
    pub fn unpaid(due: Option<Fen>) -> Self {
        match due {
            None => LineState::NoBase,
            Some(Fen::ZERO) => LineState::Exempt,
            Some(_) => LineState::Open,
        }
    }

    /// Whether nothing more is to be done about it.
    pub fn is_settled(self) -> bool {
        matches!(self, LineState::Paid | LineState::Exempt)
    }
}

/// How dues were paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Way {
    /// 现金.
    Cash,
    /// 银行转账.
    Bank,
    /// 工资扣缴.
    Payroll,
}

impl Way {
    /// All ways.
    pub const ALL: &'static [Way] = &[Way::Cash, Way::Bank, Way::Payroll];

    /// The identifier stored and used in JSON.
    pub fn key(self) -> &'static str {
        match self {
            Way::Cash => "cash",
            Way::Bank => "bank",
            Way::Payroll => "payroll",
        }
    }

    /// The way of an identifier.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|way| way.key() == key)
    }

    /// The Chinese name.
    pub fn name(self) -> &'static str {
        match self {
            Way::Cash => "现金",
            Way::Bank => "银行转账",
            Way::Payroll => "工资扣缴",
        }
    }
}

/// A month's statement, as far as it decides what may be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StatementFacts {
    /// The month.
    pub month: Month,
    /// What has been paid, voluntary payments included.
    pub paid: Fen,
    /// What of that has been handed up.
    pub handed: Fen,
    /// When something was last handed up.
    pub handed_on: Option<Date>,
}

/// A payment to be booked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Booking {
    /// The day on which it was paid.
    pub on: Date,
    /// What was paid beyond what is due, of the member's own will.
    pub voluntary: Fen,
}

/// Why something cannot be booked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BookRefused {
    /// Temporary branches collect none.
    #[error("临时党支部一般不收缴党费，党员在原党支部交纳（ORG-08）。")]
    TemporaryBranch,
    /// Not a branch.
    #[error("党费由党支部收缴，{0}没有应交清单（DUES-04）。请选择下面的党支部。")]
    NotBranch(&'static str),
    /// A month that has not begun.
    #[error("{0} 还没有到，党费按月收缴（DUES-04）。请到当月再生成。")]
    Future(Month),
    /// A month too long ago to be paid back.
    #[error("{0} 已超过 {1} 个月，一般不再补交（DUES-04）。请报上级党组织研究。")]
    TooOld(Month, i32),
    /// Handed up already.
    #[error("{0} 的党费已于 {1} 上缴，清单不再重新生成（DUES-06）。")]
    HandedUp(Month, Date),
    /// Paid already.
    #[error("这一笔已经记账，不用再记。请刷新查看。")]
    Paid,
    /// Nothing is due.
    #[error("该党员这个月经批准免交党费（DUES-04），不用记账。")]
    Exempt,
    /// Not known how much.
    #[error("该党员还没有核定党费基数，不知道应交多少（DUES-06）。请先核定基数。")]
    NoBase,
    /// Paid in the future, or before the month began.
    #[error("交纳日期应在 {0} 至 {1} 之间（DUES-04）。请改正。")]
    BadDay(Date, Date),
    /// Less than nothing.
    #[error("自愿多交的金额不能小于 0（DUES-06）。请改正。")]
    NegativeVoluntary,
    /// Nothing to take back.
    #[error("这一笔没有记账，或已经撤销。请刷新查看。")]
    NotPaid,
    /// The money is not here any more.
    #[error("这一笔已随 {0} 的上缴交到上级，不能撤销（DUES-06）。多收的请报上级退回。")]
    GoneUp(Date),
    /// Nothing to hand up.
    #[error("没有新收的党费可以上缴。请先记账。")]
    NothingToHandUp,
}

impl BookRefused {
    /// A stable code for programs.
    pub fn code(&self) -> &'static str {
        match self {
            BookRefused::TemporaryBranch | BookRefused::NotBranch(_) => "no_collector",
            BookRefused::Future(_) => "bad_month",
            BookRefused::TooOld(..) => "too_late_to_pay",
            BookRefused::HandedUp(..) | BookRefused::GoneUp(_) => "handed_up",
            BookRefused::Paid => "already_paid",
            BookRefused::Exempt => "exempt",
            BookRefused::NoBase => "no_base",
            BookRefused::BadDay(..) => "bad_date",
            BookRefused::NegativeVoluntary => "bad_amount",
            BookRefused::NotPaid => "not_paid",
            BookRefused::NothingToHandUp => "nothing_to_hand_up",
        }
    }
}

/// Whether a month's statement may be drawn up, or drawn up anew: by a branch, for a month that has begun and can still be paid, until
/// it has been handed up. `back` is how many months may be paid back.
pub fn check_generate(
    kind: OrgKind,
    month: Month,
    before: Option<&StatementFacts>,
    back: i32,
    today: Date,
) -> Result<(), BookRefused> {
    if kind == OrgKind::TemporaryBranch {
        return Err(BookRefused::TemporaryBranch);
    }
    if !kind.is_branch() {
        return Err(BookRefused::NotBranch(kind.name()));
    }
    if month > Month::of(today) {
        return Err(BookRefused::Future(month));
    }
    if month.until(Month::of(today)) > back {
        return Err(BookRefused::TooOld(month, back));
    }
    match before.and_then(|statement| statement.handed_on) {
        Some(on) => Err(BookRefused::HandedUp(month, on)),
        None => Ok(()),
    }
}

/// Whether a payment may be booked on a line: what is due is paid whole, not before the month began, not in the future, and at most
/// `back` months later (DUES-04).
pub fn check_booking(
    line: LineState,
    month: Month,
    booking: &Booking,
    back: i32,
    today: Date,
) -> Result<LineState, BookRefused> {
    match line {
        LineState::NoBase => return Err(BookRefused::NoBase),
        LineState::Paid => return Err(BookRefused::Paid),
        LineState::Exempt => return Err(BookRefused::Exempt),
        LineState::Open => {}
    }
    if !(month.first()..=today).contains(&booking.on) {
        return Err(BookRefused::BadDay(month.first(), today));
    }
    if month.until(Month::of(booking.on)) > back {
        return Err(BookRefused::TooOld(month, back));
    }
    if booking.voluntary < Fen::ZERO {
        return Err(BookRefused::NegativeVoluntary);
    }
    Ok(LineState::Paid)
}

/// Whether a payment may be taken back, `handed_on` being the day on which it was handed up; and where its line then stands.
pub fn check_take_back(line: LineState, handed_on: Option<Date>) -> Result<LineState, BookRefused> {
    match (line, handed_on) {
        (LineState::Paid, None) => Ok(LineState::Open),
        (LineState::Paid, Some(on)) => Err(BookRefused::GoneUp(on)),
        (LineState::NoBase | LineState::Open | LineState::Exempt, _) => Err(BookRefused::NotPaid),
    }
}

/// Whether what was paid may be handed up on a day, and how much that is.
pub fn check_hand_up(statement: &StatementFacts, on: Date, today: Date) -> Result<Fen, BookRefused> {
    let earliest = statement.handed_on.unwrap_or(statement.month.first());
    if !(earliest..=today).contains(&on) {
        return Err(BookRefused::BadDay(earliest, today));
    }
    let more = statement.paid - statement.handed;
    if more > Fen::ZERO { Ok(more) } else { Err(BookRefused::NothingToHandUp) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    const TODAY: Date = date(2026, 11, 24);
    const BACK: i32 = 6;

    fn month(year: i16, month: i8) -> Month {
        Month::of(date(year, month, 1))
    }

    fn statement(paid: i64, handed: i64, handed_on: Option<Date>) -> StatementFacts {
        StatementFacts { month: month(2026, 11), paid: Fen(paid), handed: Fen(handed), handed_on }
    }

    #[test]
    fn dues_04_a_month_is_drawn_up_from_its_first_day_until_it_is_too_late_to_pay() {
        let check = |month| check_generate(OrgKind::Branch, month, None, BACK, TODAY);
        assert_eq!(check(month(2026, 11)), Ok(()));
        assert_eq!(check(month(2026, 5)), Ok(()));
        assert_eq!(check(month(2026, 12)), Err(BookRefused::Future(month(2026, 12))));
        assert_eq!(check(month(2026, 4)), Err(BookRefused::TooOld(month(2026, 4), 6)));
    }

    #[test]
    fn org_08_temporary_branches_and_organisations_without_members_collect_none() {
        let check = |kind| check_generate(kind, month(2026, 11), None, BACK, TODAY);
        assert_eq!(check(OrgKind::JointBranch), Ok(()));
        assert_eq!(check(OrgKind::TemporaryBranch), Err(BookRefused::TemporaryBranch));
        for kind in [OrgKind::Committee, OrgKind::GeneralBranch, OrgKind::Group] {
            assert_eq!(check(kind), Err(BookRefused::NotBranch(kind.name())));
        }
    }

    #[test]
    fn dues_06_what_was_handed_up_is_not_drawn_up_anew() {
        let check = |before| check_generate(OrgKind::Branch, month(2026, 11), Some(&before), BACK, TODAY);
        assert_eq!(check(statement(100, 0, None)), Ok(()));
        assert_eq!(check(statement(100, 100, Some(TODAY))).unwrap_err().code(), "handed_up");
    }

    #[test]
    fn dues_04_a_payment_is_booked_within_six_months() {
        let book =
            |month, on| check_booking(LineState::Open, month, &Booking { on, voluntary: Fen::ZERO }, BACK, TODAY);
        assert_eq!(book(month(2026, 11), date(2026, 11, 1)), Ok(LineState::Paid));
        assert_eq!(book(month(2026, 11), TODAY), Ok(LineState::Paid));
        assert_eq!(book(month(2026, 5), TODAY), Ok(LineState::Paid));
        assert_eq!(book(month(2026, 4), date(2026, 10, 31)), Ok(LineState::Paid));
        assert_eq!(book(month(2026, 4), date(2026, 11, 1)), Err(BookRefused::TooOld(month(2026, 4), 6)));
        assert_eq!(book(month(2026, 11), date(2026, 10, 31)).unwrap_err().code(), "bad_date");
        assert_eq!(book(month(2026, 11), date(2026, 11, 25)).unwrap_err().code(), "bad_date");
    }

    #[test]
    fn only_a_line_that_is_open_is_paid_and_only_once() {
        let book = |line, voluntary| {
            check_booking(line, month(2026, 11), &Booking { on: TODAY, voluntary: Fen(voluntary) }, BACK, TODAY)
        };
        assert_eq!(book(LineState::Open, 5_000), Ok(LineState::Paid), "more is welcome");
        assert_eq!(book(LineState::Open, -1), Err(BookRefused::NegativeVoluntary));
        assert_eq!(book(LineState::Paid, 0), Err(BookRefused::Paid));
        assert_eq!(book(LineState::Exempt, 0), Err(BookRefused::Exempt));
        assert_eq!(book(LineState::NoBase, 0), Err(BookRefused::NoBase));
    }

    #[test]
    fn a_payment_is_taken_back_until_it_is_handed_up() {
        assert_eq!(check_take_back(LineState::Paid, None), Ok(LineState::Open));
        assert_eq!(check_take_back(LineState::Paid, Some(TODAY)), Err(BookRefused::GoneUp(TODAY)));
        for line in [LineState::Open, LineState::NoBase, LineState::Exempt] {
            assert_eq!(check_take_back(line, None), Err(BookRefused::NotPaid));
        }
    }

    #[test]
    fn what_came_in_since_the_last_time_is_handed_up() {
        assert_eq!(check_hand_up(&statement(500, 0, None), TODAY, TODAY), Ok(Fen(500)));
        assert_eq!(check_hand_up(&statement(500, 300, Some(date(2026, 11, 20))), TODAY, TODAY), Ok(Fen(200)));
        assert_eq!(check_hand_up(&statement(300, 300, Some(TODAY)), TODAY, TODAY), Err(BookRefused::NothingToHandUp));
        for (before, on) in
            [(None, date(2026, 10, 31)), (Some(date(2026, 11, 20)), date(2026, 11, 19)), (None, date(2026, 11, 25))]
        {
            assert_eq!(check_hand_up(&statement(500, 0, before), on, TODAY).unwrap_err().code(), "bad_date");
        }
    }

    #[test]
    fn a_line_nobody_paid_stands_where_its_amount_puts_it() {
        assert_eq!(LineState::unpaid(None), LineState::NoBase);
        assert_eq!(LineState::unpaid(Some(Fen::ZERO)), LineState::Exempt);
        assert_eq!(LineState::unpaid(Some(Fen(1))), LineState::Open);
        assert!(LineState::ALL.iter().all(|state| LineState::from_key(state.key()) == Some(*state)));
        assert!(Way::ALL.iter().all(|way| Way::from_key(way.key()) == Some(*way)));
    }
}
