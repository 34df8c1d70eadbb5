//! A meeting as it stands, opened.

use super::{ItemWords, Words, activities_of, attendance_place, item_place, resolution_place, time_of, words_place};
use crate::Store;
use crate::error::StoreError;
use crate::person::key_of;
use crate::sql::{coded, coded_opt, day, day_opt, get, placeholders};
use crate::write::Write;
use rules::activity::Activity;
use rules::codes::Stage;
use rules::ids::{ItemId, MeetingId, OrgId, PersonId, ResolutionId, RootOrg};
use rules::meeting::{
    Attendance, Attendee, Confirmation, Held, How, Item, Meeting, MeetingState, Part, Plan, Resolution, VoteKind,
};
use rules::org::OrgKind;
use sealed::KeyRing;
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AssertSqlSafe};
use std::collections::{BTreeMap, BTreeSet};

/// A meeting with the organisation that holds it and the persons it names.
#[derive(Debug, Clone)]
pub struct MeetingView {
    /// Its id.
    pub id: MeetingId,
    /// Raised by every change but those of attendance.
    pub version: i64,
    /// Who holds it.
    pub org: OrgId,
    /// That organisation's name.
    pub org_name: String,
    /// That organisation's path.
    pub org_path: String,
    /// The meeting.
    pub meeting: Meeting,
    /// Everybody it names: called, invited, chair, recorder.
    pub people: BTreeMap<PersonId, MeetingPerson>,
}

/// Somebody whom a meeting names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MeetingPerson {
    /// The name.
    pub name: String,
    /// The stage today; none after leaving the register.
    pub stage: Option<Stage>,
}

pub(super) const MEETING_COLUMNS: &str = "m.id, m.version, m.org_id, o.name AS org_name, o.path AS org_path, o.kind AS org_kind, \
    m.state, m.activities, m.on_day, m.at_minute, m.host_id, m.recorder_id, m.remote, m.learning_tenths, m.noticed_on, m.from_minute, \
    m.to_minute, m.late, m.no_resolution, m.confirmed_on, m.by_host, m.sealed";
pub(super) const MEETING_TABLES: &str = "meeting m JOIN org o ON o.root_org = m.root_org AND o.id = m.org_id";

pub(super) fn state_of(row: &AnyRow) -> Result<MeetingState, StoreError> {
    let state: String = get(row, "state")?;
    MeetingState::from_key(&state).ok_or_else(|| StoreError::Corrupt(format!("会议状态 {state}")))
}

pub(super) fn words_of(ring: &KeyRing, root: RootOrg, row: &AnyRow) -> Result<Words, StoreError> {
    let id = MeetingId(get(row, "id")?);
    let sealed: Vec<u8> = get(row, "sealed")?;
    Ok(serde_json::from_slice(&ring.open_sealed(&sealed, words_place(root, id).as_bytes())?)?)
}

/// The meeting of a row, without attendees, items and resolutions.
fn bare(ring: &KeyRing, root: RootOrg, row: &AnyRow) -> Result<MeetingView, StoreError> {
    let words = words_of(ring, root, row)?;
    let state = state_of(row)?;
    let on = day(get(row, "on_day")?)?;
    let held = time_of(get(row, "from_minute")?)?;
    let to = time_of(get(row, "to_minute")?)?;
    let by_host = get::<Option<i64>, _>(row, "by_host")? == Some(1);
    let confirmed = day_opt(get(row, "confirmed_on")?)?;
    let meeting = Meeting {
        kind: coded(get(row, "org_kind")?, OrgKind::from_code, "组织类别")?,
        state,
        plan: Plan {
            activities: activities_of(&get::<String, _>(row, "activities")?)?,
            title: words.title,
            place: words.place,
            on,
            at: time_of(get(row, "at_minute")?)?,
            host: get::<Option<i64>, _>(row, "host_id")?.map(PersonId),
            recorder: get::<Option<i64>, _>(row, "recorder_id")?.map(PersonId),
            remote: get::<i64, _>(row, "remote")? == 1,
            invited: words.invited,
            guests: words.guests,
            learning_tenths: u16::try_from(get::<i64, _>(row, "learning_tenths")?).unwrap_or_default(),
        },
        noticed_on: day_opt(get(row, "noticed_on")?)?,
        held: held.map(|from| Held { on, from, to }),
        late: words.late,
        remark: words.remark,
        attendees: Vec::new(),
        items: Vec::new(),
        resolutions: Vec::new(),
        no_resolution: get::<i64, _>(row, "no_resolution")? == 1,
        confirmed: confirmed.map(|on| Confirmation { on, by_host, reason: words.confirm_reason }),
    };
    Ok(MeetingView {
        id: MeetingId(get(row, "id")?),
        version: get(row, "version")?,
        org: OrgId(get(row, "org_id")?),
        org_name: get(row, "org_name")?,
        org_path: get(row, "org_path")?,
        meeting,
        people: BTreeMap::new(),
    })
}

