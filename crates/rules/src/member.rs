//! A person in the register: what is timeless, what changes from day to day, and how an edit changes both. Pure.

use crate::codes::{Degree, Education, Employment, Ethnicity, Gender, Membership, Occupation, Stage, TitleLevel};
use crate::date::PartialDate;
use crate::identity::IdentityNumber;
use crate::ids::OrgId;
use crate::intake::{Draft, Field, Finding, cross_check};
use crate::name::PersonName;
use crate::phone::Phone;
use jiff::civil::Date;

/// What is sealed at rest and masked on every screen.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Private {
    /// 公民身份号码.
    pub identity: Option<IdentityNumber>,
    /// 联系电话.
    pub phone: Option<Phone>,
    /// 户籍所在地.
    pub household_place: Option<String>,
    /// 现居住地.
    pub residence_place: Option<String>,
}

/// What a person is counted by, from day to day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// 所在党组织.
    pub org: OrgId,
    /// 人员类别.
    pub stage: Stage,
    /// 学历.
    pub education: Option<Education>,
    /// 学位.
    pub degree: Option<Degree>,
    /// 职称级别.
    pub title_level: Option<TitleLevel>,
    /// 用工身份.
    pub employment: Option<Employment>,
    /// 职业.
    pub occupation: Option<Occupation>,
}

/// A dossier as it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// 姓名.
    pub name: PersonName,
    /// 性别.
    pub gender: Gender,
    /// 民族.
    pub ethnicity: Option<Ethnicity>,
    /// 出生日期.
    pub born: Option<PartialDate>,
    /// 籍贯.
    pub native_place: Option<String>,
    /// 参加工作时间.
    pub worked_on: Option<PartialDate>,
    /// 申请入党时间.
    pub applied_on: Option<PartialDate>,
    /// 入党时间.
    pub joined_on: Option<PartialDate>,
    /// 转正时间.
    pub full_on: Option<PartialDate>,
    /// 党内职务, as the roster says it; posts proper are kept with the organisation.
    pub party_post: Option<String>,
    /// 行政职务.
    pub admin_post: Option<String>,
    /// 专业技术职务 as written.
    pub title: Option<String>,
    /// 一线情况.
    pub frontline: Option<String>,
    /// 党籍状态.
    pub membership: Membership,
    /// 是否流动党员.
    pub mobile: bool,
    /// What is secret.
    pub private: Private,
    /// What the person is counted by today.
    pub standing: Standing,
}

/// A standing that held for a span of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spell {
    /// First day.
    pub from: Date,
    /// The day from which it no longer held; `None` while it lasts.
    pub to: Option<Date>,
    /// What held.
    pub standing: Standing,
}

impl Record {
    /// A new dossier from a draft that has passed its checks; `None` when a field is missing that the checks demand.
    pub fn new(draft: &Draft, org: OrgId) -> Option<Record> {
        let standing = Standing {
            org,
            stage: draft.stage?,
            education: None,
            degree: None,
            title_level: None,
            employment: None,
            occupation: None,
        };
        let bare = Record {
            name: draft.name.clone()?,
            gender: draft.gender?,
            ethnicity: None,
            born: None,
            native_place: None,
            worked_on: None,
            applied_on: None,
            joined_on: None,
            full_on: None,
            party_post: None,
            admin_post: None,
            title: None,
            frontline: None,
            membership: Membership::Normal,
            mobile: false,
            private: Private::default(),
            standing,
        };
        Some(bare.with(draft, Some(org)))
    }

