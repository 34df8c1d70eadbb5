//! Posts in an organisation's committee: who holds which, since when, until when. Posts end when their holder leaves the subtree.

use crate::elector::is_without_rights;
use crate::error::StoreError;
use crate::org::Org;
use crate::sql::{OPEN, coded, day, end, get};
use crate::write::{Subject, Write};
use crate::{Author, Store};
use jiff::civil::Date;
use rules::date::day_number;
use rules::ids::{OrgId, PersonId, PostId, RootOrg};
use rules::org::PostKind;
use serde::Serialize;

/// A post held, or once held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Post {
    /// Its id.
    pub id: PostId,
    /// Where.
    pub org: OrgId,
    /// Who.
    pub person: PersonId,
    /// The holder's name.
    pub person_name: String,
    /// Which post.
    pub post: PostKind,
    /// Since when.
    pub from: Date,
    /// Until when; `None` while it lasts.
    pub to: Option<Date>,
}

/// What a ledger item says of a post.
#[derive(Serialize)]
struct PostNote {
    post: &'static str,
    org: OrgId,
    from: Option<Date>,
    to: Option<Date>,
}

impl Store {
    /// Posts of an organisation, those held today first, then the past ones, newest first.
    pub async fn posts(&self, root: RootOrg, org: OrgId) -> Result<Vec<Post>, StoreError> {
        let rows = sqlx::query(
            "SELECT p.id, p.org_id, p.person_id, q.name, p.post, p.from_day, p.to_day FROM post p \
             JOIN person q ON q.root_org = p.root_org AND q.id = p.person_id \
             WHERE p.root_org = $1 AND p.org_id = $2 ORDER BY p.to_day DESC, p.post, p.from_day",
        )
        .bind(root.0)
        .bind(org.0)
        .fetch_all(&self.db.read)
        .await?;
        rows.iter()
            .map(|row| {
                Ok(Post {
                    id: PostId(get(row, "id")?),
                    org: OrgId(get(row, "org_id")?),
                    person: PersonId(get(row, "person_id")?),
                    person_name: get(row, "name")?,
                    post: coded(get(row, "post")?, PostKind::from_code, "党内职务")?,
                    from: day(get(row, "from_day")?)?,
                    to: end(get(row, "to_day")?)?,
                })
            })
            .collect()
    }

    /// Gives a post to a member of the organisation's subtree.
    pub async fn assign_post(
        &self,
        author: impl Into<Author>,
        org: OrgId,
        person: PersonId,
        post: PostKind,
        from: Date,
    ) -> Result<PostId, StoreError> {
        let mut write = self.begin(author, "post.assign").await?;
        let org = write.standing_org(org).await?;
        write.check_holder(&org, person, (post, from)).await?;
        let id = write.insert_post(org.id, person, post, from, None).await?;
        write.describe(Subject::of("org", org.id.0), "", format!("「{}」任命{}", org.name, post.name()));
        write.commit().await?;
        Ok(id)
    }

    /// Ends a post on a day.
    pub async fn end_post(
        &self,
        author: impl Into<Author>,
        org: OrgId,
        post: PostId,
        on: Date,
        reason: &str,
    ) -> Result<(), StoreError> {
        let mut write = self.begin(author, "post.end").await?;
        let place = write.org(org).await?;
        let row = sqlx::query(
            "SELECT person_id, post, from_day FROM post WHERE root_org = $1 AND id = $2 AND org_id = $3 AND to_day = $4",
        )
        .bind(write.root.0)
        .bind(post.0)
        .bind(org.0)
        .bind(OPEN)
        .fetch_optional(&mut *write.tx)
        .await?
        .ok_or(StoreError::NotFound("任职"))?;
        let from = day(get(&row, "from_day")?)?;
        if from > on {
            let message = format!("免职日期早于任职日期 {from}。请改用 {from} 或以后的日期。");
            return Err(StoreError::refused("bad_date", message));
        }
        let kind = coded(get(&row, "post")?, PostKind::from_code, "党内职务")?;
        write.close_post(post, PersonId(get(&row, "person_id")?), (org, kind), on).await?;
        write.describe(Subject::of("org", org.0), reason, format!("「{}」免去{}", place.name, kind.name()));
        write.commit().await?;
        Ok(())
    }
}

