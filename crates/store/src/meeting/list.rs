//! Lists of meetings: an organisation's and its subtree's, a member's own, counts of what was done.

use super::read::{attendance_of, state_of, words_of};
use super::{activities_of, time_of};
use crate::Store;
use crate::bounds::Bounds;
use crate::error::StoreError;
use crate::sql::{coded, day, get, in_subtrees, placeholders, subtree_bounds};
use jiff::civil::{Date, Time};
use rules::activity::Activity;
use rules::date::day_number;
use rules::ids::{MeetingId, OrgId, PersonId, RootOrg};
use rules::meeting::{Attendance, Heard, MeetingState, Part};
use rules::org::OrgKind;
use sqlx::AssertSqlSafe;
use sqlx::any::AnyRow;
use std::collections::HashMap;

/// Where a page of a list ended.
pub type MeetingCursor = (Date, MeetingId);

/// Which meetings a list asks for.
#[derive(Debug, Clone, Default)]
pub struct MeetingFilter {
    /// Only this organisation's own, without those below it.
    pub org: Option<OrgId>,
    /// Only these states; empty for all.
    pub states: Vec<MeetingState>,
    /// Only those that fulfil this activity.
    pub activity: Option<Activity>,
    /// Not before this day.
    pub from: Option<Date>,
    /// Not after this day.
    pub to: Option<Date>,
    /// Newest first instead of oldest first.
    pub newest_first: bool,
    /// Only those after this one, in the list's order.
    pub after: Option<MeetingCursor>,
}

/// A meeting in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MeetingRow {
    /// Its id.
    pub id: MeetingId,
    /// Its version.
    pub version: i64,
    /// Who holds it.
    pub org: OrgId,
    /// That organisation's name.
    pub org_name: String,
    /// That organisation's path.
    pub org_path: String,
    /// That organisation's kind.
    pub kind: OrgKind,
    /// Where it stands.
    pub state: MeetingState,
    /// What it fulfils.
    pub activities: Vec<Activity>,
    /// 会议名称.
    pub title: String,
    /// 地点.
    pub place: String,
    /// The day.
    pub on: Date,
    /// When it begins.
    pub at: Option<Time>,
    /// Whether it was written down later than it happened (补录).
    pub late: bool,
    /// How many were called and came.
    pub heard: Heard,
}

/// A meeting to which a member is called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MyMeeting {
    /// Its id.
    pub id: MeetingId,
    /// The name of the organisation that holds it.
    pub org_name: String,
    /// Where it stands.
    pub state: MeetingState,
    /// What it fulfils.
    pub activities: Vec<Activity>,
    /// 会议名称.
    pub title: String,
    /// 地点.
    pub place: String,
    /// The day.
    pub on: Date,
    /// When it begins.
    pub at: Option<Time>,
    /// Whether members far away may take part.
    pub remote: bool,
    /// As what the member is called.
    pub part: Part,
    /// The own attendance.
    pub attendance: Attendance,
}

