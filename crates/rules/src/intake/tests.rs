//! A refused and a passing example for every code of the import contract.

use super::*;
use crate::codes::{Gender, Stage, TitleLevel};
use crate::identity::IdentityNumber;
use jiff::civil::date;
use proptest::prelude::*;

const TODAY: Date = date(2026, 11, 24);

fn good() -> Vec<(Field, Raw)> {
    let identity = IdentityNumber::synthetic(510_104, date(1985, 3, 1), 1);
    [
        (Field::Name, "张 三"),
        (Field::Gender, "男"),
        (Field::Ethnicity, "汉"),
        (Field::Born, "1985.03"),
        (Field::Identity, identity.expose()),
        (Field::Education, "本科"),
        (Field::JoinedOn, "2008.06"),
        (Field::FullOn, "2009.06"),
        (Field::Org, "机关第一党支部"),
        (Field::Stage, "正式党员"),
        (Field::Phone, "13800001234"),
    ]
    .map(|(field, text)| (field, Raw::Text(text.to_owned())))
    .to_vec()
}

fn with(changes: &[(Field, Raw)]) -> Checked {
    let mut cells = good();
    for (field, raw) in changes {
        cells.retain(|(other, _)| other != field);
        cells.push((*field, raw.clone()));
    }
    check(&cells, TODAY)
}

fn text(value: &str) -> Raw {
    Raw::Text(value.to_owned())
}

fn codes(checked: &Checked) -> Vec<&'static str> {
    checked.errors.iter().map(|error| error.code.key()).collect()
}

fn refused(changes: &[(Field, Raw)], expected: &[&str]) {
    let checked = with(changes);
    assert_eq!(codes(&checked), expected, "{changes:?}: {:?}", checked.errors);
}

fn accepted(changes: &[(Field, Raw)]) -> Draft {
    let checked = with(changes);
    assert_eq!(checked.errors, [], "{changes:?}");
    checked.draft
}

#[test]
fn a_good_row_passes_and_takes_the_day_from_the_number() {
    let draft = accepted(&[]);
    assert_eq!(draft.name.unwrap().as_str(), "张三");
    assert_eq!(draft.born.unwrap().to_string(), "1985-03-01");
    assert_eq!(draft.stage, Some(Stage::Full));
}

#[test]
fn missing_required() {
    refused(&[(Field::Name, Raw::Empty)], &["missing_required"]);
    refused(&[(Field::Identity, text(" "))], &["missing_required"]);
    refused(&[(Field::Org, Raw::Empty)], &["missing_required"]);
    refused(&[(Field::JoinedOn, Raw::Empty)], &["missing_required"]);
    refused(&[(Field::FullOn, Raw::Empty)], &["missing_required"]);
    assert_eq!(accepted(&[(Field::Gender, Raw::Empty)]).gender, Some(Gender::Male));
    let joined = [(Field::Stage, text("入党积极分子")), (Field::JoinedOn, Raw::Empty), (Field::FullOn, Raw::Empty)];
    accepted(&joined);
}

#[test]
fn a_missing_stage_follows_from_the_dates() {
    assert_eq!(accepted(&[(Field::Stage, Raw::Empty)]).stage, Some(Stage::Full));
    let recent = [(Field::Stage, Raw::Empty), (Field::JoinedOn, text("2026.03")), (Field::FullOn, Raw::Empty)];
    assert_eq!(accepted(&recent).stage, Some(Stage::Probationary));
    refused(&[(Field::Stage, Raw::Empty), (Field::FullOn, Raw::Empty)], &["missing_required"]);
}

#[test]
fn reg_08_bad_name() {
    refused(&[(Field::Name, text("=cmd()"))], &["bad_name"]);
    refused(&[(Field::Name, Raw::Error("#REF!".into()))], &["bad_name"]);
    refused(&[(Field::NativePlace, text("#N/A"))], &["unknown_code"]);
    accepted(&[(Field::Name, text("阿依古丽•吐尔逊"))]);
}

