//! What a member pays by and how much that comes to: kinds of payer, bases, rates by bracket (DUES-01 to DUES-03, DUES-06).

use super::{Fen, Month};
use jiff::civil::{Date, date};
use std::fmt;

/// What sort of payer a member is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Payer {
    /// 在职, by the monthly wage after tax.
    Employed,
    /// 离退休, by the pension.
    Retired,
    /// 学生.
    Student,
    /// 下岗失业.
    Unemployed,
    /// 依靠抚恤救济或者领取低保生活.
    Relief,
    /// 农民.
    Farmer,
}

impl Payer {
    /// All kinds.
    pub const ALL: &'static [Payer] =
        &[Payer::Employed, Payer::Retired, Payer::Student, Payer::Unemployed, Payer::Relief, Payer::Farmer];

    /// The identifier stored and used in JSON.
    pub fn key(self) -> &'static str {
        match self {
            Payer::Employed => "employed",
            Payer::Retired => "retired",
            Payer::Student => "student",
            Payer::Unemployed => "unemployed",
            Payer::Relief => "relief",
            Payer::Farmer => "farmer",
        }
    }

    /// The kind of an identifier.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|payer| payer.key() == key)
    }

    /// The Chinese name.
    pub fn name(self) -> &'static str {
        match self {
            Payer::Employed => "在职",
            Payer::Retired => "离退休",
            Payer::Student => "学生",
            Payer::Unemployed => "下岗失业",
            Payer::Relief => "抚恤救济或低保",
            Payer::Farmer => "农民",
        }
    }

    /// The rule that says how much.
    pub fn rule(self) -> &'static str {
        match self {
            Payer::Employed => "DUES-01",
            Payer::Retired => "DUES-02",
            Payer::Student | Payer::Unemployed | Payer::Relief | Payer::Farmer => "DUES-03",
        }
    }
}

/// A rate and how far it reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bracket {
    /// The largest base it holds for, itself included; none at the top.
    pub up_to: Option<Fen>,
    /// The rate in ten-thousandths.
    pub per_myriad: i64,
}

/// The rates of one version of the regulation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tariff {
    /// The day from which it holds.
    pub since: Date,
    /// Brackets of monthly wages after tax; the whole base is charged at its bracket's rate.
    pub employed: &'static [Bracket],
    /// Brackets of pensions.
    pub retired: &'static [Bracket],
    /// What students, unemployed members and those on relief pay a month.
    pub flat: Fen,
    /// The least and the most that farmers pay a month.
    pub farmer: (Fen, Fen),
}

const fn up_to(yuan: i64, per_myriad: i64) -> Bracket {
    Bracket { up_to: Some(Fen::yuan(yuan)), per_myriad }
}

const fn above(per_myriad: i64) -> Bracket {
    Bracket { up_to: None, per_myriad }
}

/// The rates by the day from which they hold, oldest first: 党费规定 of 2008-02-04, chapter 1.
pub const TARIFFS: &[Tariff] = &[Tariff {
    since: date(2008, 2, 4),
    employed: &[up_to(3_000, 50), up_to(5_000, 100), up_to(10_000, 150), above(200)],
    retired: &[up_to(5_000, 50), above(100)],
    flat: Fen(20),
    farmer: (Fen(20), Fen(100)),
}];

impl Tariff {
    /// The rates that hold in a month; before the first that is known, the first.
    pub fn of(month: Month) -> &'static Tariff {
        let found = TARIFFS.iter().rev().find(|tariff| tariff.since <= month.first());
        found.unwrap_or(&TARIFFS[0])
    }
}

/// The largest monthly base that is believed: a larger one is a slip of the pen.
const LARGEST: Fen = Fen::yuan(1_000_000);

/// What a member pays by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Basis {
    payer: Payer,
    base: Fen,
}

/// Why something cannot be what a member pays by.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BasisRefused {
    /// Nothing, or less than nothing.
    #[error("{0}党员的基数须大于 0（{1}）。请填写每月的金额。")]
    NotPositive(&'static str, &'static str),
    /// Too much to be true.
    #[error("每月基数超过 1,000,000 元，可能多写了数字（DUES-06）。请核对单位是不是元。")]
    TooLarge,
    /// A farmer's dues outside the span.
    #[error("农民党员每月交 {0} 至 {1} 元（DUES-03）。请改正。")]
    FarmerSpan(Fen, Fen),
    /// From a month that is too long ago or not near enough.
    #[error("开始月份应在 {0} 至 {1} 之间（DUES-06）。请改正。")]
    BadMonth(Month, Month),
    /// From a month that has been paid already.
    #[error("{0} 已按原来的基数交纳（DUES-06）。新基数请从 {1} 起。")]
    PaidAlready(Month, Month),
    /// A base where the amount is set.
    #[error("{0}党员每月交 {1} 元，不按基数计算（DUES-03）。请把基数留空。")]
    NoBase(&'static str, Fen),
}

