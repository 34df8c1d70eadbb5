//! The intake of persons: reading a roster's row or a form into a [`Draft`], and checking it against the rules (REG-*).
//! Pure: what is already in the register is the store's to compare.

mod check;
mod draft;
mod field;
mod mask;
mod org;

pub use check::cross_check;
pub use draft::Draft;
pub use field::Field;
pub use org::{OrgChecked, OrgDraft, OrgField, OrgFinding, check_org_row};

use jiff::civil::Date;
use serde::Serialize;

/// What a cell holds.
#[derive(Debug, Clone, PartialEq)]
pub enum Raw {
    /// Nothing.
    Empty,
    /// Text.
    Text(String),
    /// A number, as the spreadsheet keeps it.
    Number(f64),
    /// A date cell.
    Date(Date),
    /// A formula's error value, as shown.
    Error(String),
}

impl Raw {
    /// The cell as text, as a person would read it.
    pub fn text(&self) -> String {
        match self {
            Raw::Empty => String::new(),
            Raw::Text(text) => text.clone(),
            Raw::Number(number) if number.fract() == 0.0 && number.abs() < 1e18 => format!("{number:.0}"),
            Raw::Number(number) => number.to_string(),
            Raw::Date(date) => date.to_string(),
            Raw::Error(shown) => shown.clone(),
        }
    }

    /// Whether there is nothing to read.
    pub fn is_empty(&self) -> bool {
        match self {
            Raw::Empty => true,
            Raw::Text(text) => text.trim().is_empty(),
            Raw::Number(_) | Raw::Date(_) | Raw::Error(_) => false,
        }
    }
}

/// Stable codes of findings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Code {
    /// A field that must be filled in is empty.
    MissingRequired,
    /// REG-08.
    BadName,
    /// Not a date, or a date that cannot be right.
    BadDate,
    /// REG-06, REG-07: not in the code list.
    UnknownCode,
    /// No organisation of this name or code.
    UnknownOrg,
    /// REG-01: not a valid identity number.
    IdChecksum,
    /// REG-02: a number cell lost digits.
    IdPrecisionLost,
    /// REG-01: the number says another gender.
    GenderMismatch,
    /// REG-01: the number says another birth date.
    BirthMismatch,
    /// REG-03.
    JoinedUnder18,
    /// REG-04.
    FullBeforeOneYear,
    /// The number occurs twice, or belongs to another person in the register.
    DuplicateId,
    /// Not a telephone number.
    BadPhone,
    /// The file itself cannot be read.
    BadFile,
}

impl Code {
    /// The code as it appears in reports.
    pub fn key(self) -> &'static str {
        match self {
            Code::MissingRequired => "missing_required",
            Code::BadName => "bad_name",
            Code::BadDate => "bad_date",
            Code::UnknownCode => "unknown_code",
            Code::UnknownOrg => "unknown_org",
            Code::IdChecksum => "id_checksum",
            Code::IdPrecisionLost => "id_precision_lost",
            Code::GenderMismatch => "gender_mismatch",
            Code::BirthMismatch => "birth_mismatch",
            Code::JoinedUnder18 => "joined_under_18",
            Code::FullBeforeOneYear => "full_before_one_year",
            Code::DuplicateId => "duplicate_id",
            Code::BadPhone => "bad_phone",
            Code::BadFile => "bad_file",
        }
    }

    /// The code of a cell that holds a formula's error instead of a value.
    fn of_broken(field: Field) -> Self {
        match field {
            Field::Name => Code::BadName,
            Field::Identity => Code::IdChecksum,
            Field::Phone => Code::BadPhone,
            Field::Born | Field::WorkedOn | Field::AppliedOn | Field::JoinedOn | Field::FullOn => Code::BadDate,
            Field::Org | Field::OrgCode => Code::UnknownOrg,
            Field::Seq
            | Field::Reference
            | Field::Gender
            | Field::Ethnicity
            | Field::NativePlace
            | Field::Education
            | Field::Degree
            | Field::PartyPost
            | Field::AdminPost
            | Field::Title
            | Field::Employment
            | Field::Stage
            | Field::Frontline
            | Field::Household
            | Field::Residence
            | Field::Membership
            | Field::Mobile
            | Field::Occupation => Code::UnknownCode,
        }
    }
}

/// Something found in a row: an error, or a warning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Where.
    pub field: Field,
    /// What sort.
    pub code: Code,
    /// What is wrong and what to do.
    pub message: String,
}

impl Finding {
    /// A finding.
    pub fn new(field: Field, code: Code, message: impl Into<String>) -> Self {
        Finding { field, code, message: message.into() }
    }
}

/// A row that has been read and checked by itself.
#[derive(Debug, Clone, Default)]
pub struct Checked {
    /// What it says.
    pub draft: Draft,
    /// Every reason not to accept it.
    pub errors: Vec<Finding>,
    /// What should be looked at.
    pub warnings: Vec<Finding>,
}

/// Reads and checks one row: all its errors, not the first.
pub fn check(cells: &[(Field, Raw)], today: Date) -> Checked {
    let mut checked = Checked::default();
    let has_reference = cells.iter().any(|(field, raw)| *field == Field::Reference && !raw.is_empty());
    for (field, raw) in cells {
        match checked.draft.take(*field, raw, has_reference) {
            Ok(None) => {}
            Ok(Some(warning)) => checked.warnings.push(warning),
            Err(error) => checked.errors.push(error),
        }
    }
    let broken = checked.errors.iter().map(|error| error.field).collect();
    check::complete(&mut checked.draft, &broken, !has_reference, today, &mut checked.errors, &mut checked.warnings);
    checked
}

#[cfg(test)]
mod tests;