impl Write<'_> {
    /// Whether a person may hold a post: a member of the organisation's subtree, a full one with all rights on a
    /// committee (VOTE-03).
    async fn check_holder(
        &mut self,
        org: &Org,
        person: PersonId,
        (post, from): (PostKind, Date),
    ) -> Result<(), StoreError> {
        let holder = self.person(person).await?;
        if holder.left || !holder.org.path.starts_with(&org.path) {
            return Err(StoreError::refused("not_in_org", format!("此人不在「{}」。请先办理组织关系转接。", org.name)));
        }
        if !post.may_be_held_in(holder.record.standing.stage) {
            let stage = holder.record.standing.stage.name();
            let message = format!("{stage}没有被选举权，不能担任{}（VOTE-03）。请另选正式党员。", post.name());
            return Err(StoreError::refused("post_stage", message));
        }
        if post.on_committee() && is_without_rights(&mut self.tx, self.root, person, from).await? {
            let message =
                format!("此人在 {from} 中止党员权利，没有被选举权，不能担任{}（VOTE-03）。请另选。", post.name());
            return Err(StoreError::refused("post_rights", message));
        }
        Ok(())
    }

    /// Writes a post. Two persons never hold a single post at the same time, nobody holds the same post twice.
    pub(crate) async fn insert_post(
        &mut self,
        org: OrgId,
        person: PersonId,
        post: PostKind,
        from: Date,
        to: Option<Date>,
    ) -> Result<PostId, StoreError> {
        let place = self.org(org).await?;
        if !post.exists_in(place.kind) {
            let message = format!("{}不设{}。请另选职务。", place.kind.name(), post.name());
            return Err(StoreError::refused("post_place", message));
        }
        let held = sqlx::query(
            "SELECT q.name, p.person_id, p.to_day FROM post p JOIN person q ON q.root_org = p.root_org AND q.id = p.person_id \
             WHERE p.root_org = $1 AND p.org_id = $2 AND p.post = $3 AND p.to_day > $4 AND p.from_day < $5 ORDER BY p.from_day",
        )
        .bind(self.root.0)
        .bind(org.0)
        .bind(post.code())
        .bind(day_number(from))
        .bind(crate::sql::end_number(to))
        .fetch_all(&mut *self.tx)
        .await?;
        for row in &held {
            let (name, holder): (String, i64) = (get(row, "name")?, get(row, "person_id")?);
            if post.is_single() || holder == person.0 {
                let message = match end(get(row, "to_day")?)? {
                    None => format!("{}现由{name}担任。请先办理免职，再任命。", post.name()),
                    Some(to) => format!("{}由{name}担任至 {to}。请改用 {to} 或以后的日期。", post.name()),
                };
                return Err(StoreError::refused("post_held", message));
            }
        }
        let id = PostId(self.new_id());
        sqlx::query(
            "INSERT INTO post (root_org, id, org_id, person_id, post, from_day, to_day) VALUES ($1,$2,$3,$4,$5,$6,$7)",
        )
        .bind(self.root.0)
        .bind(id.0)
        .bind(org.0)
        .bind(person.0)
        .bind(post.code())
        .bind(day_number(from))
        .bind(crate::sql::end_number(to))
        .execute(&mut *self.tx)
        .await?;
        let key = self.person_key(person).await?;
        self.note_person(person, &key, &PostNote { post: post.key(), org, from: Some(from), to }).await?;
        Ok(id)
    }

    /// Ends the posts of a person in organisations whose subtree he or she is no longer in; all of them after leaving the register.
    pub(crate) async fn end_posts_outside(
        &mut self,
        person: PersonId,
        org: Option<OrgId>,
        on: Date,
    ) -> Result<(), StoreError> {
        let rows = sqlx::query(
            "SELECT p.id, p.post, p.org_id, o.path FROM post p JOIN org o ON o.root_org = p.root_org AND o.id = p.org_id \
             WHERE p.root_org = $1 AND p.person_id = $2 AND p.to_day = $3",
        )
        .bind(self.root.0)
        .bind(person.0)
        .bind(OPEN)
        .fetch_all(&mut *self.tx)
        .await?;
        if rows.is_empty() {
            return Ok(());
        }
        let path = match org {
            Some(org) => self.org(org).await?.path,
            None => String::new(),
        };
        for row in &rows {
            if !path.starts_with(&get::<String, _>(row, "path")?) {
                let kind = coded(get(row, "post")?, PostKind::from_code, "党内职务")?;
                self.close_post(PostId(get(row, "id")?), person, (OrgId(get(row, "org_id")?), kind), on).await?;
            }
        }
        Ok(())
    }

    /// Ends a post on a day, or on its first day when that is later.
    pub(crate) async fn close_post(
        &mut self,
        id: PostId,
        person: PersonId,
        (org, post): (OrgId, PostKind),
        on: Date,
    ) -> Result<(), StoreError> {
        sqlx::query(
            "UPDATE post SET to_day = CASE WHEN from_day > $3 THEN from_day ELSE $3 END WHERE root_org = $1 AND id = $2",
        )
        .bind(self.root.0)
        .bind(id.0)
        .bind(day_number(on))
        .execute(&mut *self.tx)
        .await?;
        let key = self.person_key(person).await?;
        self.note_person(person, &key, &PostNote { post: post.key(), org, from: None, to: Some(on) }).await
    }

    /// The posts of an organisation that last.
    pub(crate) async fn open_posts(&mut self, org: OrgId) -> Result<Vec<(PostId, PostKind, PersonId)>, StoreError> {
        let rows =
            sqlx::query("SELECT id, person_id, post FROM post WHERE root_org = $1 AND org_id = $2 AND to_day = $3")
                .bind(self.root.0)
                .bind(org.0)
                .bind(OPEN)
                .fetch_all(&mut *self.tx)
                .await?;
        rows.iter()
            .map(|row| {
                let kind = coded(get(row, "post")?, PostKind::from_code, "党内职务")?;
                Ok((PostId(get(row, "id")?), kind, PersonId(get(row, "person_id")?)))
            })
            .collect()
    }

    /// Ends every post of an organisation on a day.
    pub(crate) async fn end_posts_of(&mut self, org: OrgId, on: Date) -> Result<(), StoreError> {
        for (id, post, person) in self.open_posts(org).await? {
            self.close_post(id, person, (org, post), on).await?;
        }
        Ok(())
    }
}