    /// The dossier after a draft is applied. A date that says less than the known one, and nothing else, leaves it as it is.
    pub fn with(&self, draft: &Draft, org: Option<OrgId>) -> Record {
        fn put<T: Clone>(old: &Option<T>, new: &Option<T>) -> Option<T> {
            new.clone().or_else(|| old.clone())
        }
        let date = |old: Option<PartialDate>, new: Option<PartialDate>| match (old, new) {
            (Some(old), Some(new)) if new.covers(&old) => Some(old),
            (old, new) => new.or(old),
        };
        let standing = Standing {
            org: org.unwrap_or(self.standing.org),
            stage: draft.stage.unwrap_or(self.standing.stage),
            education: draft.education.or(self.standing.education),
            degree: draft.degree.or(self.standing.degree),
            title_level: if draft.title.is_some() && draft.title != self.title {
                draft.title_level
            } else {
                self.standing.title_level
            },
            employment: draft.employment.or(self.standing.employment),
            occupation: draft.occupation.or(self.standing.occupation),
        };
        let mut record = Record {
            name: draft.name.clone().unwrap_or_else(|| self.name.clone()),
            gender: draft.gender.unwrap_or(self.gender),
            ethnicity: draft.ethnicity.or(self.ethnicity),
            born: date(self.born, draft.born),
            native_place: put(&self.native_place, &draft.native_place),
            worked_on: date(self.worked_on, draft.worked_on),
            applied_on: date(self.applied_on, draft.applied_on),
            joined_on: date(self.joined_on, draft.joined_on),
            full_on: date(self.full_on, draft.full_on),
            party_post: put(&self.party_post, &draft.party_post),
            admin_post: put(&self.admin_post, &draft.admin_post),
            title: put(&self.title, &draft.title),
            frontline: put(&self.frontline, &draft.frontline),
            membership: draft.membership.unwrap_or(self.membership),
            mobile: draft.mobile.unwrap_or(self.mobile),
            private: Private {
                identity: put(&self.private.identity, &draft.identity),
                phone: put(&self.private.phone, &draft.phone),
                household_place: put(&self.private.household_place, &draft.household_place),
                residence_place: put(&self.private.residence_place, &draft.residence_place),
            },
            standing,
        };
        for field in &draft.cleared {
            record.clear(*field);
        }
        record
    }

    /// Empties a field that may be empty; the others stay.
    fn clear(&mut self, field: Field) {
        match field {
            Field::Ethnicity => self.ethnicity = None,
            Field::NativePlace => self.native_place = None,
            Field::WorkedOn => self.worked_on = None,
            Field::AppliedOn => self.applied_on = None,
            Field::FullOn => self.full_on = None,
            Field::PartyPost => self.party_post = None,
            Field::AdminPost => self.admin_post = None,
            Field::Frontline => self.frontline = None,
            Field::Title => (self.title, self.standing.title_level) = (None, None),
            Field::Education => self.standing.education = None,
            Field::Degree => self.standing.degree = None,
            Field::Employment => self.standing.employment = None,
            Field::Occupation => self.standing.occupation = None,
            Field::Phone => self.private.phone = None,
            Field::Household => self.private.household_place = None,
            Field::Residence => self.private.residence_place = None,
            Field::Seq
            | Field::Reference
            | Field::Name
            | Field::Gender
            | Field::Born
            | Field::Identity
            | Field::JoinedOn
            | Field::Org
            | Field::OrgCode
            | Field::Stage
            | Field::Membership
            | Field::Mobile => {}
        }
    }

    /// Contradictions of the whole dossier (REG-01, REG-03, REG-04, REG-05).
    pub fn check(&self, today: Date) -> Vec<Finding> {
        let draft = Draft {
            gender: Some(self.gender),
            born: self.born,
            identity: self.private.identity.clone(),
            worked_on: self.worked_on,
            applied_on: self.applied_on,
            joined_on: self.joined_on,
            full_on: self.full_on,
            stage: Some(self.standing.stage),
            ..Draft::default()
        };
        let mut found = cross_check(&draft, today);
        if self.standing.stage == Stage::Full && self.full_on.is_none() {
            let message = "转正时间没有填写，正式党员须有转正时间（REG-05）。请补填";
            found.push(Finding::new(Field::FullOn, crate::intake::Code::MissingRequired, message));
        }
        found
    }

