//! 发展党员 in the store: steps, standing, records, papers, versions; each on both databases.
#![allow(clippy::unwrap_used, clippy::panic)]

use jiff::civil::{Date, date};
use proptest::prelude::*;
use rules::activity::Activity;
use rules::codes::{Membership, Stage};
use rules::date::PartialDate;
use rules::development::{CaseStage, CaseState, EndKind, Form, Outcome, Step, StepActor, Value};
use rules::ids::OrgId;
use rules::measure::Measures;
use rules::meeting::{Command as MeetingCommand, VoteCount};
use rules::member::Record;
use rules::org::OrgKind;
use rules::transfer::Decision;
use store::{Acting, CaseFilter, CasePerson, NewCase, NewFile, NewOrg, StoreError, Subject};
use testbed::{Applicant, DAYS, Office, on_both};

/// The code of a refusal: of the rules' first reason, or of the store's own.
fn code_of<T: std::fmt::Debug>(result: Result<T, StoreError>) -> &'static str {
    match result.unwrap_err() {
        StoreError::Rules(refusals) => refusals[0].code,
        StoreError::Refused { code, .. } => code,
        other => panic!("{other:?}"),
    }
}

fn file(bytes: &[u8]) -> NewFile<'_> {
    NewFile { name: "材料.pdf", media_type: "application/pdf", bytes }
}

async fn spells(office: &Office, applicant: &Applicant) -> Vec<(Date, Option<Date>, Stage)> {
    let spells = office.store.person_spells(office.root, applicant.person).await.unwrap();
    spells.into_iter().map(|found| (found.spell.from, found.spell.to, found.spell.standing.stage)).collect()
}