impl Store {
    /// Meetings of the given subtrees by day.
    pub async fn meetings(
        &self,
        root: RootOrg,
        scope: &[String],
        filter: &MeetingFilter,
        limit: i64,
    ) -> Result<Vec<MeetingRow>, StoreError> {
        let mut bounds = Bounds::default();
        let mut conditions = vec![format!("m.root_org = {}", bounds.number(root.0))];
        conditions.push(bounds.within("o.path", scope.iter().map(String::as_str)));
        if let Some(org) = filter.org {
            conditions.push(format!("m.org_id = {}", bounds.number(org.0)));
        }
        if !filter.states.is_empty() {
            let states: Vec<String> = filter.states.iter().map(|state| bounds.text(state.key())).collect();
            conditions.push(format!("m.state IN ({})", states.join(", ")));
        }
        if let Some(activity) = filter.activity {
            conditions.push(format!("m.activities LIKE {}", bounds.text(format!("%,{},%", activity.key()))));
        }
        if let Some(from) = filter.from {
            conditions.push(format!("m.on_day >= {}", bounds.number(day_number(from))));
        }
        if let Some(to) = filter.to {
            conditions.push(format!("m.on_day <= {}", bounds.number(day_number(to))));
        }
        let (sign, order) = if filter.newest_first { ("<", "DESC") } else { (">", "ASC") };
        if let Some((on, id)) = filter.after {
            let (on, id) = (bounds.number(day_number(on)), bounds.number(id.0));
            conditions.push(format!("(m.on_day {sign} {on} OR (m.on_day = {on} AND m.id {sign} {id}))"));
        }
        let text = format!(
            "SELECT m.id, m.version, m.org_id, o.name AS org_name, o.path AS org_path, o.kind, m.state, m.activities, m.on_day, \
             m.at_minute, m.late, m.sealed FROM meeting m JOIN org o ON o.root_org = m.root_org AND o.id = m.org_id \
             WHERE {} ORDER BY m.on_day {order}, m.id {order} LIMIT {}",
            conditions.join(" AND "),
            bounds.number(limit)
        );
        let rows = bounds.bind(sqlx::query(AssertSqlSafe(text))).fetch_all(&self.db.read).await?;
        let mut found = rows.iter().map(|row| self.row_of(root, row)).collect::<Result<Vec<_>, _>>()?;
        let mut heard = self.heard(root, &found.iter().map(|row| row.id).collect::<Vec<_>>()).await?;
        for row in &mut found {
            row.heard = heard.remove(&row.id).unwrap_or_default();
        }
        Ok(found)
    }

    fn row_of(&self, root: RootOrg, row: &AnyRow) -> Result<MeetingRow, StoreError> {
        let words = words_of(&self.ring, root, row)?;
        Ok(MeetingRow {
            id: MeetingId(get(row, "id")?),
            version: get(row, "version")?,
            org: OrgId(get(row, "org_id")?),
            org_name: get(row, "org_name")?,
            org_path: get(row, "org_path")?,
            kind: coded(get(row, "kind")?, OrgKind::from_code, "组织类别")?,
            state: state_of(row)?,
            activities: activities_of(&get::<String, _>(row, "activities")?)?,
            title: words.title,
            place: words.place,
            on: day(get(row, "on_day")?)?,
            at: time_of(get(row, "at_minute")?)?,
            late: get::<i64, _>(row, "late")? == 1,
            heard: Heard::default(),
        })
    }

    /// How many were called to some meetings and came.
    async fn heard(&self, root: RootOrg, ids: &[MeetingId]) -> Result<HashMap<MeetingId, Heard>, StoreError> {
        let mut found: HashMap<MeetingId, Heard> = HashMap::new();
        if ids.is_empty() {
            return Ok(found);
        }
        let text = format!(
            "SELECT meeting_id, part, state, votes, COUNT(*) AS n FROM attendance WHERE root_org = $1 AND meeting_id IN ({}) \
             GROUP BY meeting_id, part, state, votes",
            placeholders(2, ids.len())
        );
        let mut query = sqlx::query(AssertSqlSafe(text)).bind(root.0);
        for id in ids {
            query = query.bind(id.0);
        }
        for row in &query.fetch_all(&self.db.read).await? {
            let heard = found.entry(MeetingId(get(row, "meeting_id")?)).or_default();
            let n = u32::try_from(get::<i64, _>(row, "n")?).unwrap_or(u32::MAX);
            let (part, state): (String, String) = (get(row, "part")?, get(row, "state")?);
            let (present, votes) = (state == "present", get::<i64, _>(row, "votes")? == 1);
            if part == "guest" {
                heard.guests += if present { n } else { 0 };
                continue;
            }
            match state.as_str() {
                "present" => heard.present += n,
                "absent" => heard.absent += n,
                "excused" => heard.excused += n,
                _ => heard.awaited += n,
            }
            heard.voters += if votes { n } else { 0 };
            heard.voters_present += if votes && present { n } else { 0 };
        }
        for heard in found.values_mut() {
            heard.expected = heard.present + heard.absent + heard.awaited;
        }
        Ok(found)
    }