impl Basis {
    /// What somebody pays by from a month on. Employed and retired members: the monthly income. Farmers: what they pay. The others pay a
    /// set amount and have no base.
    pub fn new(payer: Payer, base: Option<Fen>, month: Month) -> Result<Basis, BasisRefused> {
        let tariff = Tariff::of(month);
        let base = base.unwrap_or(Fen::ZERO);
        match payer {
            Payer::Employed | Payer::Retired if base <= Fen::ZERO => {
                Err(BasisRefused::NotPositive(payer.name(), payer.rule()))
            }
            Payer::Employed | Payer::Retired if base > LARGEST => Err(BasisRefused::TooLarge),
            Payer::Farmer if base < tariff.farmer.0 || base > tariff.farmer.1 => {
                Err(BasisRefused::FarmerSpan(tariff.farmer.0, tariff.farmer.1))
            }
            Payer::Student | Payer::Unemployed | Payer::Relief if base != Fen::ZERO => {
                Err(BasisRefused::NoBase(payer.name(), tariff.flat))
            }
            Payer::Employed | Payer::Retired | Payer::Farmer | Payer::Student | Payer::Unemployed | Payer::Relief => {
                Ok(Basis { payer, base })
            }
        }
    }

    /// The sort of payer.
    pub fn payer(self) -> Payer {
        self.payer
    }

    /// The monthly base; none where the amount is set.
    pub fn base(self) -> Option<Fen> {
        (self.base != Fen::ZERO).then_some(self.base)
    }

    /// What is due for a month: the whole base at the rate of its bracket, half a fen rounded up (DUES-01, DUES-02, DUES-06), or the
    /// amount that is set (DUES-03).
    pub fn due(self, month: Month) -> Reckoning {
        let tariff = Tariff::of(month);
        let rate = |brackets: &[Bracket]| {
            let bracket = brackets.iter().find(|bracket| bracket.up_to.is_none_or(|up_to| self.base <= up_to));
            bracket.map_or(0, |bracket| bracket.per_myriad)
        };
        let per_myriad = match self.payer {
            Payer::Employed => Some(rate(tariff.employed)),
            Payer::Retired => Some(rate(tariff.retired)),
            Payer::Student | Payer::Unemployed | Payer::Relief | Payer::Farmer => None,
        };
        let due = match (per_myriad, self.payer) {
            (Some(per_myriad), _) => self.base.share(per_myriad),
            (None, Payer::Farmer) => self.base,
            (None, _) => tariff.flat,
        };
        Reckoning { basis: self, per_myriad, due }
    }
}

impl BasisRefused {
    /// A stable code for programs.
    pub fn code(&self) -> &'static str {
        match self {
            BasisRefused::NotPositive(..)
            | BasisRefused::TooLarge
            | BasisRefused::FarmerSpan(..)
            | BasisRefused::NoBase(..) => "bad_base",
            BasisRefused::BadMonth(..) => "bad_month",
            BasisRefused::PaidAlready(..) => "already_paid",
        }
    }
}

/// Whether a basis may hold from a month on: not from one that can no longer be paid (`back` months), not from beyond the next one, and
/// never from one that was paid by another (DUES-06). `paid` is the last month that the person paid.
pub fn check_from(from: Month, paid: Option<Month>, back: i32, this_month: Month) -> Result<(), BasisRefused> {
    let (earliest, latest) = (this_month.back(back), this_month.next());
    if !(earliest..=latest).contains(&from) {
        return Err(BasisRefused::BadMonth(earliest, latest));
    }
    match paid {
        Some(paid) if from <= paid => Err(BasisRefused::PaidAlready(paid, paid.next())),
        Some(_) | None => Ok(()),
    }
}

/// What is due and how it was reckoned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reckoning {
    /// What it was reckoned by.
    pub basis: Basis,
    /// The rate in ten-thousandths; none where the amount is set.
    pub per_myriad: Option<i64>,
    /// What is due.
    pub due: Fen,
}

