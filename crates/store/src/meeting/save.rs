//! Writing a meeting: the rows that a command changed, and no others.

use super::learning::learned;
use super::read::MeetingView;
use super::{ItemWords, Words, activities_text, attendance_place, item_place, minute, resolution_place, words_place};
use crate::error::StoreError;
use crate::person_write::Keys;
use crate::record::NewRecord;
use crate::sql::{BATCH, value_rows};
use crate::write::{Subject, Write};
use jiff::civil::Date;
use rules::date::day_number;
use rules::ids::{MeetingId, OrgId, PersonId};
use rules::meeting::{Attendance, Attendee, How, Item, Meeting, Part, Resolution};
use serde_json::json;
use sqlx::any::AnyArguments;
use sqlx::{Any, AssertSqlSafe};

type Query<'q> = sqlx::query::Query<'q, Any, AnyArguments>;

/// What an attendance row says.
struct AttendanceRow<'a> {
    part: &'static str,
    votes: i64,
    state: &'static str,
    how: Option<&'static str>,
    at: Option<i64>,
    words: Option<&'a str>,
}

fn attendance_row(attendee: &Attendee) -> AttendanceRow<'_> {
    let (how, at, words) = match &attendee.attendance {
        Attendance::Awaited => (None, None, None),
        Attendance::Present { how: How::Code, at } => (Some("code"), Some(*at), None),
        Attendance::Present { how: How::Link, at } => (Some("link"), Some(*at), None),
        Attendance::Present { how: How::Proxy(reason), at } => (Some("proxy"), Some(*at), Some(reason.as_str())),
        Attendance::Absent(reason) | Attendance::Excused(reason) => (None, None, Some(reason.as_str())),
    };
    let part = match attendee.part {
        Part::Expected => "expected",
        Part::Guest => "guest",
    };
    AttendanceRow { part, votes: i64::from(attendee.votes), state: attendee.attendance.key(), how, at, words }
}

/// The kind of a person's attendance as a subject of the ledger: it does not stand among the changes of the dossier.
const ATTENDANCE: &str = "attendance";

/// The items of a meeting, numbered in their order.
pub(super) fn numbered(id: MeetingId, meeting: &Meeting) -> Vec<(MeetingId, i64, &Item)> {
    (1..).zip(&meeting.items).map(|(n, item)| (id, n, item)).collect()
}

