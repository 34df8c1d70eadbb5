//! What the rules need to know of the register for one step, read in a fixed number of statements on one connection: inside the
//! transaction that writes the step, or outside for a trial.

use super::CASE;
use super::act::Acting;
use super::whole::WholeCase;
use crate::elector::{electors, without_rights};
use crate::error::StoreError;
use crate::meeting::votes;
use crate::org::{Org, SEGMENT, find};
use crate::person::find_person;
use crate::sql::{ALWAYS, OPEN, coded, day, get, placeholders};
use jiff::civil::Date;
use rules::codes::Stage;
use rules::date::day_number;
use rules::development::{Doer, Facts, Form, HeldVote, Named, Place};
use rules::ids::{OrgId, PersonId, RootOrg};
use rules::meeting::MeetingState;
use rules::org::{OrgKind, PostKind};
use sealed::KeyRing;
use sqlx::{AnyConnection, AssertSqlSafe};
use std::collections::{BTreeMap, BTreeSet};

/// Persons on a branch's committee from whom on there is one (ORG-04).
const COMMITTEE: i64 = 2;

/// Everything the rules look at, as of the day of the step.
pub(super) async fn facts(
    db: &mut AnyConnection,
    ring: &KeyRing,
    root: RootOrg,
    whole: &WholeCase,
    acting: &Acting,
    (form, on): (Option<&Form>, Date),
) -> Result<Facts, StoreError> {
    let person = find_person(&mut *db, ring, root, whole.row.person).await?;
    let branch = find(&mut *db, root, whole.row.branch).await?;
    let place = place_of(db, root, &person.org, &branch, on).await?;
    let values = form.map(|form| &form.values);
    let persons: Vec<PersonId> = values.into_iter().flat_map(|values| values.all_persons()).collect();
    let orgs: Vec<OrgId> = values.into_iter().flat_map(|values| values.all_orgs()).collect();
    let votes = form.is_some_and(|form| form.step.vote_kind().is_some());
    Ok(Facts {
        doer: Doer { branch: acting.branch, superiors: kinds(db, root, &acting.superiors).await? },
        born: person.record.born,
        stage: person.record.standing.stage,
        left: person.left,
        mobile: person.record.mobile,
        joined_on: person.record.joined_on,
        named: named(db, root, &persons, &place_path(&whole.row.org_path), on).await?,
        orgs: places(db, root, &orgs).await?,
        papers: whole.papers.iter().map(|paper| (paper.step, paper.n, paper.key.clone())).collect(),
        voters: if votes { voters(db, root, &branch, on).await? } else { 0 },
        votes: if votes { held(db, root, whole).await? } else { Vec::new() },
        place,
    })
}

/// The organisation in which somebody is, with its branch as of a day.
pub(super) async fn place_of(
    db: &mut AnyConnection,
    root: RootOrg,
    org: &Org,
    branch: &Org,
    on: Date,
) -> Result<Place, StoreError> {
    let codes: Vec<i64> = PostKind::ALL.iter().filter(|post| post.on_committee()).map(|post| post.code()).collect();
    let text = format!(
        "SELECT (SELECT COUNT(DISTINCT person_id) FROM post WHERE root_org = $1 AND org_id = $2 AND from_day <= $3 AND to_day > $3 \
            AND post IN ({})) AS committee, \
         (SELECT COUNT(*) FROM org WHERE root_org = $1 AND parent_id = $2 AND kind = $4 AND dissolved_on IS NULL) AS groups_of",
        placeholders(5, codes.len())
    );
    let mut query = sqlx::query(AssertSqlSafe(text))
        .bind(root.0)
        .bind(branch.id.0)
        .bind(day_number(on))
        .bind(OrgKind::Group.code());
    for code in codes {
        query = query.bind(code);
    }
    let row = query.fetch_one(db).await?;
    Ok(Place {
        org: org.id,
        kind: if org.kind == OrgKind::Group { branch.kind } else { org.kind },
        branch: branch.id,
        dissolved: org.dissolved_on.is_some(),
        has_committee: get::<i64, _>(&row, "committee")? >= COMMITTEE,
        has_groups: get::<i64, _>(&row, "groups_of")? > 0,
    })
}

/// What organisations are.
async fn kinds(db: &mut AnyConnection, root: RootOrg, orgs: &[OrgId]) -> Result<Vec<OrgKind>, StoreError> {
    Ok(places(db, root, orgs).await?.into_values().map(|place| place.kind).collect())
}