impl fmt::Display for Reckoning {
    /// The open arithmetic: 基数 8,000.00 × 1.5% = ¥120.00.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.per_myriad {
            Some(per_myriad) => {
                let percent = (per_myriad / 100, per_myriad % 100 / 10);
                let percent =
                    if percent.1 == 0 { percent.0.to_string() } else { format!("{}.{}", percent.0, percent.1) };
                write!(f, "基数 {} × {percent}% = ¥{}", self.basis.base, self.due)
            }
            None => write!(f, "{}党员每月 ¥{}", self.basis.payer.name(), self.due),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn month() -> Month {
        Month::of(date(2026, 11, 24))
    }

    fn due(payer: Payer, base: i64) -> (i64, String) {
        let base = (base != 0).then_some(Fen(base));
        let reckoning = Basis::new(payer, base, month()).unwrap().due(month());
        (reckoning.due.0, reckoning.to_string())
    }

    #[test]
    fn dues_01_the_whole_base_is_charged_at_its_brackets_rate() {
        for (base, expected) in [
            (100, 1),
            (299_999, 1_500),
            (300_000, 1_500),
            (300_001, 3_000),
            (500_000, 5_000),
            (500_001, 7_500),
            (800_000, 12_000),
            (1_000_000, 15_000),
            (1_000_001, 20_000),
            (3_000_050, 60_001),
        ] {
            assert_eq!(due(Payer::Employed, base).0, expected, "{base}");
        }
        assert_eq!(due(Payer::Employed, 800_000).1, "基数 8,000.00 × 1.5% = ¥120.00");
        assert_eq!(due(Payer::Employed, 1_234_567).1, "基数 12,345.67 × 2% = ¥246.91");
    }

    #[test]
    fn dues_02_pensions_have_two_brackets() {
        for (base, expected) in [(300_000, 1_500), (500_000, 2_500), (500_001, 5_000), (1_000_100, 10_001)] {
            assert_eq!(due(Payer::Retired, base).0, expected, "{base}");
        }
        assert_eq!(due(Payer::Retired, 432_100).1, "基数 4,321.00 × 0.5% = ¥21.61");
    }

    #[test]
    fn dues_03_students_unemployed_and_those_on_relief_pay_a_set_amount() {
        for payer in [Payer::Student, Payer::Unemployed, Payer::Relief] {
            assert_eq!(due(payer, 0).0, 20);
            assert!(matches!(Basis::new(payer, Some(Fen(1)), month()), Err(BasisRefused::NoBase(..))));
        }
        assert_eq!(due(Payer::Student, 0).1, "学生党员每月 ¥0.20");
    }

    #[test]
    fn dues_03_farmers_pay_between_two_amounts() {
        assert_eq!((due(Payer::Farmer, 20).0, due(Payer::Farmer, 100).0), (20, 100));
        for base in [0, 19, 101, -20] {
            assert!(Basis::new(Payer::Farmer, Some(Fen(base)), month()).is_err(), "{base}");
        }
    }

    #[test]
    fn a_base_that_cannot_be_is_refused_with_the_rule() {
        for (payer, rule) in [(Payer::Employed, "DUES-01"), (Payer::Retired, "DUES-02")] {
            for base in [None, Some(Fen(0)), Some(Fen(-1))] {
                assert!(Basis::new(payer, base, month()).unwrap_err().to_string().contains(rule));
            }
            assert!(Basis::new(payer, Some(LARGEST), month()).is_ok());
            assert_eq!(Basis::new(payer, Some(Fen(LARGEST.0 + 1)), month()), Err(BasisRefused::TooLarge));
        }
    }

    #[test]
    fn dues_06_a_new_base_does_not_reach_into_what_was_paid() {
        let month = |n| Month::of(date(2026, n, 1));
        assert_eq!(check_from(month(11), Some(month(10)), 6, month(11)), Ok(()));
        assert_eq!(check_from(month(12), None, 6, month(11)), Ok(()));
        assert_eq!(check_from(month(5), None, 6, month(11)), Ok(()));
        assert_eq!(check_from(month(4), None, 6, month(11)), Err(BasisRefused::BadMonth(month(5), month(12))));
        assert_eq!(check_from(month(12).next(), None, 6, month(11)).unwrap_err().code(), "bad_month");
        assert_eq!(
            check_from(month(10), Some(month(10)), 6, month(11)),
            Err(BasisRefused::PaidAlready(month(10), month(11)))
        );
    }

    #[test]
    fn a_kind_of_payer_is_read_back() {
        assert!(Payer::ALL.iter().all(|payer| Payer::from_key(payer.key()) == Some(*payer)));
        assert_eq!(Payer::from_key("rich"), None);
    }
}
