//! 党费 in the store; each on both databases.
#![allow(clippy::unwrap_used, clippy::panic)]

use jiff::civil::{Date, date};
use rules::activity::Activity;
use rules::codes::{Membership, Stage};
use rules::date::PartialDate;
use rules::dues::{Arrears, Fen, LineState, Month, Payer, Reduction, ReductionDecision, ReductionState, Way};
use rules::ids::{DuesStatementId, OrgId, PersonId};
use rules::intake::Draft;
use rules::member::Record;
use rules::org::OrgKind;
use rules::transfer::Decision;
use store::{
    BaseOf, DuesLine, DutyReach, LineVersion, LoadDues, LoadedMember, NewPayments, NewReduction, ReductionFilter,
    SetBases, StoreError, Subject,
};
use testbed::{Office, TODAY, draft, dump, on_both};

fn november() -> Month {
    Month::of(TODAY)
}

fn codes_of<T: std::fmt::Debug>(result: Result<T, StoreError>) -> Vec<String> {
    match result.unwrap_err() {
        StoreError::Refused { code, .. } => vec![code.to_owned()],
        StoreError::Rules(refusals) => {
            refusals.iter().map(|one| format!("{} {}", one.code, one.field).trim().to_owned()).collect()
        }
        StoreError::Stale { .. } => vec!["stale".to_owned()],
        StoreError::NotFound(_) => vec!["not_found".to_owned()],
        other => panic!("{other:?}"),
    }
}

/// What a branch's bookkeeper does, in short.
struct Book<'o> {
    office: &'o Office,
    org: OrgId,
}

impl<'o> Book<'o> {
    fn of(office: &'o Office, branch: usize) -> Self {
        Book { office, org: office.branches[branch].id }
    }

    async fn base(&self, person: PersonId, yuan: i64, from: Month) -> Result<(), StoreError> {
        let items = [BaseOf { person, payer: Payer::Employed, base: Some(Fen::yuan(yuan)) }];
        let new = SetBases { org: self.org, from, items: &items, reason: "" };
        self.office.store.set_dues_bases(self.office.author(), new, TODAY).await
    }

    async fn draw_up(&self, month: Month) -> DuesStatementId {
        let before = self.office.store.dues_statement(self.office.root, self.org, month).await.unwrap();
        let version = before.map(|before| before.version);
        self.office.store.draw_up_dues(self.office.author(), (self.org, month), version, TODAY).await.unwrap()
    }

    async fn lines(&self, month: Month) -> Vec<DuesLine> {
        let statement = self.office.store.dues_statement(self.office.root, self.org, month).await.unwrap().unwrap();
        self.office.store.dues_lines(self.office.root, statement.id).await.unwrap()
    }

    async fn line(&self, person: PersonId, month: Month) -> DuesLine {
        self.lines(month).await.into_iter().find(|line| line.person == person).unwrap()
    }

    async fn pay(&self, lines: &[DuesLine], on: Date) -> Result<(), StoreError> {
        self.pay_more(lines, on, Fen::ZERO).await
    }

    async fn pay_more(&self, lines: &[DuesLine], on: Date, voluntary: Fen) -> Result<(), StoreError> {
        let seen: Vec<_> = lines.iter().map(|line| LineVersion { line: line.id, version: line.version }).collect();
        let new = NewPayments { org: self.org, lines: &seen, on, way: Way::Cash, receipt: Some("收-07"), voluntary };
        self.office.store.book_dues(self.office.author(), new, TODAY).await
    }

    async fn reduce(
        &self,
        person: PersonId,
        (from, to): (Month, Month),
        pays: i64,
    ) -> Result<rules::ids::ReductionId, StoreError> {
        let new = NewReduction {
            org: self.org,
            person,
            reduction: Reduction { from, to, pays: Fen(pays) },
            reason: "长期病休，收入减少",
        };
        self.office.store.ask_dues_reduction(self.office.author(), new, TODAY).await
    }

    /// The records of collected months.
    async fn records(&self, statement: DuesStatementId) -> Vec<(Activity, Date, Option<Date>)> {
        let source = Subject::of("dues_statement", statement.0);
        let found = self.office.store.records_of(self.office.root, source).await.unwrap();
        found.into_iter().map(|one| (one.activity, one.on, one.until)).collect()
    }
}

