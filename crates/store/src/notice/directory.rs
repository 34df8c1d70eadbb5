//! The accounts that can be told something, and where they stand: read in a fixed number of statements.

use crate::Store;
use crate::error::StoreError;
use crate::sql::{coded, get};
use jiff::civil::Date;
use rules::access::Role;
use rules::date::day_number;
use rules::ids::{AccountId, OrgId, PersonId, RootOrg};
use rules::notice::Directory;
use rules::org::PostKind;

impl Store {
    /// Everybody who can be told something on a day.
    pub async fn notice_directory(&self, root: RootOrg, today: Date) -> Result<Directory, StoreError> {
        let mut directory = Directory::default();
        let orgs = sqlx::query("SELECT id, parent_id, name FROM org WHERE root_org = $1 AND dissolved_on IS NULL")
            .bind(root.0)
            .fetch_all(&self.db.read)
            .await?;
        for row in &orgs {
            let org = OrgId(get(row, "id")?);
            directory.names.insert(org, get(row, "name")?);
            if let Some(parent) = get::<Option<i64>, _>(row, "parent_id")? {
                directory.parents.insert(org, OrgId(parent));
            }
        }
        let keepers = sqlx::query(
            "SELECT DISTINCT g.org_id, g.account_id FROM role_grant g \
             JOIN account a ON a.root_org = g.root_org AND a.id = g.account_id \
             WHERE g.root_org = $1 AND a.disabled = 0 AND g.role IN ($2, $3)",
        )
        .bind(root.0)
        .bind(Role::PartyStaff.key())
        .bind(Role::Secretary.key());
        for row in &keepers.fetch_all(&self.db.read).await? {
            let account = AccountId(get(row, "account_id")?);
            directory.keepers.entry(OrgId(get(row, "org_id")?)).or_default().push(account);
        }
        let persons = sqlx::query(
            "SELECT id, person_id FROM account WHERE root_org = $1 AND disabled = 0 AND person_id IS NOT NULL",
        )
        .bind(root.0);
        for row in &persons.fetch_all(&self.db.read).await? {
            directory.persons.insert(PersonId(get(row, "person_id")?), AccountId(get(row, "id")?));
        }
        let posts = sqlx::query(
            "SELECT p.org_id, p.post, p.person_id FROM post p JOIN account a ON a.root_org = p.root_org AND a.person_id = p.person_id \
             WHERE p.root_org = $1 AND p.from_day <= $2 AND p.to_day > $2 AND a.disabled = 0",
        )
        .bind(root.0)
        .bind(day_number(today));
        for row in &posts.fetch_all(&self.db.read).await? {
            let post = coded(get(row, "post")?, PostKind::from_code, "职务")?;
            let holders = directory.posts.entry((OrgId(get(row, "org_id")?), post)).or_default();
            holders.push(PersonId(get(row, "person_id")?));
        }
        Ok(directory)
    }
}
