//! Meetings in the store; each on both databases.
#![allow(clippy::unwrap_used, clippy::panic)]

use jiff::civil::{Date, Time, date, time};
use rules::activity::Activity as A;
use rules::codes::Stage;
use rules::ids::{ItemId, MeetingId, PersonId};
use rules::intake::Draft;
use rules::meeting::{
    Attendance, Circle, Come, Command, How, ItemDraft, MeetingState, Part, Plan, TrainingKind, VoteKind, VoteResult,
};
use rules::member::Record;
use rules::org::PostKind;
use rules::refusal::Refusal;
use store::{MeetingFilter, MeetingView, NewFile, NewStatus, NewTraining, StatusKind, StoreError, Subject};
use testbed::{Office, TODAY, draft, on_both};

const NINE: Time = time(9, 0, 0, 0);
const TEN: Time = time(10, 0, 0, 0);

fn refusals(error: StoreError) -> Vec<Refusal> {
    match error {
        StoreError::Rules(refusals) => refusals,
        other => panic!("{other:?}"),
    }
}

fn code_of<T: std::fmt::Debug>(result: Result<T, StoreError>) -> &'static str {
    match result.unwrap_err() {
        StoreError::Refused { code, .. } => code,
        StoreError::Rules(refusals) => refusals[0].code,
        other => panic!("{other:?}"),
    }
}

fn proposal(activities: &[A], host: PersonId, recorder: PersonId) -> Plan {
    Plan {
        activities: activities.to_vec(),
        title: "讨论接收王某".to_owned(),
        place: "三楼会议室".to_owned(),
        on: TODAY,
        at: Some(NINE),
        host: Some(host),
        recorder: Some(recorder),
        remote: true,
        invited: Vec::new(),
        guests: String::new(),
        learning_tenths: 20,
    }
}

fn item(title: &str) -> ItemDraft {
    ItemDraft { title: title.to_owned(), notes: "发言要点".to_owned(), ..ItemDraft::default() }
}

/// A branch with five full members and one on probation.
struct Hall {
    office: Office,
    members: Vec<PersonId>,
    probationary: PersonId,
}

impl Hall {
    async fn new(place: testbed::Place) -> Self {
        let office = Office::with_branches(place, 2).await;
        let mut members = Vec::new();
        for name in ["甲一", "乙二", "丙三", "丁四", "戊五"] {
            members.push(office.member(0, name).await);
        }
        let new = Draft { stage: Some(Stage::Probationary), full_on: None, ..draft("己六", 901) };
        let record = Record::new(&new, office.branches[0].id).unwrap();
        let probationary = office.store.create_person(office.author(), record, TODAY, "").await.unwrap();
        Hall { office, members, probationary }
    }

    async fn plan(&self, activities: &[A]) -> MeetingId {
        let plan = proposal(activities, self.members[0], self.members[1]);
        let org = self.office.branches[0].id;
        self.office.store.plan_meeting(self.office.author(), org, plan, &[item("第一项")], TODAY).await.unwrap()
    }

    async fn see(&self, id: MeetingId) -> MeetingView {
        self.office.store.meeting(self.office.root, id).await.unwrap()
    }

    async fn try_act(&self, id: MeetingId, command: Command) -> Result<i64, StoreError> {
        let version = self.see(id).await.version;
        self.office.store.act_on_meeting(self.office.author(), (id, Some(version)), &command, TODAY).await
    }

    async fn act(&self, id: MeetingId, command: Command) {
        self.try_act(id, command).await.unwrap();
    }

    async fn open(&self, activities: &[A]) -> MeetingId {
        let id = self.plan(activities).await;
        self.act(id, Command::Notice { on: TODAY, reason: String::new() }).await;
        self.act(id, Command::Open { from: NINE, reason: String::new() }).await;
        id
    }