#[test]
fn reg_05_bad_date() {
    refused(&[(Field::JoinedOn, text("2008.13"))], &["bad_date"]);
    refused(&[(Field::WorkedOn, text("2027-01"))], &["bad_date"]);
    refused(&[(Field::WorkedOn, Raw::Number(2007.1))], &["bad_date"]);
    refused(&[(Field::WorkedOn, text("1984.12"))], &["bad_date"]);
    refused(&[(Field::AppliedOn, text("2009.01"))], &["bad_date"]);
    refused(&[(Field::WorkedOn, Raw::Number(35.0))], &["bad_date"]);
    assert_eq!(accepted(&[(Field::WorkedOn, text("2007.1"))]).worked_on.unwrap().to_string(), "2007-01");
    refused(
        &[(Field::Stage, text("预备党员")), (Field::JoinedOn, text("2026.03")), (Field::FullOn, text("2026.04"))],
        &["full_before_one_year", "bad_date"],
    );
    assert_eq!(accepted(&[(Field::WorkedOn, Raw::Number(39_264.0))]).worked_on.unwrap().to_string(), "2007-07-01");
    assert_eq!(accepted(&[(Field::WorkedOn, Raw::Number(200_707.0))]).worked_on.unwrap().to_string(), "2007-07");
    assert_eq!(
        accepted(&[(Field::WorkedOn, Raw::Date(date(2007, 7, 1)))]).worked_on.unwrap().to_string(),
        "2007-07-01"
    );
}

#[test]
fn reg_06_and_reg_07_unknown_code() {
    for (field, value) in [
        (Field::Ethnicity, "火星族"),
        (Field::Education, "很高"),
        (Field::Gender, "未知"),
        (Field::Employment, "临时"),
        (Field::Stage, "群众"),
        (Field::Mobile, "也许"),
    ] {
        refused(&[(field, text(value))], &["unknown_code"]);
    }
    accepted(&[(Field::Employment, text("合同制"))]);
}

#[test]
fn reg_06_a_skill_is_no_title_and_says_so() {
    let checked = with(&[(Field::Title, text("高级工"))]);
    assert_eq!(codes(&checked), [""; 0]);
    assert_eq!(checked.draft.title_level, Some(TitleLevel::None));
    assert_eq!(checked.warnings.len(), 1);
    assert_eq!(accepted(&[(Field::Title, text("高级工程师"))]).title_level, Some(TitleLevel::AssociateSenior));
}

#[test]
fn unknown_org_is_the_callers_to_say_but_for_a_broken_cell() {
    refused(&[(Field::Org, Raw::Error("#REF!".into()))], &["unknown_org"]);
    assert_eq!(accepted(&[(Field::Org, text("第 一\u{3000}党支部"))]).org.as_deref(), Some("第一党支部"));
    assert_eq!(accepted(&[(Field::Org, Raw::Empty), (Field::OrgCode, text("0101"))]).org_code.as_deref(), Some("0101"));
}

#[test]
fn reg_01_id_checksum() {
    refused(&[(Field::Identity, text("110105194912310021"))], &["id_checksum"]);
    refused(&[(Field::Identity, text("110105491231002"))], &["id_checksum"]);
    refused(&[(Field::Identity, text("510104********0014"))], &["id_checksum"]);
}

#[test]
fn reg_02_id_precision_lost() {
    refused(&[(Field::Identity, Raw::Number(510_104_198_503_010_000.0))], &["id_precision_lost"]);
    refused(&[(Field::Identity, text("5.10104E+17"))], &["id_precision_lost"]);
    refused(&[(Field::Identity, text("510104198503012000"))], &["id_precision_lost"]);
}

#[test]
fn reg_01_gender_and_birth_mismatch() {
    refused(&[(Field::Gender, text("女"))], &["gender_mismatch"]);
    refused(&[(Field::Born, text("1985.04"))], &["birth_mismatch"]);
    refused(&[(Field::Born, text("1985-03-02")), (Field::Gender, text("女"))], &["gender_mismatch", "birth_mismatch"]);
    accepted(&[(Field::Born, text("1985-03-01"))]);
}

#[test]
fn reg_03_joined_under_18() {
    let at = |joined: &str, full: &str| [(Field::JoinedOn, text(joined)), (Field::FullOn, text(full))];
    refused(&at("2003.02", "2004.02"), &["joined_under_18"]);
    refused(&at("2003-02-28", "2004-02-28"), &["joined_under_18"]);
    accepted(&at("2003-03-01", "2004-03-01"));
    accepted(&at("2003.03", "2004.03"));
}

#[test]
fn reg_04_full_before_one_year() {
    refused(&[(Field::FullOn, text("2009.05"))], &["full_before_one_year"]);
    refused(&[(Field::JoinedOn, text("2008-06-15")), (Field::FullOn, text("2009-06-14"))], &["full_before_one_year"]);
    accepted(&[(Field::JoinedOn, text("2008-06-15")), (Field::FullOn, text("2009-06-15"))]);
    accepted(&[(Field::JoinedOn, text("2008-06-15")), (Field::FullOn, text("2009.06"))]);
}

#[test]
fn bad_phone() {
    refused(&[(Field::Phone, text("123"))], &["bad_phone"]);
    accepted(&[(Field::Phone, Raw::Number(13_800_001_234.0))]);
}