    /// The meetings to which a member is called, by day: from the notice on, cancelled ones too, so that nobody comes in vain.
    pub async fn my_meetings(
        &self,
        root: RootOrg,
        person: PersonId,
        (from, to): (Date, Date),
    ) -> Result<Vec<MyMeeting>, StoreError> {
        let meetings = sqlx::query(
            "SELECT m.id, m.state, m.activities, m.on_day, m.at_minute, m.remote, m.sealed, o.name AS org_name, a.part \
             FROM attendance a JOIN meeting m ON m.root_org = a.root_org AND m.id = a.meeting_id \
             JOIN org o ON o.root_org = m.root_org AND o.id = m.org_id \
             WHERE a.root_org = $1 AND a.person_id = $2 AND m.on_day >= $3 AND m.on_day <= $4 ORDER BY m.on_day, m.id",
        )
        .bind(root.0)
        .bind(person.0)
        .bind(day_number(from))
        .bind(day_number(to))
        .fetch_all(&self.db.read)
        .await?;
        let attendance = sqlx::query(
            "SELECT a.meeting_id, a.person_id, a.state, a.how, a.at, a.sealed, p.person_key FROM attendance a \
             JOIN meeting m ON m.root_org = a.root_org AND m.id = a.meeting_id \
             JOIN person p ON p.root_org = a.root_org AND p.id = a.person_id \
             WHERE a.root_org = $1 AND a.person_id = $2 AND m.on_day >= $3 AND m.on_day <= $4",
        )
        .bind(root.0)
        .bind(person.0)
        .bind(day_number(from))
        .bind(day_number(to))
        .fetch_all(&self.db.read)
        .await?;
        let mut own: HashMap<MeetingId, Attendance> = HashMap::new();
        for row in &attendance {
            let id = MeetingId(get(row, "meeting_id")?);
            own.insert(id, attendance_of(&self.ring, root, id, row)?);
        }
        meetings
            .iter()
            .map(|row| {
                let words = words_of(&self.ring, root, row)?;
                let id = MeetingId(get(row, "id")?);
                let part = if get::<String, _>(row, "part")? == "guest" { Part::Guest } else { Part::Expected };
                Ok(MyMeeting {
                    id,
                    org_name: get(row, "org_name")?,
                    state: state_of(row)?,
                    activities: activities_of(&get::<String, _>(row, "activities")?)?,
                    title: words.title,
                    place: words.place,
                    on: day(get(row, "on_day")?)?,
                    at: time_of(get(row, "at_minute")?)?,
                    remote: get::<i64, _>(row, "remote")? == 1,
                    part,
                    attendance: own.remove(&id).unwrap_or(Attendance::Awaited),
                })
            })
            .collect()
    }

    /// How often each activity was done in these subtrees between two days, both included.
    pub async fn activity_counts(
        &self,
        root: RootOrg,
        scope: &[String],
        (from, to): (Date, Date),
    ) -> Result<Vec<(Activity, i64)>, StoreError> {
        let text = format!(
            "SELECT r.activity, COUNT(*) AS n FROM record r JOIN org o ON o.root_org = r.root_org AND o.id = r.org_id \
             WHERE r.root_org = $1 AND r.source_kind = 'meeting' AND r.on_day >= $2 AND r.on_day <= $3 AND {} \
             GROUP BY r.activity ORDER BY r.activity",
            in_subtrees("o.path", 4, scope.len())
        );
        let mut query = sqlx::query(AssertSqlSafe(text)).bind(root.0).bind(day_number(from)).bind(day_number(to));
        for bound in scope.iter().flat_map(|path| subtree_bounds(path)) {
            query = query.bind(bound);
        }
        query
            .fetch_all(&self.db.read)
            .await?
            .iter()
            .map(|row| {
                let key: String = get(row, "activity")?;
                let activity = Activity::from_key(&key);
                Ok((activity.ok_or_else(|| StoreError::Corrupt(format!("未知的活动「{key}」")))?, get(row, "n")?))
            })
            .collect()
    }
}
