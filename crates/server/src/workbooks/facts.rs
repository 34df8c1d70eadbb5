//! What a work book is made of, read for one branch and one year.

use crate::{App, Problem};
use jiff::civil::Date;
use rules::duty::Days;
use rules::ids::{MeetingId, RootOrg};
use std::collections::HashMap;
use store::{
    BookDues, BookMember, BookRecord, BookResolution, ElectionFilter, ElectionRow, LearningSum, MeetingFilter,
    MeetingRow, Org, Post,
};

/// Meetings read at a time.
const BATCH: usize = 200;
/// Most elections of a branch that are looked through; there is one in some years.
const ELECTIONS: i64 = 100;

/// Something that should have been done and is not recorded.
pub(super) struct Gap {
    pub(super) title: String,
    pub(super) rule: &'static str,
    pub(super) due: Date,
    pub(super) persons: usize,
    pub(super) link: String,
}

/// A branch's year.
pub(super) struct Facts {
    pub(super) org: Org,
    pub(super) span: Days,
    /// The last day of the year, or today.
    pub(super) until: Date,
    pub(super) members: Vec<BookMember>,
    pub(super) posts: Vec<Post>,
    pub(super) meetings: Vec<MeetingRow>,
    pub(super) hosts: HashMap<MeetingId, String>,
    pub(super) resolutions: Vec<BookResolution>,
    pub(super) records: Vec<BookRecord>,
    pub(super) elections: Vec<ElectionRow>,
    pub(super) learning: Vec<LearningSum>,
    pub(super) dues: Vec<BookDues>,
    pub(super) gaps: Vec<Gap>,
}

impl Facts {
    pub(super) fn year(&self) -> i16 {
        self.span.first.year()
    }

    pub(super) async fn read(app: &App, root: RootOrg, org: Org, span: Days, gaps: Vec<Gap>) -> Result<Self, Problem> {
        let (store, days, until) = (&app.store, (span.first, span.last), span.last.min(app.today()));
        let scope = [org.path.clone()];
        let mut posts = store.posts(root, org.id).await?;
        posts.retain(|post| post.from <= until && post.to.is_none_or(|to| to > span.first));
        let filter = ElectionFilter { org: Some(org.id), ..ElectionFilter::default() };
        let mut elections = store.elections(root, &scope, &filter, ELECTIONS).await?;
        elections.retain(|row| (span.first..=span.last).contains(&row.held_on.unwrap_or(row.planned_on)));
        let members = store.book_members(root, &org, until).await?;
        let mut learning = store.learning_hours(root, &scope, span.first.year()).await?;
        learning.retain(|sum| members.iter().any(|member| member.id == sum.person));
        Ok(Facts {
            meetings: meetings(app, root, &scope, span).await?,
            hosts: store.book_hosts(root, &org, days).await?,
            resolutions: store.book_resolutions(root, &org, days).await?,
            records: store.book_records(root, &org, days).await?,
            dues: store.book_months(root, &org, span.first.year()).await?,
            org,
            span,
            until,
            members,
            posts,
            elections,
            learning,
            gaps,
        })
    }
}

async fn meetings(app: &App, root: RootOrg, scope: &[String], span: Days) -> Result<Vec<MeetingRow>, Problem> {
    let mut filter = MeetingFilter { from: Some(span.first), to: Some(span.last), ..MeetingFilter::default() };
    let mut found = Vec::new();
    loop {
        let page = app.store.meetings(root, scope, &filter, BATCH as i64).await?;
        filter.after = page.last().map(|last| (last.on, last.id));
        let over = page.len() < BATCH;
        found.extend(page);
        if over {
            return Ok(found);
        }
    }
}
