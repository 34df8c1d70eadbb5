//! Filling an empty register with meetings, as a demonstration does: few large commands in constant memory. What is loaded has been
//! through the rules already; an office's own meetings are held one by one.

use super::learning::learned;
use super::save::numbered;
use crate::error::StoreError;
use crate::record::NewRecord;
use crate::write::{Subject, Write};
use crate::{Author, Store};
use rules::ids::{ItemId, MeetingId, OrgId, ResolutionId};
use rules::meeting::{Attendance, Attendee, How, Meeting, MeetingState};

/// Persons whose keys are fetched at once.
const KEYS: usize = 500;

/// A meeting to load. Its items and resolutions get ids of their own.
#[derive(Debug, Clone)]
pub struct LoadMeeting {
    /// Who holds it.
    pub org: OrgId,
    /// The meeting as it stands.
    pub meeting: Meeting,
}

impl Store {
    /// Loads meetings, in one command, with records and hours of those archived.
    pub async fn load_meetings(
        &self,
        author: impl Into<Author>,
        mut meetings: Vec<LoadMeeting>,
    ) -> Result<(), StoreError> {
        let mut write = self.begin(author, "load.meetings").await?;
        for one in &mut meetings {
            write.renumber(&mut one.meeting);
        }
        let rows: Vec<(MeetingId, OrgId, &Meeting)> =
            meetings.iter().map(|one| (MeetingId(write.new_id()), one.org, &one.meeting)).collect();
        write.insert_meeting_rows(&rows).await?;
        write.insert_item_rows(&rows.iter().flat_map(|(id, _, one)| numbered(*id, one)).collect::<Vec<_>>()).await?;
        let resolutions =
            rows.iter().flat_map(|(id, _, one)| one.resolutions.iter().map(|resolution| (*id, resolution)));
        write.insert_resolution_rows(&resolutions.collect::<Vec<_>>()).await?;
        let attendance = rows.iter().flat_map(|(id, _, one)| one.attendees.iter().map(|attendee| (*id, attendee)));
        write.load_attendance(&attendance.collect::<Vec<_>>()).await?;
        write.load_records(&rows).await?;
        let subject = Subject::of("enterprise", write.root.0);
        write.describe(subject, "", format!("批量载入会议 {} 次", rows.len()));
        write.commit().await?;
        Ok(())
    }
}

/// Whether a reason is kept of somebody's attendance.
fn has_reason(attendee: &Attendee) -> bool {
    match &attendee.attendance {
        Attendance::Absent(_) | Attendance::Excused(_) | Attendance::Present { how: How::Proxy(_), .. } => true,
        Attendance::Awaited | Attendance::Present { how: How::Code | How::Link, .. } => false,
    }
}

impl Write<'_> {
    fn renumber(&self, meeting: &mut Meeting) {
        for item in &mut meeting.items {
            let id = ItemId(self.new_id());
            for resolution in meeting.resolutions.iter_mut().filter(|one| one.item == item.id) {
                resolution.item = id;
            }
            item.id = id;
        }
        for resolution in &mut meeting.resolutions {
            resolution.id = ResolutionId(self.new_id());
        }
    }

    async fn load_attendance(&mut self, rows: &[(MeetingId, &Attendee)]) -> Result<(), StoreError> {
        let (with, without): (Vec<_>, Vec<_>) = rows.iter().copied().partition(|(_, one)| has_reason(one));
        self.insert_attendance_rows(&without, &Default::default()).await?;
        for batch in with.chunks(KEYS) {
            let keys = self.person_keys(&batch.iter().map(|(_, one)| one.person.0).collect::<Vec<_>>()).await?;
            self.insert_attendance_rows(batch, &keys).await?;
        }
        Ok(())
    }

    async fn load_records(&mut self, rows: &[(MeetingId, OrgId, &Meeting)]) -> Result<(), StoreError> {
        let archived = rows.iter().filter(|(_, _, meeting)| meeting.state == MeetingState::Archived);
        let (mut records, mut hours) = (Vec::new(), Vec::new());
        for (id, org, meeting) in archived {
            let on = meeting.held.map_or(meeting.plan.on, |held| held.on);
            records.extend(meeting.plan.activities.iter().map(|activity| NewRecord {
                org: *org,
                person: None,
                activity: *activity,
                on,
                outcome: None,
                until: None,
                source: super::subject(*id),
            }));
            hours.extend(learned(*id, meeting, on));
        }
        self.load_record_rows(&records).await?;
        self.insert_learning(&hours).await
    }
}
