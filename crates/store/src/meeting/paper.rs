//! Documents of a meeting: photographs, the sheet of signatures, a speech. None comes or goes once the record is confirmed.

use super::subject;
use crate::error::StoreError;
use crate::{Author, NewFile, Store};
use rules::ids::{MeetingId, PaperId};
use rules::meeting::MeetingState;

/// Most documents of one meeting.
const MOST: usize = 50;

impl Store {
    /// Adds a document to a meeting.
    pub async fn add_meeting_paper(
        &self,
        author: impl Into<Author>,
        id: MeetingId,
        new: NewFile<'_>,
    ) -> Result<PaperId, StoreError> {
        let author = author.into();
        let mut write = self.begin(author.clone(), "meeting.paper_add").await?;
        let view = write.meeting(id).await?;
        open_for_papers(view.meeting.state)?;
        if self.papers(author.root, subject(id)).await?.len() >= MOST {
            let message = format!("一次会议最多存 {MOST} 个文件。请合并成一个文件后再上传。");
            return Err(StoreError::refused("too_many_files", message));
        }
        let size = new.bytes.len();
        let paper = write.add_paper(view.org, subject(id), new).await?;
        write.describe(
            subject(id),
            "",
            format!("「{}」会议（{}）：存入文件（{size} 字节）", view.org_name, view.meeting.plan.on),
        );
        write.commit().await?;
        Ok(paper)
    }

    /// Takes a document away from a meeting.
    pub async fn remove_meeting_paper(
        &self,
        author: impl Into<Author>,
        id: MeetingId,
        paper: PaperId,
    ) -> Result<(), StoreError> {
        let mut write = self.begin(author, "meeting.paper_remove").await?;
        let view = write.meeting(id).await?;
        open_for_papers(view.meeting.state)?;
        write.remove_paper(subject(id), paper).await?;
        write.describe(subject(id), "", format!("「{}」会议（{}）：删去文件", view.org_name, view.meeting.plan.on));
        write.commit().await?;
        Ok(())
    }
}

fn open_for_papers(state: MeetingState) -> Result<(), StoreError> {
    match state {
        MeetingState::Planned | MeetingState::Noticed | MeetingState::Open | MeetingState::Closed => Ok(()),
        MeetingState::Confirmed | MeetingState::Archived | MeetingState::Cancelled => {
            let message = format!("会议{}，不能再增减文件。需要更正的，请写明原因退回修改。", state.name());
            Err(StoreError::refused("meeting_state", message))
        }
    }
}
