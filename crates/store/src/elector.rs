//! Who may vote and be elected in an organisation on a day (VOTE-03): its full members, without those who have no rights as members for a
//! time. The one place from which elections, votes on admission and posts know it; meetings read the same statuses when they call.

use crate::error::StoreError;
use crate::meeting::StatusKind;
use crate::sql::{get, subtree_bounds};
use jiff::civil::Date;
use rules::codes::{Membership, Stage};
use rules::date::day_number;
use rules::ids::{PersonId, RootOrg};
use sqlx::{AnyConnection, AssertSqlSafe};

/// A full member with all rights.
pub(crate) struct Elector {
    /// Who.
    pub(crate) person: PersonId,
    /// The name.
    pub(crate) name: String,
    /// 失联: still a member, and not reached.
    pub(crate) out_of_contact: bool,
}

/// A condition that a person has no rights as a member on a day. `$1` is the root organisation; `person` is a column, `day` a bound number.
pub(crate) fn without_rights(person: &str, day: &str) -> String {
    format!(
        "EXISTS (SELECT 1 FROM member_status w WHERE w.root_org = $1 AND w.person_id = {person} AND w.kind = '{}' \
         AND w.from_day <= {day} AND w.to_day > {day})",
        StatusKind::WithoutRights.key()
    )
}

/// Those of a subtree who may vote and be elected on a day, by name.
pub(crate) async fn electors(
    db: &mut AnyConnection,
    root: RootOrg,
    path: &str,
    on: Date,
) -> Result<Vec<Elector>, StoreError> {
    let text = format!(
        "SELECT s.person_id, p.name, p.membership FROM spell s \
         JOIN person p ON p.root_org = s.root_org AND p.id = s.person_id \
         JOIN org o ON o.root_org = s.root_org AND o.id = s.org_id \
         WHERE s.root_org = $1 AND o.path >= $2 AND o.path <= $3 AND s.from_day <= $4 AND s.to_day > $4 AND s.stage = $5 \
         AND NOT {} ORDER BY p.name, s.person_id",
        without_rights("s.person_id", "$4")
    );
    let [from, to] = subtree_bounds(path);
    let query = sqlx::query(AssertSqlSafe(text)).bind(root.0).bind(from).bind(to).bind(day_number(on));
    let rows = query.bind(Stage::Full.code()).fetch_all(db).await?;
    rows.iter()
        .map(|row| {
            let membership: i64 = get(row, "membership")?;
            Ok(Elector {
                person: PersonId(get(row, "person_id")?),
                name: get(row, "name")?,
                out_of_contact: membership == Membership::OutOfContact.code(),
            })
        })
        .collect()
}

/// Whether a person has no rights as a member on a day.
pub(crate) async fn is_without_rights(
    db: &mut AnyConnection,
    root: RootOrg,
    person: PersonId,
    on: Date,
) -> Result<bool, StoreError> {
    let text = format!(
        "SELECT COUNT(*) AS n FROM person p WHERE p.root_org = $1 AND p.id = $2 AND {}",
        without_rights("p.id", "$3")
    );
    let query = sqlx::query(AssertSqlSafe(text)).bind(root.0).bind(person.0).bind(day_number(on));
    Ok(get::<i64, _>(&query.fetch_one(db).await?, "n")? > 0)
}
