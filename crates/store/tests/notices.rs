//! Notices, what leaves the house for them, and what accounts wish.
#![allow(clippy::unwrap_used, clippy::panic)]

use jiff::civil::{Date, date};
use rules::access::Role;
use rules::activity::Activity;
use rules::duty::Holder;
use rules::ids::{NoticeId, OrgId};
use rules::notice::{Due, GIVE_UP_AFTER, Kind, QuietHours, Wishes};
use std::sync::Arc;
use store::{
    Account, Claimed, DeliveryFilter, DeliveryState, Given, InboxCursor, MailWay, NewAccount, Notice, Outcome,
    Security, Store, StoreError, Way, WebhookWay,
};
use testbed::{Office, Place, dump, on_both};

const HOUR: i64 = 60 * 60 * 1000;
/// 2026-11-24, noon in China.
const NOON: i64 = 1_795_492_800_000;

fn today() -> Date {
    testbed::TODAY
}

async fn account(office: &Office, login: &str, role: Role, org: OrgId) -> Account {
    let new = NewAccount {
        login: login.into(),
        display_name: "某某".into(),
        person: None,
        password_hash: "!".into(),
        must_change_password: false,
    };
    let id = office.store.create_account(office.author(), &new, &[(role, org)]).await.unwrap();
    office.store.account(office.root, id).await.unwrap()
}

fn meeting(org: OrgId, due: Date) -> Due {
    Due {
        key: format!("MEET-01.members_meeting.o{org}.{due}"),
        rule: "MEET-01".into(),
        activity: Some(Activity::MembersMeeting),
        org,
        person: None,
        title: "召开第四季度支部党员大会".into(),
        link: format!("/meetings?org={org}"),
        holder: Holder::Organisation,
        remind_from: rules::date::add_days(due, -15),
        due,
        hint: false,
    }
}

async fn plan(office: &Office, dues: &[Due]) -> usize {
    office.store.plan_notices(office.root, dues, &mut Given::default(), (today(), NOON)).await.unwrap().written
}

async fn inbox(office: &Office, account: &Account) -> Vec<Notice> {
    office.store.notices(office.root, account.id, None, 100).await.unwrap()
}

async fn webhook(office: &Office) {
    let way = WebhookWay { address: "https://hook.example".into(), secret: "s3cret-of-the-hook".into() };
    office.store.set_webhook_way(office.author(), 0, &way).await.unwrap();
}

/// A branch with a secretary, staff above it, and everything by messenger at once.
struct Scene {
    office: Office,
    secretary: Account,
    staff: Account,
    branch: OrgId,
}

impl Scene {
    async fn new(place: Place) -> Self {
        let office = Office::with_branches(place, 2).await;
        let branch = office.branches[0].id;
        let secretary = account(&office, "secretary", Role::Secretary, branch).await;
        let staff = account(&office, "staff", Role::PartyStaff, office.top.id).await;
        Scene { office, secretary, staff, branch }
    }

    async fn wish(&self, wishes: &Wishes) {
        self.office.store.set_wishes(&self.secretary, wishes).await.unwrap();
    }

    async fn claim(&self, now: i64) -> Option<Claimed> {
        self.office.store.claim_delivery(self.office.root, Way::Webhook, now).await.unwrap()
    }

    async fn states(&self) -> Vec<DeliveryState> {
        let rows = self.office.store.deliveries(self.office.root, DeliveryFilter::default(), 100).await.unwrap();
        rows.into_iter().map(|row| row.state).collect()
    }
}

fn at_once() -> Wishes {
    Wishes { digest: None, ..Wishes::default() }
}

