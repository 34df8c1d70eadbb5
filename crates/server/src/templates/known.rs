//! What the register knows of a form's fields: the organisation, its posts and members, a person, today.

use super::meeting::of_meeting;
use crate::members::person_for;
use crate::signed::Signed;
use crate::{App, Problem};
use rules::access::{Action, Target, may};
use rules::codes::Stage;
use rules::ids::PersonId;
use rules::intake::Field as Known;
use rules::org::{PostKind, next_election};
use rules::template::{FieldKind, Given, Source, Template, Value};
use std::collections::BTreeMap;
use store::{MeetingView, Org, Person, PersonFilter, Post};

/// Most names put into a list.
const MOST_NAMES: i64 = 1_000;

/// The values that are known of a template's fields, by source.
pub(super) async fn values_for(
    app: &App,
    signed: &Signed,
    template: &Template,
    org: &Org,
    (person, meeting): (Option<PersonId>, Option<&MeetingView>),
) -> Result<BTreeMap<Source, Value>, Problem> {
    let asked: Vec<Source> = template.fields.iter().filter_map(|field| field.source).collect();
    let mut known = BTreeMap::new();
    let mut tell = |source, text: String| {
        if !text.is_empty() {
            known.insert(source, Value::Text(text));
        }
    };
    tell(Source::Org, org.name.clone());
    tell(Source::Today, app.today().to_string());
    tell(Source::Year, app.today().year().to_string());
    tell(Source::TermFrom, org.term_from.map(|day| day.to_string()).unwrap_or_default());
    let term_to = org.term_from.zip(org.term_years).map(|(from, years)| next_election(from, years).to_string());
    tell(Source::TermTo, term_to.unwrap_or_default());
    if let Some(parent) = org.parent.filter(|_| asked.contains(&Source::Superior)) {
        tell(Source::Superior, app.store.org(signed.root(), parent).await?.name);
    }
    if asked.iter().any(|source| matches!(source, Source::MemberCount | Source::FullCount)) {
        let members = app.store.org_state(signed.root(), org, app.today()).await?.subtree;
        tell(Source::MemberCount, (members.full + members.probationary).to_string());
        tell(Source::FullCount, members.full.to_string());
    }
    if asked.iter().any(|source| {
        matches!(source, Source::Secretary | Source::MeetingHost | Source::Committee | Source::CommitteeRows)
    }) {
        let mut posts = app.store.posts(signed.root(), org.id).await?;
        posts.retain(|post| post.to.is_none());
        tell(Source::Secretary, leader(&posts));
        tell(Source::MeetingHost, leader(&posts));
        tell(Source::Committee, joined(&posts));
        known.insert(Source::CommitteeRows, rows(&posts, template, Source::CommitteeRows));
    }
    if asked.contains(&Source::MemberRows) && may(&signed.actor, Action::MemberView, Target::Within(&org.path)) {
        let names = member_names(app, signed, org).await?;
        known.insert(Source::MemberRows, Value::Rows(names));
    }
    if let Some(meeting) = meeting {
        of_meeting(meeting, &mut known);
    }
    if let Some(person) = person {
        let person = person_for(app, signed, Action::MemberView, person).await?;
        if signed.actor.person != Some(person.id) {
            app.store.note_view(&signed.actor, person.id).await?;
        }
        of_person(&person, &mut known);
    }
    Ok(known)
}

fn leader(posts: &[Post]) -> String {
    let held = |kind| posts.iter().find(|post| post.post == kind);
    held(PostKind::Secretary)
        .or_else(|| held(PostKind::GroupLeader))
        .map_or(String::new(), |post| post.person_name.clone())
}

/// Everybody's name once, in the order of the posts.
fn joined(posts: &[Post]) -> String {
    let mut names: Vec<&str> = Vec::new();
    for post in posts {
        if !names.contains(&post.person_name.as_str()) {
            names.push(&post.person_name);
        }
    }
    names.join("、")
}

