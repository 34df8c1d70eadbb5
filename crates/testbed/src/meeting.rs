//! A members' meeting to test with, at which three full members vote on an applicant.

use crate::{Applicant, Office};
use jiff::civil::{Date, time};
use rules::activity::Activity;
use rules::ids::{MeetingId, PersonId};
use rules::meeting::{Come, Command, ItemDraft, Plan, VoteKind};
use store::StoreError;

impl Office {
    /// A meeting of the applicant's branch on a day, at which its three members voted for admission; confirmed, not archived.
    pub async fn meeting_on(&self, applicant: &Applicant, on: Date) -> MeetingId {
        self.vote_at(0, &applicant.members, applicant, on).await
    }

    /// The same at another branch, whose members are made for it.
    pub async fn meeting_of(&self, branch: usize, applicant: &Applicant, on: Date) -> MeetingId {
        let members =
            [self.member(branch, "丁一").await, self.member(branch, "戊二").await, self.member(branch, "己三").await];
        self.vote_at(branch, &members, applicant, on).await
    }

    /// Does something with a meeting as it stands, on a day.
    pub async fn act_on(&self, meeting: MeetingId, command: Command, on: Date) -> Result<i64, StoreError> {
        let version = self.store.meeting(self.root, meeting).await.unwrap().version;
        self.store.act_on_meeting(self.author(), (meeting, Some(version)), &command, on).await
    }

    async fn vote_at(&self, branch: usize, members: &[PersonId; 3], applicant: &Applicant, on: Date) -> MeetingId {
        let plan = Plan {
            activities: vec![Activity::MembersMeeting],
            title: "讨论接收".to_owned(),
            place: "会议室".to_owned(),
            on,
            at: Some(time(9, 0, 0, 0)),
            host: Some(members[0]),
            recorder: Some(members[1]),
            remote: false,
            invited: Vec::new(),
            guests: String::new(),
            learning_tenths: 0,
        };
        let item =
            ItemDraft { title: "讨论接收".to_owned(), notes: "逐个讨论".to_owned(), ..ItemDraft::default() };
        let org = self.branches[branch].id;
        let id = self.store.plan_meeting(self.author(), org, plan, &[item], on).await.unwrap();
        let item = self.store.meeting(self.root, id).await.unwrap().meeting.items[0].id;
        let resolution = Command::PutResolution {
            id: None,
            item,
            kind: VoteKind::Admission,
            text: "同意接收为中共预备党员".to_owned(),
            subject: Some(("case".to_owned(), applicant.case.0)),
            written: 0,
            in_favour: 3,
            against: 0,
            abstained: 0,
        };
        let came = members.iter().map(|person| (*person, Come::Present)).collect();
        for command in [
            Command::Notice { on, reason: String::new() },
            Command::Open { from: time(9, 0, 0, 0), reason: String::new() },
            Command::RollCall { entries: came, reason: "没有带手机".to_owned(), at: 7 },
            resolution,
            Command::Close { to: time(10, 0, 0, 0) },
            Command::Confirm { by: Some(members[0]), reason: String::new() },
        ] {
            self.act_on(id, command, on).await.unwrap();
        }
        id
    }
}
