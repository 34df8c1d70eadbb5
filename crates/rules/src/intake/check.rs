//! Checks over several fields of one person: REG-01, REG-03, REG-04, REG-05.

use super::{Code, Draft, Field, Finding};
use crate::codes::Stage;
use crate::date::{PartialDate, add_years};
use jiff::civil::Date;
use std::collections::HashSet;

/// Years of age at which one may join (REG-03).
const JOINING_AGE: i32 = 18;
/// Years of probation (REG-04).
const PROBATION_YEARS: i32 = 1;
/// Years after joining past which nobody can still be on probation: one year, extended once by at most one more (DEV-23).
const LONGEST_PROBATION_YEARS: i32 = 2;

/// Fills in what follows from other fields, and says what is missing. `broken` are fields already found wrong; `whole` is false
/// for a row that only changes a person already in the register.
pub(super) fn complete(
    draft: &mut Draft,
    broken: &HashSet<Field>,
    whole: bool,
    today: Date,
    errors: &mut Vec<Finding>,
    warnings: &mut Vec<Finding>,
) {
    errors.extend(cross_check(draft, today));
    if let Some(identity) = &draft.identity {
        if draft.gender.is_none() && !broken.contains(&Field::Gender) {
            draft.gender = Some(identity.gender());
            if whole {
                warnings.push(Finding::new(
                    Field::Gender,
                    Code::MissingRequired,
                    format!("性别没有填写，按身份证号取「{}」", identity.gender()),
                ));
            }
        }
        if draft.born.is_none() && !broken.contains(&Field::Born) {
            draft.born = Some(PartialDate::day(identity.birth_date()));
        } else if draft.born.is_some_and(|born| born.covers(&PartialDate::day(identity.birth_date()))) {
            // A month in the roster, the day in the number: the number is more exact and says the same.
            draft.born = Some(PartialDate::day(identity.birth_date()));
        }
    }
    if !whole {
        return;
    }
    let mut missing = |field: Field, why: &str| {
        if !broken.contains(&field) {
            errors.push(Finding::new(field, Code::MissingRequired, format!("{}没有填写{why}。请补填", field.label())));
        }
    };
    if draft.name.is_none() {
        missing(Field::Name, "");
    }
    if draft.identity.is_none() {
        missing(Field::Identity, "");
    }
    if draft.org.is_none() && draft.org_code.is_none() {
        missing(Field::Org, "");
    }
    if draft.stage.is_none() && !broken.contains(&Field::Stage) {
        draft.stage = guess_stage(draft, today);
        match draft.stage {
            Some(stage) => warnings.push(Finding::new(
                Field::Stage,
                Code::MissingRequired,
                format!("人员类别没有填写，按日期取「{stage}」"),
            )),
            None if draft.joined_on.is_none() => {}
            None => missing(Field::FullOn, "（入党已满两年，应已转正）"),
        }
    }
    let member = draft.stage.is_none_or(Stage::is_member);
    if member && draft.joined_on.is_none() {
        missing(Field::JoinedOn, "");
    }
    if draft.stage == Some(Stage::Full) && draft.full_on.is_none() {
        missing(Field::FullOn, "，正式党员须有转正时间（REG-05）");
    }
    if draft.gender.is_none() && draft.identity.is_none() && !broken.contains(&Field::Identity) {
        missing(Field::Gender, "");
    }
    for (field, absent) in
        [(Field::Ethnicity, draft.ethnicity.is_none()), (Field::Education, draft.education.is_none())]
    {
        if absent && !broken.contains(&field) {
            warnings.push(Finding::new(
                field,
                Code::MissingRequired,
                format!("{}没有填写，统计时计入「未填」", field.label()),
            ));
        }
    }
}

fn guess_stage(draft: &Draft, today: Date) -> Option<Stage> {
    let joined = draft.joined_on?;
    if draft.full_on.is_some() {
        return Some(Stage::Full);
    }
    (add_years(joined.latest(), LONGEST_PROBATION_YEARS) > today).then_some(Stage::Probationary)
}

/// Contradictions between the fields of one person. Dates of month precision are judged by their most favourable day.
pub fn cross_check(draft: &Draft, today: Date) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut error = |field, code, message: String| found.push(Finding::new(field, code, message));

    if let (Some(identity), Some(gender)) = (&draft.identity, draft.gender)
        && identity.gender() != gender
    {
        error(
            Field::Gender,
            Code::GenderMismatch,
            format!("性别填「{gender}」，身份证号第 17 位表示「{}」（REG-01）。请核对", identity.gender()),
        );
    }
    if let (Some(identity), Some(born)) = (&draft.identity, draft.born)
        && !born.covers(&PartialDate::day(identity.birth_date()))
    {
        error(Field::Born, Code::BirthMismatch, format!("出生日期填 {born}，与身份证号中的日期不符（REG-01）。请核对"));
    }
    for (field, date) in [
        (Field::Born, draft.born),
        (Field::WorkedOn, draft.worked_on),
        (Field::AppliedOn, draft.applied_on),
        (Field::JoinedOn, draft.joined_on),
        (Field::FullOn, draft.full_on),
    ] {
        if let Some(date) = date.filter(|date| date.earliest() > today) {
            error(field, Code::BadDate, format!("{} {date} 晚于今天（REG-05）。请核对", field.label()));
        }
    }
    let births: Vec<Date> =
        [draft.identity.as_ref().map(|identity| identity.birth_date()), draft.born.map(|born| born.earliest())]
            .into_iter()
            .flatten()
            .collect();
    if let (Some(joined), Some(earliest)) = (draft.joined_on, births.iter().min())
        && joined.latest() < add_years(*earliest, JOINING_AGE)
    {
        error(
            Field::JoinedOn,
            Code::JoinedUnder18,
            format!("入党时间 {joined} 时不满 18 周岁（REG-03）。请核对出生日期和入党时间"),
        );
    }
    for (field, date) in [(Field::WorkedOn, draft.worked_on), (Field::AppliedOn, draft.applied_on)] {
        if let (Some(date), Some(birth)) = (date, births.iter().min())
            && date.latest() < *birth
        {
            error(field, Code::BadDate, format!("{} {date} 早于出生日期。请核对", field.label()));
        }
    }
    if let (Some(joined), Some(full)) = (draft.joined_on, draft.full_on)
        && full.latest() < add_years(joined.earliest(), PROBATION_YEARS)
    {
        error(
            Field::FullOn,
            Code::FullBeforeOneYear,
            format!("转正时间 {full} 早于入党满一年（REG-04）。请核对入党时间 {joined}"),
        );
    }
    if let (Some(applied), Some(joined)) = (draft.applied_on, draft.joined_on)
        && applied.earliest() > joined.latest()
    {
        error(
            Field::AppliedOn,
            Code::BadDate,
            format!("申请入党时间 {applied} 晚于入党时间 {joined}（DEV-30）。请核对"),
        );
    }
    if let (Some(Stage::Probationary), Some(full)) = (draft.stage, draft.full_on) {
        error(Field::FullOn, Code::BadDate, format!("预备党员不应有转正时间 {full}（REG-05）。请核对人员类别"));
    }
    if let Some(stage) = draft.stage.filter(|stage| !stage.is_member())
        && let Some(joined) = draft.joined_on
    {
        error(Field::JoinedOn, Code::BadDate, format!("{stage}不应有入党时间 {joined}（REG-05）。请核对人员类别"));
    }
    found
}
