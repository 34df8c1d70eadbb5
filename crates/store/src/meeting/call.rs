//! Whom the register calls to a meeting: members of a branch or group, members of a committee, those invited; who of them has a vote, of
//! whom nothing is asked (VOTE-03, MEET-11).

use super::status::{StatusKind, ground_of};
use crate::Store;
use crate::error::StoreError;
use crate::org;
use crate::sql::{coded, get, placeholders, subtree_bounds};
use jiff::civil::Date;
use rules::codes::Stage;
use rules::date::day_number;
use rules::ids::{OrgId, PersonId, RootOrg};
use rules::meeting::{Called, Circle};
use rules::org::PostKind;
use sealed::KeyRing;
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AssertSqlSafe};

/// Somebody who may be called to a meeting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CalledPerson {
    /// Who, with or without a vote.
    pub called: Called,
    /// The name.
    pub name: String,
    /// The stage on the day.
    pub stage: Stage,
}

/// Who is looked for.
pub(super) enum Sought<'a> {
    /// Everybody of a circle; of [`Circle::Chosen`] everybody of the subtree, on whatever stage.
    All(Circle),
    /// These, as far as they belong to the subtree, on whatever stage.
    Some(&'a [PersonId]),
}

/// Those of an organisation who are looked for, on a day, by name.
pub(super) async fn called(
    connection: &mut AnyConnection,
    ring: &KeyRing,
    root: RootOrg,
    (org, path): (OrgId, &str),
    sought: Sought<'_>,
    on: Date,
) -> Result<Vec<CalledPerson>, StoreError> {
    let members = format!("AND s.stage IN ({}, {})", Stage::Full.code(), Stage::Probationary.code());
    let (condition, bound): (String, Vec<i64>) = match sought {
        Sought::All(Circle::Members) => (members, Vec::new()),
        Sought::All(Circle::Chosen) => (String::new(), Vec::new()),
        // A committee's members may belong to any branch of the subtree.
        Sought::All(Circle::Committee) => {
            let posts = PostKind::ALL.iter().filter(|post| post.on_committee());
            let posts: Vec<String> = posts.map(|post| post.code().to_string()).collect();
            let holds = format!(
                "{members} AND EXISTS (SELECT 1 FROM post h WHERE h.root_org = s.root_org AND h.person_id = s.person_id \
                 AND h.org_id = $5 AND h.post IN ({}) AND h.from_day <= $2 AND h.to_day > $2)",
                posts.join(", ")
            );
            (holds, vec![org.0])
        }
        Sought::Some([]) => return Ok(Vec::new()),
        Sought::Some(persons) => {
            let ids = persons.iter().map(|person| person.0).collect();
            (format!("AND s.person_id IN ({})", placeholders(5, persons.len())), ids)
        }
    };
    let text = format!(
        "SELECT s.person_id, s.stage, p.name, p.person_key, t.id AS status_id, t.kind AS status_kind, t.sealed AS status_sealed \
         FROM org o JOIN spell s ON s.root_org = o.root_org AND s.org_id = o.id AND s.from_day <= $2 AND s.to_day > $2 \
         JOIN person p ON p.root_org = s.root_org AND p.id = s.person_id \
         LEFT JOIN member_status t ON t.root_org = s.root_org AND t.person_id = s.person_id AND t.from_day <= $2 AND t.to_day > $2 \
         WHERE o.root_org = $1 AND o.path >= $3 AND o.path <= $4 {condition} ORDER BY p.initials, s.person_id"
    );
    let [from, to] = subtree_bounds(path);
    let mut query = sqlx::query(AssertSqlSafe(text)).bind(root.0).bind(day_number(on)).bind(from).bind(to);
    for id in bound {
        query = query.bind(id);
    }
    let rows = query.fetch_all(connection).await?;
    let mut found: Vec<CalledPerson> = Vec::with_capacity(rows.len());
    for row in &rows {
        let person = PersonId(get(row, "person_id")?);
        if found.last().is_none_or(|last| last.called.person != person) {
            let stage = coded(get(row, "stage")?, Stage::from_code, "人员类别")?;
            let called = Called { person, votes: stage == Stage::Full, excused: None };
            found.push(CalledPerson { called, name: get(row, "name")?, stage });
        }
        if let Some(last) = found.last_mut() {
            apply_status(ring, root, row, &mut last.called)?;
        }
    }
    Ok(found)
}

fn apply_status(ring: &KeyRing, root: RootOrg, row: &AnyRow, called: &mut Called) -> Result<(), StoreError> {
    let Some(kind) = get::<Option<String>, _>(row, "status_kind")? else { return Ok(()) };
    match StatusKind::from_key(&kind) {
        Some(StatusKind::WithoutRights) => called.votes = false,
        Some(StatusKind::Excused) => called.excused = Some(ground_of(ring, root, called.person, row)?),
        None => return Err(StoreError::Corrupt(format!("党员情况 {kind}"))),
    }
    Ok(())
}

impl Store {
    /// Everybody of a circle of an organisation on a day, by name; of [`Circle::Chosen`] everybody of the subtree, to choose from.
    pub async fn callable(
        &self,
        root: RootOrg,
        org: OrgId,
        circle: Circle,
        on: Date,
    ) -> Result<Vec<CalledPerson>, StoreError> {
        let mut connection = self.db.read.acquire().await?;
        let place = org::find(&mut *connection, root, org).await?;
        called(&mut connection, &self.ring, root, (org, &place.path), Sought::All(circle), on).await
    }
}