/// The committee as rows, in the columns that the template has for a name and a post.
fn rows(posts: &[Post], template: &Template, source: Source) -> Value {
    let field = template.fields.iter().find(|field| field.source == Some(source));
    let Some(FieldKind::Rows(columns)) = field.map(|field| &field.kind) else { return Value::Rows(Vec::new()) };
    let row = |post: &Post| {
        let cell = |name: &str| match name {
            "姓名" => Some(post.person_name.clone()),
            "职务" => Some(post.post.name().to_owned()),
            _ => None,
        };
        columns.iter().filter_map(|column| Some((column.name.clone(), cell(&column.name)?))).collect()
    };
    Value::Rows(posts.iter().map(row).collect())
}

async fn member_names(app: &App, signed: &Signed, org: &Org) -> Result<Vec<Given>, Problem> {
    let filter = PersonFilter { stages: vec![Stage::Full, Stage::Probationary], ..PersonFilter::default() };
    let scope = [org.path.clone()];
    let found = app.store.persons(signed.root(), &scope, &filter, None, MOST_NAMES).await?;
    Ok(found.iter().map(|person| Given::from([("姓名".to_owned(), person.record.name.to_string())])).collect())
}

fn of_person(person: &Person, known: &mut BTreeMap<Source, Value>) {
    let record = &person.record;
    for (source, text) in [
        (Source::PersonName, record.name.to_string()),
        (Source::PersonGender, record.gender.to_string()),
        (Source::PersonEthnicity, record.value(Known::Ethnicity)),
        (Source::PersonBorn, month(&record.masked(Known::Born))),
        (Source::PersonEducation, record.value(Known::Education)),
        (Source::PersonStage, record.standing.stage.name().to_owned()),
        (Source::PersonApplied, record.value(Known::AppliedOn)),
        (Source::PersonJoined, record.value(Known::JoinedOn)),
        (Source::PersonPost, record.value(Known::AdminPost)),
    ] {
        if !text.is_empty() {
            known.insert(source, Value::Text(text));
        }
    }
}

/// `1985-03` as 1985年3月.
fn month(text: &str) -> String {
    let mut parts = text.split('-');
    match (parts.next(), parts.next().map(str::parse::<u8>)) {
        (Some(year), Some(Ok(month))) => format!("{year}年{month}月"),
        _ => text.to_owned(),
    }
}

/// The known value of a field, where it is of the field's kind: a month is no day, and a row has the field's own columns.
pub(super) fn fitting(kind: &FieldKind, value: &Value) -> Option<Value> {
    match (kind, value) {
        (FieldKind::Rows(columns), Value::Rows(rows)) if !rows.is_empty() => {
            let kept = |row: &Given| {
                let asked = |(name, _): &(&String, &String)| columns.iter().any(|column| column.name == **name);
                row.iter().filter(asked).map(|(name, text)| (name.clone(), text.clone())).collect()
            };
            Some(Value::Rows(rows.iter().map(kept).collect()))
        }
        (FieldKind::Rows(_), _) | (_, Value::Rows(_)) => None,
        (FieldKind::Date, Value::Text(text)) => text.parse::<jiff::civil::Date>().ok().map(|_| value.clone()),
        (_, Value::Text(_)) => Some(value.clone()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_is_written_in_words() {
        assert_eq!(month("1985-03"), "1985年3月");
        assert_eq!(month("1985"), "1985");
    }

    #[test]
    fn only_what_fits_the_field_is_filled_in() {
        let text = |text: &str| Value::Text(text.to_owned());
        assert_eq!(fitting(&FieldKind::Date, &text("2008-06")), None);
        assert_eq!(fitting(&FieldKind::Date, &text("2008-06-15")), Some(text("2008-06-15")));
        assert_eq!(fitting(&FieldKind::Rows(Vec::new()), &text("甲")), None);
    }
}