    async fn roll(&self, id: MeetingId, present: usize) {
        let come = |at| if at < present { Come::Present } else { Come::Absent("出差".to_owned()) };
        let mut entries: Vec<_> = self.members.iter().enumerate().map(|(at, person)| (*person, come(at))).collect();
        entries.push((self.probationary, Come::Present));
        self.act(id, Command::RollCall { entries, reason: "没有带手机".to_owned(), at: 7 }).await;
    }

    async fn resolve(&self, id: MeetingId, kind: VoteKind, subject: Option<(String, i64)>, in_favour: u32) {
        let item = self.see(id).await.meeting.items[0].id;
        self.act(id, resolution(item, kind, subject, in_favour)).await;
    }

    async fn archive(&self, id: MeetingId) {
        self.act(id, Command::Close { to: TEN }).await;
        self.act(id, Command::Confirm { by: Some(self.members[0]), reason: String::new() }).await;
        self.act(id, Command::Archive).await;
    }

    /// A members' meeting at which four of five resolved to admit somebody.
    async fn archived(&self) -> MeetingId {
        let id = self.open(&[A::MembersMeeting]).await;
        self.roll(id, 4).await;
        self.resolve(id, VoteKind::Admission, Some(("case".to_owned(), 77)), 4).await;
        self.archive(id).await;
        id
    }
}

fn resolution(item: ItemId, kind: VoteKind, subject: Option<(String, i64)>, in_favour: u32) -> Command {
    Command::PutResolution {
        id: None,
        item,
        kind,
        text: "同意接收王某".to_owned(),
        subject,
        written: 0,
        in_favour,
        against: 0,
        abstained: 0,
    }
}