/// A meeting with everything that belongs to it.
async fn load(
    connection: &mut AnyConnection,
    ring: &KeyRing,
    root: RootOrg,
    id: MeetingId,
) -> Result<MeetingView, StoreError> {
    let text = format!("SELECT {MEETING_COLUMNS} FROM {MEETING_TABLES} WHERE m.root_org = $1 AND m.id = $2");
    let row = sqlx::query(AssertSqlSafe(text)).bind(root.0).bind(id.0).fetch_optional(&mut *connection).await?;
    let mut view = bare(ring, root, &row.ok_or(StoreError::NotFound("会议"))?)?;
    load_attendees(&mut *connection, ring, root, &mut view).await?;
    load_items(&mut *connection, ring, root, &mut view).await?;
    load_resolutions(&mut *connection, ring, root, &mut view).await?;
    load_others(&mut *connection, root, &mut view).await?;
    Ok(view)
}

async fn load_attendees(
    connection: &mut AnyConnection,
    ring: &KeyRing,
    root: RootOrg,
    view: &mut MeetingView,
) -> Result<(), StoreError> {
    let rows = sqlx::query(
        "SELECT a.person_id, a.part, a.votes, a.state, a.how, a.at, a.sealed, p.name, p.person_key, s.stage FROM attendance a \
         JOIN person p ON p.root_org = a.root_org AND p.id = a.person_id \
         LEFT JOIN spell s ON s.root_org = a.root_org AND s.person_id = a.person_id AND s.to_day = 99991231 \
         WHERE a.root_org = $1 AND a.meeting_id = $2 ORDER BY a.part, p.initials, a.person_id",
    )
    .bind(root.0)
    .bind(view.id.0)
    .fetch_all(connection)
    .await?;
    for row in &rows {
        let person = PersonId(get(row, "person_id")?);
        let part = if get::<String, _>(row, "part")? == "guest" { Part::Guest } else { Part::Expected };
        let attendance = attendance_of(ring, root, view.id, row)?;
        let votes = get::<i64, _>(row, "votes")? == 1;
        view.meeting.attendees.push(Attendee { person, part, votes, attendance });
        view.people.insert(person, named(row)?);
    }
    Ok(())
}

/// The attendance of a row that has the person's key beside it. A person who is forgotten leaves no reason.
pub(super) fn attendance_of(
    ring: &KeyRing,
    root: RootOrg,
    meeting: MeetingId,
    row: &AnyRow,
) -> Result<Attendance, StoreError> {
    let person = PersonId(get(row, "person_id")?);
    let words = match get::<Option<Vec<u8>>, _>(row, "sealed")? {
        None => String::new(),
        Some(sealed) => match key_of(ring, root, person, get(row, "person_key")?)? {
            None => String::new(),
            Some(key) => {
                let plain = key.open(&sealed, attendance_place(root, meeting, person).as_bytes())?;
                String::from_utf8_lossy(&plain).into_owned()
            }
        },
    };
    let state: String = get(row, "state")?;
    Ok(match state.as_str() {
        "awaited" => Attendance::Awaited,
        "absent" => Attendance::Absent(words),
        "excused" => Attendance::Excused(words),
        "present" => {
            let how = match get::<Option<String>, _>(row, "how")?.as_deref() {
                Some("code") => How::Code,
                Some("link") => How::Link,
                _ => How::Proxy(words),
            };
            Attendance::Present { how, at: get::<Option<i64>, _>(row, "at")?.unwrap_or_default() }
        }
        other => return Err(StoreError::Corrupt(format!("签到状态 {other}"))),
    })
}

fn named(row: &AnyRow) -> Result<MeetingPerson, StoreError> {
    let stage = coded_opt(get(row, "stage")?, Stage::from_code, "人员类别")?;
    Ok(MeetingPerson { name: get(row, "name")?, stage })
}

async fn load_items(
    connection: &mut AnyConnection,
    ring: &KeyRing,
    root: RootOrg,
    view: &mut MeetingView,
) -> Result<(), StoreError> {
    let rows = sqlx::query(
        "SELECT id, activity, sealed FROM meeting_item WHERE root_org = $1 AND meeting_id = $2 ORDER BY n, id",
    )
    .bind(root.0)
    .bind(view.id.0)
    .fetch_all(connection)
    .await?;
    for row in &rows {
        let id = ItemId(get(row, "id")?);
        let sealed: Vec<u8> = get(row, "sealed")?;
        let words: ItemWords =
            serde_json::from_slice(&ring.open_sealed(&sealed, item_place(root, view.id, id).as_bytes())?)?;
        let activity = get::<Option<String>, _>(row, "activity")?.and_then(|key| Activity::from_key(&key));
        view.meeting.items.push(Item { id, activity, title: words.title, notes: words.notes });
    }
    Ok(())
}

