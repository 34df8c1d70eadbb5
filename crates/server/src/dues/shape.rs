//! How dues look from outside. Amounts are whole fen.

use jiff::civil::Date;
use rules::dues::{
    Booking, Fen, LineState as Line, Month, Payer as PayerKind, ReductionState as Reduced, Way, check_booking,
    check_take_back,
};
use serde::Serialize;
use store::{DuesLine, DuesPayment, DuesStatement, DuesSums};
use utoipa::ToSchema;

/// 交费类别.
#[derive(Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum DuesPayer {
    Employed,
    Retired,
    Student,
    Unemployed,
    Relief,
    Farmer,
}

impl From<PayerKind> for DuesPayer {
    fn from(payer: PayerKind) -> Self {
        match payer {
            PayerKind::Employed => DuesPayer::Employed,
            PayerKind::Retired => DuesPayer::Retired,
            PayerKind::Student => DuesPayer::Student,
            PayerKind::Unemployed => DuesPayer::Unemployed,
            PayerKind::Relief => DuesPayer::Relief,
            PayerKind::Farmer => DuesPayer::Farmer,
        }
    }
}

/// 交纳情况.
#[derive(Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum DuesState {
    NoBase,
    Open,
    Paid,
    Exempt,
}

impl From<Line> for DuesState {
    fn from(state: Line) -> Self {
        match state {
            Line::NoBase => DuesState::NoBase,
            Line::Open => DuesState::Open,
            Line::Paid => DuesState::Paid,
            Line::Exempt => DuesState::Exempt,
        }
    }
}

/// 交纳方式.
#[derive(Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum DuesWay {
    Cash,
    Bank,
    Payroll,
}

impl From<Way> for DuesWay {
    fn from(way: Way) -> Self {
        match way {
            Way::Cash => DuesWay::Cash,
            Way::Bank => DuesWay::Bank,
            Way::Payroll => DuesWay::Payroll,
        }
    }
}

/// 减免办理状态.
#[derive(Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum ReductionState {
    Asked,
    Approved,
    Refused,
    Withdrawn,
}

impl From<Reduced> for ReductionState {
    fn from(state: Reduced) -> Self {
        match state {
            Reduced::Asked => ReductionState::Asked,
            Reduced::Approved => ReductionState::Approved,
            Reduced::Refused => ReductionState::Refused,
            Reduced::Withdrawn => ReductionState::Withdrawn,
        }
    }
}

/// A branch's month, in sums.
#[derive(Serialize, ToSchema)]
pub(super) struct DuesStatementView {
    id: String,
    version: i64,
    generated_at: i64,
    generated_by: String,
    people: i64,
    open: i64,
    due: i64,
    paid: i64,
    voluntary: i64,
    handed: i64,
    handed_on: Option<String>,
    settled_on: Option<String>,
    /// What could be handed up now.
    to_hand_up: i64,
}

impl From<&DuesStatement> for DuesStatementView {
    fn from(one: &DuesStatement) -> Self {
        DuesStatementView {
            id: one.id.to_string(),
            version: one.version,
            generated_at: one.generated_at,
            generated_by: one.generated_by.clone(),
            people: one.people,
            open: one.open,
            due: one.due.0,
            paid: one.paid.0,
            voluntary: one.voluntary.0,
            handed: one.handed.0,
            handed_on: one.handed_on.map(|on| on.to_string()),
            settled_on: one.settled_on.map(|on| on.to_string()),
            to_hand_up: (one.paid + one.voluntary - one.handed).0,
        }
    }
}

/// A payment.
#[derive(Serialize, ToSchema)]
pub(super) struct DuesPaymentView {
    id: String,
    on: String,
    way: DuesWay,
    amount: i64,
    voluntary: i64,
    receipt: Option<String>,
    booked_at: i64,
    booked_by: String,
    handed_on: Option<String>,
}

impl From<&DuesPayment> for DuesPaymentView {
    fn from(one: &DuesPayment) -> Self {
        DuesPaymentView {
            id: one.id.to_string(),
            on: one.on.to_string(),
            way: one.way.into(),
            amount: one.amount.0,
            voluntary: one.voluntary.0,
            receipt: one.receipt.clone(),
            booked_at: one.booked_at,
            booked_by: one.booked_by.clone(),
            handed_on: one.handed_on.map(|on| on.to_string()),
        }
    }
}

/// What one member owes, or has paid, for a month.
#[derive(Serialize, ToSchema)]
pub(super) struct DuesLineView {
    id: String,
    version: i64,
    month: String,
    person_id: String,
    person_name: String,
    state: DuesState,
    payer: Option<DuesPayer>,
    base: Option<i64>,
    /// The rate in ten-thousandths.
    per_myriad: Option<i64>,
    due: Option<i64>,
    /// How it was reckoned, such as 基数 8,000.00 × 1.5% = ¥120.00.
    arithmetic: Option<String>,
    /// What would be due without a reduction, where one has been approved.
    unreduced: Option<i64>,
    payment: Option<DuesPaymentView>,
    /// Earlier months that are still open.
    owed_before: i64,
    /// Why it can neither be booked today nor taken back; none when one of them can.
    refusal: Option<String>,
}

/// A line as its branch's bookkeeper and the member see it; `back` is how many months may be paid back.
pub(super) fn line_view(line: &DuesLine, back: i32, today: Date) -> DuesLineView {
    let basis = line.reckoning.map(|reckoning| reckoning.basis);
    let unreduced =
        line.reckoning.map(|reckoning| reckoning.due).filter(|full| line.due.is_some_and(|due| due < *full));
    let refused = match line.state {
        Line::Paid => check_take_back(line.state, line.payment.as_ref().and_then(|payment| payment.handed_on)).err(),
        state => {
            let booking = Booking { on: today, voluntary: Fen::ZERO };
            check_booking(state, line.month, &booking, back, today).err()
        }
    };
    DuesLineView {
        id: line.id.to_string(),
        version: line.version,
        month: line.month.to_string(),
        person_id: line.person.to_string(),
        person_name: line.person_name.clone(),
        state: line.state.into(),
        payer: basis.map(|basis| basis.payer().into()),
        base: basis.and_then(|basis| basis.base()).map(|base| base.0),
        per_myriad: line.reckoning.and_then(|reckoning| reckoning.per_myriad),
        due: line.due.map(|due| due.0),
        arithmetic: line.reckoning.map(|reckoning| reckoning.to_string()),
        unreduced: unreduced.map(|full| full.0),
        payment: line.payment.as_ref().map(DuesPaymentView::from),
        owed_before: line.owed_before,
        refusal: refused.map(|e| e.to_string()),
    }
}

/// The sums of an organisation's subtree for one month.
#[derive(Serialize, ToSchema)]
pub(super) struct DuesSumsView {
    month: String,
    branches: i64,
    settled: i64,
    people: i64,
    open: i64,
    due: i64,
    paid: i64,
    voluntary: i64,
    handed: i64,
}

pub(super) fn sums_view(month: Month, sums: &DuesSums) -> DuesSumsView {
    DuesSumsView {
        month: month.to_string(),
        branches: sums.branches,
        settled: sums.settled,
        people: sums.people,
        open: sums.open,
        due: sums.due.0,
        paid: sums.paid.0,
        voluntary: sums.voluntary.0,
        handed: sums.handed.0,
    }
}
