//! A member's line of a month, and its payment: opened and sealed under the member's key.

use super::month_of;
use crate::error::StoreError;
use crate::person::key_of;
use crate::sql::{day, day_opt, get};
use jiff::civil::Date;
use rules::codes::Membership;
use rules::dues::{Basis, Fen, LineState, Month, Payer, Reckoning, Way};
use rules::ids::{DuesLineId, DuesStatementId, OrgId, PaymentId, PersonId, RootOrg};
use sealed::{KeyRing, PersonKey};
use serde::{Deserialize, Serialize};
use sqlx::any::AnyRow;

/// What one member owes, or has paid, for a month.
#[derive(Debug, Clone, PartialEq)]
pub struct DuesLine {
    /// Its id.
    pub id: DuesLineId,
    /// Raised by every change of it.
    pub version: i64,
    /// The statement it belongs to.
    pub statement: DuesStatementId,
    /// The branch that collects it.
    pub org: OrgId,
    /// The month.
    pub month: Month,
    /// Who.
    pub person: PersonId,
    /// That person's name.
    pub person_name: String,
    /// Whether the person still belongs to the enterprise.
    pub membership: Membership,
    /// Where it stands.
    pub state: LineState,
    /// How it was reckoned; none while what the member pays by is not known.
    pub reckoning: Option<Reckoning>,
    /// What is due, after reductions.
    pub due: Option<Fen>,
    /// The payment, when it is paid.
    pub payment: Option<DuesPayment>,
    /// Earlier months that are still open.
    pub owed_before: i64,
}

/// A payment of dues.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DuesPayment {
    /// Its id.
    pub id: PaymentId,
    /// The day on which it was paid.
    pub on: Date,
    /// How.
    pub way: Way,
    /// What was due and paid.
    pub amount: Fen,
    /// What was paid beyond it, of the member's own will.
    pub voluntary: Fen,
    /// 收据编号.
    pub receipt: Option<String>,
    /// When it was booked, UTC milliseconds.
    pub booked_at: i64,
    /// Who booked it, by the name of the account.
    pub booked_by: String,
    /// When it was handed up.
    pub handed_on: Option<Date>,
}

/// What is sealed of what somebody pays by.
#[derive(Serialize, Deserialize, Clone, Copy)]
pub(super) struct SealedBasis {
    #[serde(with = "payer_key")]
    payer: Payer,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    base: Option<i64>,
}

mod payer_key {
    use rules::dues::Payer;
    use serde::{Deserialize, Deserializer, Serializer, de};

