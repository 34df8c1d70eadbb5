//! Who looked at a person's data: dossiers opened, numbers shown in full, lists taken out, files fetched. Every such act leaves an
//! entry that the person sees; an account that opens the same dossier again within the hour leaves no second one.

use crate::error::StoreError;
use crate::id::now_ms;
use crate::sql::{get, placeholders};
use crate::write::Subject;
use crate::{Author, Store};
use rules::ids::{FileId, OrgId, PersonId, RootOrg};
use sqlx::AssertSqlSafe;

/// A way of looking at a person's data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum View {
    /// The dossier was opened, masked.
    Opened,
    /// Numbers were shown in full.
    Revealed,
    /// The person was in a list that was taken out, masked.
    Exported,
    /// An attachment was fetched.
    FileFetched,
}

/// The actions of the ledger that are views and not changes.
pub(crate) const VIEW_ACTIONS: [&str; 4] = ["person.view", "person.reveal", "person.export", "file.fetch"];
/// An account that opens the same dossier again within so long leaves no second entry (milliseconds).
const ONCE_WITHIN: i64 = 60 * 60 * 1000;

impl View {
    fn action(self) -> &'static str {
        match self {
            View::Opened => VIEW_ACTIONS[0],
            View::Revealed => VIEW_ACTIONS[1],
            View::Exported => VIEW_ACTIONS[2],
            View::FileFetched => VIEW_ACTIONS[3],
        }
    }

    fn from_action(action: &str) -> Option<Self> {
        [View::Opened, View::Revealed, View::Exported, View::FileFetched]
            .into_iter()
            .find(|view| view.action() == action)
    }

    /// What it is called.
    pub fn name(self) -> &'static str {
        match self {
            View::Opened => "查看档案",
            View::Revealed => "查看完整号码",
            View::Exported => "导出名单",
            View::FileFetched => "下载材料",
        }
    }
}

/// Somebody looked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ViewEntry {
    /// The ledger's number: the list's cursor.
    pub seq: i64,
    /// UTC milliseconds.
    pub at: i64,
    /// Who, by the name of the account.
    pub actor: String,
    /// What was looked at.
    pub view: View,
    /// Why.
    pub reason: String,
}

impl Store {
    /// Who looked at a person's data, newest first, before an entry's number.
    pub async fn person_views(
        &self,
        root: RootOrg,
        id: PersonId,
        before: Option<i64>,
        limit: i64,
    ) -> Result<Vec<ViewEntry>, StoreError> {
        let text = format!(
            "WITH mine AS (SELECT seq FROM ledger_item WHERE root_org = $1 AND subject_kind = 'person' AND subject_id = $2 AND seq < $3 \
               UNION SELECT seq FROM ledger WHERE root_org = $1 AND subject_kind = 'person' AND subject_id = $2 AND seq < $3) \
             SELECT l.seq, l.at, l.actor, l.action, l.reason FROM mine JOIN ledger l ON l.root_org = $1 AND l.seq = mine.seq \
             WHERE l.action IN ({}) ORDER BY l.seq DESC LIMIT $4",
            placeholders(5, VIEW_ACTIONS.len())
        );
        let mut query =
            sqlx::query(AssertSqlSafe(text)).bind(root.0).bind(id.0).bind(before.unwrap_or(i64::MAX)).bind(limit);
        for action in VIEW_ACTIONS {
            query = query.bind(action);
        }
        let rows = query.fetch_all(&self.db.read).await?;
        rows.iter()
            .map(|row| {
                let action: String = get(row, "action")?;
                Ok(ViewEntry {
                    seq: get(row, "seq")?,
                    at: get(row, "at")?,
                    actor: get(row, "actor")?,
                    view: View::from_action(&action).ok_or_else(|| StoreError::Corrupt(format!("事项 {action}")))?,
                    reason: get(row, "reason")?,
                })
            })
            .collect()
    }

    /// Notes that an account opened a dossier, unless it did so within the hour.
    pub async fn note_view(&self, author: impl Into<Author>, id: PersonId) -> Result<(), StoreError> {
        let author = author.into();
        let row = sqlx::query(
            "SELECT COUNT(*) AS n FROM ledger WHERE root_org = $1 AND subject_kind = 'person' AND subject_id = $2 AND account_id = $3 \
             AND action = 'person.view' AND at > $4",
        )
        .bind(author.root.0)
        .bind(id.0)
        .bind(author.account.0)
        .bind(now_ms() - ONCE_WITHIN)
        .fetch_one(&self.db.read)
        .await?;
        if get::<i64, _>(&row, "n")? > 0 {
            return Ok(());
        }
        let mut write = self.begin(author, View::Opened.action()).await?;
        write.describe(Subject::person(id), "", "打开人员档案");
        write.commit().await?;
        Ok(())
    }

    /// Notes that a person's numbers are shown in full, and why.
    pub async fn note_reveal(&self, author: impl Into<Author>, id: PersonId, reason: &str) -> Result<(), StoreError> {
        let mut write = self.begin(author, View::Revealed.action()).await?;
        write.describe(Subject::person(id), reason, "查看完整的号码、住址和出生日期");
        write.commit().await?;
        Ok(())
    }

    /// Notes that a person's attachment is fetched.
    pub async fn note_fetch(&self, author: impl Into<Author>, id: PersonId, file: FileId) -> Result<(), StoreError> {
        let mut write = self.begin(author, View::FileFetched.action()).await?;
        write.describe(Subject::person(id), "", format!("下载材料（编号 {file}）"));
        write.commit().await?;
        Ok(())
    }

    /// Notes that a list is taken out, with an item for each person in it, so that everybody can see it.
    pub async fn note_export(
        &self,
        author: impl Into<Author>,
        within: Option<OrgId>,
        persons: &[PersonId],
        what: &str,
    ) -> Result<(), StoreError> {
        let mut write = self.begin(author, View::Exported.action()).await?;
        for id in persons {
            write.note(Subject::person(*id), &()).await?;
        }
        let subject = within.map_or(Subject::of("enterprise", write.root.0), |org| Subject::of("org", org.0));
        write.describe(subject, "", format!("{what}，{} 人，号码和住址已脱敏", persons.len()));
        write.commit().await?;
        Ok(())
    }
}
