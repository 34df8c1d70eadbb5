//! 支部工作手册: what a branch's work book of a year is made of, a statement each whatever their number. The branch's groups are part
//! of it: everything is read by the branch's path.

use crate::Store;
use crate::error::StoreError;
use crate::meeting::{number, resolution_place, vote_kind_of};
use crate::org::Org;
use crate::sql::{coded, day, day_opt, get, partial, subtree_bounds};
use jiff::civil::Date;
use rules::activity::Activity;
use rules::codes::Stage;
use rules::date::{PartialDate, day_number};
use rules::ids::{MeetingId, PersonId, ResolutionId, RootOrg};
use rules::meeting::VoteKind;
use std::collections::HashMap;

/// A member of a branch on a day: no more than a work book needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BookMember {
    /// Who.
    pub id: PersonId,
    /// 姓名.
    pub name: String,
    /// 入党日期.
    pub joined_on: Option<PartialDate>,
    /// 正式党员 or 预备党员, on that day.
    pub stage: Stage,
}

/// A resolution taken in the year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BookResolution {
    /// The meeting that took it.
    pub meeting: MeetingId,
    /// On what it was voted.
    pub kind: VoteKind,
    /// Its text.
    pub text: String,
    /// 赞成.
    pub in_favour: u32,
    /// 反对.
    pub against: u32,
    /// 弃权.
    pub abstained: u32,
}

/// How often an activity was recorded on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BookRecord {
    /// Which.
    pub activity: Activity,
    /// When.
    pub on: Date,
    /// How often.
    pub times: i64,
}

/// A month of dues, without amounts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BookDues {
    /// The month, 1 to 12.
    pub month: i64,
    /// Members listed.
    pub people: i64,
    /// Members who have not paid.
    pub open: i64,
    /// When everybody had paid.
    pub settled_on: Option<Date>,
    /// When it was handed up.
    pub handed_on: Option<Date>,
}

impl Store {
    /// The Party members of a branch on a day, by name.
    pub async fn book_members(&self, root: RootOrg, branch: &Org, on: Date) -> Result<Vec<BookMember>, StoreError> {
        let [from, to] = subtree_bounds(&branch.path);
        let rows = sqlx::query(
            "SELECT p.id, p.name, p.joined_on, p.joined_precision, s.stage FROM org o \
             JOIN spell s ON s.root_org = o.root_org AND s.org_id = o.id AND s.from_day <= $4 AND s.to_day > $4 \
             JOIN person p ON p.root_org = s.root_org AND p.id = s.person_id \
             WHERE o.root_org = $1 AND o.path >= $2 AND o.path <= $3 AND s.stage IN ($5, $6) ORDER BY p.initials, p.name, p.id",
        )
        .bind(root.0)
        .bind(from)
        .bind(to)
        .bind(day_number(on))
        .bind(Stage::Full.code())
        .bind(Stage::Probationary.code())
        .fetch_all(&self.db.read)
        .await?;
        rows.iter()
            .map(|row| {
                Ok(BookMember {
                    id: PersonId(get(row, "id")?),
                    name: get(row, "name")?,
                    joined_on: partial(get(row, "joined_on")?, get(row, "joined_precision")?)?,
                    stage: coded(get(row, "stage")?, Stage::from_code, "发展阶段")?,
                })
            })
            .collect()
    }

    /// Who chaired the meetings of a branch between two days, both included.
    pub async fn book_hosts(
        &self,
        root: RootOrg,
        branch: &Org,
        (first, last): (Date, Date),
    ) -> Result<HashMap<MeetingId, String>, StoreError> {
        let [from, to] = subtree_bounds(&branch.path);
        let rows = sqlx::query(
            "SELECT m.id, p.name FROM org o JOIN meeting m ON m.root_org = o.root_org AND m.org_id = o.id \
             AND m.on_day >= $4 AND m.on_day <= $5 JOIN person p ON p.root_org = m.root_org AND p.id = m.host_id \
             WHERE o.root_org = $1 AND o.path >= $2 AND o.path <= $3",
        )
        .bind(root.0)
        .bind(from)
        .bind(to)
        .bind(day_number(first))
        .bind(day_number(last))
        .fetch_all(&self.db.read)
        .await?;
        rows.iter().map(|row| Ok((MeetingId(get(row, "id")?), get(row, "name")?))).collect()
    }