#[test]
fn a_masked_value_in_a_row_with_a_reference_says_nothing() {
    let cells = [
        (Field::Reference, text("42")),
        (Field::Identity, text("510104********0014")),
        (Field::Phone, text("138****1234")),
        (Field::Household, text("四川省****")),
        (Field::Residence, text("成都市****")),
        (Field::Education, text("硕士研究生")),
    ];
    let checked = check(&cells, TODAY);
    refused(&[(Field::Phone, text("138****1234"))], &["bad_phone"]);
    refused(&[(Field::Residence, text("成都市****"))], &["unknown_code"]);
    assert_eq!(checked.errors, []);
    assert_eq!((checked.draft.identity, checked.draft.phone), (None, None));
    assert_eq!((checked.draft.household_place, checked.draft.residence_place), (None, None));
    assert_eq!(checked.draft.reference.unwrap().0, 42);
}

#[test]
fn every_row_gets_all_its_errors() {
    refused(
        &[
            (Field::Name, Raw::Empty),
            (Field::Ethnicity, text("?")),
            (Field::Phone, text("1")),
            (Field::FullOn, text("2008.07")),
        ],
        &["unknown_code", "bad_phone", "full_before_one_year", "missing_required"],
    );
}

fn org_codes(changes: &[(OrgField, Raw)]) -> Vec<&'static str> {
    let mut cells = vec![
        (OrgField::Code, text("0101")),
        (OrgField::Name, text("机关第一党支部")),
        (OrgField::Kind, text("党支部")),
        (OrgField::Parent, text("01")),
        (OrgField::FoundedOn, text("2015-07-01")),
    ];
    for (field, raw) in changes {
        cells.retain(|(other, _)| other != field);
        cells.push((*field, raw.clone()));
    }
    check_org_row(&cells, TODAY).errors.iter().map(|error| error.code).collect()
}

#[test]
fn an_organisation_row_gets_all_its_errors() {
    use crate::uscc::Uscc;
    let none: [&str; 0] = [];
    assert_eq!(org_codes(&[]), none);
    assert_eq!(org_codes(&[(OrgField::Parent, Raw::Empty)]), none);
    assert_eq!(org_codes(&[(OrgField::Uscc, text(&Uscc::synthetic(7).to_string()))]), none);
    assert_eq!(org_codes(&[(OrgField::FoundedOn, Raw::Number(42_186.0))]), none);
    assert_eq!(org_codes(&[(OrgField::Code, Raw::Empty)]), ["missing_required"]);
    assert_eq!(org_codes(&[(OrgField::Kind, Raw::Empty)]), ["missing_required"]);
    assert_eq!(org_codes(&[(OrgField::Kind, text("车间"))]), ["unknown_code"]);
    assert_eq!(org_codes(&[(OrgField::Parent, text("0101"))]), ["unknown_org"]);
    assert_eq!(org_codes(&[(OrgField::Uscc, text("91510100MA12345670"))]), ["uscc_checksum"]);
    assert_eq!(org_codes(&[(OrgField::FoundedOn, text("2015.13"))]), ["bad_date"]);
    assert_eq!(org_codes(&[(OrgField::TermFrom, text("2027-01-01"))]), ["bad_date"]);
    assert_eq!(org_codes(&[(OrgField::Name, text("=1+1"))]), ["bad_name"]);
    assert_eq!(
        org_codes(&[(OrgField::Name, Raw::Empty), (OrgField::Kind, text("?")), (OrgField::FoundedOn, text("?"))]),
        ["unknown_code", "bad_date", "missing_required"]
    );
}

proptest! {
    #[test]
    fn no_row_makes_the_check_panic(values in proptest::collection::vec("\\PC{0,24}", Field::ALL.len())) {
        let cells: Vec<(Field, Raw)> = Field::ALL.iter().copied().zip(values.into_iter().map(Raw::Text)).collect();
        check(&cells, TODAY);
    }

    #[test]
    fn no_organisation_row_makes_the_check_panic(values in proptest::collection::vec("\\PC{0,24}", OrgField::ALL.len())) {
        let cells: Vec<(OrgField, Raw)> = OrgField::ALL.iter().copied().zip(values.into_iter().map(Raw::Text)).collect();
        check_org_row(&cells, TODAY);
    }

    #[test]
    fn no_number_makes_the_check_panic(number in any::<f64>()) {
        let cells: Vec<(Field, Raw)> = Field::ALL.iter().map(|field| (*field, Raw::Number(number))).collect();
        check(&cells, TODAY);
    }
}
