//! Finding persons by name, initials or number within the subtrees the caller names. Numbers are found by blind index; only when more
//! than the last four digits are given are the few candidates opened and compared.

use crate::Store;
use crate::error::StoreError;
use crate::person::{JOINED, PERSON_COLUMNS, PERSONS_FIRST, Person, person_of};
use crate::sql::{OPEN, coded, escape_like, get, in_subtrees, subtree_bounds};
use rules::codes::Stage;
use rules::ids::{PersonId, RootOrg};
use rules::search::{Sought, TAIL};
use sqlx::AssertSqlSafe;
use sqlx::any::AnyRow;

/// A person that was found: nothing secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundPerson {
    /// Its id.
    pub id: PersonId,
    /// 姓名.
    pub name: String,
    /// 人员类别.
    pub stage: Stage,
    /// The organisation's name.
    pub org_name: String,
}

/// A character after every other: a text with it stands behind all that begin with the text.
const LAST: char = '\u{10ffff}';

/// How many persons with the same last four digits are opened and compared.
const CANDIDATES: i64 = 1_000;

impl Store {
    /// Persons of today in the given subtrees that a text may mean; whole names first.
    pub async fn find_persons(
        &self,
        root: RootOrg,
        scope: &[String],
        sought: &Sought,
        limit: usize,
    ) -> Result<Vec<FoundPerson>, StoreError> {
        let index = |kind: &str, text: &str| self.ring.blind_index(kind, text);
        match sought {
            Sought::Nothing => Ok(Vec::new()),
            Sought::Identity(number) => {
                let value = index("identity", number.expose());
                self.persons_where(root, scope, "p.identity_index = $3", [value, String::new()], limit).await
            }
            Sought::Phone(number) => {
                let value = index("phone", number.expose());
                self.persons_where(root, scope, "p.phone_index = $3", [value, String::new()], limit).await
            }
            Sought::Tail(digits) => self.persons_by_tail(root, scope, digits, limit).await,
            Sought::Letters(letters) => {
                let range = [letters.clone(), format!("{letters}zzzzzzzz")];
                let clause = "p.initials >= $3 AND p.initials <= $4";
                let mut found = self.persons_where(root, scope, clause, range, limit).await?;
                if found.len() < limit {
                    let part = [format!("%{}%", escape_like(letters)), String::new()];
                    let latin =
                        self.persons_where(root, scope, "LOWER(p.name) LIKE $3 ESCAPE '!'", part, limit).await?;
                    found.extend(latin.into_iter().filter(|new| !found.contains(new)).collect::<Vec<_>>());
                    found.truncate(limit);
                }
                Ok(found)
            }
            Sought::Name(name) => {
                // Whole names, then those that begin so, which an index finds in their order; only then those that have it inside.
                let whole = [name.clone(), String::new()];
                let mut found = self.persons_where(root, scope, "p.name = $3", whole, limit).await?;
                let begins = format!("p.name > $4 AND p.name < $4 || '{LAST}'");
                let inside = format!("p.name LIKE $3 ESCAPE '!' AND p.name <> $4 AND NOT ({begins})");
                for clause in [begins, inside] {
                    if found.len() < limit {
                        let part = [format!("%{}%", escape_like(name)), name.clone()];
                        found.extend(self.persons_where(root, scope, &clause, part, limit - found.len()).await?);
                    }
                }
                Ok(found)
            }
        }
    }

    /// Persons of a condition on the two texts `$3` and `$4`.
    async fn persons_where(
        &self,
        root: RootOrg,
        scope: &[String],
        clause: &str,
        texts: [String; 2],
        limit: usize,
    ) -> Result<Vec<FoundPerson>, StoreError> {
        let statement = format!(
            "SELECT p.id, p.name, s.stage, o.name AS org_name FROM {PERSONS_FIRST} WHERE p.root_org = $1 AND {JOINED} AND s.to_day = $2 AND {clause} \
             AND CAST($3 AS TEXT) IS NOT NULL AND CAST($4 AS TEXT) IS NOT NULL AND {} ORDER BY p.name, p.id LIMIT $5",
            in_subtrees("o.path", 6, scope.len())
        );
        let [first, second] = texts;
        let mut query =
            sqlx::query(AssertSqlSafe(statement)).bind(root.0).bind(OPEN).bind(first).bind(second).bind(limit as i64);
        for bound in scope.iter().flat_map(|path| subtree_bounds(path)) {
            query = query.bind(bound);
        }
        query.fetch_all(&self.db.read).await?.iter().map(found_of).collect()
    }

    async fn persons_by_tail(
        &self,
        root: RootOrg,
        scope: &[String],
        digits: &str,
        limit: usize,
    ) -> Result<Vec<FoundPerson>, StoreError> {
        let Some(start) = digits.len().checked_sub(TAIL) else { return Ok(Vec::new()) };
        let statement = format!(
            "SELECT {PERSON_COLUMNS} FROM {PERSONS_FIRST} WHERE p.root_org = $1 AND {JOINED} AND s.to_day = $2 \
             AND p.id IN (SELECT id FROM person WHERE root_org = $1 AND identity_tail = $3 \
                          UNION SELECT id FROM person WHERE root_org = $1 AND phone_tail = $3) \
             AND {} ORDER BY p.name, p.id LIMIT $4",
            in_subtrees("o.path", 5, scope.len())
        );
        let tail = self.ring.blind_index("tail", &digits[start..]);
        let mut query = sqlx::query(AssertSqlSafe(statement)).bind(root.0).bind(OPEN).bind(tail).bind(CANDIDATES);
        for bound in scope.iter().flat_map(|path| subtree_bounds(path)) {
            query = query.bind(bound);
        }
        let rows = query.fetch_all(&self.db.read).await?;
        let mut found = Vec::new();
        for row in &rows {
            let person = person_of(&self.ring, root, row)?;
            if ends_with(&person, digits) {
                found.push(FoundPerson {
                    id: person.id,
                    name: person.record.name.to_string(),
                    stage: person.record.standing.stage,
                    org_name: person.org.name,
                });
            }
            if found.len() == limit {
                break;
            }
        }
        Ok(found)
    }
}

fn ends_with(person: &Person, digits: &str) -> bool {
    let private = &person.record.private;
    private.identity.as_ref().is_some_and(|number| number.expose().ends_with(digits))
        || private.phone.as_ref().is_some_and(|number| number.expose().ends_with(digits))
}

fn found_of(row: &AnyRow) -> Result<FoundPerson, StoreError> {
    Ok(FoundPerson {
        id: PersonId(get(row, "id")?),
        name: get(row, "name")?,
        stage: coded(get(row, "stage")?, Stage::from_code, "人员类别")?,
        org_name: get(row, "org_name")?,
    })
}