    pub(super) fn serialize<S: Serializer>(payer: &Payer, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(payer.key())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<Payer, D::Error> {
        let key = String::deserialize(d)?;
        Payer::from_key(&key).ok_or_else(|| de::Error::custom("payer"))
    }
}

impl From<Basis> for SealedBasis {
    fn from(basis: Basis) -> Self {
        SealedBasis { payer: basis.payer(), base: basis.base().map(|base| base.0) }
    }
}

impl SealedBasis {
    pub(super) fn read(self, month: Month) -> Result<Basis, StoreError> {
        let basis = Basis::new(self.payer, self.base.map(Fen), month);
        basis.map_err(|_| StoreError::Corrupt("党费基数".to_owned()))
    }
}

/// What is sealed of a line.
#[derive(Serialize, Deserialize, Default)]
pub(super) struct SealedLine {
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(super) basis: Option<SealedBasis>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(super) due: Option<i64>,
}

/// What is sealed of a payment.
#[derive(Serialize, Deserialize)]
pub(super) struct SealedPayment {
    pub(super) amount: i64,
    pub(super) voluntary: i64,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(super) receipt: Option<String>,
}

pub(super) fn line_place(root: RootOrg, id: DuesLineId) -> String {
    format!("dues-line:{root}:{id}")
}

pub(super) fn payment_place(root: RootOrg, id: PaymentId) -> String {
    format!("dues-payment:{root}:{id}")
}

pub(super) fn open<T: for<'de> Deserialize<'de>>(key: &PersonKey, sealed: &[u8], place: &str) -> Result<T, StoreError> {
    Ok(serde_json::from_slice(&key.open(sealed, place.as_bytes())?)?)
}

pub(super) fn seal<T: Serialize>(key: &PersonKey, plain: &T, place: &str) -> Result<Vec<u8>, StoreError> {
    Ok(key.seal(&serde_json::to_vec(plain)?, place.as_bytes())?)
}

/// Columns of a line `l`, its person `p` and its payment `y`.
pub(super) const LINE_COLUMNS: &str = "l.id, l.version, l.statement_id, l.org_id, l.month, l.person_id, p.name, p.membership, p.person_key, \
    l.state, l.sealed, y.id AS payment_id, y.paid_on, y.way, y.sealed AS payment, y.booked_at, y.booked_by, y.handed_on, \
    (SELECT COUNT(*) FROM dues_line e WHERE e.root_org = l.root_org AND e.person_id = l.person_id AND e.month < l.month \
     AND e.state = 'open') AS owed_before";

/// The tables of [`LINE_COLUMNS`], joined.
pub(super) const LINE_TABLES: &str = "dues_line l JOIN person p ON p.root_org = l.root_org AND p.id = l.person_id \
    LEFT JOIN dues_payment y ON y.root_org = l.root_org AND y.line_id = l.id AND y.taken_back_at IS NULL";

/// A line; none when the person has been forgotten.
pub(super) fn line_of(ring: &KeyRing, root: RootOrg, row: &AnyRow) -> Result<Option<DuesLine>, StoreError> {
    let (id, person) = (DuesLineId(get(row, "id")?), PersonId(get(row, "person_id")?));
    let Some(key) = key_of(ring, root, person, get(row, "person_key")?)? else { return Ok(None) };
    let month = month_of(get(row, "month")?)?;
    let state: String = get(row, "state")?;
    let sealed: SealedLine = open(&key, &get::<Vec<u8>, _>(row, "sealed")?, &line_place(root, id))?;
    let basis = sealed.basis.map(|basis| basis.read(month)).transpose()?;
    Ok(Some(DuesLine {
        id,
        version: get(row, "version")?,
        statement: DuesStatementId(get(row, "statement_id")?),
        org: OrgId(get(row, "org_id")?),
        month,
        person,
        person_name: get(row, "name")?,
        membership: crate::sql::coded(get(row, "membership")?, Membership::from_code, "党籍状态")?,
        state: LineState::from_key(&state).ok_or_else(|| StoreError::Corrupt(format!("党费状态 {state}")))?,
        reckoning: basis.map(|basis| basis.due(month)),
        due: sealed.due.map(Fen),
        payment: payment_of(&key, root, row)?,
        owed_before: get(row, "owed_before")?,
    }))
}

fn payment_of(key: &PersonKey, root: RootOrg, row: &AnyRow) -> Result<Option<DuesPayment>, StoreError> {
    let Some(id) = get::<Option<i64>, _>(row, "payment_id")?.map(PaymentId) else { return Ok(None) };
    let way: String = get(row, "way")?;
    let sealed: SealedPayment = open(key, &get::<Vec<u8>, _>(row, "payment")?, &payment_place(root, id))?;
    Ok(Some(DuesPayment {
        id,
        on: day(get(row, "paid_on")?)?,
        way: Way::from_key(&way).ok_or_else(|| StoreError::Corrupt(format!("交纳方式 {way}")))?,
        amount: Fen(sealed.amount),
        voluntary: Fen(sealed.voluntary),
        receipt: sealed.receipt,
        booked_at: get(row, "booked_at")?,
        booked_by: get(row, "booked_by")?,
        handed_on: day_opt(get(row, "handed_on")?)?,
    }))
}