on_both! {
    async fn an_applicant_becomes_a_full_member(place: Place) {
        let office = Office::with_branches(place, 1).await;
        let mut applicant = office.applicant(0, "张三").await;
        for step in Step::ALL {
            applicant.take(&office, *step).await.unwrap_or_else(|e| panic!("{step:?}: {e:?}"));
        }
        let person = office.store.person(office.root, applicant.person).await.unwrap();
        let day = |date| Some(PartialDate::day(date));
        assert_eq!(person.record.applied_on, day(DAYS[0]));
        assert_eq!(person.record.joined_on, day(date(2027, 8, 2)), "the day of the vote");
        assert_eq!(person.record.full_on, day(date(2028, 8, 2)), "the day on which the probation was full");
        assert_eq!(
            spells(&office, &applicant).await,
            [
                (DAYS[0], Some(date(2026, 6, 20)), Stage::Applicant),
                (date(2026, 6, 20), Some(date(2027, 7, 5)), Stage::Activist),
                (date(2027, 7, 5), Some(date(2027, 8, 2)), Stage::Candidate),
                (date(2027, 8, 2), Some(date(2028, 8, 2)), Stage::Probationary),
                (date(2028, 8, 2), None, Stage::Full),
            ]
        );
        let whole = office.store.case(office.root, applicant.case).await.unwrap();
        assert_eq!((whole.row.state, whole.row.step, whole.taken.len()), (CaseState::Finished, None, 25));
        let records = office.store.records_of(office.root, Subject::of("case", applicant.case.0)).await.unwrap();
        let activities: Vec<Activity> = records.iter().map(|record| record.activity).collect();
        assert_eq!(activities, Step::ALL.iter().map(|step| step.activity()).collect::<Vec<_>>());
        assert!(records.iter().all(|record| record.person == Some(applicant.person)
            && record.outcome.as_deref() == Some("passed")));
        assert_eq!(records.iter().map(|record| record.on).collect::<Vec<_>>(), DAYS);
        assert_eq!(office.store.verify_ledger(office.root).await.unwrap().faults, []);
    }

    async fn what_is_filled_in_is_read_back_and_lies_sealed(place: Place) {
        let office = Office::with_branches(place, 1).await;
        let mut applicant = office.applicant(0, "张三").await;
        applicant.go_to(&office, Step::MentorAssignment).await;
        applicant.take(&office, Step::MentorAssignment).await.unwrap();
        let whole = office.store.case(office.root, applicant.case).await.unwrap();
        let talk = &whole.taken[1];
        assert_eq!((talk.mark.step, talk.times, talk.values.text("summary")), (Step::ApplicationTalk, 1, Some("如实填写")));
        assert_eq!(whole.persons[&applicant.members[0]], "甲书记");
        assert_eq!(whole.papers.iter().map(|paper| paper.key.as_str()).collect::<Vec<_>>(), [
            "application_letter", "talk_record", "recommendation", "selection_minutes", "activist_filing_report",
        ]);
        assert_eq!(office.store.file_content(office.root, &whole.papers[0].file).await.unwrap(), b"%PDF-1.7");
        let dump = testbed::dump(&office.place.location, &["case_step", "ledger", "ledger_item"]).await.join("\n");
        assert!(!dump.contains("如实填写") && !dump.contains("张三"));
    }

    async fn a_refused_step_leaves_nothing(place: Place) {
        let office = Office::with_branches(place, 1).await;
        let mut applicant = office.applicant(0, "张三").await;
        let tables = ["development_case", "case_step", "record", "spell", "person", "ledger"];
        let before = testbed::dump(&office.place.location, &tables).await;
        let form = applicant.form(Step::Application);
        assert_eq!(code_of(applicant.take_form(&office, &form).await), "missing_paper");
        let form = applicant.form(Step::AdmissionVote);
        assert_eq!(code_of(applicant.take_form(&office, &form).await), "wrong_order");
        assert_eq!(testbed::dump(&office.place.location, &tables).await, before);
    }

    async fn of_two_who_take_a_step_at_once_one_is_told_so(place: Place) {
        let office = Office::with_branches(place, 1).await;
        let applicant = office.applicant(0, "张三").await;
        let form = applicant.form(Step::Application);
        applicant.put_papers(&office, &form).await;
        let take = || office.store.take_step(office.author(), (applicant.case, 1), &form, &applicant.acting, form.on);
        let (one, two) = tokio::join!(take(), take());
        let mut results = [one, two];
        results.sort_by_key(|result| result.is_err());
        assert!(matches!(&results, [Ok(2), Err(StoreError::Stale { current: 2, .. })]), "{results:?}");
    }

    async fn a_step_taken_back_takes_its_record_and_the_standing_with_it(place: Place) {
        let office = Office::with_branches(place, 1).await;
        let mut applicant = office.applicant(0, "张三").await;
        let case = applicant.case.0;
        let records = async || office.store.records_of(office.root, Subject::of("case", case)).await.unwrap().len();
        for step in Step::ALL {
            let state = async |applicant: &Applicant| {
                let person = office.store.person(office.root, applicant.person).await.unwrap();
                (spells(&office, applicant).await, person.record.joined_on, person.record.full_on)
            };
            let (before, had) = (state(&applicant).await, records().await);
            applicant.take(&office, *step).await.unwrap();
            let case = (applicant.case, applicant.version);
            let today = Applicant::day_of(*step);
            applicant.version =
                office.store.step_back(office.author(), case, &applicant.acting, "登记有误", today).await.unwrap();
            assert_eq!((state(&applicant).await, records().await), (before, had), "{step:?}");
            let whole = office.store.case(office.root, applicant.case).await.unwrap();
            assert_eq!((whole.row.step, whole.row.state), (Some(*step), CaseState::Open));
            // The papers are still there for the next taking.
            let form = applicant.form(*step);
            applicant.take_form(&office, &form).await.unwrap_or_else(|e| panic!("{step:?}: {e:?}"));
        }
        assert_eq!(office.store.verify_ledger(office.root).await.unwrap().faults, []);
    }

    async fn the_superiors_steps_are_not_the_branchs(place: Place) {
        let office = Office::with_branches(place, 1).await;
        let mut applicant = office.applicant(0, "张三").await;
        applicant.go_to(&office, Step::ActivistFiling).await;
        applicant.acting = Acting { branch: true, superiors: Vec::new() };
        assert_eq!(code_of(applicant.take(&office, Step::ActivistFiling).await), "not_yours");
        applicant.acting = Acting { branch: false, superiors: vec![office.top.id] };
        applicant.take(&office, Step::ActivistFiling).await.unwrap();
        assert_eq!(code_of(applicant.take(&office, Step::MentorAssignment).await), "not_yours");
    }

    async fn a_general_branch_files_nothing_for_the_committee(place: Place) {
        let office = Office::with_branches(place, 1).await;
        let new = NewOrg { parent: Some(office.top.id), code: "09".into(), name: "测试党总支".into(), ..NewOrg::default() };
        let general = office.store.create_org(office.author(), OrgKind::GeneralBranch, new, None).await.unwrap();
        let mut applicant = office.applicant(0, "张三").await;
        applicant.go_to(&office, Step::ActivistFiling).await;
        applicant.acting = Acting { branch: false, superiors: vec![general.id] };
        assert_eq!(code_of(applicant.take(&office, Step::ActivistFiling).await), "not_a_committee");
    }

    async fn one_person_has_one_case_under_way(place: Place) {
        let office = Office::with_branches(place, 1).await;
        let mut applicant = office.applicant(0, "张三").await;
        let open = async |person, on| {
            let new = NewCase { person: CasePerson::Existing(person), applied_on: on };
            office.store.open_case(office.author(), new, DAYS[1]).await
        };
        assert_eq!(code_of(open(applicant.person, DAYS[1]).await), "case_exists");
        assert_eq!(code_of(open(applicant.members[1], DAYS[1]).await), "is_member");
        applicant.take(&office, Step::Application).await.unwrap();
        let case = (applicant.case, applicant.version);
        let end = (EndKind::Other, DAYS[1], "暂不具备条件");
        office.store.end_case(office.author(), case, end, &applicant.acting, DAYS[1]).await.unwrap();
        assert_eq!(code_of(open(applicant.person, DAYS[2]).await), "future_date");
        let next = open(applicant.person, DAYS[1]).await.unwrap();
        assert_eq!(office.store.case_of_person(office.root, applicant.person).await.unwrap(), Some(next));
    }

    async fn nobody_under_age_is_registered(place: Place) {
        let office = Office::with_branches(place, 1).await;
        for (born, code) in [("2008-06-02", Some("under_age")), ("2008-06-01", None)] {
            let draft = rules::intake::Draft {
                born: Some(PartialDate::parse(born).unwrap()),
                identity: None,
                ..office.newcomer("李四")
            };
            let record = Record::new(&draft, office.branches[0].id).unwrap();
            let new = NewCase { person: CasePerson::New(Box::new(record)), applied_on: DAYS[0] };
            let opened = office.store.open_case(office.author(), new, DAYS[0]).await;
            match code {
                Some(code) => assert_eq!(code_of(opened), code),
                None => assert!(opened.is_ok()),
            }
        }
    }

    async fn an_activist_of_the_register_catches_up(place: Place) {
        let office = Office::with_branches(place, 1).await;
        let mut applicant = office.applicant(0, "张三").await;
        let draft = rules::intake::Draft { stage: Some(Stage::Activist), ..office.newcomer("李四") };
        let record = Record::new(&draft, office.branches[0].id).unwrap();
        let today = date(2027, 6, 25);
        let person = office.store.create_person(office.author(), record, date(2026, 7, 1), "").await.unwrap();
        let new = NewCase { person: CasePerson::Existing(person), applied_on: DAYS[0] };
        let case = office.store.open_case(office.author(), new, today).await.unwrap();
        applicant = Applicant { case, person, version: 1, ..applicant };
        for step in Step::ALL.iter().filter(|step| **step <= Step::CultivationReview) {
            let form = applicant.form(*step);
            applicant.put_papers(&office, &form).await;
            let at = (case, applicant.version);
            applicant.version = office
                .store
                .take_step(office.author(), at, &form, &applicant.acting, today)
                .await
                .unwrap_or_else(|e| panic!("{step:?}: {e:?}"));
        }
        let form = applicant.form(Step::CandidateSelection);
        applicant.put_papers(&office, &form).await;
        let at = (case, applicant.version);
        office.store.take_step(office.author(), at, &form, &applicant.acting, today).await.unwrap();
        let person = office.store.person(office.root, person).await.unwrap();
        assert_eq!(person.record.standing.stage, Stage::Activist);
    }

    async fn a_dossier_with_a_case_is_not_edited_past_it(place: Place) {
        let office = Office::with_branches(place, 1).await;
        let applicant = office.applicant(0, "张三").await;
        let before = office.store.person(office.root, applicant.person).await.unwrap();
        let save = async |after: &Record| {
            let at = (applicant.person, before.version);
            office.store.save_person(office.author(), "person.edit", at, after, DAYS[1], ("改正", "改正")).await
        };
        let mut after = before.record.clone();
        after.standing.stage = Stage::Full;
        assert_eq!(code_of(save(&after).await), "use_case");
        after = before.record.clone();
        after.native_place = Some("四川成都".to_owned());
        assert!(save(&after).await.is_ok());
    }

    async fn whoever_leaves_the_register_ends_the_case(place: Place) {
        let office = Office::with_branches(place, 1).await;
        let applicant = office.applicant(0, "张三").await;
        let version = office.store.person(office.root, applicant.person).await.unwrap().version;
        let days = (DAYS[1], DAYS[1]);
        let at = (applicant.person, version);
        office.store.leave(office.author(), at, Membership::TransferredOut, days, "调离").await.unwrap();
        let row = office.store.case(office.root, applicant.case).await.unwrap().row;
        assert_eq!((row.state, row.end.unwrap().kind), (CaseState::Ended, Some(EndKind::Left)));
    }

    async fn an_applicant_who_withdraws_is_counted_no_more(place: Place) {
        let office = Office::with_branches(place, 1).await;
        let mut applicant = office.applicant(0, "张三").await;
        applicant.take(&office, Step::Application).await.unwrap();
        let case = (applicant.case, applicant.version);
        let end = (EndKind::Withdrawn, DAYS[1], "本人书面撤回申请");
        office.store.end_case(office.author(), case, end, &applicant.acting, DAYS[1]).await.unwrap();
        let person = office.store.person(office.root, applicant.person).await.unwrap();
        assert_eq!((person.left, person.record.membership), (true, Membership::NotApplying));
        let row = office.store.case(office.root, applicant.case).await.unwrap().row;
        let end = row.end.unwrap();
        assert_eq!((row.state, end.kind, end.reason.as_str()), (CaseState::Ended, Some(EndKind::Withdrawn), "本人书面撤回申请"));
        assert_eq!(office.store.verify_ledger(office.root).await.unwrap().faults, []);
    }

    async fn probation_is_extended_and_cancelled_by_the_superior(place: Place) {
        let office = Office::with_branches(place, 1).await;
        let mut applicant = office.applicant(0, "张三").await;
        applicant.go_to(&office, Step::ConversionVote).await;
        let mut form = applicant.form(Step::ConversionVote);
        form.values.0.extend([
            ("decision".to_owned(), Value::Text("extend".to_owned())),
            ("extension_months".to_owned(), Value::Number(6)),
        ]);
        applicant.put_papers(&office, &form).await;
        applicant.take_form(&office, &form).await.unwrap();
        applicant.take(&office, Step::ConversionApproval).await.unwrap();
        let row = office.store.case(office.root, applicant.case).await.unwrap().row;
        assert_eq!(row.step, Some(Step::ProbationReview));
        assert_eq!(row.track.probation(&Measures::default()).unwrap().until, date(2029, 2, 2));
        let records = office.store.records_of(office.root, Subject::of("case", applicant.case.0)).await.unwrap();
        let vote = records.iter().find(|record| record.activity == Activity::ConversionVote).unwrap();
        assert_eq!((vote.outcome.as_deref(), vote.until), (Some("extended"), Some(date(2029, 2, 2))));
        for (step, on) in [
            (Step::ProbationReview, date(2028, 12, 1)),
            (Step::ConversionApplication, date(2029, 2, 2)),
            (Step::ConversionVote, date(2029, 2, 3)),
            (Step::ConversionApproval, date(2029, 2, 4)),
        ] {
            let mut form = Form { on, ..applicant.form(step) };
            if step == Step::ConversionVote {
                form.values.0.insert("decision".to_owned(), Value::Text("cancel".to_owned()));
            }
            applicant.put_papers(&office, &form).await;
            applicant.take_form(&office, &form).await.unwrap_or_else(|e| panic!("{step:?}: {e:?}"));
        }
        let person = office.store.person(office.root, applicant.person).await.unwrap();
        assert_eq!((person.left, person.record.membership), (true, Membership::Cancelled));
        let row = office.store.case(office.root, applicant.case).await.unwrap().row;
        assert_eq!((row.state, row.end.unwrap().kind), (CaseState::Ended, Some(EndKind::Cancelled)));
    }

    async fn a_case_goes_with_its_person_to_another_branch(place: Place) {
        let office = Office::with_branches(place, 2).await;
        let mut applicant = office.applicant(0, "张三").await;
        applicant.go_to(&office, Step::CandidateSelection).await;
        let to = (office.branches[1].id, date(2027, 1, 10), "工作调动");
        let case = (applicant.case, applicant.version);
        applicant.version =
            office.store.move_case(office.author(), case, to, &applicant.acting, date(2027, 1, 10)).await.unwrap();
        let path = office.store.case_org_path(office.root, applicant.case).await.unwrap();
        assert_eq!(path, office.branches[1].path);
        applicant.take(&office, Step::CandidateSelection).await.unwrap();
        let records = office.store.records_of(office.root, Subject::of("case", applicant.case.0)).await.unwrap();
        let places: Vec<OrgId> = records.iter().map(|record| record.org).collect();
        assert_eq!((places[5], places[6]), (office.branches[0].id, office.branches[1].id));
        assert_eq!(code_of(office.store.move_case(office.author(), (applicant.case, applicant.version), (office.top.id, date(2027, 7, 1), "调动"), &applicant.acting, date(2027, 7, 1)).await), "org_place");
    }

    async fn a_probationary_member_is_transferred_and_the_case_follows(place: Place) {
        let office = Office::with_branches(place, 2).await;
        let mut applicant = office.applicant(0, "张三").await;
        applicant.go_to(&office, Step::ApprovalFiling).await;
        let (today, to) = (date(2027, 8, 21), office.branches[1].id);
        let case = (applicant.case, applicant.version);
        let moved = office.store.move_case(office.author(), case, (to, today, "调动"), &applicant.acting, today).await;
        assert_eq!(code_of(moved), "use_transfer");
        let transfer = office.store.request_transfer(office.author(), applicant.person, to, "调动", today).await.unwrap();
        office.store.decide_transfer(office.author(), (transfer, 1), Decision::Accept, "", (today, today)).await.unwrap();
        let row = office.store.case(office.root, applicant.case).await.unwrap().row;
        assert_eq!((row.branch, row.step), (to, Some(Step::ApprovalFiling)));
    }

    async fn a_new_member_is_put_into_a_group_and_taken_out_again(place: Place) {
        let office = Office::with_branches(place, 1).await;
        let branch = &office.branches[0];
        let new = NewOrg { parent: Some(branch.id), code: "010101".into(), name: "第一党小组".into(), ..NewOrg::default() };
        let group = office.store.create_org(office.author(), OrgKind::Group, new, None).await.unwrap();
        let mut applicant = office.applicant(0, "张三").await;
        applicant.go_to(&office, Step::GroupPlacement).await;
        let mut form = applicant.form(Step::GroupPlacement);
        assert_eq!(code_of(applicant.take_form(&office, &form).await), "missing_required");
        form.values.0.insert("group".to_owned(), Value::Org(group.id));
        applicant.take_form(&office, &form).await.unwrap();
        let row = office.store.case(office.root, applicant.case).await.unwrap().row;
        assert_eq!((row.org, row.branch), (group.id, branch.id));
        let case = (applicant.case, applicant.version);
        applicant.version =
            office.store.step_back(office.author(), case, &applicant.acting, "编错组", form.on).await.unwrap();
        let person = office.store.person(office.root, applicant.person).await.unwrap();
        assert_eq!((person.org.id, person.record.standing.stage), (branch.id, Stage::Probationary));
    }

    async fn papers_are_put_to_the_present_step_and_stay_once_it_is_taken(place: Place) {
        let office = Office::with_branches(place, 1).await;
        let mut applicant = office.applicant(0, "张三").await;
        let store = &office.store;
        let case = applicant.case;
        let add = async |step, key: &str| store.add_case_paper(office.author(), case, step, key, file(b"%PDF")).await;
        assert_eq!(code_of(add(Step::ApplicationTalk, "talk_record").await), "wrong_order");
        assert!(matches!(add(Step::Application, "nonsense").await, Err(StoreError::NotFound(_))));
        let wrong = add(Step::Application, "application_letter").await.unwrap();
        store.remove_case_paper(office.author(), applicant.case, wrong.id).await.unwrap();
        assert!(store.file(office.root, wrong.id).await.is_err(), "taken away with its content");
        applicant.take(&office, Step::Application).await.unwrap();
        let kept = store.case(office.root, applicant.case).await.unwrap().papers[0].file.id;
        let removed = store.remove_case_paper(office.author(), applicant.case, kept).await;
        assert_eq!(code_of(removed), "step_taken");
        assert!(matches!(
            store.remove_case_paper(office.author(), applicant.case, wrong.id).await,
            Err(StoreError::NotFound(_))
        ));
    }

    async fn cases_are_listed_by_stage_state_and_who_is_waited_for(place: Place) {
        let office = Office::with_branches(place, 3).await;
        let mut cases = Vec::new();
        for (branch, step) in [Step::ApplicationTalk, Step::ActivistFiling, Step::CultivationReview].iter().enumerate() {
            let mut applicant = office.applicant(branch, "张三").await;
            applicant.go_to(&office, *step).await;
            cases.push(applicant);
        }
        let scope = [office.top.path.clone()];
        let list = async |filter: CaseFilter, after, limit| {
            let found = office.store.cases(office.root, &scope, &filter, after, limit).await.unwrap();
            found.iter().map(|row| row.id).collect::<Vec<_>>()
        };
        let ids: Vec<_> = cases.iter().map(|applicant| applicant.case).collect();
        assert_eq!(list(CaseFilter::default(), None, 10).await, ids, "those longest without a step first");
        let stage = CaseFilter { stage: Some(CaseStage::Cultivating), ..CaseFilter::default() };
        assert_eq!(list(stage, None, 10).await, ids[1..]);
        let waits = CaseFilter { waits_for: vec![StepActor::Superior], ..CaseFilter::default() };
        assert_eq!(list(waits, None, 10).await, ids[1..2]);
        let within = CaseFilter { within: Some(office.branches[2].path.clone()), ..CaseFilter::default() };
        assert_eq!(list(within, None, 10).await, ids[2..]);
        let one = [office.branches[0].path.clone()];
        let filter = CaseFilter::default();
        assert_eq!(office.store.cases(office.root, &one, &filter, None, 10).await.unwrap().len(), 1);
        let first = office.store.cases(office.root, &scope, &CaseFilter::default(), None, 2).await.unwrap();
        assert_eq!(list(CaseFilter::default(), Some(first[1].cursor()), 10).await, ids[2..]);
        assert_eq!(first[1].track.present(), Some(Step::ActivistFiling));

        let at = (cases[0].case, cases[0].version);
        office.store.suspend_case(office.author(), at, "本人外派", &cases[0].acting, DAYS[1]).await.unwrap();
        let suspended = CaseFilter { states: vec![CaseState::Suspended], ..CaseFilter::default() };
        assert_eq!(list(suspended, None, 10).await, ids[..1]);
        let counts = async |today| {
            office.store.case_counts(office.root, &scope, None, &Measures::default(), today).await.unwrap()
        };
        let found = counts(date(2026, 12, 20)).await;
        let cultivating = found.stages[1];
        assert_eq!((cultivating.cases, cultivating.at_superior, cultivating.overdue), (2, 1, 0));
        assert_eq!((found.stages[0].cases, found.suspended), (0, 1));
        assert_eq!(counts(date(2026, 12, 21)).await.stages[1].overdue, 1, "a review every half-year");
        let resumed = (cases[0].case, cases[0].version + 1);
        office.store.resume_case(office.author(), resumed, "返回", &cases[0].acting, DAYS[2]).await.unwrap();
        assert_eq!(counts(date(2026, 7, 2)).await.stages[0].overdue, 1, "a talk within a month");
    }

    async fn a_trial_says_what_the_step_itself_would(place: Place) {
        let office = Office::with_branches(place, 1).await;
        let applicant = office.applicant(0, "张三").await;
        let form = applicant.form(Step::Application);
        let trial = async || {
            office.store.check_step(office.root, applicant.case, &form, &applicant.acting, form.on).await.unwrap()
        };
        assert_eq!(trial().await.refusals[0].field, "/papers/application_letter");
        applicant.put_papers(&office, &form).await;
        assert_eq!(trial().await.refusals, []);
    }

    async fn the_register_knows_how_many_may_vote(place: Place) {
        let office = Office::with_branches(place, 1).await;
        let mut applicant = office.applicant(0, "张三").await;
        applicant.go_to(&office, Step::AdmissionVote).await;
        let mut form = applicant.form(Step::AdmissionVote);
        applicant.put_papers(&office, &form).await;
        office.member(0, "丁党员").await;
        assert_eq!(code_of(applicant.take_form(&office, &form).await), "needs_reason");
        form.reason = "丁党员被留置，党员权利中止".to_owned();
        applicant.take_form(&office, &form).await.unwrap();
        let taken = office.store.case(office.root, applicant.case).await.unwrap().taken;
        let vote = taken.last().unwrap();
        assert_eq!((vote.mark.outcome, vote.warnings.len()), (Outcome::Passed, 1));
        assert_eq!(vote.reason, form.reason);
    }

    async fn dev_15_rests_on_what_the_meeting_voted_until_it_is_taken_back(place: Place) {
        let office = Office::with_branches(place, 1).await;
        let mut applicant = office.applicant(0, "张三").await;
        applicant.go_to(&office, Step::AdmissionVote).await;
        let form = applicant.form(Step::AdmissionVote);
        applicant.put_papers(&office, &form).await;
        let meeting = office.meeting_on(&applicant, form.on).await;
        assert_eq!(code_of(applicant.take_form(&office, &form).await), "vote_not_archived");
        office.act_on(meeting, MeetingCommand::Archive, form.on).await.unwrap();
        let mut other = form.clone();
        other.values.0.insert("vote".to_owned(), Value::Vote(VoteCount { in_favour: 2, against: 1, ..form.values.vote("vote").unwrap() }));
        assert_eq!(code_of(applicant.take_form(&office, &other).await), "not_the_vote");
        let relied = async || office.store.votes_on(office.root, "case", applicant.case.0).await.unwrap()[0].relied_on;
        assert!(!relied().await);
        let take = |version| office.store.take_step(office.author(), (applicant.case, version), &form, &applicant.acting, form.on);
        let version = take(applicant.version).await.unwrap();
        assert!(relied().await);
        let reopen = || MeetingCommand::Reopen { reason: "票数有误".to_owned() };
        assert_eq!(code_of(office.act_on(meeting, reopen(), form.on).await), "relied_on");
        office.store.step_back(office.author(), (applicant.case, version), &applicant.acting, "有误", form.on).await.unwrap();
        assert!(!relied().await);
        office.act_on(meeting, reopen(), form.on).await.unwrap();
        assert_eq!(office.store.verify_ledger(office.root).await.unwrap().faults, []);
    }

    async fn dev_15_a_vote_of_another_branch_on_the_case_is_none(place: Place) {
        let office = Office::with_branches(place, 2).await;
        let mut applicant = office.applicant(0, "张三").await;
        applicant.go_to(&office, Step::AdmissionVote).await;
        let form = applicant.form(Step::AdmissionVote);
        applicant.put_papers(&office, &form).await;
        office.meeting_of(1, &applicant, form.on).await;
        applicant.take_form(&office, &form).await.unwrap();
        let vote = office.store.votes_on(office.root, "case", applicant.case.0).await.unwrap().remove(0);
        assert!(!vote.relied_on);
    }

    async fn vote_03_who_is_without_rights_is_not_reckoned_among_the_voters(place: Place) {
        let office = Office::with_branches(place, 1).await;
        let mut applicant = office.applicant(0, "张三").await;
        applicant.go_to(&office, Step::AdmissionVote).await;
        let form = applicant.form(Step::AdmissionVote);
        applicant.put_papers(&office, &form).await;
        let fourth = office.member(0, "丁党员").await;
        assert_eq!(code_of(applicant.take_form(&office, &form).await), "needs_reason");
        office.take_rights(fourth, form.on, None).await;
        applicant.take_form(&office, &form).await.unwrap();
    }

    async fn vote_03_more_voters_than_have_rights_are_refused(place: Place) {
        let office = Office::with_branches(place, 1).await;
        let mut applicant = office.applicant(0, "张三").await;
        applicant.go_to(&office, Step::AdmissionVote).await;
        let form = applicant.form(Step::AdmissionVote);
        applicant.put_papers(&office, &form).await;
        office.take_rights(applicant.members[2], form.on, None).await;
        assert_eq!(code_of(applicant.take_form(&office, &form).await), "too_many_voters");
    }

    async fn dev_05_who_is_without_rights_on_that_day_guides_nobody(place: Place) {
        let office = Office::with_branches(place, 1).await;
        let mut applicant = office.applicant(0, "张三").await;
        applicant.go_to(&office, Step::MentorAssignment).await;
        let on = Applicant::day_of(Step::MentorAssignment);
        office.take_rights(applicant.members[1], date(2026, 1, 1), Some(on.tomorrow().unwrap())).await;
        assert_eq!(code_of(applicant.take(&office, Step::MentorAssignment).await), "deprived");
        let mut form = applicant.form(Step::MentorAssignment);
        form.on = on.tomorrow().unwrap();
        applicant.take_form(&office, &form).await.unwrap();
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(6))]

    /// Steps in a random order on random days through the store: what was taken was taken in order, and the register followed.
    #[test]
    fn no_order_of_commands_gets_past_the_steps(orders in proptest::collection::vec((0..26_usize, 0..40_i64), 60)) {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        runtime.block_on(async {
            let place = testbed::Place::new(testbed::Database::Sqlite).await.unwrap();
            let office = Office::with_branches(place, 1).await;
            let mut applicant = office.applicant(0, "张三").await;
            let mut next = 0;
            for (pick, late) in orders {
                let step = if pick == 25 { Step::ALL[next.min(24)] } else { Step::ALL[(next + pick % 3).min(24)] };
                let mut form = applicant.form(step);
                form.on = form.on.saturating_add(jiff::Span::new().days(late - 20));
                if next == usize::from(step.number()) - 1 {
                    applicant.put_papers(&office, &form).await;
                }
                let done = applicant.take_form(&office, &form).await.is_ok();
                assert!(!done || usize::from(step.number()) - 1 == next, "{step:?} at {next}");
                let whole = office.store.case(office.root, applicant.case).await.unwrap();
                next = whole.row.track.present().map_or(25, |step| usize::from(step.number()) - 1);
                assert!(whole.taken.windows(2).all(|pair| pair[0].mark.on <= pair[1].mark.on));
                let stage = office.store.person(office.root, applicant.person).await.unwrap().record.standing.stage;
                let expected = match next {
                    0..3 => Stage::Applicant,
                    3..8 => Stage::Activist,
                    8..17 => Stage::Candidate,
                    17..24 => Stage::Probationary,
                    _ => Stage::Full,
                };
                assert_eq!(stage, expected);
            }
        });
    }
}