    /// A field's value in full, as text; what is not set or not kept here (所在党支部) is empty.
    pub fn value(&self, field: Field) -> String {
        fn shown<T: ToString>(value: &Option<T>) -> String {
            value.as_ref().map(ToString::to_string).unwrap_or_default()
        }
        match field {
            Field::Name => self.name.to_string(),
            Field::Gender => self.gender.to_string(),
            Field::Ethnicity => shown(&self.ethnicity),
            Field::Born => shown(&self.born),
            Field::Identity => {
                self.private.identity.as_ref().map(|identity| identity.expose().to_owned()).unwrap_or_default()
            }
            Field::NativePlace => shown(&self.native_place),
            Field::Education => shown(&self.standing.education),
            Field::Degree => shown(&self.standing.degree),
            Field::WorkedOn => shown(&self.worked_on),
            Field::AppliedOn => shown(&self.applied_on),
            Field::JoinedOn => shown(&self.joined_on),
            Field::FullOn => shown(&self.full_on),
            Field::PartyPost => shown(&self.party_post),
            Field::AdminPost => shown(&self.admin_post),
            Field::Title => shown(&self.title),
            Field::Employment => shown(&self.standing.employment),
            Field::Stage => self.standing.stage.to_string(),
            Field::Frontline => shown(&self.frontline),
            Field::Phone => self.private.phone.as_ref().map(|phone| phone.expose().to_owned()).unwrap_or_default(),
            Field::Household => shown(&self.private.household_place),
            Field::Residence => shown(&self.private.residence_place),
            Field::Membership => self.membership.to_string(),
            Field::Mobile => if self.mobile { "是" } else { "否" }.to_owned(),
            Field::Occupation => shown(&self.standing.occupation),
            Field::Seq | Field::Reference | Field::Org | Field::OrgCode => String::new(),
        }
    }

    /// A field's value as screens and exports show it: numbers and addresses masked, the birth date to the month.
    pub fn masked(&self, field: Field) -> String {
        field.masked(&self.value(field))
    }

    /// What differs from another state of the same dossier: field, before, after, in full.
    pub fn differences(&self, after: &Record) -> Vec<(Field, String, String)> {
        let all = Field::ALL.iter().map(|field| (*field, self.value(*field), after.value(*field)));
        all.filter(|(_, before, after)| before != after).collect()
    }

    /// The spells a new dossier begins with: probation from joining to 转正, full membership after; others from application on.
    pub fn first_spells(&self, today: Date) -> Vec<Spell> {
        let at = |stage, from, to| Spell { from, to, standing: Standing { stage, ..self.standing } };
        let left = (!self.membership.counts()).then_some(today);
        match (self.standing.stage, self.joined_on, self.full_on) {
            (Stage::Full, Some(joined), Some(full)) if joined.date < full.date => {
                vec![at(Stage::Probationary, joined.date, Some(full.date)), at(Stage::Full, full.date, left)]
            }
            (stage, Some(joined), _) => vec![at(stage, joined.date, left)],
            (stage, None, _) => vec![at(stage, self.applied_on.map_or(today, |applied| applied.date), left)],
        }
    }
}

/// The spells after an edit: a new standing holds from `on`; corrected dates of joining and 转正 move the borders of their spells.
/// A spell that would not last a day disappears.
pub fn revise(spells: &[Spell], after: &Record, on: Date) -> Vec<Spell> {
    let mut spells = spells.to_vec();
    if let Some(last) = spells.last_mut()
        && last.to.is_none()
        && last.standing != after.standing
    {
        if last.from >= on {
            last.standing = after.standing;
        } else {
            last.to = Some(on);
            spells.push(Spell { from: on, to: None, standing: after.standing });
        }
    }
    if let Some(last) = spells.last_mut().filter(|last| last.to.is_none() && !after.membership.counts()) {
        last.to = Some(on.max(last.from));
    }
    move_border(&mut spells, |stage| stage.is_member(), after.joined_on);
    move_border(&mut spells, |stage| stage == Stage::Full, after.full_on);
    spells.retain(|spell| spell.to.is_none_or(|to| spell.from < to));
    spells
}

