//! Accounts, sessions, throttling, setup, binding codes.
#![allow(clippy::unwrap_used, clippy::panic)]

use rules::access::Role;
use rules::identity::IdentityNumber;
use rules::ids::AccountId;
use store::{Account, AccountEdit, Attempt, Author, Claim, NewAccount, Setup, StoreError, now_ms};
use testbed::{Office, on_both};

fn new_account(login: &str) -> NewAccount {
    NewAccount {
        login: login.into(),
        display_name: "周明".into(),
        person: None,
        password_hash: "!".into(),
        must_change_password: false,
    }
}

async fn account(office: &Office, login: &str) -> Account {
    office.store.create_account(office.author(), &new_account(login), &[]).await.unwrap();
    office.store.account_by_login(login).await.unwrap().unwrap()
}

fn code_of(e: &StoreError) -> &'static str {
    match e {
        StoreError::Refused { code, .. } => code,
        other => panic!("{other}"),
    }
}

fn claim(name: &str, identity: &str, code: &str, login: &str) -> Claim {
    Claim {
        name: name.into(),
        identity: IdentityNumber::parse(identity).unwrap(),
        code: code.into(),
        login: login.into(),
        password_hash: "!".into(),
    }
}

async fn identity_of(office: &Office, id: rules::ids::PersonId) -> String {
    let person = office.store.person(office.root, id).await.unwrap();
    person.record.private.identity.unwrap().expose().to_owned()
}