    /// The resolutions of a branch's meetings between two days, both included, in order.
    pub async fn book_resolutions(
        &self,
        root: RootOrg,
        branch: &Org,
        (first, last): (Date, Date),
    ) -> Result<Vec<BookResolution>, StoreError> {
        let [from, to] = subtree_bounds(&branch.path);
        let rows = sqlx::query(
            "SELECT r.meeting_id, r.id, r.kind, r.in_favour, r.against, r.abstained, r.sealed FROM org o \
             JOIN meeting m ON m.root_org = o.root_org AND m.org_id = o.id AND m.on_day >= $4 AND m.on_day <= $5 \
             JOIN resolution r ON r.root_org = m.root_org AND r.meeting_id = m.id \
             WHERE o.root_org = $1 AND o.path >= $2 AND o.path <= $3 ORDER BY m.on_day, m.id, r.id",
        )
        .bind(root.0)
        .bind(from)
        .bind(to)
        .bind(day_number(first))
        .bind(day_number(last))
        .fetch_all(&self.db.read)
        .await?;
        rows.iter()
            .map(|row| {
                let (meeting, id) = (MeetingId(get(row, "meeting_id")?), ResolutionId(get(row, "id")?));
                let sealed: Vec<u8> = get(row, "sealed")?;
                let text = self.ring.open_sealed(&sealed, resolution_place(root, meeting, id).as_bytes())?;
                Ok(BookResolution {
                    meeting,
                    kind: vote_kind_of(row)?,
                    text: String::from_utf8_lossy(&text).into_owned(),
                    in_favour: number(row, "in_favour")?,
                    against: number(row, "against")?,
                    abstained: number(row, "abstained")?,
                })
            })
            .collect()
    }

    /// What was recorded of a branch between two days, both included, by activity and day. Whom it concerned is not read.
    pub async fn book_records(
        &self,
        root: RootOrg,
        branch: &Org,
        (first, last): (Date, Date),
    ) -> Result<Vec<BookRecord>, StoreError> {
        let [from, to] = subtree_bounds(&branch.path);
        let rows = sqlx::query(
            "SELECT r.activity, r.on_day, COUNT(*) AS times FROM org o \
             JOIN record r ON r.root_org = o.root_org AND r.org_id = o.id AND r.on_day >= $4 AND r.on_day <= $5 \
             WHERE o.root_org = $1 AND o.path >= $2 AND o.path <= $3 GROUP BY r.activity, r.on_day ORDER BY r.on_day, r.activity",
        )
        .bind(root.0)
        .bind(from)
        .bind(to)
        .bind(day_number(first))
        .bind(day_number(last))
        .fetch_all(&self.db.read)
        .await?;
        let mut found = Vec::new();
        for row in &rows {
            let activity: String = get(row, "activity")?;
            if let Some(activity) = Activity::from_key(&activity) {
                found.push(BookRecord { activity, on: day(get(row, "on_day")?)?, times: get(row, "times")? });
            }
        }
        Ok(found)
    }

    /// The months of a year for which a branch drew up its dues.
    pub async fn book_months(&self, root: RootOrg, branch: &Org, year: i16) -> Result<Vec<BookDues>, StoreError> {
        let rows = sqlx::query(
            "SELECT month, people, open_lines, settled_on, handed_on FROM dues_statement \
             WHERE root_org = $1 AND org_id = $2 AND month >= $3 AND month <= $4 ORDER BY month",
        )
        .bind(root.0)
        .bind(branch.id.0)
        .bind(i64::from(year) * 100 + 1)
        .bind(i64::from(year) * 100 + 12)
        .fetch_all(&self.db.read)
        .await?;
        rows.iter()
            .map(|row| {
                Ok(BookDues {
                    month: get::<i64, _>(row, "month")? % 100,
                    people: get(row, "people")?,
                    open: get(row, "open_lines")?,
                    settled_on: day_opt(get(row, "settled_on")?)?,
                    handed_on: day_opt(get(row, "handed_on")?)?,
                })
            })
            .collect()
    }
}