on_both! {
    async fn a_meeting_is_kept_as_it_was_planned_held_and_recorded(place: Place) {
        let hall = Hall::new(place).await;
        let (store, root) = (&hall.office.store, hall.office.root);
        let id = hall.archived().await;
        let view = hall.see(id).await;
        let meeting = &view.meeting;
        assert_eq!((meeting.state, meeting.plan.title.as_str(), meeting.plan.place.as_str()), (MeetingState::Archived, "讨论接收王某", "三楼会议室"));
        assert_eq!((meeting.held.unwrap().from, meeting.held.unwrap().to), (NINE, Some(TEN)));
        assert_eq!((meeting.items[0].title.as_str(), meeting.items[0].notes.as_str()), ("第一项", "发言要点"));
        assert_eq!((meeting.resolutions[0].text.as_str(), meeting.resolutions[0].in_favour), ("同意接收王某", 4));
        let heard = meeting.heard();
        assert_eq!((heard.expected, heard.present, heard.voters, heard.voters_present), (6, 5, 5, 4));
        assert_eq!(meeting.attendee(hall.members[4]).unwrap().attendance, Attendance::Absent("出差".to_owned()));
        let proxy = Attendance::Present { how: How::Proxy("没有带手机".to_owned()), at: 7 };
        assert_eq!(meeting.attendee(hall.members[0]).unwrap().attendance, proxy);
        assert_eq!(view.people[&hall.members[0]].name, "甲一");
        assert_eq!(meeting.confirmed.as_ref().map(|one| (one.on, one.by_host)), Some((TODAY, true)));
        let records = store.records_of(root, Subject::of("meeting", id.0)).await.unwrap();
        assert_eq!(records.iter().map(|one| (one.activity, one.on, one.org)).collect::<Vec<_>>(), [(A::MembersMeeting, TODAY, view.org)]);
        assert_eq!(store.verify_ledger(root).await.unwrap().faults, []);
    }

    async fn an_archived_meeting_shows_a_record_for_each_activity_and_hours_for_everybody_there(place: Place) {
        let hall = Hall::new(place).await;
        let (store, root) = (&hall.office.store, hall.office.root);
        let id = hall.open(&[A::PartyLecture, A::ThemeDay]).await;
        let of = |activity| ItemDraft { activity: Some(activity), ..item("学习") };
        hall.act(id, Command::PutAgenda(vec![of(A::PartyLecture), of(A::ThemeDay)])).await;
        hall.roll(id, 3).await;
        hall.archive(id).await;
        let scope = [hall.office.top.path.clone()];
        let counts = store.activity_counts(root, &scope, (date(2026, 1, 1), date(2026, 12, 31))).await.unwrap();
        assert_eq!(counts, [(A::PartyLecture, 1), (A::ThemeDay, 1)]);
        let hours = store.learning_hours(root, &scope, 2026).await.unwrap();
        assert_eq!(hours.len(), 4, "three full members and the probationary one");
        assert!(hours.iter().all(|one| one.tenths == 20));
        assert_eq!(store.learning_hours(root, &scope, 2025).await.unwrap(), []);
        assert_eq!(store.learning_of(root, hall.members[0], 2026).await.unwrap()[0].source, ("meeting".to_owned(), id.0));
        hall.act(id, Command::Reopen { reason: "更正".to_owned() }).await;
        assert_eq!(store.learning_hours(root, &scope, 2026).await.unwrap(), []);
        assert_eq!(store.records_of(root, Subject::of("meeting", id.0)).await.unwrap(), []);
        let meeting = hall.see(id).await.meeting;
        assert_eq!((meeting.state, meeting.remark.as_str(), meeting.confirmed), (MeetingState::Closed, "更正", None));
    }

    async fn the_duty_calendar_reads_hours_and_is_told_whose_have_changed(place: Place) {
        let hall = Hall::new(place).await;
        let (store, root) = (&hall.office.store, hall.office.root);
        let id = hall.open(&[A::ThemeDay]).await;
        hall.roll(id, 3).await;
        let before = store.ledger_head(root).await.unwrap();
        hall.archive(id).await;
        let orgs = store.duty_orgs(root).await.unwrap();
        let year = rules::duty::Days { first: date(2026, 1, 1), last: date(2026, 12, 31) };
        let mut hours = Vec::new();
        let reach = store::DutyReach::Of(&[], &hall.members[2..4]);
        store.person_facts(root, &orgs, reach, year, |facts| hours.push((facts.id, facts.hours))).await.unwrap();
        let twenty = rules::duty::Hours { year: 2026, tenths: 20, last: TODAY };
        assert_eq!(hours, [(hall.members[2], vec![twenty]), (hall.members[3], vec![])]);
        let concern = store.concern(root, (before, store.ledger_head(root).await.unwrap())).await.unwrap();
        assert!(concern.persons.contains(&hall.members[2]) && !concern.persons.contains(&hall.members[3]));
        assert!(concern.orgs.contains(&hall.office.branches[0].id) && !concern.tree);
        let history = store.person_history(root, hall.members[2], None, 9).await.unwrap();
        assert!(history.iter().all(|entry| !entry.action.starts_with("meeting.")), "a dossier's history is about the dossier");
    }

    async fn what_the_rules_refuse_leaves_nothing_behind(place: Place) {
        let hall = Hall::new(place).await;
        let id = hall.open(&[A::MembersMeeting]).await;
        hall.roll(id, 2).await;
        let before = hall.see(id).await;
        let item = before.meeting.items[0].id;
        let refused = hall.try_act(id, resolution(item, VoteKind::Ordinary, None, 3)).await.unwrap_err();
        let rules: Vec<&str> = refusals(refused).iter().map(|one| one.rule).collect();
        assert_eq!(rules, ["MEET-01", "VOTE-04"]);
        let after = hall.see(id).await;
        assert_eq!((after.version, after.meeting), (before.version, before.meeting));
        assert_eq!(hall.office.store.verify_ledger(hall.office.root).await.unwrap().faults, []);
    }

    async fn of_two_who_finish_one_step_at_once_one_is_told(place: Place) {
        let hall = Hall::new(place).await;
        let id = hall.plan(&[A::ThemeDay]).await;
        let store = &hall.office.store;
        let notice = || Command::Notice { on: TODAY, reason: String::new() };
        let (one, other) = (notice(), notice());
        let (first, second) = tokio::join!(
            store.act_on_meeting(hall.office.author(), (id, Some(1)), &one, TODAY),
            store.act_on_meeting(hall.office.author(), (id, Some(1)), &other, TODAY),
        );
        let (done, refused) = if first.is_ok() { (first, second) } else { (second, first) };
        assert_eq!(done.unwrap(), 2);
        assert!(matches!(refused.unwrap_err(), StoreError::Stale { current: 2, .. }));
        let unnamed = store.act_on_meeting(hall.office.author(), (id, None), &Command::Cancel { reason: "停电".to_owned() }, TODAY).await;
        assert!(matches!(unnamed.unwrap_err(), StoreError::Stale { .. }), "an edit names its version");
    }

    async fn who_checks_in_does_not_disturb_the_recorder(place: Place) {
        let hall = Hall::new(place).await;
        let id = hall.open(&[A::ThemeDay]).await;
        let store = &hall.office.store;
        let version = hall.see(id).await.version;
        let check_in = |person| Command::CheckIn { person, how: How::Code, at: 42 };
        store.act_on_meeting(hall.office.author(), (id, None), &check_in(hall.members[2]), TODAY).await.unwrap();
        assert_eq!(hall.see(id).await.version, version);
        let put = Command::PutItem(item("第二项"));
        store.act_on_meeting(hall.office.author(), (id, Some(version)), &put, TODAY).await.unwrap();
        let entries = store.verify_ledger(hall.office.root).await.unwrap().entries;
        store.act_on_meeting(hall.office.author(), (id, None), &check_in(hall.members[2]), TODAY).await.unwrap();
        let verdict = store.verify_ledger(hall.office.root).await.unwrap();
        assert_eq!(verdict.entries, entries, "who checks in twice is there once");
        let stranger = hall.office.member(1, "外人").await;
        let refused = store.act_on_meeting(hall.office.author(), (id, None), &check_in(stranger), TODAY).await;
        assert_eq!(code_of(refused), "not_called");
    }

    async fn many_check_in_at_once(place: Place) {
        let hall = Hall::new(place).await;
        let id = hall.open(&[A::ThemeDay]).await;
        let mut running = Vec::new();
        for person in hall.members.iter().copied() {
            let (store, author) = (hall.office.store.clone(), hall.office.author());
            running.push(tokio::spawn(async move {
                let command = Command::CheckIn { person, how: How::Code, at: 1 };
                store.act_on_meeting(author, (id, None), &command, TODAY).await
            }));
        }
        for one in running {
            one.await.unwrap().unwrap();
        }
        assert_eq!(hall.see(id).await.meeting.heard().present, 5);
    }

    async fn the_register_says_who_is_called(place: Place) {
        let hall = Hall::new(place).await;
        let (store, root, branch) = (&hall.office.store, hall.office.root, hall.office.branches[0].id);
        hall.office.member(1, "别处").await;
        let group = store::NewOrg { parent: Some(branch), code: "010101".to_owned(), name: "第一党小组".to_owned(), ..store::NewOrg::default() };
        let group = store.create_org(hall.office.author(), rules::org::OrgKind::Group, group, None).await.unwrap();
        let in_group = store.create_person(hall.office.author(), Record::new(&draft("庚七", 950), group.id).unwrap(), TODAY, "").await.unwrap();
        let activist = Draft { stage: Some(Stage::Activist), joined_on: None, full_on: None, ..draft("辛八", 951) };
        let activist = store.create_person(hall.office.author(), Record::new(&activist, branch).unwrap(), TODAY, "").await.unwrap();
        let names = async |org, circle| {
            let found = store.callable(root, org, circle, TODAY).await.unwrap();
            found.into_iter().map(|one| (one.name, one.called.votes)).collect::<Vec<_>>()
        };
        let members = names(branch, Circle::Members).await;
        assert_eq!(members.len(), 7, "with those of the group, without activists and other branches");
        assert!(members.contains(&("庚七".to_owned(), true)) && members.contains(&("己六".to_owned(), false)));
        assert_eq!(names(group.id, Circle::Members).await, [("庚七".to_owned(), true)]);
        assert_eq!(names(branch, Circle::Committee).await, []);
        for (person, post) in [(hall.members[0], PostKind::Secretary), (in_group, PostKind::PublicityOfficer)] {
            store.assign_post(hall.office.author(), branch, person, post, date(2020, 1, 1)).await.unwrap();
        }
        assert_eq!(names(branch, Circle::Committee).await, [("庚七".to_owned(), true), ("甲一".to_owned(), true)]);
        assert!(names(branch, Circle::Chosen).await.contains(&("辛八".to_owned(), false)));
        let with = Plan { invited: vec![activist], ..proposal(&[A::ThemeDay], hall.members[0], activist) };
        let id = store.plan_meeting(hall.office.author(), branch, with, &[item("学习")], TODAY).await.unwrap();
        hall.act(id, Command::Notice { on: TODAY, reason: String::new() }).await;
        let meeting = hall.see(id).await.meeting;
        assert_eq!(meeting.attendee(activist).map(|one| (one.part, one.votes)), Some((Part::Guest, false)));
        let other = Plan { invited: vec![hall.office.member(1, "外人").await], ..proposal(&[A::ThemeDay], hall.members[0], activist) };
        assert_eq!(code_of(store.plan_meeting(hall.office.author(), branch, other, &[], TODAY).await), "not_in_org");
    }

    async fn vote_03_who_is_without_rights_for_a_time_has_no_vote_then(place: Place) {
        let hall = Hall::new(place).await;
        let (store, root, branch) = (&hall.office.store, hall.office.root, hall.office.branches[0].id);
        let status = |kind, from, to| NewStatus { person: hall.members[4], kind, from, to, ground: "留党察看一年".to_owned() };
        let put = async |new| store.put_status(hall.office.author(), &new, TODAY).await;
        let (june, december) = (date(2026, 6, 1), date(2026, 12, 1));
        let id = put(status(StatusKind::WithoutRights, june, Some(december))).await.unwrap();
        assert_eq!(code_of(put(status(StatusKind::WithoutRights, TODAY, None)).await), "status_overlaps");
        assert_eq!(code_of(put(status(StatusKind::Excused, date(2026, 11, 25), None)).await), "bad_date");
        assert_eq!(code_of(put(NewStatus { ground: " ".to_owned(), ..status(StatusKind::Excused, june, None) }).await), "missing_required");
        let votes = async |on: Date| {
            let found = store.callable(root, branch, Circle::Members, on).await.unwrap();
            found.into_iter().find(|one| one.called.person == hall.members[4]).unwrap().called.votes
        };
        assert_eq!([votes(date(2026, 5, 31)).await, votes(june).await, votes(TODAY).await, votes(december).await], [true, false, false, true]);
        let kept = store.statuses_of(root, hall.members[4]).await.unwrap();
        assert_eq!((kept[0].ground.as_str(), kept[0].to), ("留党察看一年", Some(december)));
        store.end_status(hall.office.author(), id, (TODAY, TODAY), "提前恢复").await.unwrap();
        assert!(votes(TODAY).await);
        assert_eq!(store.statuses(root, &[hall.office.branches[1].path.clone()]).await.unwrap(), []);
        assert_eq!(store.statuses(root, std::slice::from_ref(&hall.office.top.path)).await.unwrap().len(), 1);
    }

    async fn meet_11_who_is_excused_is_called_and_not_counted_as_absent(place: Place) {
        let hall = Hall::new(place).await;
        let store = &hall.office.store;
        let new = NewStatus { person: hall.members[3], kind: StatusKind::Excused, from: date(2025, 1, 1), to: None, ground: "失能".to_owned() };
        store.put_status(hall.office.author(), &new, TODAY).await.unwrap();
        let id = hall.plan(&[A::ThemeDay]).await;
        hall.act(id, Command::Notice { on: TODAY, reason: String::new() }).await;
        let meeting = hall.see(id).await.meeting;
        assert_eq!((meeting.heard().expected, meeting.heard().excused), (5, 1));
        assert_eq!(meeting.attendee(hall.members[3]).unwrap().attendance, Attendance::Excused("失能".to_owned()));
    }

    async fn others_read_a_vote_with_those_who_should_have_come(place: Place) {
        let hall = Hall::new(place).await;
        let (store, root) = (&hall.office.store, hall.office.root);
        let id = hall.archived().await;
        let vote = store.votes_on(root, "case", 77).await.unwrap().remove(0);
        assert_eq!((vote.meeting, vote.state, vote.on, vote.kind), (id, MeetingState::Archived, TODAY, VoteKind::Admission));
        assert_eq!((vote.count.expected_voters, vote.count.present_voters, vote.count.in_favour), (5, 4, 4));
        assert_eq!((vote.result, vote.relied_on), (Some(VoteResult::Passed), false));
        assert_eq!(store.meeting_vote(root, vote.resolution).await.unwrap(), vote);
        assert_eq!(store.votes_on(root, "case", 78).await.unwrap(), []);
        assert_eq!(store.votes_on(root, "election", 77).await.unwrap(), []);
    }

    async fn lists_go_by_day_page_by_page(place: Place) {
        let hall = Hall::new(place).await;
        let (store, root, branch) = (&hall.office.store, hall.office.root, hall.office.branches[0].id);
        let plans: Vec<Plan> = (1..=5)
            .map(|month| Plan { on: date(2027, month, 15), at: None, ..proposal(&[A::ThemeDay], hall.members[0], hall.members[1]) })
            .collect();
        let ids = store.plan_meetings(hall.office.author(), branch, plans, TODAY).await.unwrap();
        let id = hall.archived().await;
        let scope = [hall.office.top.path.clone()];
        let list = async |filter: MeetingFilter, limit| {
            let found = store.meetings(root, &scope, &filter, limit).await.unwrap();
            found.into_iter().map(|one| (one.on, one.id)).collect::<Vec<_>>()
        };
        let all = list(MeetingFilter::default(), 9).await;
        assert_eq!(all.iter().map(|one| one.1).collect::<Vec<_>>(), [vec![id], ids.clone()].concat());
        let first = list(MeetingFilter { newest_first: true, ..MeetingFilter::default() }, 4).await;
        let next = list(MeetingFilter { newest_first: true, after: first.last().copied(), ..MeetingFilter::default() }, 4).await;
        assert_eq!([first, next].concat(), all.iter().rev().copied().collect::<Vec<_>>());
        let planned = MeetingFilter { states: vec![MeetingState::Planned], activity: Some(A::ThemeDay), ..MeetingFilter::default() };
        assert_eq!(list(planned, 9).await.len(), 5);
        let none = MeetingFilter { activity: Some(A::MembersMeeting), from: Some(date(2027, 1, 1)), ..MeetingFilter::default() };
        assert_eq!(list(none, 9).await, []);
        assert_eq!(list(MeetingFilter { org: Some(hall.office.branches[1].id), ..MeetingFilter::default() }, 9).await, []);
        let elsewhere = store.meetings(root, &[hall.office.branches[1].path.clone()], &MeetingFilter::default(), 9).await.unwrap();
        assert_eq!(elsewhere, []);
        let row = store.meetings(root, &scope, &MeetingFilter { to: Some(TODAY), ..MeetingFilter::default() }, 9).await.unwrap().remove(0);
        assert_eq!((row.title.as_str(), row.heard.expected, row.heard.present, row.heard.voters), ("讨论接收王某", 6, 5, 5));
        assert_eq!((row.at, row.late, row.kind), (Some(NINE), false, rules::org::OrgKind::Branch));
    }

    async fn a_year_is_planned_as_a_whole_or_not_at_all(place: Place) {
        let hall = Hall::new(place).await;
        let (store, root, branch) = (&hall.office.store, hall.office.root, hall.office.branches[0].id);
        let good = proposal(&[A::ThemeDay], hall.members[0], hall.members[1]);
        let plans = vec![good.clone(), Plan { title: String::new(), activities: vec![A::GroupMeeting], ..good }];
        let refused = store.plan_meetings(hall.office.author(), branch, plans, TODAY).await.unwrap_err();
        let fields: Vec<String> = refusals(refused).into_iter().map(|one| one.field).collect();
        assert_eq!(fields, ["/1/activities", "/1/title"]);
        assert_eq!(code_of(store.plan_meetings(hall.office.author(), branch, Vec::new(), TODAY).await), "missing_required");
        let scope = [hall.office.top.path.clone()];
        assert_eq!(store.meetings(root, &scope, &MeetingFilter::default(), 9).await.unwrap(), []);
    }

    async fn members_see_the_meetings_they_are_called_to(place: Place) {
        let hall = Hall::new(place).await;
        let (store, root) = (&hall.office.store, hall.office.root);
        let span = (date(2026, 11, 1), date(2026, 12, 31));
        let id = hall.plan(&[A::ThemeDay]).await;
        assert_eq!(store.my_meetings(root, hall.members[2], span).await.unwrap(), [], "nobody has been told");
        hall.act(id, Command::Notice { on: TODAY, reason: String::new() }).await;
        hall.act(id, Command::Absent { person: hall.members[2], reason: "住院".to_owned() }).await;
        let mine = store.my_meetings(root, hall.members[2], span).await.unwrap();
        assert_eq!(mine.len(), 1);
        assert_eq!((mine[0].id, mine[0].state, mine[0].remote, mine[0].part), (id, MeetingState::Noticed, true, Part::Expected));
        assert_eq!(mine[0].attendance, Attendance::Absent("住院".to_owned()));
        let stranger = hall.office.member(1, "外人").await;
        assert_eq!(store.my_meetings(root, stranger, span).await.unwrap(), []);
        assert_eq!(store.my_meetings(root, hall.members[2], (date(2026, 12, 1), span.1)).await.unwrap(), []);
    }

    async fn codes_turn_and_links_are_for_one_person_and_one_meeting(place: Place) {
        let hall = Hall::new(place).await;
        let (store, root) = (&hall.office.store, hall.office.root);
        let (one, other) = (MeetingId(1), MeetingId(2));
        let now = 1_700_000_000_000;
        let code = store.check_in_code(root, one, now);
        assert!(code.digits.len() == 6 && code.turns_at > now && code.turns_at <= now + 30_000);
        let valid = |meeting, at| store.is_check_in_code(root, meeting, &code.digits, at);
        assert!(valid(one, now) && valid(one, code.turns_at - 1) && valid(one, code.turns_at + 29_999));
        assert!(!valid(one, code.turns_at + 30_000), "two steps later it is stale");
        assert!(!valid(other, now));
        assert!(!store.is_check_in_code(root, one, "", now));
        let link = store.check_in_link(root, one, hall.members[0], now + 1_000);
        assert_eq!(store.read_check_in_link(&link, now), Some((root, one, hall.members[0])));
        assert_eq!(store.read_check_in_link(&link, now + 1_001), None, "its time is over");
        let forged = link.replacen(&hall.members[0].to_string(), &hall.members[1].to_string(), 1);
        for token in [forged.as_str(), "", ".", "1.2.3.4.abc", &link[..link.len() - 1]] {
            assert_eq!(store.read_check_in_link(token, now), None, "{token}");
        }
    }

    async fn edu_02_a_training_gives_hours_and_shows_what_it_fulfils(place: Place) {
        let hall = Hall::new(place).await;
        let (store, root) = (&hall.office.store, hall.office.root);
        let branch = &hall.office.branches[0];
        let training = |persons: &[PersonId]| NewTraining {
            org: branch.id,
            kind: TrainingKind::NewSecretary,
            title: "新任书记示范班".to_owned(),
            from: date(2026, 9, 1),
            to: date(2026, 9, 3),
            tenths: 240,
            persons: persons.to_vec(),
        };
        let register = async |new| store.register_training(hall.office.author(), &new, TODAY).await;
        let id = register(training(&[hall.members[0], hall.members[1], hall.members[0]])).await.unwrap();
        let scope = [branch.path.clone()];
        let hours = store.learning_hours(root, &scope, 2026).await.unwrap();
        assert_eq!(hours.iter().map(|one| one.tenths).collect::<Vec<_>>(), [240, 240]);
        let records = store.records_of(root, Subject::of("training", id.0)).await.unwrap();
        let seen: Vec<_> = records.iter().filter(|one| one.person == Some(hall.members[0])).map(|one| one.activity).collect();
        assert_eq!(seen, [A::NewSecretaryTraining, A::OfficerTraining]);
        let list = store.trainings(root, &scope, None, 9).await.unwrap();
        assert_eq!((list[0].title.as_str(), list[0].persons, list[0].tenths), ("新任书记示范班", 2, 240));
        assert_eq!(store.trainings(root, &[hall.office.branches[1].path.clone()], None, 9).await.unwrap(), []);
        assert_eq!(store.trainings(root, &scope, Some(id), 9).await.unwrap(), []);
        store.remove_training(hall.office.author(), id, "登记有误").await.unwrap();
        assert_eq!(store.learning_hours(root, &scope, 2026).await.unwrap(), []);
        assert!(matches!(store.training(root, id).await, Err(StoreError::NotFound(_))));
        let other = hall.office.member(1, "外人").await;
        assert_eq!(code_of(register(training(&[other])).await), "not_in_org");
        let wrong = NewTraining { title: " ".to_owned(), to: date(2026, 11, 25), from: date(2026, 11, 25), tenths: 200, ..training(&[]) };
        let fields: Vec<String> = refusals(register(wrong).await.unwrap_err()).into_iter().map(|one| one.field).collect();
        assert_eq!(fields, ["/title", "/to", "/hours", "/persons"]);
    }

    async fn papers_come_and_go_until_the_record_is_confirmed(place: Place) {
        let hall = Hall::new(place).await;
        let (store, root) = (&hall.office.store, hall.office.root);
        let id = hall.open(&[A::ThemeDay]).await;
        let new = || NewFile { name: "签到表.pdf", media_type: "application/pdf", bytes: b"%PDF" };
        let paper = store.add_meeting_paper(hall.office.author(), id, new()).await.unwrap();
        let other = store.add_meeting_paper(hall.office.author(), id, new()).await.unwrap();
        store.remove_meeting_paper(hall.office.author(), id, other).await.unwrap();
        hall.roll(id, 5).await;
        hall.archive(id).await;
        assert_eq!(code_of(store.add_meeting_paper(hall.office.author(), id, new()).await), "meeting_state");
        assert_eq!(code_of(store.remove_meeting_paper(hall.office.author(), id, paper).await), "meeting_state");
        assert_eq!(store.papers(root, Subject::of("meeting", id.0)).await.unwrap().len(), 1);
    }

    async fn words_and_reasons_are_sealed_at_rest(place: Place) {
        let hall = Hall::new(place).await;
        hall.archived().await;
        let tables = ["meeting", "attendance", "meeting_item", "resolution", "ledger", "ledger_item"];
        let shown = testbed::dump(&hall.office.place.location, &tables).await.join("\n").to_lowercase();
        assert!(shown.contains("members_meeting"));
        for secret in ["讨论接收王某", "三楼会议室", "出差", "没有带手机", "发言要点", "同意接收王某", "第一项"] {
            assert!(!shown.contains(secret) && !shown.contains(&sealed::hex(secret.as_bytes())), "{secret}");
        }
    }
}
