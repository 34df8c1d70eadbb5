//! Persons of the register that a chunk of rows may mean, found by reference and by identity number, a few statements a chunk.

use crate::error::StoreError;
use crate::person::{PERSON_COLUMNS, PERSON_TABLES, Person, person_of, standing_of};
use crate::sql::{day, end, get, placeholders};
use rules::ids::{OrgId, PersonId, RootOrg};
use rules::intake::Draft;
use rules::member::Spell;
use sealed::KeyRing;
use sqlx::{AnyConnection, AssertSqlSafe};
use std::collections::{HashMap, HashSet};

/// Persons with their last standing, by id and by number.
#[derive(Default)]
pub(super) struct Known {
    by_id: HashMap<PersonId, Person>,
    by_number: HashMap<String, PersonId>,
    in_case: HashSet<PersonId>,
}

impl Known {
    /// The persons whom the drafts of a chunk refer to.
    pub(super) async fn meant<'d>(
        db: &mut AnyConnection,
        ring: &KeyRing,
        root: RootOrg,
        drafts: impl Iterator<Item = &'d Draft>,
    ) -> Result<Self, StoreError> {
        let mut ids: Vec<i64> = Vec::new();
        let mut numbers: Vec<String> = Vec::new();
        for draft in drafts {
            ids.extend(draft.reference.map(|id| id.0));
            numbers.extend(draft.identity.as_ref().map(|number| ring.blind_index("identity", number.expose())));
        }
        let mut known = Known::of_ids(db, ring, root, &ids).await?;
        if !numbers.is_empty() {
            let mut query = sqlx::query(AssertSqlSafe(statement("identity_index", numbers.len()))).bind(root.0);
            for number in numbers {
                query = query.bind(number);
            }
            for row in &query.fetch_all(&mut *db).await? {
                known.add(person_of(ring, root, row)?);
            }
        }
        known.find_cases(db, root).await?;
        Ok(known)
    }

    /// Marks those who have a case of 发展党员 under way.
    async fn find_cases(&mut self, db: &mut AnyConnection, root: RootOrg) -> Result<(), StoreError> {
        if self.by_id.is_empty() {
            return Ok(());
        }
        let text = format!(
            "SELECT person_id FROM development_case WHERE root_org = $1 AND state IN ('open', 'suspended') AND person_id IN ({})",
            placeholders(2, self.by_id.len())
        );
        let mut query = sqlx::query(AssertSqlSafe(text)).bind(root.0);
        for id in self.by_id.keys() {
            query = query.bind(id.0);
        }
        for row in &query.fetch_all(db).await? {
            self.in_case.insert(PersonId(get(row, "person_id")?));
        }
        Ok(())
    }

    /// Whether a person has a case of 发展党员 under way.
    pub(super) fn has_case(&self, id: PersonId) -> bool {
        self.in_case.contains(&id)
    }

    /// The persons of these ids.
    pub(super) async fn of_ids(
        db: &mut AnyConnection,
        ring: &KeyRing,
        root: RootOrg,
        ids: &[i64],
    ) -> Result<Self, StoreError> {
        let mut known = Known::default();
        if ids.is_empty() {
            return Ok(known);
        }
        let mut query = sqlx::query(AssertSqlSafe(statement("id", ids.len()))).bind(root.0);
        for id in ids {
            query = query.bind(*id);
        }
        for row in &query.fetch_all(&mut *db).await? {
            known.add(person_of(ring, root, row)?);
        }
        Ok(known)
    }

    fn add(&mut self, person: Person) {
        if let Some(number) = &person.record.private.identity {
            self.by_number.insert(number.expose().to_owned(), person.id);
        }
        self.by_id.insert(person.id, person);
    }

    /// The person of an id.
    pub(super) fn by_id(&self, id: PersonId) -> Option<&Person> {
        self.by_id.get(&id)
    }

    /// The person who has an identity number.
    pub(super) fn by_number(&self, number: &str) -> Option<&Person> {
        self.by_id.get(self.by_number.get(number)?)
    }
}

fn statement(column: &str, count: usize) -> String {
    format!(
        "SELECT {PERSON_COLUMNS} FROM {PERSON_TABLES} WHERE s.root_org = $1 AND p.root_org = $1 AND p.{column} IN ({}) \
         AND s.from_day = (SELECT MAX(t.from_day) FROM spell t WHERE t.root_org = $1 AND t.person_id = p.id)",
        placeholders(2, count)
    )
}

/// The spells of several persons, each person's in order.
pub(super) async fn spells_of_all(
    db: &mut AnyConnection,
    root: RootOrg,
    ids: &[PersonId],
) -> Result<HashMap<PersonId, Vec<Spell>>, StoreError> {
    let text = format!(
        "SELECT person_id, from_day, to_day, org_id, stage, education, degree, title_level, employment, occupation FROM spell \
         WHERE root_org = $1 AND person_id IN ({}) ORDER BY person_id, from_day",
        placeholders(2, ids.len())
    );
    let mut query = sqlx::query(AssertSqlSafe(text)).bind(root.0);
    for id in ids {
        query = query.bind(id.0);
    }
    let mut found: HashMap<PersonId, Vec<Spell>> = HashMap::new();
    for row in &query.fetch_all(&mut *db).await? {
        let standing = standing_of(row, OrgId(get(row, "org_id")?))?;
        let spell = Spell { from: day(get(row, "from_day")?)?, to: end(get(row, "to_day")?)?, standing };
        found.entry(PersonId(get(row, "person_id")?)).or_default().push(spell);
    }
    Ok(found)
}