async fn load_resolutions(
    connection: &mut AnyConnection,
    ring: &KeyRing,
    root: RootOrg,
    view: &mut MeetingView,
) -> Result<(), StoreError> {
    let rows = sqlx::query(
        "SELECT id, item_id, kind, subject_kind, subject_id, written, in_favour, against, abstained, relied_on, sealed \
         FROM resolution WHERE root_org = $1 AND meeting_id = $2 ORDER BY id",
    )
    .bind(root.0)
    .bind(view.id.0)
    .fetch_all(connection)
    .await?;
    for row in &rows {
        let id = ResolutionId(get(row, "id")?);
        let sealed: Vec<u8> = get(row, "sealed")?;
        let text = ring.open_sealed(&sealed, resolution_place(root, view.id, id).as_bytes())?;
        let subject = get::<Option<String>, _>(row, "subject_kind")?.zip(get(row, "subject_id")?);
        view.meeting.resolutions.push(Resolution {
            id,
            item: ItemId(get(row, "item_id")?),
            kind: vote_kind_of(row)?,
            text: String::from_utf8_lossy(&text).into_owned(),
            subject,
            written: number(row, "written")?,
            in_favour: number(row, "in_favour")?,
            against: number(row, "against")?,
            abstained: number(row, "abstained")?,
            relied_on: get::<i64, _>(row, "relied_on")? == 1,
        });
    }
    Ok(())
}

pub(crate) fn vote_kind_of(row: &AnyRow) -> Result<VoteKind, StoreError> {
    let kind: String = get(row, "kind")?;
    VoteKind::from_key(&kind).ok_or_else(|| StoreError::Corrupt(format!("表决类别 {kind}")))
}

pub(crate) fn number(row: &AnyRow, column: &str) -> Result<u32, StoreError> {
    let number: i64 = get(row, column)?;
    u32::try_from(number).map_err(|_| StoreError::Corrupt(format!("人数 {number}")))
}

/// The names of those whom only the plan names.
async fn load_others(connection: &mut AnyConnection, root: RootOrg, view: &mut MeetingView) -> Result<(), StoreError> {
    let plan = &view.meeting.plan;
    let named_in_plan: BTreeSet<PersonId> =
        plan.invited.iter().copied().chain(plan.host).chain(plan.recorder).collect();
    let others: Vec<PersonId> = named_in_plan.into_iter().filter(|one| !view.people.contains_key(one)).collect();
    if others.is_empty() {
        return Ok(());
    }
    let text = format!(
        "SELECT p.id, p.name, s.stage FROM person p \
         LEFT JOIN spell s ON s.root_org = p.root_org AND s.person_id = p.id AND s.to_day = 99991231 \
         WHERE p.root_org = $1 AND p.id IN ({})",
        placeholders(2, others.len())
    );
    let mut query = sqlx::query(AssertSqlSafe(text)).bind(root.0);
    for person in &others {
        query = query.bind(person.0);
    }
    for row in &query.fetch_all(connection).await? {
        view.people.insert(PersonId(get(row, "id")?), named(row)?);
    }
    Ok(())
}

impl Store {
    /// One meeting, whole.
    pub async fn meeting(&self, root: RootOrg, id: MeetingId) -> Result<MeetingView, StoreError> {
        let mut connection = self.db.read.acquire().await?;
        load(&mut connection, &self.ring, root, id).await
    }

    /// Who holds a meeting (the organisation and its path), and where the meeting stands: for deciding who may see it.
    pub async fn meeting_place(
        &self,
        root: RootOrg,
        id: MeetingId,
    ) -> Result<(OrgId, String, MeetingState), StoreError> {
        let text =
            format!("SELECT m.org_id, o.path, m.state FROM {MEETING_TABLES} WHERE m.root_org = $1 AND m.id = $2");
        let row = sqlx::query(AssertSqlSafe(text))
            .bind(root.0)
            .bind(id.0)
            .fetch_optional(&self.db.read)
            .await?
            .ok_or(StoreError::NotFound("会议"))?;
        Ok((OrgId(get(&row, "org_id")?), get(&row, "path")?, state_of(&row)?))
    }
}

impl Write<'_> {
    /// A meeting as it stands inside this command.
    pub(super) async fn meeting(&mut self, id: MeetingId) -> Result<MeetingView, StoreError> {
        load(&mut self.tx, &self.store.ring, self.root, id).await
    }
}