on_both! {
    async fn a_duty_is_told_once_however_often_it_is_planned(place: Place) {
        let scene = Scene::new(place).await;
        let dues = [meeting(scene.branch, date(2026, 11, 30))];
        assert_eq!(plan(&scene.office, &dues).await, 1);
        assert_eq!(plan(&scene.office, &dues).await, 0);
        let notices = inbox(&scene.office, &scene.secretary).await;
        assert_eq!(notices.len(), 1);
        assert_eq!(notices[0].kind, Kind::Reminder);
        assert_eq!(notices[0].detail, "第1党支部，2026年11月30日到期");
        assert!(notices[0].unread);
        assert_eq!(inbox(&scene.office, &scene.staff).await, []);
    }

    async fn instances_that_plan_at_once_tell_everybody_once(place: Place) {
        let scene = Scene::new(place).await;
        let branches = scene.office.branches.iter();
        let dues: Arc<Vec<Due>> = Arc::new(branches.map(|branch| meeting(branch.id, date(2026, 11, 10))).collect());
        let mut planners = Vec::new();
        for _ in 0..4 {
            let (dues, root) = (dues.clone(), scene.office.root);
            let store: Arc<Store> = scene.office.store.clone();
            planners.push(tokio::spawn(async move {
                store.plan_notices(root, &dues, &mut Given::default(), (testbed::TODAY, NOON)).await.unwrap().written
            }));
        }
        let mut written = 0;
        for planner in planners {
            written += planner.await.unwrap();
        }
        // The branch's secretary once; the staff once for the branch without one, and once for both together.
        assert_eq!(written, 3);
        assert_eq!(inbox(&scene.office, &scene.secretary).await.len(), 1);
        assert_eq!(inbox(&scene.office, &scene.staff).await.len(), 2);
    }

    async fn what_stays_late_goes_up_after_the_days_that_the_enterprise_sets(place: Place) {
        let scene = Scene::new(place).await;
        let dues = [meeting(scene.branch, date(2026, 11, 20))];
        plan(&scene.office, &dues).await;
        assert_eq!(inbox(&scene.office, &scene.staff).await, []);
        scene.office.store.set_rhythm(scene.office.author(), 3, 4).await.unwrap();
        plan(&scene.office, &dues).await;
        let up = inbox(&scene.office, &scene.staff).await;
        assert_eq!(up.len(), 1);
        assert_eq!(up[0].kind, Kind::Escalation);
        assert_eq!(up[0].title, "下级逾期：召开第四季度支部党员大会");
        let refused = scene.office.store.set_rhythm(scene.office.author(), 3, 0).await.unwrap_err();
        assert!(matches!(refused, StoreError::Refused { code: "bad_number", .. }));
    }

    async fn a_notice_closes_when_what_it_is_about_has_been_done(place: Place) {
        let scene = Scene::new(place).await;
        let dues = [meeting(scene.branch, date(2026, 11, 30)), meeting(scene.branch, date(2026, 12, 1))];
        plan(&scene.office, &dues).await;
        plan(&scene.office, &dues[..1]).await;
        let notices = inbox(&scene.office, &scene.secretary).await;
        assert_eq!(notices.iter().map(|notice| (notice.unread, notice.closed_at)).collect::<Vec<_>>(), [
            (true, None),
            (false, Some(NOON)),
        ]);
        assert!(notices[0].detail.contains("11月30日"));
    }

    async fn an_inbox_has_the_unread_first_and_goes_on_where_it_ended(place: Place) {
        let scene = Scene::new(place).await;
        let days: Vec<Date> = (25..=30).map(|day| date(2026, 11, day)).collect();
        let dues: Vec<Due> = days.iter().map(|day| meeting(scene.branch, *day)).collect();
        plan(&scene.office, &dues).await;
        let (store, root, me) = (&scene.office.store, scene.office.root, scene.secretary.id);
        let all = inbox(&scene.office, &scene.secretary).await;
        store.read_notice(root, me, all[0].id, NOON).await.unwrap();
        store.read_notice(root, me, all[0].id, NOON).await.unwrap();
        assert_eq!(store.inbox(root, me).await.unwrap().unread, 5);
        let mut seen: Vec<NoticeId> = Vec::new();
        let mut after = None;
        loop {
            let page = store.notices(root, me, after, 2).await.unwrap();
            let Some(last) = page.last() else { break };
            after = Some(InboxCursor { unread: last.unread, id: last.id });
            seen.extend(page.iter().map(|notice| notice.id));
        }
        let mut expected: Vec<NoticeId> = all.iter().map(|notice| notice.id).collect();
        expected.rotate_left(1);
        assert_eq!(seen, expected);
    }

    async fn reading_all_leaves_what_came_later_and_what_belongs_to_others(place: Place) {
        let scene = Scene::new(place).await;
        plan(&scene.office, &[meeting(scene.branch, date(2026, 11, 30)), meeting(scene.office.top.id, date(2026, 11, 30))]).await;
        let (store, root, me) = (&scene.office.store, scene.office.root, scene.secretary.id);
        let seen = inbox(&scene.office, &scene.secretary).await[0].id;
        plan(&scene.office, &[meeting(scene.branch, date(2026, 11, 30)), meeting(scene.branch, date(2026, 11, 29))]).await;
        assert_eq!(store.read_notices(root, me, seen, NOON).await.unwrap(), 1);
        assert_eq!(store.inbox(root, me).await.unwrap().unread, 1);
        let foreign = inbox(&scene.office, &scene.staff).await[0].id;
        assert!(matches!(store.read_notice(root, me, foreign, NOON).await, Err(StoreError::NotFound(_))));
    }

    async fn notices_are_pushed_in_the_order_of_the_ledger(place: Place) {
        let scene = Scene::new(place).await;
        let (store, root, me) = (&scene.office.store, scene.office.root, scene.secretary.id);
        let first = [meeting(scene.branch, date(2026, 11, 30))];
        plan(&scene.office, &first).await;
        let before = store.inbox(root, me).await.unwrap().newest;
        assert_eq!(store.last_notice_seq(root).await.unwrap(), before.0);
        assert_eq!(store.notices_after(root, me, before, 10).await.unwrap(), []);
        plan(&scene.office, &[first[0].clone(), meeting(scene.branch, date(2026, 12, 1))]).await;
        let news = store.notices_after(root, me, before, 10).await.unwrap();
        assert_eq!(news.len(), 1);
        assert!(news[0].seq > before.0);
        assert_eq!(store.notices_after(root, me, (0, 0), 10).await.unwrap().len(), 2);
    }

    async fn reminders_leave_one_ledger_entry_without_names_and_reading_leaves_none(place: Place) {
        let scene = Scene::new(place).await;
        let (store, root) = (&scene.office.store, scene.office.root);
        plan(&scene.office, &[meeting(scene.branch, date(2026, 11, 30))]).await;
        let entry = store.ledger(root, &Default::default(), 1).await.unwrap().remove(0);
        assert_eq!((entry.action.as_str(), entry.summary.as_str()), ("notice.plan", "生成提醒 1 条"));
        store.read_notices(root, scene.secretary.id, NoticeId(i64::MAX), NOON).await.unwrap();
        plan(&scene.office, &[meeting(scene.branch, date(2026, 11, 30))]).await;
        assert_eq!(store.ledger(root, &Default::default(), 1).await.unwrap()[0].seq, entry.seq);
        assert_eq!(store.verify_ledger(root).await.unwrap().faults, []);
    }

    async fn without_a_way_out_nothing_is_queued(place: Place) {
        let scene = Scene::new(place).await;
        plan(&scene.office, &[meeting(scene.branch, date(2026, 11, 30))]).await;
        assert_eq!(scene.states().await, []);
    }

    async fn a_delivery_is_queued_as_its_account_wishes(place: Place) {
        let scene = Scene::new(place).await;
        webhook(&scene.office).await;
        scene.wish(&Wishes { webhook: [Kind::Overdue].into(), ..at_once() }).await;
        plan(&scene.office, &[meeting(scene.branch, date(2026, 11, 30))]).await;
        assert_eq!(scene.states().await, []);
        plan(&scene.office, &[meeting(scene.branch, date(2026, 11, 20))]).await;
        assert_eq!(scene.states().await, [DeliveryState::Waiting]);
        let claimed = scene.claim(NOON).await.unwrap();
        assert_eq!(claimed.login, "secretary");
        assert_eq!(claimed.lines, [(
            "「召开第四季度支部党员大会」已逾期（2026年11月20日到期）".to_owned(),
            format!("/meetings?org={}", scene.branch),
        )]);
    }

    async fn a_digest_gathers_until_its_hour_and_leaves_out_what_was_read(place: Place) {
        let scene = Scene::new(place).await;
        webhook(&scene.office).await;
        scene.wish(&Wishes::default()).await;
        let dues: Vec<Due> = (25..=27).map(|day| meeting(scene.branch, date(2026, 11, day))).collect();
        plan(&scene.office, &dues[..2]).await;
        plan(&scene.office, &dues).await;
        assert_eq!(scene.states().await, [DeliveryState::Waiting]);
        let read = inbox(&scene.office, &scene.secretary).await[0].id;
        scene.office.store.read_notice(scene.office.root, scene.secretary.id, read, NOON).await.unwrap();
        assert_eq!(scene.claim(NOON + 19 * HOUR).await, None);
        let claimed = scene.claim(NOON + 20 * HOUR).await.unwrap();
        assert!(claimed.digest);
        assert_eq!(claimed.lines.len(), 2);
    }

    async fn nothing_is_sent_in_quiet_hours(place: Place) {
        let scene = Scene::new(place).await;
        webhook(&scene.office).await;
        scene.wish(&Wishes { quiet: Some(QuietHours { from: 11, to: 14 }), ..at_once() }).await;
        plan(&scene.office, &[meeting(scene.branch, date(2026, 11, 20))]).await;
        assert_eq!(scene.claim(NOON).await, None);
        let claimed = scene.claim(NOON + 2 * HOUR).await.unwrap();
        let outcome = Outcome::Later(NOON + 3 * HOUR);
        assert!(scene.office.store.close_delivery(scene.office.root, &claimed, outcome, (NOON, 0)).await.unwrap());
        assert_eq!(scene.claim(NOON + 3 * HOUR - 1).await, None);
        assert_eq!(scene.claim(NOON + 3 * HOUR).await.unwrap().attempts, 1);
    }

    async fn senders_at_once_never_take_the_same_delivery(place: Place) {
        let scene = Scene::new(place).await;
        webhook(&scene.office).await;
        scene.wish(&at_once()).await;
        let dues: Vec<Due> = (10..=20).map(|day| meeting(scene.branch, date(2026, 11, day))).collect();
        plan(&scene.office, &dues).await;
        let mut senders = Vec::new();
        for _ in 0..4 {
            let (store, root) = (scene.office.store.clone(), scene.office.root);
            senders.push(tokio::spawn(async move {
                let mut taken = Vec::new();
                // A moment's contention may find nothing where there is something: a sender asks again.
                for _ in 0..30 {
                    taken.extend(store.claim_delivery(root, Way::Webhook, NOON).await.unwrap().map(|one| one.id));
                }
                taken
            }));
        }
        let mut taken = Vec::new();
        for sender in senders {
            taken.extend(sender.await.unwrap());
        }
        let all = taken.len();
        taken.sort();
        taken.dedup();
        assert_eq!((taken.len(), all), (11, 11));
    }

    async fn a_sender_that_dies_is_followed_by_another_with_the_same_number_and_cannot_speak_for_it_later(place: Place) {
        let scene = Scene::new(place).await;
        webhook(&scene.office).await;
        scene.wish(&at_once()).await;
        plan(&scene.office, &[meeting(scene.branch, date(2026, 11, 20))]).await;
        let (store, root) = (&scene.office.store, scene.office.root);
        let dead = scene.claim(NOON).await.unwrap();
        assert_eq!(scene.claim(NOON + 60_000).await, None);
        let next = scene.claim(NOON + 120_000).await.unwrap();
        assert_eq!((next.id, next.attempts), (dead.id, 2));
        assert!(!store.close_delivery(root, &dead, Outcome::Failed("晚了".into()), (NOON, 0)).await.unwrap());
        assert!(store.close_delivery(root, &next, Outcome::Sent, (NOON, 0)).await.unwrap());
        assert_eq!(scene.states().await, [DeliveryState::Sent]);
    }

    async fn a_failing_delivery_is_tried_again_later_each_time_and_then_given_up_and_can_be_sent_again(place: Place) {
        let scene = Scene::new(place).await;
        webhook(&scene.office).await;
        scene.wish(&Wishes { quiet: None, ..at_once() }).await;
        plan(&scene.office, &[meeting(scene.branch, date(2026, 11, 20))]).await;
        let (store, root) = (&scene.office.store, scene.office.root);
        let (mut now, mut waits) = (NOON, Vec::new());
        for _ in 0..GIVE_UP_AFTER {
            let claimed = scene.claim(now).await.unwrap();
            let failed = Outcome::Failed("连接超时".into());
            assert!(store.close_delivery(root, &claimed, failed, (now, 500)).await.unwrap());
            let row = store.deliveries(root, DeliveryFilter::default(), 1).await.unwrap().remove(0);
            waits.push((row.next_at - now) / 60_000);
            now = row.next_at;
        }
        assert!(waits[..9].windows(2).all(|pair| pair[0] < pair[1]), "{waits:?}");
        assert_eq!(scene.states().await, [DeliveryState::GivenUp]);
        let row = store.deliveries(root, DeliveryFilter::default(), 1).await.unwrap().remove(0);
        assert_eq!(row.error, "连接超时");
        store.retry_delivery(scene.office.author(), row.id, now).await.unwrap();
        assert_eq!(scene.claim(now).await.unwrap().id, row.id);
        let again = store.retry_delivery(scene.office.author(), row.id, now).await.unwrap_err();
        assert!(matches!(again, StoreError::Refused { code: "not_failed", .. }));
    }

    async fn a_refused_delivery_is_given_up_at_once_and_counted(place: Place) {
        let scene = Scene::new(place).await;
        webhook(&scene.office).await;
        scene.wish(&at_once()).await;
        plan(&scene.office, &[meeting(scene.branch, date(2026, 11, 20))]).await;
        let (store, root) = (&scene.office.store, scene.office.root);
        let claimed = scene.claim(NOON).await.unwrap();
        store.close_delivery(root, &claimed, Outcome::Refused("收件人不存在".into()), (NOON, 0)).await.unwrap();
        let counts = store.delivery_counts(root).await.unwrap();
        assert_eq!(counts.of(Way::Webhook, DeliveryState::GivenUp), 1);
        assert_eq!(counts.of(Way::Mail, DeliveryState::GivenUp), 0);
        assert_eq!(store.purge_deliveries(root, NOON).await.unwrap(), 0);
        assert_eq!(store.purge_deliveries(root, NOON + 1).await.unwrap(), 1);
    }

    async fn an_address_counts_once_its_code_has_come_back_and_lies_sealed(place: Place) {
        let scene = Scene::new(place).await;
        let (store, root, me) = (&scene.office.store, scene.office.root, &scene.secretary);
        store.propose_address(me, "zhang@example.com", "AB23CD45EF", NOON).await.unwrap();
        let held = store.wishes(root, me.id).await.unwrap().mailbox;
        assert_eq!((held.address, held.waiting.as_deref()), (None, Some("zhang@example.com")));
        let wrong = store.confirm_address(me, "AAAAAAAAAA", NOON).await.unwrap_err();
        assert!(matches!(wrong, StoreError::Refused { code: "bad_code", .. }));
        store.confirm_address(me, " ab23cd45ef ", NOON).await.unwrap();
        let held = store.wishes(root, me.id).await.unwrap().mailbox;
        assert_eq!((held.address.as_deref(), held.waiting), (Some("zhang@example.com"), None));
        let lines = dump(&scene.office.place.location, &["notice_wish", "ledger", "ledger_item"]).await.join("\n");
        assert!(!lines.contains("example.com") && !lines.contains("AB23CD45EF"));
        store.remove_address(me).await.unwrap();
        assert_eq!(store.wishes(root, me.id).await.unwrap().mailbox.address, None);
    }

    async fn a_code_is_guessed_at_five_times_and_counts_for_half_an_hour(place: Place) {
        let scene = Scene::new(place).await;
        let (store, me) = (&scene.office.store, &scene.secretary);
        store.propose_address(me, "zhang@example.com", "AB23CD45EF", NOON).await.unwrap();
        let late = store.confirm_address(me, "AB23CD45EF", NOON + HOUR / 2).await.unwrap_err();
        assert!(matches!(late, StoreError::Refused { code: "code_expired", .. }));
        for _ in 0..5 {
            let _ = store.confirm_address(me, "AAAAAAAAAA", NOON).await;
        }
        let spent = store.confirm_address(me, "AB23CD45EF", NOON).await.unwrap_err();
        assert!(matches!(spent, StoreError::Refused { code: "code_expired", .. }));
        store.propose_address(me, "zhang@example.com", "ZZ23CD45EF", NOON).await.unwrap();
        store.confirm_address(me, "ZZ23CD45EF", NOON).await.unwrap();
    }

    async fn wishes_are_kept_and_impossible_ones_refused(place: Place) {
        let scene = Scene::new(place).await;
        let (store, root, me) = (&scene.office.store, scene.office.root, &scene.secretary);
        assert_eq!(store.wishes(root, me.id).await.unwrap().wishes, Wishes::default());
        let wishes = Wishes { quiet: None, digest: None, mail: [Kind::Overdue, Kind::Message].into(), webhook: [].into() };
        store.set_wishes(me, &wishes).await.unwrap();
        assert_eq!(store.wishes(root, me.id).await.unwrap().wishes, wishes);
        let bad = Wishes { digest: Some(23), ..Wishes::default() };
        assert!(matches!(store.set_wishes(me, &bad).await, Err(StoreError::Refused { code: "bad_hour", .. })));
    }

    async fn ways_out_lie_sealed_and_are_edited_by_one_at_a_time(place: Place) {
        let scene = Scene::new(place).await;
        let (store, root) = (&scene.office.store, scene.office.root);
        let way = MailWay {
            host: "mail.example.com".into(),
            port: 465,
            security: Security::Tls,
            user: Some("dangjian".into()),
            password: Some("p4ssword-of-mail".into()),
            sender: "dangjian@example.com".into(),
            authority: None,
        };
        store.set_mail_way(scene.office.author(), 0, &way).await.unwrap();
        assert!(store.mail_way(root).await.unwrap() == Some((1, way.clone())));
        assert!(matches!(store.set_mail_way(scene.office.author(), 0, &way).await, Err(StoreError::Stale { current: 1, .. })));
        let lines = dump(&scene.office.place.location, &["notice_way", "ledger", "ledger_item"]).await.join("\n");
        assert!(!lines.contains("p4ssword"));
        store.remove_way(scene.office.author(), Way::Mail).await.unwrap();
        assert!(store.mail_way(root).await.unwrap().is_none());
    }

    async fn a_calendar_has_one_address_at_a_time(place: Place) {
        let scene = Scene::new(place).await;
        let (store, root, me) = (&scene.office.store, scene.office.root, &scene.secretary);
        let id = store.make_calendar(me, None, "first", NOON).await.unwrap();
        let of_branch = store.make_calendar(me, Some(scene.branch), "branch", NOON).await.unwrap();
        assert_eq!(store.make_calendar(me, None, "second", NOON).await.unwrap(), id);
        assert!(store.calendar("first").await.unwrap().is_none());
        assert_eq!(store.calendar("second").await.unwrap().unwrap().account.id, me.id);
        assert_eq!(store.calendar("branch").await.unwrap().unwrap().org, Some(scene.branch));
        let names: Vec<_> = store.calendars(root, me.id).await.unwrap().into_iter().map(|one| one.org_name).collect();
        assert_eq!(names, [None, Some("第1党支部".to_owned())]);
        assert!(matches!(store.remove_calendar(&scene.staff, of_branch).await, Err(StoreError::NotFound(_))));
        store.remove_calendar(me, of_branch).await.unwrap();
        assert!(store.calendar("branch").await.unwrap().is_none());
        let off = store::AccountEdit { disabled: Some(true), ..Default::default() };
        store.edit_account(scene.office.author(), me.id, &off).await.unwrap();
        assert!(store.calendar("second").await.unwrap().is_none());
    }

    async fn a_lease_has_one_holder_until_it_ends(place: Place) {
        let office = Office::with_branches(place, 1).await;
        let take = async |holder, now| office.store.take_lease(office.root, "notices", holder, now, 1000).await.unwrap();
        assert!(take("a", 0).await);
        assert!(!take("b", 500).await);
        assert!(take("a", 800).await);
        assert!(!take("b", 1500).await);
        assert!(take("b", 1801).await);
        office.store.give_back_lease(office.root, "notices", "b").await.unwrap();
        assert!(take("a", 1802).await);
    }

    async fn administrators_are_told_once_a_day_that_a_way_fails(place: Place) {
        let scene = Scene::new(place).await;
        let admin = account(&scene.office, "admin", Role::SystemAdmin, scene.office.top.id).await;
        let (store, root) = (&scene.office.store, scene.office.root);
        for _ in 0..2 {
            store.tell_of_failing_way(root, Way::Mail, today(), NOON).await.unwrap();
        }
        let told = inbox(&scene.office, &admin).await;
        assert_eq!(told.len(), 1);
        assert_eq!((told[0].title.as_str(), told[0].link.as_str()), ("电子邮件发送失败", "/system/status"));
        assert_eq!(inbox(&scene.office, &scene.staff).await, []);
        // What the planner knows nothing of is not closed by it.
        plan(&scene.office, &[]).await;
        assert!(inbox(&scene.office, &admin).await[0].unread);
    }
}