on_both! {
    async fn a_months_statement_shows_what_each_member_owes_and_why(place: Place) {
        let office = Office::with_branches(place, 1).await;
        let book = Book::of(&office, 0);
        let (rich, unknown) = (office.member(0, "张三").await, office.member(0, "李四").await);
        book.base(rich, 8_000, november()).await.unwrap();
        let id = book.draw_up(november()).await;
        let line = book.line(rich, november()).await;
        assert_eq!((line.state, line.due), (LineState::Open, Some(Fen(12_000))));
        assert_eq!(line.reckoning.unwrap().to_string(), "基数 8,000.00 × 1.5% = ¥120.00");
        let line = book.line(unknown, november()).await;
        assert_eq!((line.state, line.due, line.reckoning), (LineState::NoBase, None, None));
        let statement = office.store.dues_statement_by_id(office.root, id).await.unwrap();
        assert_eq!((statement.people, statement.open, statement.due, statement.settled_on), (2, 2, Fen(12_000), None));
        assert_eq!(office.store.dues_statement(office.root, book.org, november().previous()).await.unwrap(), None);
        assert_eq!(office.store.verify_ledger(office.root).await.unwrap().faults, []);
    }

    async fn a_base_fills_in_lines_that_nobody_has_paid(place: Place) {
        let office = Office::with_branches(place, 1).await;
        let book = Book::of(&office, 0);
        let person = office.member(0, "张三").await;
        let id = book.draw_up(november()).await;
        book.base(person, 3_000, november()).await.unwrap();
        assert_eq!(book.line(person, november()).await.due, Some(Fen(1_500)));
        book.base(person, 3_001, november()).await.unwrap();
        let line = book.line(person, november()).await;
        assert_eq!((line.due, line.version), (Some(Fen(3_001)), 3));
        assert_eq!(office.store.dues_statement_by_id(office.root, id).await.unwrap().due, Fen(3_001));
        book.pay(&[line], TODAY).await.unwrap();
        assert_eq!(codes_of(book.base(person, 5_000, november()).await), ["already_paid /from_month"]);
        book.base(person, 5_000, november().next()).await.unwrap();
        assert_eq!(book.line(person, november()).await.due, Some(Fen(3_001)), "what was paid stays as it is");
        let shown = office.store.dues_bases(office.root, &office.branches[0].path).await.unwrap();
        let bases: Vec<_> = shown[0].bases.iter().map(|(from, basis)| (*from, basis.base().unwrap())).collect();
        assert_eq!(bases, [(november(), Fen::yuan(3_001)), (november().next(), Fen::yuan(5_000))]);
        assert_eq!(shown[0].paid_until, Some(november()));
    }

    async fn bases_are_set_for_all_or_for_nobody_and_every_fault_is_told(place: Place) {
        let office = Office::with_branches(place, 2).await;
        let (one, two, other) = (office.member(0, "张三").await, office.member(0, "李四").await, office.member(1, "王五").await);
        let item = |person, payer, base: i64| BaseOf { person, payer, base: (base != 0).then_some(Fen(base)) };
        let items = [
            item(one, Payer::Employed, 0),
            item(two, Payer::Student, 0),
            item(other, Payer::Employed, 800_000),
            item(two, Payer::Farmer, 500),
        ];
        let new = SetBases { org: office.branches[0].id, from: november(), items: &items, reason: "" };
        let refused = office.store.set_dues_bases(office.author(), new, TODAY).await;
        assert_eq!(codes_of(refused), ["bad_base /items/0/base", "not_in_org /items/2/person_id", "bad_base /items/3/base"]);
        let shown = office.store.dues_bases(office.root, &office.branches[0].path).await.unwrap();
        assert!(shown.iter().all(|row| row.bases.is_empty()));
        let new = SetBases { org: office.branches[0].id, from: november().back(7), items: &items[1..2], reason: "" };
        assert_eq!(codes_of(office.store.set_dues_bases(office.author(), new, TODAY).await), ["bad_month /from_month"]);
    }

    async fn the_month_of_a_move_is_paid_to_the_old_branch_and_the_next_to_the_new_one(place: Place) {
        let office = Office::with_branches(place, 2).await;
        let (old, new) = (Book::of(&office, 0), Book::of(&office, 1));
        let person = office.member(0, "张三").await;
        old.base(person, 8_000, november().previous()).await.unwrap();
        let asked = date(2026, 10, 10);
        let transfer = office.store.request_transfer(office.author(), person, new.org, "调动", asked).await.unwrap();
        old.draw_up(november().previous()).await;
        office.store.decide_transfer(office.author(), (transfer, 1), Decision::Accept, "", (date(2026, 10, 20), TODAY)).await.unwrap();
        for (month, here, there) in [(november().previous(), 1, 0), (november(), 0, 1)] {
            old.draw_up(month).await;
            new.draw_up(month).await;
            assert_eq!((old.lines(month).await.len(), new.lines(month).await.len()), (here, there), "{month}");
        }
        assert_eq!(new.line(person, november()).await.due, Some(Fen(12_000)), "the base goes along");
    }

    async fn members_of_groups_pay_to_the_branch_and_new_members_from_the_month_of_the_vote(place: Place) {
        let office = Office::with_branches(place, 1).await;
        let book = Book::of(&office, 0);
        let group = store::NewOrg { parent: Some(book.org), code: "010101".into(), name: "第一党小组".into(), ..Default::default() };
        let group = office.store.create_org(office.author(), OrgKind::Group, group, None).await.unwrap();
        let in_group = Record::new(&draft("张三", 900), group.id).unwrap();
        let in_group = office.store.create_person(office.author(), in_group, TODAY, "").await.unwrap();
        let vote = date(2026, 11, 24);
        let new = Draft { stage: Some(Stage::Probationary), joined_on: Some(PartialDate::day(vote)), full_on: None, ..draft("李四", 901) };
        let new = Record::new(&new, book.org).unwrap();
        let new = office.store.create_person(office.author(), new, TODAY, "").await.unwrap();
        let activist = Draft { stage: Some(Stage::Activist), joined_on: None, full_on: None, ..draft("王五", 902) };
        let activist = Record::new(&activist, book.org).unwrap();
        office.store.create_person(office.author(), activist, TODAY, "").await.unwrap();
        for month in [november().previous(), november()] {
            book.draw_up(month).await;
        }
        let listed = async |month| {
            let mut listed: Vec<PersonId> = book.lines(month).await.into_iter().map(|line| line.person).collect();
            listed.sort();
            listed
        };
        assert_eq!(listed(november().previous()).await, [in_group]);
        let mut both = [in_group, new];
        both.sort();
        assert_eq!(listed(november()).await, both);
    }

    async fn who_died_is_taken_off_when_the_month_is_drawn_up_anew(place: Place) {
        let office = Office::with_branches(place, 1).await;
        let book = Book::of(&office, 0);
        let person = office.member(0, "张三").await;
        office.member(0, "李四").await;
        book.draw_up(november()).await;
        let dossier = office.store.person(office.root, person).await.unwrap();
        let dead = Record { membership: Membership::Died, ..dossier.record };
        let on = date(2026, 11, 20);
        office.store.save_person(office.author(), "person.leave", (person, 1), &dead, on, ("", "")).await.unwrap();
        book.draw_up(november()).await;
        assert_eq!(book.lines(november()).await.len(), 1);
    }

    async fn a_month_that_all_have_paid_is_a_record_until_a_payment_is_taken_back(place: Place) {
        let office = Office::with_branches(place, 1).await;
        let book = Book::of(&office, 0);
        let (one, two) = (office.member(0, "张三").await, office.member(0, "李四").await);
        for person in [one, two] {
            book.base(person, 8_000, november()).await.unwrap();
        }
        let id = book.draw_up(november()).await;
        book.pay_more(&[book.line(one, november()).await], date(2026, 11, 20), Fen(8_000)).await.unwrap();
        assert_eq!(book.records(id).await, []);
        book.pay(&[book.line(two, november()).await], date(2026, 11, 5)).await.unwrap();
        let collected = (Activity::DuesCollection, date(2026, 11, 20), Some(date(2026, 11, 30)));
        assert_eq!(book.records(id).await, [collected], "on the day of the last payment");
        let statement = office.store.dues_statement_by_id(office.root, id).await.unwrap();
        assert_eq!((statement.due, statement.paid, statement.voluntary, statement.open), (Fen(24_000), Fen(24_000), Fen(8_000), 0));
        let payment = book.line(one, november()).await.payment.unwrap();
        assert_eq!((payment.amount, payment.voluntary, payment.receipt.as_deref()), (Fen(12_000), Fen(8_000), Some("收-07")));
        office.store.take_back_dues(office.author(), payment.id, "记错了人", TODAY).await.unwrap();
        assert_eq!(book.records(id).await, []);
        let line = book.line(one, november()).await;
        assert_eq!((line.state, line.payment.clone()), (LineState::Open, None));
        let statement = office.store.dues_statement_by_id(office.root, id).await.unwrap();
        assert_eq!((statement.paid, statement.voluntary, statement.settled_on), (Fen(12_000), Fen::ZERO, None));
        assert_eq!(codes_of(office.store.take_back_dues(office.author(), payment.id, "再来", TODAY).await), ["not_paid"]);
        book.pay(&[line], TODAY).await.unwrap();
        assert_eq!(book.records(id).await.len(), 1);
        assert_eq!(office.store.verify_ledger(office.root).await.unwrap().faults, []);
    }

    async fn two_people_who_book_one_line_at_once_book_it_once(place: Place) {
        let office = Office::with_branches(place, 1).await;
        let book = Book::of(&office, 0);
        let person = office.member(0, "张三").await;
        book.base(person, 8_000, november()).await.unwrap();
        let id = book.draw_up(november()).await;
        let seen = [book.line(person, november()).await];
        let (first, second) = tokio::join!(book.pay(&seen, TODAY), book.pay(&seen, TODAY));
        let refused = if first.is_ok() { second } else { first };
        assert_eq!(codes_of(refused), ["already_paid /lines/0"]);
        assert_eq!(office.store.dues_statement_by_id(office.root, id).await.unwrap().paid, Fen(12_000));
    }

    async fn what_was_seen_before_the_amount_changed_is_not_booked(place: Place) {
        let office = Office::with_branches(place, 1).await;
        let book = Book::of(&office, 0);
        let person = office.member(0, "张三").await;
        book.base(person, 8_000, november()).await.unwrap();
        book.draw_up(november()).await;
        let seen = [book.line(person, november()).await];
        book.base(person, 9_000, november()).await.unwrap();
        assert_eq!(codes_of(book.pay(&seen, TODAY).await), ["stale"]);
        let twice = [seen[0].clone(), seen[0].clone()];
        assert_eq!(codes_of(book.pay(&twice, TODAY).await), ["not_found"]);
        let other = Book { office: &office, org: office.top.id };
        assert_eq!(codes_of(other.pay(&seen, TODAY).await), ["not_found"], "not that organisation's");
    }

    async fn many_are_booked_at_once_or_none(place: Place) {
        let office = Office::with_branches(place, 1).await;
        let book = Book::of(&office, 0);
        for n in 0..60 {
            let name = format!("张{}", char::from_u32(0x4e00 + n).unwrap());
            let person = office.member(0, &name).await;
            if n > 0 {
                book.base(person, 8_000, november()).await.unwrap();
            }
        }
        book.draw_up(november()).await;
        let lines = book.lines(november()).await;
        assert_eq!(codes_of(book.pay(&lines, TODAY).await), ["no_base /lines/0"]);
        assert!(book.lines(november()).await.iter().all(|line| line.state != LineState::Paid));
        book.pay(&lines[1..], TODAY).await.unwrap();
        assert_eq!(book.lines(november()).await.iter().filter(|line| line.state == LineState::Paid).count(), 59);
    }

    async fn what_is_older_than_six_months_is_neither_drawn_up_nor_booked(place: Place) {
        let office = Office::with_branches(place, 1).await;
        let book = Book::of(&office, 0);
        let person = office.member(0, "张三").await;
        let (old, too_old) = (november().back(6), november().back(7));
        book.base(person, 8_000, old).await.unwrap();
        book.draw_up(old).await;
        let draw = async |month| office.store.draw_up_dues(office.author(), (book.org, month), None, TODAY).await;
        assert_eq!(codes_of(draw(too_old).await), ["too_late_to_pay /month"]);
        assert_eq!(codes_of(draw(november().next()).await), ["bad_month /month"]);
        let top = office.store.draw_up_dues(office.author(), (office.top.id, november()), None, TODAY).await;
        assert_eq!(codes_of(top), ["no_collector /month"]);
        let lines = [book.line(person, old).await];
        assert_eq!(codes_of(book.pay(&lines, date(2026, 4, 30)).await), ["bad_date /on"]);
        assert_eq!(codes_of(book.pay(&lines, date(2026, 11, 25)).await), ["bad_date /on"]);
        let seen = [LineVersion { line: lines[0].id, version: lines[0].version }];
        let new = NewPayments { org: book.org, lines: &seen, on: date(2026, 12, 1), way: Way::Bank, receipt: None, voluntary: Fen::ZERO };
        let late = office.store.book_dues(office.author(), new, date(2026, 12, 1)).await;
        assert_eq!(codes_of(late), ["too_late_to_pay /on"]);
        book.pay(&lines, TODAY).await.unwrap();
    }

    async fn what_was_handed_up_is_neither_taken_back_nor_drawn_up_anew(place: Place) {
        let office = Office::with_branches(place, 1).await;
        let book = Book::of(&office, 0);
        let (one, two) = (office.member(0, "张三").await, office.member(0, "李四").await);
        for person in [one, two] {
            book.base(person, 8_000, november()).await.unwrap();
        }
        let id = book.draw_up(november()).await;
        let hand_up = async |on| {
            let version = office.store.dues_statement_by_id(office.root, id).await.unwrap().version;
            office.store.hand_up_dues(office.author(), (id, version), on, TODAY).await
        };
        assert_eq!(codes_of(hand_up(TODAY).await), ["nothing_to_hand_up"]);
        book.pay(&[book.line(one, november()).await], date(2026, 11, 10)).await.unwrap();
        assert_eq!(codes_of(hand_up(date(2026, 11, 25)).await), ["bad_date /on"]);
        let stale = office.store.hand_up_dues(office.author(), (id, 1), TODAY, TODAY).await;
        assert_eq!(codes_of(stale), ["stale"]);
        assert_eq!(hand_up(date(2026, 11, 15)).await.unwrap(), Fen(12_000));
        let payment = book.line(one, november()).await.payment.unwrap();
        assert_eq!(payment.handed_on, Some(date(2026, 11, 15)));
        assert_eq!(codes_of(office.store.take_back_dues(office.author(), payment.id, "记错", TODAY).await), ["handed_up"]);
        let version = office.store.dues_statement_by_id(office.root, id).await.unwrap().version;
        let again = office.store.draw_up_dues(office.author(), (book.org, november()), Some(version), TODAY).await;
        assert_eq!(codes_of(again), ["handed_up /month"]);
        book.pay(&[book.line(two, november()).await], date(2026, 11, 20)).await.unwrap();
        assert_eq!(hand_up(TODAY).await.unwrap(), Fen(12_000), "who pays late is handed up later");
        let statement = office.store.dues_statement_by_id(office.root, id).await.unwrap();
        assert_eq!((statement.handed, statement.handed_on), (Fen(24_000), Some(TODAY)));
    }

    async fn an_approved_reduction_lowers_open_lines_and_an_exemption_settles_them(place: Place) {
        let office = Office::with_branches(place, 1).await;
        let book = Book::of(&office, 0);
        let person = office.member(0, "张三").await;
        book.base(person, 8_000, november()).await.unwrap();
        let id = book.draw_up(november()).await;
        let span = (november(), november().next());
        assert_eq!(codes_of(book.reduce(person, span, 12_000).await), ["bad_amount /pays"]);
        let half = book.reduce(person, span, 6_000).await.unwrap();
        assert_eq!(book.line(person, november()).await.due, Some(Fen(12_000)), "asked for is not approved");
        let decide = async |id, version, decision, reason| {
            office.store.decide_dues_reduction(office.author(), (id, version), decision, reason, TODAY).await
        };
        assert_eq!(codes_of(decide(half, 1, ReductionDecision::Refuse, " ").await), ["missing_required /reason"]);
        assert_eq!(codes_of(decide(half, 7, ReductionDecision::Approve, "").await), ["stale"]);
        decide(half, 1, ReductionDecision::Approve, "").await.unwrap();
        assert_eq!(codes_of(decide(half, 2, ReductionDecision::Approve, "").await), ["reduction_decided"]);
        assert_eq!(book.line(person, november()).await.due, Some(Fen(6_000)));
        let nothing = book.reduce(person, (november(), november()), 0).await.unwrap();
        decide(nothing, 1, ReductionDecision::Approve, "").await.unwrap();
        assert_eq!(book.line(person, november()).await.state, LineState::Exempt);
        assert_eq!(book.records(id).await, [(Activity::DuesCollection, TODAY, Some(date(2026, 11, 30)))]);
        let listed = office.store.dues_reductions(office.root, std::slice::from_ref(&office.top.path), &ReductionFilter::default(), 9).await.unwrap();
        assert_eq!(listed.iter().map(|one| (one.id, one.state)).collect::<Vec<_>>(), [(nothing, ReductionState::Approved), (half, ReductionState::Approved)]);
        let open = ReductionFilter { open: true, ..Default::default() };
        assert_eq!(office.store.dues_reductions(office.root, std::slice::from_ref(&office.top.path), &open, 9).await.unwrap(), []);
    }

    async fn arrears_are_the_months_owed_without_a_break(place: Place) {
        let office = Office::with_branches(place, 2).await;
        let book = Book::of(&office, 0);
        let (one, two, three) = (office.member(0, "张三").await, office.member(0, "李四").await, office.member(0, "王五").await);
        for person in [one, two] {
            book.base(person, 8_000, november().back(5)).await.unwrap();
        }
        for months in (0..=5).rev() {
            book.draw_up(november().back(months)).await;
        }
        book.pay(&[book.line(two, november().back(3)).await], TODAY).await.unwrap();
        let arrears = async |scope: &str| {
            let found = office.store.dues_arrears(office.root, &[scope.to_owned()], TODAY).await.unwrap();
            found.into_iter().map(|one| (one.person, one.org, one.arrears)).collect::<Vec<_>>()
        };
        let since = |months: i32| Arrears { since: november().back(months), months };
        let mut expected = vec![(one, book.org, since(5)), (two, book.org, since(2))];
        expected.sort_by_key(|one| one.0);
        assert_eq!(arrears(&office.top.path).await, expected, "this month is not over, and without a base nobody owes: {three}");
        assert_eq!(arrears(&office.branches[1].path).await, []);
        book.pay(&[book.line(one, november().previous()).await], TODAY).await.unwrap();
        assert_eq!(arrears(&office.top.path).await.iter().map(|one| one.0).collect::<Vec<_>>(), [two]);
        let line = book.line(one, november()).await;
        assert_eq!(line.owed_before, 4);
    }

    async fn the_duty_calendar_knows_since_when_somebody_owes(place: Place) {
        let office = Office::with_branches(place, 1).await;
        let book = Book::of(&office, 0);
        let person = office.member(0, "张三").await;
        book.base(person, 8_000, november().back(3)).await.unwrap();
        for months in (0..=3).rev() {
            book.draw_up(november().back(months)).await;
        }
        let owes_since = async || {
            let orgs = office.store.duty_orgs(office.root).await.unwrap();
            let mut since = None;
            let each = |facts: rules::duty::PersonFacts| since = facts.owes_since;
            let year = rules::duty::Days { first: date(2026, 1, 1), last: date(2026, 12, 31) };
            office.store.person_facts(office.root, &orgs, DutyReach::Of(&[], &[person]), year, each).await.unwrap();
            since
        };
        assert_eq!(owes_since().await, Some(date(2026, 8, 1)));
        let cursor = office.store.ledger_head(office.root).await.unwrap();
        book.pay(&[book.line(person, november().back(3)).await], TODAY).await.unwrap();
        assert_eq!(owes_since().await, Some(date(2026, 9, 1)));
        let head = office.store.ledger_head(office.root).await.unwrap();
        let concern = office.store.concern(office.root, (cursor, head)).await.unwrap();
        assert!(concern.persons.contains(&person) && concern.orgs.contains(&book.org), "{concern:?}");
    }

    async fn superiors_see_sums_by_branch_and_month(place: Place) {
        let office = Office::with_branches(place, 2).await;
        let book = Book::of(&office, 0);
        let person = office.member(0, "张三").await;
        book.base(person, 8_000, november().previous()).await.unwrap();
        for month in [november().previous(), november()] {
            book.draw_up(month).await;
        }
        book.pay_more(&[book.line(person, november()).await], TODAY, Fen(100)).await.unwrap();
        let places = office.store.dues_overview(office.root, &office.top, 2026).await.unwrap();
        assert_eq!(places.iter().map(|one| (one.org.id, one.collectors, one.months.len())).collect::<Vec<_>>(), [(book.org, 1, 2), (office.branches[1].id, 1, 0)]);
        let sums = places[0].months[&november()];
        assert_eq!((sums.branches, sums.settled, sums.people, sums.open), (1, 1, 1, 0));
        assert_eq!((sums.due, sums.paid, sums.voluntary, sums.handed), (Fen(12_000), Fen(12_000), Fen(100), Fen::ZERO));
        assert_eq!(places[0].months[&november().previous()].open, 1);
        assert!(office.store.dues_overview(office.root, &office.top, 2025).await.unwrap()[0].months.is_empty());
    }

    async fn a_member_sees_the_own_dues_whole(place: Place) {
        let office = Office::with_branches(place, 1).await;
        let book = Book::of(&office, 0);
        let (person, other) = (office.member(0, "张三").await, office.member(0, "李四").await);
        book.base(person, 8_000, november().previous()).await.unwrap();
        for month in [november().previous(), november()] {
            book.draw_up(month).await;
        }
        let own = office.store.own_dues(office.root, person).await.unwrap();
        assert_eq!(own.lines.iter().map(|(line, org)| (line.month, org.as_str())).collect::<Vec<_>>(), [(november(), "第1党支部"), (november().previous(), "第1党支部")]);
        assert_eq!(own.bases.len(), 1);
        let none = office.store.own_dues(office.root, other).await.unwrap();
        assert!(none.bases.is_empty() && none.lines.iter().all(|(line, _)| line.state == LineState::NoBase));
    }

    async fn incomes_and_amounts_are_not_readable_in_the_database(place: Place) {
        let office = Office::with_branches(place, 1).await;
        let book = Book::of(&office, 0);
        let (person, other) = (office.member(0, "张三").await, office.member(0, "李四").await);
        for (person, yuan) in [(person, 8_765), (other, 4_321)] {
            book.base(person, yuan, november()).await.unwrap();
        }
        book.draw_up(november()).await;
        book.pay(&[book.line(person, november()).await], TODAY).await.unwrap();
        book.reduce(other, (november(), november()), 1_234).await.unwrap();
        let lines = dump(&office.place.location, &["dues_base", "dues_line", "dues_payment", "dues_reduction", "ledger", "ledger_item"]).await;
        let hex = |text: &str| text.bytes().map(|byte| format!("{byte:02X}")).collect::<String>();
        for secret in ["876500", "432100", "\"pays\":1234", "employed", "病休", "收-07"] {
            let (plain, coded) = (secret.to_owned(), hex(secret));
            assert!(lines.iter().all(|line| !line.contains(&plain) && !line.to_uppercase().contains(&coded)), "{secret}");
        }
    }

    async fn a_year_of_many_branches_is_loaded_in_one_command(place: Place) {
        let office = Office::with_branches(place, 2).await;
        let mut members = Vec::new();
        for (n, name) in ["张三", "李四", "王五"].into_iter().enumerate() {
            let basis = rules::dues::Basis::new(Payer::Employed, Some(Fen::yuan(6_000)), november()).unwrap();
            let open_from = (n == 2).then(|| november().previous());
            members.push(LoadedMember { person: office.member(0, name).await, basis, open_from });
        }
        let months: Vec<Month> = (0..11).rev().map(|back| november().back(back)).collect();
        let branch = LoadDues { org: office.branches[0].id, members, months, handed_until: november().back(2) };
        office.store.load_dues(office.author(), &[branch], TODAY).await.unwrap();
        let book = Book::of(&office, 0);
        assert_eq!(book.lines(november()).await.iter().filter(|line| line.state == LineState::Paid).count(), 2);
        let january = office.store.dues_statement(office.root, book.org, november().back(10)).await.unwrap().unwrap();
        assert_eq!((january.open, january.settled_on, january.handed), (0, Some(date(2026, 1, 10)), Fen(27_000)));
        assert_eq!(office.store.dues_arrears(office.root, std::slice::from_ref(&office.top.path), TODAY).await.unwrap().len(), 1);
        assert_eq!(office.store.verify_ledger(office.root).await.unwrap().faults, []);
    }
}