on_both! {
    async fn accounts_are_listed_page_by_page_and_found(place: Place) {
        let office = Office::with_branches(place, 1).await;
        for login in ["chen", "li", "wang", "zhou"] {
            account(&office, login).await;
        }
        let page = |after: &'static str| office.store.accounts(office.root, "", after, 3);
        let logins = |rows: Vec<store::AccountRow>| rows.into_iter().map(|row| row.account.login).collect::<Vec<_>>();
        assert_eq!(logins(page("").await.unwrap()), ["chen", "li", "wang"]);
        assert_eq!(logins(page("wang").await.unwrap()), ["zhou"]);
        assert_eq!(logins(office.store.accounts(office.root, "HO", "", 9).await.unwrap()), ["zhou"]);
        assert_eq!(logins(office.store.accounts(office.root, "周明", "", 9).await.unwrap()).len(), 4);
        assert!(office.store.accounts(office.root, "%", "", 9).await.unwrap().is_empty());
    }

    async fn an_account_holds_its_roles_until_they_are_withdrawn(place: Place) {
        let office = Office::with_branches(place, 1).await;
        let account = account(&office, "zhou").await;
        let staff = office.store.grant_role(office.author(), account.id, Role::PartyStaff, office.top.id).await.unwrap();
        let refused = office.store.grant_role(office.author(), account.id, Role::Auditor, office.top.id).await.unwrap_err();
        assert_eq!(code_of(&refused), "separation_of_duties");
        let row = office.store.account_row(office.root, account.id).await.unwrap();
        assert_eq!(row.grants.iter().map(|grant| grant.role).collect::<Vec<_>>(), [Role::PartyStaff]);
        office.store.revoke_grant(office.author(), account.id, staff).await.unwrap();
        let again = office.store.revoke_grant(office.author(), account.id, staff).await.unwrap_err();
        assert!(matches!(again, StoreError::NotFound(_)));
        assert!(office.store.grants(office.root, account.id).await.unwrap().is_empty());
        office.store.grant_role(office.author(), account.id, Role::Auditor, office.top.id).await.unwrap();
    }

    async fn disabling_and_resetting_end_every_session(place: Place) {
        let office = Office::with_branches(place, 0).await;
        let account = account(&office, "zhou").await;
        let store = &office.store;
        store.sign_in(&account, "one", "csrf", now_ms()).await.unwrap();
        store.reset_password(office.author(), account.id, "new").await.unwrap();
        assert!(store.session("one").await.unwrap().is_none());
        let after = store.account(office.root, account.id).await.unwrap();
        assert!(after.must_change_password && after.password_hash == "new" && after.last_login_at.is_some());
        store.sign_in(&account, "two", "csrf", now_ms()).await.unwrap();
        let edit = AccountEdit { disabled: Some(true), ..AccountEdit::default() };
        store.edit_account(office.author(), account.id, &edit).await.unwrap();
        assert!(store.session("two").await.unwrap().is_none());
        assert!(store.account(office.root, account.id).await.unwrap().disabled);
        let nobody = store.edit_account(office.author(), AccountId(1), &edit).await.unwrap_err();
        assert!(matches!(nobody, StoreError::NotFound(_)));
    }

    async fn a_changed_password_ends_the_other_sessions_only(place: Place) {
        let office = Office::with_branches(place, 0).await;
        let account = account(&office, "zhou").await;
        let store = &office.store;
        for token in ["here", "elsewhere"] {
            store.sign_in(&account, token, "csrf", now_ms()).await.unwrap();
        }
        let here = store.session("here").await.unwrap().unwrap();
        store.change_password(&here, "new").await.unwrap();
        assert!(store.session("elsewhere").await.unwrap().is_none());
        let here = store.session("here").await.unwrap().unwrap();
        assert!(!here.account.must_change_password && here.account.password_hash == "new");
    }

    async fn an_exchanged_token_counts_for_a_minute_and_is_exchanged_once(place: Place) {
        let office = Office::with_branches(place, 0).await;
        let account = account(&office, "zhou").await;
        let store = &office.store;
        store.sign_in(&account, "old", "csrf", now_ms()).await.unwrap();
        let session = store.session("old").await.unwrap().unwrap();
        assert!(store.rotate_session(&session, "new", now_ms()).await.unwrap());
        assert!(!store.rotate_session(&session, "newer", now_ms()).await.unwrap());
        assert_eq!(store.session("old").await.unwrap().unwrap().token_hash, "new");
        assert!(store.session("newer").await.unwrap().is_none());
        let raw = office.place.raw().await;
        let long_ago = now_ms() - 61_000;
        sqlx::query("UPDATE session SET rotated_at = $1").bind(long_ago).execute(&raw).await.unwrap();
        assert!(store.session("old").await.unwrap().is_none());
        assert!(store.session("new").await.unwrap().is_some());
    }

    async fn sessions_that_are_over_are_purged(place: Place) {
        let office = Office::with_branches(place, 0).await;
        let account = account(&office, "zhou").await;
        let store = &office.store;
        store.create_session(&account, "old", "csrf", 1000).await.unwrap();
        store.create_session(&account, "young", "csrf", 5000).await.unwrap();
        assert_eq!(store.purge_sessions(2000, 0).await.unwrap(), 1);
        assert!(store.session("young").await.unwrap().is_some());
        assert_eq!(store.purge_sessions(0, 6000).await.unwrap(), 1);
    }

    async fn failures_make_a_login_name_wait_longer_and_longer_even_after_a_restart(place: Place) {
        let office = Office::with_branches(place, 0).await;
        let account = account(&office, "zhou").await;
        let now = now_ms();
        let login = [Attempt::Login("zhou")];
        for _ in 0..5 {
            assert_eq!(office.store.take_attempt(&login, now).await.unwrap(), None);
        }
        assert_eq!(office.store.take_attempt(&login, now).await.unwrap(), Some(30_000));
        assert!(office.store.account_row(office.root, account.id).await.unwrap().locked);
        office.store.close().await;
        let store = office.place.open().await;
        assert_eq!(store.take_attempt(&login, now + 10_000).await.unwrap(), Some(20_000));
        assert_eq!(store.take_attempt(&[Attempt::Login("li")], now).await.unwrap(), None);
        assert_eq!(store.take_attempt(&login, now + 30_000).await.unwrap(), None);
        assert_eq!(store.take_attempt(&login, now + 30_000).await.unwrap(), Some(60_000));
        store.sign_in(&account, "token", "csrf", now).await.unwrap();
        assert_eq!(store.take_attempt(&login, now).await.unwrap(), None);
        assert!(!store.account_row(office.root, account.id).await.unwrap().locked);
    }

    async fn guesses_sent_side_by_side_are_all_counted(place: Place) {
        let office = Office::with_branches(place, 0).await;
        let now = now_ms();
        let guesses: Vec<_> = (0..20)
            .map(|_| {
                let store = office.store.clone();
                tokio::spawn(async move { store.take_attempt(&[Attempt::Address("192.0.2.1"), Attempt::Login("zhou")], now).await.unwrap() })
            })
            .collect();
        let mut heard = 0;
        for guess in guesses {
            heard += i32::from(guess.await.unwrap().is_none());
        }
        assert_eq!(heard, 5);
    }

    async fn an_attempt_that_was_no_guess_is_given_back(place: Place) {
        let office = Office::with_branches(place, 0).await;
        let now = now_ms();
        for _ in 0..60 {
            assert_eq!(office.store.take_attempt(&[Attempt::Address("192.0.2.1")], now).await.unwrap(), None);
            office.store.give_back_attempt(&[Attempt::Address("192.0.2.1")], now).await.unwrap();
        }
        for n in 0..51 {
            let wait = office.store.take_attempt(&[Attempt::Address("192.0.2.1")], now).await.unwrap();
            assert_eq!(wait.is_some(), n == 50, "{n}");
        }
    }

    async fn a_time_step_is_used_once(place: Place) {
        let office = Office::with_branches(place, 0).await;
        let account = account(&office, "zhou").await;
        let store = &office.store;
        store.propose_totp(&account, b"a secret of 20 bytes").await.unwrap();
        let proposed = store.account(office.root, account.id).await.unwrap();
        assert!(!proposed.totp_confirmed);
        assert_eq!(store.totp_secret(&proposed).unwrap().unwrap(), b"a secret of 20 bytes");
        store.confirm_totp(&account, 100).await.unwrap();
        assert_eq!(code_of(&store.propose_totp(&account, b"another").await.unwrap_err()), "totp_enabled");
        for (step, fresh) in [(100, false), (99, false), (101, true), (101, false)] {
            assert_eq!(store.use_totp_step(&account, step).await.unwrap(), fresh, "{step}");
        }
        store.remove_totp(&account).await.unwrap();
        let after = store.account(office.root, account.id).await.unwrap();
        assert!(!after.totp_confirmed && store.totp_secret(&after).unwrap().is_none());
    }

    async fn a_setup_token_counts_once_and_only_the_latest(place: Place) {
        let store = place.open().await;
        let first = store.prepare_setup().await.unwrap().unwrap();
        let token = store.prepare_setup().await.unwrap().unwrap();
        assert_ne!(first, token);
        assert_eq!(store.enterprises().await.unwrap().len(), 1);
        let accounts = [(Role::SystemAdmin, "xt"), (Role::SecurityAdmin, "aq"), (Role::Auditor, "sj")]
            .map(|(role, login)| (role, new_account(login)));
        let setup = |token: &str| Setup { token: token.into(), enterprise_name: "测试集团".into(), accounts: accounts.to_vec() };
        assert_eq!(code_of(&store.set_up(&setup(&first)).await.unwrap_err()), "setup_refused");
        assert!(store.setup_needed().await.unwrap());
        store.set_up(&setup(&token)).await.unwrap();
        assert!(!store.setup_needed().await.unwrap());
        assert_eq!(code_of(&store.set_up(&setup(&token)).await.unwrap_err()), "setup_refused");
        assert_eq!(store.prepare_setup().await.unwrap(), None);
        let enterprise = &store.enterprises().await.unwrap()[0];
        assert_eq!(enterprise.name, "测试集团");
        let admin = store.account_by_login("aq").await.unwrap().unwrap();
        let grants = store.grants(enterprise.root, admin.id).await.unwrap();
        assert_eq!(grants.iter().map(|grant| (grant.role, grant.org_name.as_str())).collect::<Vec<_>>(), [(Role::SecurityAdmin, "中共测试集团委员会")]);
        assert!(store.verify_ledger(enterprise.root).await.unwrap().faults.is_empty());
    }

    async fn a_person_is_bound_by_name_number_and_code_together(place: Place) {
        let office = Office::with_branches(place, 1).await;
        let store = &office.store;
        let (zhang, li) = (office.member(0, "张三").await, office.member(0, "李四").await);
        let (zhang_number, li_number) = (identity_of(&office, zhang).await, identity_of(&office, li).await);
        let now = now_ms();
        let lost = store.hand_out_binding_code(office.author(), zhang, now).await.unwrap();
        let code = store.hand_out_binding_code(office.author(), zhang, now).await.unwrap().code;
        let others = store.hand_out_binding_code(office.author(), li, now).await.unwrap().code;
        for wrong in [
            claim("李四", &zhang_number, &code, "zhang"),
            claim("张三", &li_number, &code, "zhang"),
            claim("张三", &zhang_number, &others, "zhang"),
            claim("张三", &zhang_number, &lost.code, "zhang"),
        ] {
            assert_eq!(code_of(&store.bind_person(&wrong, now).await.unwrap_err()), "binding_refused");
        }
        let right = claim("张三", &zhang_number, &code, "zhang");
        let week = 7 * 24 * 3_600_000;
        assert_eq!(code_of(&store.bind_person(&right, now + week).await.unwrap_err()), "binding_refused");
        let id = store.bind_person(&right, now + week - 1).await.unwrap();
        let row = store.account_row(office.root, id).await.unwrap();
        assert_eq!((row.account.person, row.person_name.as_deref()), (Some(zhang), Some("张三")));
        assert_eq!(row.grants.iter().map(|grant| (grant.role, grant.org)).collect::<Vec<_>>(), [(Role::Member, office.branches[0].id)]);
        let again = claim("张三", &zhang_number, &code, "zhang2");
        assert_eq!(code_of(&store.bind_person(&again, now).await.unwrap_err()), "binding_refused");
        assert_eq!(code_of(&store.hand_out_binding_code(office.author(), zhang, now).await.unwrap_err()), "already_bound");
        let taken = claim("李四", &li_number, &others, "zhang");
        assert_eq!(code_of(&store.bind_person(&taken, now).await.unwrap_err()), "duplicate_login");
        store.bind_person(&claim("李四", &li_number, &others, "li"), now).await.unwrap();
    }

    async fn signing_in_and_out_is_in_the_ledger_without_what_was_typed(place: Place) {
        let office = Office::with_branches(place, 0).await;
        let account = account(&office, "zhou").await;
        let store = &office.store;
        store.sign_in_failed(None, "登录名不存在").await.unwrap();
        store.sign_in_failed(Some(&account), "密码不对").await.unwrap();
        store.sign_in(&account, "token", "csrf", now_ms()).await.unwrap();
        store.sign_out(&store.session("token").await.unwrap().unwrap()).await.unwrap();
        assert!(store.session("token").await.unwrap().is_none());
        let entries = store.ledger(office.root, &store::EntryFilter { action: Some("session.".into()), ..Default::default() }, 9).await.unwrap();
        let said: Vec<(&str, &str)> = entries.iter().map(|entry| (entry.actor.as_str(), entry.summary.as_str())).collect();
        let expected =
            [("周明", "退出登录"), ("周明", "登录"), ("未登录者", "登录失败：密码不对"), ("未登录者", "登录失败：登录名不存在")];
        assert_eq!(said, expected);
        assert!(store.verify_ledger(office.root).await.unwrap().faults.is_empty());
    }

    async fn the_facts_count_what_is_there(place: Place) {
        let office = Office::with_branches(place, 1).await;
        let account = account(&office, "zhou").await;
        office.store.create_session(&account, "token", "csrf", now_ms()).await.unwrap();
        office.store.create_session(&account, "unused", "csrf", 1000).await.unwrap();
        let facts = office.store.facts(office.root, 2000).await.unwrap();
        assert_eq!((facts.accounts, facts.sessions, facts.files, facts.jobs_waiting), (1, 1, 0, 0));
        assert_eq!(facts.ledger_entries, 3);
        assert!(facts.database_bytes > 0 && facts.head_holds && facts.last_entry_at.is_some());
        let raw = office.place.raw().await;
        sqlx::query("UPDATE ledger_head SET seq = seq + 1").execute(&raw).await.unwrap();
        assert!(!office.store.facts(office.root, 0).await.unwrap().head_holds);
        office.store.begin(Author::system(office.root), "org.edit").await.err().unwrap();
    }
}
