//! The only crate with SQL. SQLite or PostgreSQL behind one [`Store`]; every change goes through a [`Write`], which leaves one
//! ledger entry. What is allowed is the rules' to say; what a person holds in secret is sealed before it gets here.

mod account;
mod account_change;
mod account_list;
mod binding;
mod bounds;
mod census;
mod change;
mod db;
mod development;
mod dues;
mod duty;
mod election;
mod elector;
mod enterprise;
mod error;
mod file;
mod id;
mod import;
mod import_run;
mod ledger;
mod load;
mod measure;
mod meeting;
mod notice;
#[cfg(feature = "oracle")]
mod oracle;
mod org;
mod org_change;
mod org_find;
mod org_log;
mod org_tree;
mod org_write;
mod paper;
mod person;
mod person_leave;
mod person_log;
mod person_view;
mod person_write;
mod post;
mod record;
mod saved_query;
mod search;
mod second_factor;
mod session;
mod setup;
mod sql;
mod system;
mod template;
mod throttle;
mod transfer;
mod workbench;
mod workbook;
mod write;

pub use account::{Account, AccountGrant, NewAccount};
pub use account_change::AccountEdit;
pub use account_list::AccountRow;
pub use binding::{BindingCode, Claim};
pub use census::{CensusConcern, CensusOrg, CensusSpell, CensusStay};
pub use change::{ChangeFilter, ChangeRequest};
pub use db::{Location, without_password};
pub use development::{
    Acting, CaseCounts, CaseCursor, CaseEnd, CaseFilter, CasePaper, CasePerson, CaseRow, LoadCase, LoadPaper, NewCase,
    StageCount, TakenStep, WholeCase,
};
pub use dues::{
    BaseOf, BaseRow, DuesArrears, DuesLine, DuesPayment, DuesPlace, DuesReduction, DuesStatement, DuesSums,
    LineVersion, LoadDues, LoadedMember, NewPayments, NewReduction, OwnDues, ReductionFilter, SetBases,
};
pub use duty::{
    Concern, DutyOrg, DutyOrgs, DutyReach, DutySetting, Excuse, ExcuseDecision, ExcuseFilter, NewExcuse, OwnDutyNew,
    OwnDutyRow,
};
pub use election::{ElectionFilter, ElectionRow, NewElection};
pub use enterprise::Enterprise;
pub use error::StoreError;
pub use file::{FileInfo, MOST_FILES, NewFile};
pub use import::{ImportTask, MemberPlan, OrgPlan, Progress};
pub use import_run::{ImportRun, NewRun, RunOutcome, RunState};
pub use ledger::{Entry, EntryFilter, Fault, Verdict};
pub use load::{LoadOrg, LoadPerson, LoadPost};
pub use meeting::{
    CalledPerson, CheckInCode, LearningEntry, LearningSum, LoadMeeting, MeetingCursor, MeetingFilter, MeetingPerson,
    MeetingRow, MeetingView, MeetingVote, MemberStatus, MyMeeting, NewStatus, NewTraining, StatusKind, Training,
};
pub use notice::{
    Calendar, CalendarOf, Claimed, DeliveryCounts, DeliveryFilter, DeliveryRow, DeliveryState, Given, Inbox,
    InboxCursor, MailWay, Mailbox, Message, Notice, NoticeSetting, Outcome, Planned, Security, Way, WebhookWay,
    WishesRow,
};
pub use org::{NewOrg, Org, OrgEdit, OrgSpell, SEGMENT, outermost};
pub use org_find::FoundOrg;
pub use org_log::OrgChange;
pub use org_tree::{Members, OrgRow, OrgRows, OrgState};
pub use paper::Paper;
pub use person::{Person, PersonCursor, PersonFilter, PersonSpell};
pub use person_log::{FieldChange, HistoryEntry};
pub use person_view::{View, ViewEntry};
pub use post::Post;
pub use record::{NewRecord, Record};
pub use saved_query::SavedQuery;
pub use search::FoundPerson;
pub use session::Session;
pub use setup::Setup;
pub use system::Facts;
pub use template::{OwnTemplate, TemplateVersion};
pub use throttle::Attempt;
pub use transfer::{Transfer, TransferDecision, TransferFilter, TransferPlace, TransferStates};
pub use workbench::{OwnProposal, PendingChanges, PendingTransfers};
pub use workbook::{BookDues, BookMember, BookRecord, BookResolution};
pub use write::{Author, Subject, Write};

use db::Db;
use id::IdMaker;
pub use id::now_ms;
use sealed::KeyRing;

/// The data of an installation: one database and the keys that go with it.
#[derive(Debug)]
pub struct Store {
    pub(crate) db: Db,
    pub(crate) ring: KeyRing,
    pub(crate) ids: IdMaker,
}

impl Store {
    /// Opens the database, creating it or bringing its schema up to date where needed.
    pub async fn open(location: &Location, ring: KeyRing) -> Result<Self, StoreError> {
        Ok(Store { db: Db::open(location).await?, ring, ids: IdMaker::new() })
    }

    /// The same store, making the same ids for the same commands: for synthetic data.
    pub fn with_reproducible_ids(mut self) -> Self {
        self.ids = IdMaker::reproducible();
        self
    }

    /// Lets the database learn how full its tables are: after much has been written, and from time to time.
    pub async fn learn_sizes(&self) -> Result<(), StoreError> {
        self.db.learn_sizes().await
    }

    /// Lets go of every connection, so that the files can be taken away.
    pub async fn close(&self) {
        self.db.read.close().await;
        self.db.write.close().await;
    }
}
