//! History, views, leaves and attachments of a dossier in the store; each on both databases.
#![allow(clippy::unwrap_used, clippy::panic)]

use jiff::civil::date;
use rules::codes::{Education, Membership};
use rules::ids::{FileId, PersonId};
use rules::intake::{Draft, Field};
use rules::phone::Phone;
use rules::stats::{Dimension, Query};
use store::{Author, EntryFilter, Location, MOST_FILES, NewFile, PersonFilter, StoreError, View};
use testbed::{Office, TODAY, on_both};

async fn edit(office: &Office, id: PersonId, version: i64, draft: Draft) {
    let before = office.store.person(office.root, id).await.unwrap().record;
    let after = before.with(&draft, None);
    let words = ("核对证书", "修改人员信息");
    office.store.save_person(office.author(), "person.edit", (id, version), &after, TODAY, words).await.unwrap();
}

fn author(office: &Office, account: i64, name: &str) -> Author {
    Author { root: office.root, account: rules::ids::AccountId(account), name: name.to_owned() }
}

fn refused(e: StoreError) -> &'static str {
    match e {
        StoreError::Refused { code, .. } => code,
        other => panic!("{other:?}"),
    }
}

on_both! {
    async fn history_tells_what_was_and_what_is(place: Place) {
        let office = Office::with_branches(place, 1).await;
        let id = office.member(0, "张三").await;
        office.member(0, "李四").await;
        edit(&office, id, 1, Draft { education: Some(Education::Master), ..Draft::default() }).await;
        let phone = Some(Phone::parse("13900001234").unwrap());
        edit(&office, id, 2, Draft { phone, ..Draft::default() }).await;
        let history = office.store.person_history(office.root, id, None, 10).await.unwrap();
        let shown: Vec<_> = history.iter().map(|entry| (entry.action.as_str(), entry.reason.as_str(), entry.is_edit)).collect();
        assert_eq!(shown, [("person.edit", "核对证书", true), ("person.edit", "核对证书", true), ("person.create", "测试", true)]);
        let one = &history[0].changes[0];
        assert_eq!((one.field, one.before.as_str(), one.after.as_str()), (Field::Phone, "16000000001", "13900001234"));
        let one = &history[1].changes[0];
        assert_eq!((one.field, one.before.as_str(), one.after.as_str()), (Field::Education, "大学本科", "硕士研究生"));
        assert!(history[2].changes.iter().any(|one| one.field == Field::Org && one.after == "第1党支部"));
    }

    async fn history_goes_on_page_by_page_and_leaves_views_out(place: Place) {
        let office = Office::with_branches(place, 1).await;
        let id = office.member(0, "张三").await;
        for (version, education) in (1..).zip([Education::Master, Education::Doctor, Education::College]) {
            edit(&office, id, version, Draft { education: Some(education), ..Draft::default() }).await;
            office.store.note_reveal(office.author(), id, "办理介绍信").await.unwrap();
        }
        let first = office.store.person_history(office.root, id, None, 3).await.unwrap();
        let rest = office.store.person_history(office.root, id, first.last().map(|entry| entry.seq), 3).await.unwrap();
        assert_eq!((first.len(), rest.len()), (3, 1));
        assert!(first.iter().all(|entry| entry.action == "person.edit"));
        assert_eq!(rest[0].action, "person.create");
    }

    async fn the_latest_edits_are_what_an_old_version_has_not_seen(place: Place) {
        let office = Office::with_branches(place, 1).await;
        let id = office.member(0, "张三").await;
        edit(&office, id, 1, Draft { education: Some(Education::Master), ..Draft::default() }).await;
        let file = NewFile { name: "a.pdf", media_type: "application/pdf", bytes: b"%PDF-" };
        office.store.add_file(office.author(), id, file).await.unwrap();
        edit(&office, id, 2, Draft { education: Some(Education::Doctor), ..Draft::default() }).await;
        let edits = office.store.latest_edits(office.root, id, 2).await.unwrap();
        let after: Vec<_> = edits.iter().map(|entry| entry.changes[0].after.as_str()).collect();
        assert_eq!(after, ["博士研究生", "硕士研究生"], "the file made no version");
    }

    async fn opening_a_dossier_is_noted_once_an_hour(place: Place) {
        let office = Office::with_branches(place, 1).await;
        let (one, other) = (office.member(0, "张三").await, office.member(0, "李四").await);
        let (first, second) = (author(&office, 11, "甲"), author(&office, 12, "乙"));
        for (who, id) in [(&first, one), (&first, one), (&second, one), (&first, other), (&second, one)] {
            office.store.note_view(who.clone(), id).await.unwrap();
        }
        let views = office.store.person_views(office.root, one, None, 10).await.unwrap();
        let shown: Vec<_> = views.iter().map(|entry| (entry.actor.as_str(), entry.view)).collect();
        assert_eq!(shown, [("乙", View::Opened), ("甲", View::Opened)]);
        assert_eq!(office.store.person_views(office.root, other, None, 10).await.unwrap().len(), 1);
    }

    async fn an_opening_of_more_than_an_hour_ago_is_followed_by_another(place: Place) {
        let office = Office::with_branches(place, 1).await;
        let id = office.member(0, "张三").await;
        let who = author(&office, 11, "甲");
        office.store.note_view(who.clone(), id).await.unwrap();
        let raw = office.place.raw().await;
        sqlx::query("UPDATE ledger SET at = at - 3600001 WHERE action = 'person.view'").execute(&raw).await.unwrap();
        office.store.note_view(who, id).await.unwrap();
        assert_eq!(office.store.person_views(office.root, id, None, 10).await.unwrap().len(), 2);
    }

    async fn reveals_exports_and_fetches_are_views_of_everybody_concerned(place: Place) {
        let office = Office::with_branches(place, 1).await;
        let (one, other) = (office.member(0, "张三").await, office.member(0, "李四").await);
        office.store.note_reveal(office.author(), one, " 办理介绍信 ").await.unwrap();
        office.store.note_export(office.author(), Some(office.top.id), &[one, other], "导出名册").await.unwrap();
        office.store.note_fetch(office.author(), one, FileId(7)).await.unwrap();
        let views = office.store.person_views(office.root, one, None, 10).await.unwrap();
        let shown: Vec<_> = views.iter().map(|entry| (entry.view, entry.reason.as_str())).collect();
        assert_eq!(shown, [(View::FileFetched, ""), (View::Exported, ""), (View::Revealed, "办理介绍信")]);
        let next = office.store.person_views(office.root, one, Some(views[0].seq), 1).await.unwrap();
        assert_eq!(next, views[1..2]);
        assert_eq!(office.store.person_views(office.root, other, None, 10).await.unwrap().len(), 1);
        let filter = EntryFilter { action: Some("person.export".into()), ..EntryFilter::default() };
        let entry = office.store.ledger(office.root, &filter, 1).await.unwrap().remove(0);
        assert_eq!((entry.items, entry.summary.contains("2 人")), (2, true));
        assert!(office.store.verify_ledger(office.root).await.unwrap().faults.is_empty());
    }

    async fn who_leaves_has_no_open_spell_and_stays_in_history(place: Place) {
        let office = Office::with_branches(place, 1).await;
        let id = office.member(0, "张三").await;
        let days = (date(2026, 11, 1), TODAY);
        office.store.leave(office.author(), (id, 1), Membership::Died, days, "家属告知").await.unwrap();
        let person = office.store.person(office.root, id).await.unwrap();
        assert_eq!((person.left, person.version, person.record.membership), (true, 2, Membership::Died));
        let last = office.store.person_spells(office.root, id).await.unwrap().pop().unwrap();
        assert_eq!(last.spell.to, Some(date(2026, 11, 1)));
        let all = office.store.count_persons(office.root, std::slice::from_ref(&office.top.path), &PersonFilter::default()).await.unwrap();
        assert_eq!(all, 0);
        let entry = office.store.person_history(office.root, id, None, 1).await.unwrap().remove(0);
        assert_eq!((entry.action.as_str(), entry.reason.as_str()), ("person.leave", "家属告知"));
        assert_eq!(entry.changes[0].after, "已去世");
    }

    async fn a_leave_is_refused_in_words(place: Place) {
        let office = Office::with_branches(place, 1).await;
        let id = office.member(0, "张三").await;
        let leave = async |version, kind, on| {
            office.store.leave(office.author(), (id, version), kind, (on, TODAY), "组织决定").await.unwrap_err()
        };
        let day = date(2026, 11, 1);
        assert_eq!(refused(leave(1, Membership::Cancelled, day).await), "leave_kind");
        assert_eq!(refused(leave(1, Membership::Died, date(2026, 11, 25)).await), "bad_date");
        assert_eq!(refused(leave(1, Membership::Died, date(2009, 6, 15)).await), "bad_date");
        assert!(matches!(leave(9, Membership::Died, day).await, StoreError::Stale { current: 1, .. }));
        office.store.leave(office.author(), (id, 1), Membership::Removed, (day, TODAY), "组织决定").await.unwrap();
        assert_eq!(refused(leave(2, Membership::Died, day).await), "has_left");
        assert_eq!(office.store.person(office.root, id).await.unwrap().version, 2, "nothing half-written");
    }

    async fn a_file_is_read_back_as_it_was_put_in(place: Place) {
        let office = Office::with_branches(place, 1).await;
        let (id, other) = (office.member(0, "张三").await, office.member(0, "李四").await);
        let bytes: Vec<u8> = (0..300_000_u32).map(|n| (n % 251) as u8).collect();
        let new = NewFile { name: "毕业证.pdf", media_type: "application/pdf", bytes: &bytes };
        let file = office.store.add_file(office.author(), id, new).await.unwrap();
        assert_eq!(office.store.file(office.root, file.id).await.unwrap(), file);
        assert_eq!(office.store.files(office.root, id).await.unwrap(), std::slice::from_ref(&file));
        assert_eq!((file.size, file.name.as_str(), file.person), (300_000, "毕业证.pdf", id));
        assert_eq!(office.store.file_content(office.root, &file).await.unwrap(), bytes);
        assert!(office.store.files(office.root, other).await.unwrap().is_empty());
        assert!(matches!(office.store.file(office.root, FileId(1)).await, Err(StoreError::NotFound(_))));
    }

    async fn a_dossier_takes_so_many_files_and_no_more(place: Place) {
        let office = Office::with_branches(place, 1).await;
        let id = office.member(0, "张三").await;
        let add = async || {
            let new = NewFile { name: "a.pdf", media_type: "application/pdf", bytes: b"%PDF-" };
            office.store.add_file(office.author(), id, new).await
        };
        for _ in 0..MOST_FILES {
            add().await.unwrap();
        }
        assert_eq!(refused(add().await.unwrap_err()), "too_many_files");
    }

    async fn the_database_holds_no_number_and_no_file_in_clear(place: Place) {
        let office = Office::with_branches(place, 1).await;
        let id = office.member(0, "张三").await;
        let household = Some("四川省成都市锦江区红星路一号".to_owned());
        edit(&office, id, 1, Draft { household_place: household, ..Draft::default() }).await;
        let new = NewFile { name: "身份证正面.pdf", media_type: "application/pdf", bytes: b"%PDF-1.7 the content of the scan" };
        office.store.add_file(office.author(), id, new).await.unwrap();
        let private = office.store.person(office.root, id).await.unwrap().record.private;
        let secrets = [private.identity.unwrap().expose().to_owned(), private.phone.unwrap().expose().to_owned()];
        let secrets = secrets.iter().map(String::as_str).chain(["红星路", "身份证正面", "the content of the scan"]);
        let secrets: Vec<&str> = secrets.collect();
        if let Location::File(path) = &office.place.location {
            for end in ["", "-wal"] {
                let bytes = std::fs::read(format!("{}{end}", path.display())).unwrap_or_default();
                for secret in &secrets {
                    assert!(!bytes.windows(secret.len()).any(|part| part == secret.as_bytes()), "{secret}");
                }
                assert!(end.is_empty() || bytes.windows(6).any(|part| part == "张三".as_bytes()), "the text is looked for where it would be");
            }
        }
        for entry in office.store.ledger(office.root, &EntryFilter::default(), 100).await.unwrap() {
            assert!(!secrets.iter().any(|secret| format!("{entry:?}").contains(secret)), "{entry:?}");
        }
    }

    async fn a_list_is_narrowed_by_numbers_and_by_conditions_of_the_statistics(place: Place) {
        let office = Office::with_branches(place, 1).await;
        let one = office.member(0, "张三").await;
        let other = office.member(0, "李四").await;
        edit(&office, other, 1, Draft { education: Some(Education::Master), ..Draft::default() }).await;
        let scope = [office.top.path.clone()];
        let found = async |filter: PersonFilter| {
            let found = office.store.persons(office.root, &scope, &filter, None, 10).await.unwrap();
            assert_eq!(office.store.count_persons(office.root, &scope, &filter).await.unwrap(), found.len() as i64);
            found.iter().map(|person| person.id).collect::<Vec<_>>()
        };
        assert_eq!(found(PersonFilter { phone: Some("16000000002".into()), ..PersonFilter::default() }).await, [other]);
        assert_eq!(found(PersonFilter { tail: Some("0001".into()), ..PersonFilter::default() }).await, [one]);
        for (text, expected) in [
            ("education=硕士研究生", vec![other]),
            ("education=硕士研究生|大学本科;age=35岁以上", vec![one, other]),
            ("age=35岁以下", vec![]),
            ("title_level=未填;gender=女", vec![other]),
            ("joined_period=十八大以来", vec![]),
            ("joined_year=2008", vec![one, other]),
        ] {
            let query = Query::parse("", text, None, None, None).unwrap();
            let conditions: Vec<_> =
                query.filters.iter().map(|one| (one.dimension(), one.condition(&query.bands, TODAY))).collect();
            assert!(conditions.iter().all(|(dimension, _)| *dimension != Dimension::Org));
            assert_eq!(found(PersonFilter { conditions, ..PersonFilter::default() }).await, expected, "{text}");
        }
    }
}
