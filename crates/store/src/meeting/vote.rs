//! Votes as other features read them: counts, who should have come and came, what came of it.

use super::read::{number, state_of, vote_kind_of};
use crate::Store;
use crate::error::StoreError;
use crate::sql::{day, get};
use crate::write::Write;
use jiff::civil::Date;
use rules::ids::{MeetingId, OrgId, ResolutionId, RootOrg};
use rules::meeting::{MeetingState, VoteCount, VoteKind, VoteResult};
use sqlx::any::AnyRow;
use sqlx::{Any, AssertSqlSafe, Executor};

/// A vote taken at a meeting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MeetingVote {
    /// The resolution.
    pub resolution: ResolutionId,
    /// The meeting.
    pub meeting: MeetingId,
    /// Who held it.
    pub org: OrgId,
    /// That organisation's path.
    pub org_path: String,
    /// Where the meeting stands: a vote counts once the record is archived.
    pub state: MeetingState,
    /// The day of the vote.
    pub on: Date,
    /// What sort.
    pub kind: VoteKind,
    /// What it decides on elsewhere.
    pub subject: Option<(String, i64)>,
    /// The counts.
    pub count: VoteCount,
    /// What came of it; none while the counts are no vote.
    pub result: Option<VoteResult>,
    /// Whether a step elsewhere rests on it.
    pub relied_on: bool,
}

const COLUMNS: &str = "r.id, r.meeting_id, m.org_id, o.path, m.state, m.on_day, r.kind, r.subject_kind, r.subject_id, r.written, \
    r.in_favour, r.against, r.abstained, r.relied_on, \
    (SELECT COUNT(*) FROM attendance a WHERE a.root_org = r.root_org AND a.meeting_id = r.meeting_id AND a.part = 'expected' \
       AND a.votes = 1) AS expected_voters, \
    (SELECT COUNT(*) FROM attendance a WHERE a.root_org = r.root_org AND a.meeting_id = r.meeting_id AND a.part = 'expected' \
       AND a.votes = 1 AND a.state = 'present') AS present_voters";
const TABLES: &str = "resolution r JOIN meeting m ON m.root_org = r.root_org AND m.id = r.meeting_id \
    JOIN org o ON o.root_org = m.root_org AND o.id = m.org_id";

fn vote_of(row: &AnyRow) -> Result<MeetingVote, StoreError> {
    let count = VoteCount {
        expected_voters: number(row, "expected_voters")?,
        present_voters: number(row, "present_voters")?,
        written: number(row, "written")?,
        in_favour: number(row, "in_favour")?,
        against: number(row, "against")?,
        abstained: number(row, "abstained")?,
    };
    let kind = vote_kind_of(row)?;
    Ok(MeetingVote {
        resolution: ResolutionId(get(row, "id")?),
        meeting: MeetingId(get(row, "meeting_id")?),
        org: OrgId(get(row, "org_id")?),
        org_path: get(row, "path")?,
        state: state_of(row)?,
        on: day(get(row, "on_day")?)?,
        kind,
        subject: get::<Option<String>, _>(row, "subject_kind")?.zip(get(row, "subject_id")?),
        count,
        result: count.result(kind).ok(),
        relied_on: get::<i64, _>(row, "relied_on")? == 1,
    })
}

async fn find<'e>(
    db: impl Executor<'e, Database = Any>,
    root: RootOrg,
    id: ResolutionId,
) -> Result<MeetingVote, StoreError> {
    let text = format!("SELECT {COLUMNS} FROM {TABLES} WHERE r.root_org = $1 AND r.id = $2");
    let row = sqlx::query(AssertSqlSafe(text)).bind(root.0).bind(id.0).fetch_optional(db).await?;
    vote_of(&row.ok_or(StoreError::NotFound("决议"))?)
}

/// The votes on something elsewhere, inside or outside a transaction, oldest first.
pub(crate) async fn votes<'e>(
    db: impl Executor<'e, Database = Any>,
    root: RootOrg,
    kind: &str,
    id: i64,
) -> Result<Vec<MeetingVote>, StoreError> {
    let text = format!(
        "SELECT {COLUMNS} FROM {TABLES} WHERE r.root_org = $1 AND r.subject_kind = $2 AND r.subject_id = $3 \
         AND m.state <> 'cancelled' ORDER BY m.on_day, r.id"
    );
    let rows = sqlx::query(AssertSqlSafe(text)).bind(root.0).bind(kind).bind(id).fetch_all(db).await?;
    rows.iter().map(vote_of).collect()
}

impl Store {
    /// One vote.
    pub async fn meeting_vote(&self, root: RootOrg, id: ResolutionId) -> Result<MeetingVote, StoreError> {
        find(&self.db.read, root, id).await
    }

    /// The votes on something elsewhere, such as a `case`, oldest first. Those of meetings that were cancelled are none.
    pub async fn votes_on(&self, root: RootOrg, kind: &str, id: i64) -> Result<Vec<MeetingVote>, StoreError> {
        votes(&self.db.read, root, kind, id).await
    }
}

impl Write<'_> {
    /// Says whether a step elsewhere rests on a vote. The meeting gets a new version, so that nobody writes over it what was read before.
    pub(crate) async fn rely_on_vote(
        &mut self,
        (meeting, resolution): (MeetingId, ResolutionId),
        relied_on: bool,
    ) -> Result<(), StoreError> {
        let raise = "UPDATE meeting SET version = version + 1 WHERE root_org = $1 AND id = $2 AND (state = 'archived' OR $3 = 0)";
        let put = "UPDATE resolution SET relied_on = $3 WHERE root_org = $1 AND id = $2 AND relied_on <> $3";
        for (statement, id) in [(raise, meeting.0), (put, resolution.0)] {
            let query = sqlx::query(statement).bind(self.root.0).bind(id).bind(i64::from(relied_on));
            if query.execute(&mut *self.tx).await?.rows_affected() != 1 {
                return Err(StoreError::refused("vote_changed", "会议的记录刚刚有变动。请刷新页面后重试。"));
            }
        }
        Ok(())
    }
}