/// The spells with another stage from a day on; what holds besides stays as it was from day to day. Taken back by the same with the
/// stage that held before.
pub fn restage(spells: &[Spell], since: Date, stage: Stage) -> Vec<Spell> {
    let mut staged: Vec<Spell> = Vec::with_capacity(spells.len() + 1);
    for spell in spells {
        let later = Standing { stage, ..spell.standing };
        if spell.from >= since {
            staged.push(Spell { standing: later, ..*spell });
        } else if spell.to.is_none_or(|to| to > since) {
            staged.push(Spell { to: Some(since), ..*spell });
            staged.push(Spell { from: since, to: spell.to, standing: later });
        } else {
            staged.push(*spell);
        }
    }
    staged.dedup_by(|later, earlier| {
        let same = earlier.to == Some(later.from) && earlier.standing == later.standing;
        if same {
            earlier.to = later.to;
        }
        same
    });
    staged
}

/// The spells of somebody who had left and is there again, as if he had never left.
pub fn reopen(spells: &[Spell]) -> Vec<Spell> {
    let mut spells = spells.to_vec();
    if let Some(last) = spells.last_mut() {
        last.to = None;
    }
    spells
}

/// Moves the beginning of the first spell with such a stage, and the end of the one before it, to a date.
fn move_border(spells: &mut [Spell], of_stage: impl Fn(Stage) -> bool, date: Option<PartialDate>) {
    let (Some(date), Some(first)) = (date, spells.iter().position(|spell| of_stage(spell.standing.stage))) else {
        return;
    };
    let before = first.checked_sub(1).map(|i| spells[i].from);
    if before.is_some_and(|before| date.date < before) || spells[first].to.is_some_and(|to| to <= date.date) {
        return;
    }
    if let Some(before) = first.checked_sub(1) {
        spells[before].to = Some(date.date);
    }
    spells[first].from = date.date;
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use proptest::prelude::*;

    fn record(joined: &str, full: Option<&str>) -> Record {
        let draft = Draft {
            name: Some(PersonName::parse("张三").unwrap()),
            gender: Some(Gender::Male),
            stage: Some(if full.is_some() { Stage::Full } else { Stage::Probationary }),
            joined_on: Some(PartialDate::parse(joined).unwrap()),
            full_on: full.map(|text| PartialDate::parse(text).unwrap()),
            ..Draft::default()
        };
        Record::new(&draft, OrgId(1)).unwrap()
    }

    #[test]
    fn a_full_member_was_on_probation_before() {
        let spells = record("2008-06-15", Some("2009-06-20")).first_spells(date(2026, 1, 1));
        let shown: Vec<_> =
            spells.iter().map(|s| (s.from.to_string(), s.to.map(|to| to.to_string()), s.standing.stage)).collect();
        assert_eq!(
            shown,
            [
                ("2008-06-15".to_owned(), Some("2009-06-20".to_owned()), Stage::Probationary),
                ("2009-06-20".to_owned(), None, Stage::Full)
            ]
        );
    }

    #[test]
    fn a_new_standing_holds_from_its_day_and_the_old_one_stays_in_history() {
        let old = record("2008-06-15", Some("2009-06-20"));
        let spells = old.first_spells(date(2026, 1, 1));
        let moved = old.with(&Draft::default(), Some(OrgId(2)));
        let after = revise(&spells, &moved, date(2026, 3, 1));
        assert_eq!(after.len(), 3);
        assert_eq!((after[1].standing.org, after[1].to), (OrgId(1), Some(date(2026, 3, 1))));
        assert_eq!((after[2].standing.org, after[2].to), (OrgId(2), None));
        assert_eq!(revise(&after, &moved, date(2026, 4, 1)), after, "the same again changes nothing");
    }

    #[test]
    fn a_corrected_date_moves_the_border_of_its_spell() {
        let old = record("2008-06-15", Some("2009-06-20"));
        let spells = old.first_spells(date(2026, 1, 1));
        let corrected = Record { full_on: Some(PartialDate::parse("2010-01-05").unwrap()), ..old };
        let after = revise(&spells, &corrected, date(2026, 3, 1));
        assert_eq!((after[0].to, after[1].from), (Some(date(2010, 1, 5)), date(2010, 1, 5)));
    }

    #[test]
    fn who_has_left_has_no_open_spell() {
        let old = record("2008-06-15", Some("2009-06-20"));
        let left = Record { membership: Membership::Died, ..old.clone() };
        let after = revise(&old.first_spells(date(2026, 1, 1)), &left, date(2026, 2, 3));
        assert_eq!(after.last().unwrap().to, Some(date(2026, 2, 3)));
    }

    #[test]
    fn another_stage_from_a_day_on_leaves_the_rest_and_is_taken_back() {
        let old = record("2008-06-15", Some("2009-06-20"));
        let moved = old.with(&Draft::default(), Some(OrgId(2)));
        let spells = revise(&old.first_spells(date(2026, 1, 1)), &moved, date(2026, 3, 1));
        let since = date(2026, 2, 1);
        let staged = restage(&spells, since, Stage::Candidate);
        let shown: Vec<_> = staged.iter().map(|s| (s.from, s.standing.stage, s.standing.org.0)).collect();
        assert_eq!(
            shown[1..],
            [
                (date(2009, 6, 20), Stage::Full, 1),
                (since, Stage::Candidate, 1),
                (date(2026, 3, 1), Stage::Candidate, 2)
            ]
        );
        assert_eq!(restage(&staged, since, Stage::Full), spells);
        assert_eq!(restage(&spells, date(2026, 3, 1), Stage::Full), spells, "the same stage changes nothing");
    }

    #[test]
    fn whoever_is_back_has_never_left() {
        let old = record("2008-06-15", Some("2009-06-20"));
        let spells = old.first_spells(date(2026, 1, 1));
        let left = Record { membership: Membership::Cancelled, ..old };
        assert_eq!(reopen(&revise(&spells, &left, date(2026, 2, 3))), spells);
    }

    #[test]
    fn a_less_exact_date_that_agrees_changes_nothing() {
        let old = record("2008-06-15", Some("2009-06-20"));
        let same = Draft { joined_on: Some(PartialDate::parse("2008.06").unwrap()), ..Draft::default() };
        assert_eq!(old.with(&same, None), old);
        let other = Draft { joined_on: Some(PartialDate::parse("2008.07").unwrap()), ..Draft::default() };
        assert_eq!(old.differences(&old.with(&other, None)).len(), 1);
    }

    proptest! {
        #[test]
        fn spells_never_overlap(edits in proptest::collection::vec((0..4000i32, 1..4i64), 0..8)) {
            let base = record("2008-06-15", Some("2009-06-20"));
            let mut spells = base.first_spells(date(2026, 1, 1));
            for (days, org) in edits {
                let on = date(2009, 7, 1).checked_add(jiff::Span::new().days(days)).unwrap();
                spells = revise(&spells, &base.with(&Draft::default(), Some(OrgId(org))), on);
                prop_assert!(spells.windows(2).all(|pair| pair[0].to == Some(pair[1].from)));
                prop_assert!(spells.iter().all(|spell| spell.to.is_none_or(|to| spell.from < to)));
                prop_assert_eq!(spells.last().unwrap().to, None);
                prop_assert_eq!(spells.last().unwrap().standing.org, OrgId(org));
            }
        }
    }
}