/// Organisations that a step names.
async fn places(db: &mut AnyConnection, root: RootOrg, orgs: &[OrgId]) -> Result<BTreeMap<OrgId, Place>, StoreError> {
    if orgs.is_empty() {
        return Ok(BTreeMap::new());
    }
    let text = format!(
        "SELECT id, parent_id, kind, dissolved_on FROM org WHERE root_org = $1 AND id IN ({})",
        placeholders(2, orgs.len())
    );
    let mut query = sqlx::query(AssertSqlSafe(text)).bind(root.0);
    for org in orgs {
        query = query.bind(org.0);
    }
    query
        .fetch_all(db)
        .await?
        .iter()
        .map(|row| {
            let org = OrgId(get(row, "id")?);
            let kind = coded(get(row, "kind")?, OrgKind::from_code, "组织类别")?;
            let parent: Option<i64> = get(row, "parent_id")?;
            let place = Place {
                org,
                kind,
                branch: parent.map(OrgId).filter(|_| kind == OrgKind::Group).unwrap_or(org),
                dissolved: get::<Option<i64>, _>(row, "dissolved_on")?.is_some(),
                has_committee: false,
                has_groups: false,
            };
            Ok((org, place))
        })
        .collect()
}

/// The paths of an organisation and of all above it.
fn place_path(path: &str) -> Vec<String> {
    (1..=path.len() / SEGMENT).filter_map(|depth| path.get(..depth * SEGMENT)).map(str::to_owned).collect()
}

/// Persons that a step names, as they were on its day.
async fn named(
    db: &mut AnyConnection,
    root: RootOrg,
    persons: &[PersonId],
    paths: &[String],
    on: Date,
) -> Result<BTreeMap<PersonId, Named>, StoreError> {
    if persons.is_empty() {
        return Ok(BTreeMap::new());
    }
    let officers = officers(db, root, persons, paths, on).await?;
    let text = format!(
        "SELECT p.id, p.name, p.full_on, s.stage, CAST(CASE WHEN {} THEN 1 ELSE 0 END AS BIGINT) AS deprived FROM person p \
         LEFT JOIN spell s ON s.root_org = p.root_org AND s.person_id = p.id AND s.to_day = $2 \
         WHERE p.root_org = $1 AND p.id IN ({})",
        without_rights("p.id", "$3"),
        placeholders(4, persons.len())
    );
    let mut query = sqlx::query(AssertSqlSafe(text)).bind(root.0).bind(OPEN).bind(day_number(on));
    for person in persons {
        query = query.bind(person.0);
    }
    query
        .fetch_all(&mut *db)
        .await?
        .iter()
        .map(|row| {
            let id = PersonId(get(row, "id")?);
            let stage: Option<i64> = get(row, "stage")?;
            // An old roster may lack the day on which somebody became a full member.
            let since: Option<i64> = get(row, "full_on")?;
            let since = since.or_else(|| (stage == Some(Stage::Full.code())).then_some(ALWAYS));
            let named = Named {
                name: get(row, "name")?,
                full_since: since.map(day).transpose()?,
                left: stage.is_none(),
                deprived: get::<i64, _>(row, "deprived")? == 1,
                officer: officers.contains(&id),
            };
            Ok((id, named))
        })
        .collect()
}

/// Those of them who were 书记、副书记 or 组织委员 of one of these organisations on a day.
async fn officers(
    db: &mut AnyConnection,
    root: RootOrg,
    persons: &[PersonId],
    paths: &[String],
    on: Date,
) -> Result<BTreeSet<PersonId>, StoreError> {
    let posts = [PostKind::Secretary, PostKind::DeputySecretary, PostKind::OrganisationOfficer];
    let text = format!(
        "SELECT DISTINCT t.person_id FROM post t JOIN org o ON o.root_org = t.root_org AND o.id = t.org_id \
         WHERE t.root_org = $1 AND t.from_day <= $2 AND t.to_day > $2 AND t.post IN ({}) AND t.person_id IN ({}) AND o.path IN ({})",
        placeholders(3, posts.len()),
        placeholders(3 + posts.len(), persons.len()),
        placeholders(3 + posts.len() + persons.len(), paths.len())
    );
    let mut query = sqlx::query(AssertSqlSafe(text)).bind(root.0).bind(day_number(on));
    for post in posts {
        query = query.bind(post.code());
    }
    for person in persons {
        query = query.bind(person.0);
    }
    for path in paths {
        query = query.bind(path.clone());
    }
    query.fetch_all(db).await?.iter().map(|row| get(row, "person_id").map(PersonId)).collect()
}

/// The votes on a case at meetings of its branch, and those that its steps rest on.
pub(super) async fn held(
    db: &mut AnyConnection,
    root: RootOrg,
    whole: &WholeCase,
) -> Result<Vec<HeldVote>, StoreError> {
    let found = votes(db, root, CASE, whole.row.id.0).await?;
    let held = found.into_iter().filter(|vote| vote.org == whole.row.branch || vote.relied_on).map(|vote| HeldVote {
        resolution: vote.resolution,
        meeting: vote.meeting,
        kind: vote.kind,
        on: vote.on,
        archived: vote.state == MeetingState::Archived,
        count: vote.count,
        relied_on: vote.relied_on,
    });
    Ok(held.collect())
}

/// Full members of a branch, with its groups, who have a vote on a day (VOTE-03).
async fn voters(db: &mut AnyConnection, root: RootOrg, branch: &Org, on: Date) -> Result<u32, StoreError> {
    let found = electors(db, root, &branch.path, on).await?;
    Ok(u32::try_from(found.len()).unwrap_or(u32::MAX))
}
