//! An office to test with: a committee, its branches, their members.

use crate::Place;
use jiff::civil::{Date, date};
use rules::codes::{Education, Ethnicity, Gender, Stage};
use rules::date::PartialDate;
use rules::identity::IdentityNumber;
use rules::ids::{PersonId, RootOrg};
use rules::intake::Draft;
use rules::member::Record;
use rules::name::PersonName;
use rules::org::OrgKind;
use rules::phone::Phone;
use std::sync::Arc;
use std::sync::atomic::{AtomicU16, Ordering};
use store::{Author, NewOrg, NewStatus, Org, StatusKind, Store};

/// The day on which tests take place.
pub const TODAY: Date = date(2026, 11, 24);

/// A committee with branches, code `01`, `0101`, `0102`, …
pub struct Office {
    /// Its data.
    pub store: Arc<Store>,
    /// The enterprise.
    pub root: RootOrg,
    /// The committee at the top.
    pub top: Org,
    /// The branches below it.
    pub branches: Vec<Org>,
    /// Where the data live.
    pub place: Place,
    next: AtomicU16,
}

impl Office {
    /// An office with so many branches and nobody in them.
    pub async fn with_branches(place: Place, count: usize) -> Self {
        let store = Arc::new(place.open().await);
        let root = store.create_enterprise("测试集团").await.unwrap();
        let new = |parent, code: String, name: String| NewOrg { parent, code, name, ..NewOrg::default() };
        let top = new(None, "01".into(), "测试集团党委".into());
        let top = store.create_org(Author::system(root), OrgKind::Committee, top, None).await.unwrap();
        let mut branches = Vec::new();
        for n in 1..=count {
            let branch = new(Some(top.id), format!("01{n:02}"), format!("第{n}党支部"));
            branches.push(store.create_org(Author::system(root), OrgKind::Branch, branch, None).await.unwrap());
        }
        Office { store, root, top, branches, place, next: AtomicU16::new(1) }
    }

    /// The author of changes that tests make past the server.
    pub fn author(&self) -> Author {
        Author::system(self.root)
    }

    /// What a roster would say of one more full member.
    pub fn next_draft(&self, name: &str) -> Draft {
        draft(name, self.next.fetch_add(1, Ordering::Relaxed))
    }

    /// A full member of a branch: woman or man in turn, born on 1985-03-01, of the Han, a bachelor, joined on 2008-06-15.
    pub async fn member(&self, branch: usize, name: &str) -> PersonId {
        let record = Record::new(&self.next_draft(name), self.branches[branch].id).unwrap();
        self.store.create_person(self.author(), record, TODAY, "测试").await.unwrap()
    }

    /// 中止党员权利 of a member (VOTE-03): from a day on, until another.
    pub async fn take_rights(&self, person: PersonId, from: Date, to: Option<Date>) {
        let new =
            NewStatus { person, kind: StatusKind::WithoutRights, from, to, ground: "留党察看一年".to_owned() };
        self.store.put_status(self.author(), &new, from).await.unwrap();
    }
}

/// What a roster would say of a full member; `n` decides identity and phone number, even ones are women.
pub fn draft(name: &str, n: u16) -> Draft {
    let identity = IdentityNumber::synthetic(510_104, date(1985, 3, 1), n);
    Draft {
        name: Some(PersonName::parse(name).unwrap()),
        gender: Some(if n.is_multiple_of(2) { Gender::Female } else { Gender::Male }),
        ethnicity: Some(Ethnicity::Han),
        born: Some(PartialDate::day(date(1985, 3, 1))),
        identity: Some(identity),
        phone: Some(Phone::parse(&format!("1600000{n:04}")).unwrap()),
        education: Some(Education::Bachelor),
        stage: Some(Stage::Full),
        joined_on: Some(PartialDate::day(date(2008, 6, 15))),
        full_on: Some(PartialDate::day(date(2009, 6, 15))),
        ..Draft::default()
    }
}