impl Write<'_> {
    /// Writes a new meeting and its agenda.
    pub(super) async fn insert_meeting(&mut self, org: OrgId, meeting: &Meeting) -> Result<MeetingId, StoreError> {
        let id = MeetingId(self.new_id());
        self.insert_meeting_rows(&[(id, org, meeting)]).await?;
        self.insert_item_rows(&numbered(id, meeting)).await?;
        Ok(id)
    }

    /// Writes rows of meetings, many a statement.
    pub(super) async fn insert_meeting_rows(
        &mut self,
        rows: &[(MeetingId, OrgId, &Meeting)],
    ) -> Result<(), StoreError> {
        for batch in rows.chunks(BATCH) {
            let mut query = sqlx::query(AssertSqlSafe(format!(
                "INSERT INTO meeting (root_org, id, org_id, version, state, activities, on_day, at_minute, host_id, recorder_id, remote, \
                 learning_tenths, noticed_on, from_minute, to_minute, late, no_resolution, confirmed_on, by_host, sealed) VALUES {}",
                value_rows(batch.len(), 20)
            )));
            for (id, org, meeting) in batch {
                query = query.bind(self.root.0).bind(id.0).bind(org.0).bind(1_i64);
                query = self.bind_meeting(query, *id, meeting)?;
            }
            query.execute(&mut *self.tx).await?;
        }
        Ok(())
    }

    /// Binds everything of a meeting's row that a command may change.
    pub(super) fn bind_meeting<'q>(
        &self,
        query: Query<'q>,
        id: MeetingId,
        meeting: &Meeting,
    ) -> Result<Query<'q>, StoreError> {
        let plan = &meeting.plan;
        let words = Words {
            title: plan.title.clone(),
            place: plan.place.clone(),
            guests: plan.guests.clone(),
            late: meeting.late.clone(),
            remark: meeting.remark.clone(),
            confirm_reason: meeting.confirmed.as_ref().map(|one| one.reason.clone()).unwrap_or_default(),
            invited: plan.invited.clone(),
        };
        let place = words_place(self.root, id);
        let sealed = self.store.ring.seal(&serde_json::to_vec(&words)?, place.as_bytes())?;
        Ok(query
            .bind(meeting.state.key())
            .bind(activities_text(&plan.activities))
            .bind(day_number(plan.on))
            .bind(plan.at.map(minute))
            .bind(plan.host.map(|person| person.0))
            .bind(plan.recorder.map(|person| person.0))
            .bind(i64::from(plan.remote))
            .bind(i64::from(plan.learning_tenths))
            .bind(meeting.noticed_on.map(day_number))
            .bind(meeting.held.map(|held| minute(held.from)))
            .bind(meeting.held.and_then(|held| held.to).map(minute))
            .bind(i64::from(!meeting.late.is_empty()))
            .bind(i64::from(meeting.no_resolution))
            .bind(meeting.confirmed.as_ref().map(|one| day_number(one.on)))
            .bind(meeting.confirmed.as_ref().map(|one| i64::from(one.by_host)))
            .bind(sealed))
    }

    /// Writes what differs between a meeting before and after a command.
    pub(super) async fn save_meeting(&mut self, before: &MeetingView, after: &Meeting) -> Result<(), StoreError> {
        let (id, was) = (before.id, &before.meeting);
        let query = sqlx::query(
            "UPDATE meeting SET state = $3, activities = $4, on_day = $5, at_minute = $6, host_id = $7, recorder_id = $8, remote = $9, \
             learning_tenths = $10, noticed_on = $11, from_minute = $12, to_minute = $13, late = $14, no_resolution = $15, \
             confirmed_on = $16, by_host = $17, sealed = $18 WHERE root_org = $1 AND id = $2",
        );
        let query = query.bind(self.root.0).bind(id.0);
        self.bind_meeting(query, id, after)?.execute(&mut *self.tx).await?;
        if was.items != after.items {
            self.clear("DELETE FROM meeting_item WHERE root_org = $1 AND meeting_id = $2", id).await?;
            self.insert_item_rows(&numbered(id, after)).await?;
        }
        if was.resolutions != after.resolutions {
            self.clear("DELETE FROM resolution WHERE root_org = $1 AND meeting_id = $2", id).await?;
            self.insert_resolution_rows(&after.resolutions.iter().map(|one| (id, one)).collect::<Vec<_>>()).await?;
        }
        if was.attendees != after.attendees {
            self.save_attendees(id, was, after).await?;
        }
        Ok(())
    }

    async fn clear(&mut self, statement: &'static str, id: MeetingId) -> Result<(), StoreError> {
        sqlx::query(statement).bind(self.root.0).bind(id.0).execute(&mut *self.tx).await?;
        Ok(())
    }

    /// Writes items, many a statement.
    pub(super) async fn insert_item_rows(&mut self, rows: &[(MeetingId, i64, &Item)]) -> Result<(), StoreError> {
        for batch in rows.chunks(BATCH) {
            let mut query = sqlx::query(AssertSqlSafe(format!(
                "INSERT INTO meeting_item (root_org, meeting_id, id, n, activity, sealed) VALUES {}",
                value_rows(batch.len(), 6)
            )));
            for (meeting, n, item) in batch {
                let words = ItemWords { title: item.title.clone(), notes: item.notes.clone() };
                let place = item_place(self.root, *meeting, item.id);
                let sealed = self.store.ring.seal(&serde_json::to_vec(&words)?, place.as_bytes())?;
                query = query
                    .bind(self.root.0)
                    .bind(meeting.0)
                    .bind(item.id.0)
                    .bind(*n)
                    .bind(item.activity.map(|activity| activity.key()))
                    .bind(sealed);
            }
            query.execute(&mut *self.tx).await?;
        }
        Ok(())
    }

    /// Writes resolutions, many a statement.
    pub(super) async fn insert_resolution_rows(&mut self, rows: &[(MeetingId, &Resolution)]) -> Result<(), StoreError> {
        for batch in rows.chunks(BATCH) {
            let mut query = sqlx::query(AssertSqlSafe(format!(
                "INSERT INTO resolution (root_org, meeting_id, id, item_id, kind, subject_kind, subject_id, written, in_favour, against, \
                 abstained, relied_on, sealed) VALUES {}",
                value_rows(batch.len(), 13)
            )));
            for (meeting, one) in batch {
                let place = resolution_place(self.root, *meeting, one.id);
                query = query
                    .bind(self.root.0)
                    .bind(meeting.0)
                    .bind(one.id.0)
                    .bind(one.item.0)
                    .bind(one.kind.key())
                    .bind(one.subject.as_ref().map(|(kind, _)| kind.clone()))
                    .bind(one.subject.as_ref().map(|(_, subject)| *subject))
                    .bind(i64::from(one.written))
                    .bind(i64::from(one.in_favour))
                    .bind(i64::from(one.against))
                    .bind(i64::from(one.abstained))
                    .bind(i64::from(one.relied_on))
                    .bind(self.store.ring.seal(one.text.as_bytes(), place.as_bytes())?);
            }
            query.execute(&mut *self.tx).await?;
        }
        Ok(())
    }

    /// Writes attendance, many rows a statement. The keys are needed of those of whom a reason is kept.
    pub(super) async fn insert_attendance_rows(
        &mut self,
        rows: &[(MeetingId, &Attendee)],
        keys: &Keys,
    ) -> Result<(), StoreError> {
        for batch in rows.chunks(BATCH) {
            let mut query = sqlx::query(AssertSqlSafe(format!(
                "INSERT INTO attendance (root_org, meeting_id, person_id, part, votes, state, how, at, sealed) VALUES {}",
                value_rows(batch.len(), 9)
            )));
            for (meeting, one) in batch {
                let row = attendance_row(one);
                let sealed = match row.words {
                    None => None,
                    Some(words) => {
                        let (_, key) = keys.get(&one.person).ok_or(StoreError::NotFound("人员"))?;
                        Some(key.seal(words.as_bytes(), attendance_place(self.root, *meeting, one.person).as_bytes())?)
                    }
                };
                query = query
                    .bind(self.root.0)
                    .bind(meeting.0)
                    .bind(one.person.0)
                    .bind(row.part)
                    .bind(row.votes)
                    .bind(row.state)
                    .bind(row.how)
                    .bind(row.at)
                    .bind(sealed);
            }
            query.execute(&mut *self.tx).await?;
        }
        Ok(())
    }

    /// Writes the attendance that differs, and a note of each under the person's key.
    async fn save_attendees(&mut self, id: MeetingId, was: &Meeting, after: &Meeting) -> Result<(), StoreError> {
        let changed: Vec<&Attendee> =
            after.attendees.iter().filter(|one| was.attendee(one.person) != Some(*one)).collect();
        let gone = was.attendees.iter().filter(|one| after.attendee(one.person).is_none());
        let stale: Vec<PersonId> = gone.chain(changed.iter().copied()).map(|one| one.person).collect();
        for batch in stale.chunks(BATCH) {
            let text = format!(
                "DELETE FROM attendance WHERE root_org = $1 AND meeting_id = $2 AND person_id IN ({})",
                crate::sql::placeholders(3, batch.len())
            );
            let mut query = sqlx::query(AssertSqlSafe(text)).bind(self.root.0).bind(id.0);
            for person in batch {
                query = query.bind(person.0);
            }
            query.execute(&mut *self.tx).await?;
        }
        for batch in changed.chunks(BATCH) {
            let keys = self.person_keys(&batch.iter().map(|one| one.person.0).collect::<Vec<_>>()).await?;
            self.insert_attendance_rows(&batch.iter().map(|one| (id, *one)).collect::<Vec<_>>(), &keys).await?;
            for one in batch {
                self.note_attendance(id, one, &keys).await?;
            }
        }
        Ok(())
    }

    async fn note_attendance(&mut self, id: MeetingId, one: &Attendee, keys: &Keys) -> Result<(), StoreError> {
        let row = attendance_row(one);
        let (_, key) = keys.get(&one.person).ok_or(StoreError::NotFound("人员"))?;
        let note = json!({
            "meeting": id, "part": row.part, "votes": one.votes, "attendance": row.state, "how": row.how, "reason": row.words,
        });
        self.note_sealed(Subject::of(ATTENDANCE, one.person.0), key, &note).await
    }

    /// Writes what an archived meeting shows: a record for each activity, hours of learning for everybody who was there.
    pub(super) async fn file_meeting(&mut self, view: &MeetingView, on: Date) -> Result<(), StoreError> {
        let meeting = &view.meeting;
        let (org, source) = (view.org, super::subject(view.id));
        for activity in meeting.plan.activities.iter().copied() {
            self.record(NewRecord { org, person: None, activity, on, outcome: None, until: None, source }).await?;
        }
        self.credit(&learned(view.id, meeting, on)).await
    }
}
