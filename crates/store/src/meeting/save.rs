//! Writing a meeting: the rows that a command changed, and no others.

use super::read::MeetingView;
use super::{
    ItemWords, MEETING, Words, activities_text, attendance_place, item_place, minute, resolution_place, words_place,
};
use crate::error::StoreError;
use crate::record::NewRecord;
use crate::sql::{BATCH, value_rows};
use crate::write::Write;
use jiff::civil::Date;
use rules::date::day_number;
use rules::ids::{MeetingId, OrgId, PersonId};
use rules::meeting::{Attendance, Attendee, How, Meeting, Part};
use serde_json::json;
use sqlx::any::AnyArguments;
use sqlx::{Any, AssertSqlSafe};

type Query<'q> = sqlx::query::Query<'q, Any, AnyArguments>;

/// What an attendance row says.
pub(super) struct AttendanceRow<'a> {
    pub(super) part: &'static str,
    pub(super) votes: i64,
    pub(super) state: &'static str,
    pub(super) how: Option<&'static str>,
    pub(super) at: Option<i64>,
    pub(super) words: Option<&'a str>,
}

pub(super) fn attendance_row(attendee: &Attendee) -> AttendanceRow<'_> {
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

impl Write<'_> {
    /// Writes a new meeting without anybody called.
    pub(super) async fn insert_meeting(&mut self, org: OrgId, meeting: &Meeting) -> Result<MeetingId, StoreError> {
        let id = MeetingId(self.new_id());
        let query = sqlx::query(
            "INSERT INTO meeting (root_org, id, org_id, version, state, activities, on_day, at_minute, host_id, recorder_id, remote, \
             learning_tenths, noticed_on, from_minute, to_minute, late, no_resolution, confirmed_on, by_host, sealed) \
             VALUES ($1,$2,$3,1,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17,$18,$19)",
        );
        let query = query.bind(self.root.0).bind(id.0).bind(org.0);
        self.bind_meeting(query, id, meeting)?.execute(&mut *self.tx).await?;
        if !meeting.items.is_empty() {
            self.save_items(id, meeting).await?;
        }
        Ok(id)
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
            self.save_items(id, after).await?;
        }
        if was.resolutions != after.resolutions {
            self.save_resolutions(id, after).await?;
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

    async fn save_items(&mut self, id: MeetingId, after: &Meeting) -> Result<(), StoreError> {
        self.clear("DELETE FROM meeting_item WHERE root_org = $1 AND meeting_id = $2", id).await?;
        let text = |rows| {
            let values = value_rows(rows, 6);
            format!("INSERT INTO meeting_item (root_org, meeting_id, id, n, activity, sealed) VALUES {values}")
        };
        let numbered: Vec<_> = (1_i64..).zip(&after.items).collect();
        for batch in numbered.chunks(BATCH) {
            let mut query = sqlx::query(AssertSqlSafe(text(batch.len())));
            for (n, item) in batch {
                let words = ItemWords { title: item.title.clone(), notes: item.notes.clone() };
                let place = item_place(self.root, id, item.id);
                let sealed = self.store.ring.seal(&serde_json::to_vec(&words)?, place.as_bytes())?;
                query = query
                    .bind(self.root.0)
                    .bind(id.0)
                    .bind(item.id.0)
                    .bind(*n)
                    .bind(item.activity.map(|activity| activity.key()))
                    .bind(sealed);
            }
            query.execute(&mut *self.tx).await?;
        }
        Ok(())
    }

    async fn save_resolutions(&mut self, id: MeetingId, after: &Meeting) -> Result<(), StoreError> {
        self.clear("DELETE FROM resolution WHERE root_org = $1 AND meeting_id = $2", id).await?;
        for batch in after.resolutions.chunks(BATCH) {
            let mut query = sqlx::query(AssertSqlSafe(format!(
                "INSERT INTO resolution (root_org, meeting_id, id, item_id, kind, subject_kind, subject_id, written, in_favour, against, \
                 abstained, relied_on, sealed) VALUES {}",
                value_rows(batch.len(), 13)
            )));
            for one in batch {
                let place = resolution_place(self.root, id, one.id);
                query = query
                    .bind(self.root.0)
                    .bind(id.0)
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
            self.insert_attendees(id, batch).await?;
        }
        Ok(())
    }

    async fn insert_attendees(&mut self, id: MeetingId, batch: &[&Attendee]) -> Result<(), StoreError> {
        let persons: Vec<i64> = batch.iter().map(|one| one.person.0).collect();
        let keys = self.person_keys(&persons).await?;
        let mut query = sqlx::query(AssertSqlSafe(format!(
            "INSERT INTO attendance (root_org, meeting_id, person_id, part, votes, state, how, at, sealed) VALUES {}",
            value_rows(batch.len(), 9)
        )));
        for one in batch {
            let row = attendance_row(one);
            let (_, key) = keys.get(&one.person).ok_or(StoreError::NotFound("人员"))?;
            let place = attendance_place(self.root, id, one.person);
            let sealed = row.words.map(|words| key.seal(words.as_bytes(), place.as_bytes())).transpose()?;
            query = query
                .bind(self.root.0)
                .bind(id.0)
                .bind(one.person.0)
                .bind(row.part)
                .bind(row.votes)
                .bind(row.state)
                .bind(row.how)
                .bind(row.at)
                .bind(sealed);
        }
        query.execute(&mut *self.tx).await?;
        for one in batch {
            let row = attendance_row(one);
            let (_, key) = keys.get(&one.person).ok_or(StoreError::NotFound("人员"))?;
            let note = json!({
                "meeting": id, "part": row.part, "votes": one.votes, "attendance": row.state, "how": row.how, "reason": row.words,
            });
            self.note_person(one.person, key, &note).await?;
        }
        Ok(())
    }

    /// Writes what an archived meeting shows: a record for each activity, hours of learning for everybody who was there.
    pub(super) async fn file_meeting(&mut self, view: &MeetingView, on: Date) -> Result<(), StoreError> {
        let meeting = &view.meeting;
        for activity in &meeting.plan.activities {
            let source = super::subject(view.id);
            let (org, activity) = (view.org, *activity);
            self.record(NewRecord { org, person: None, activity, on, outcome: None, until: None, source }).await?;
        }
        let tenths = i64::from(meeting.plan.learning_tenths);
        if tenths > 0 {
            let came = meeting.attendees.iter().filter(|one| one.attendance.is_present());
            let persons: Vec<PersonId> = came.map(|one| one.person).collect();
            self.insert_learning(&persons, on, (MEETING, view.id.0), tenths).await?;
        }
        Ok(())
    }
}
