//! From the duty calendar to notices, by the clock: on a new day, and when something was written. One instance plans at a time; should
//! two, the store still tells nobody twice.

use super::desk::News;
use crate::{App, Problem};
use jiff::civil::Date;
use rules::duty::Status;
use rules::ids::RootOrg;
use rules::notice::Due;
use std::collections::HashMap;
use std::time::{Duration, Instant};
use store::{Given, Planned, now_ms};

/// How often it is looked whether there is something to plan.
const LOOK: Duration = Duration::from_secs(2);
/// Planning takes at most this share of the time: after a run, so many times as long is waited.
const REST: u32 = 10;
/// How long this instance keeps planning to itself (milliseconds).
const LEASE: i64 = 60 * 1000;

/// What one enterprise's planning knows.
#[derive(Default)]
struct Desk {
    given: Given,
    /// The ledger's end and the day at the last planning.
    planned: Option<(i64, Date)>,
    /// Not before.
    rest: Option<Instant>,
    /// The last ledger entry that wrote notices.
    seen: i64,
    lease: i64,
}

/// Plans until the server stops.
pub(crate) async fn run(app: App) {
    let mut desks: HashMap<RootOrg, Desk> = HashMap::new();
    let mut clock = tokio::time::interval(LOOK);
    clock.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        clock.tick().await;
        let enterprises = match app.store.enterprises().await {
            Ok(found) => found,
            Err(e) => {
                tracing::warn!(error = %e, "the enterprises could not be read");
                continue;
            }
        };
        for enterprise in enterprises {
            let desk = desks.entry(enterprise.root).or_default();
            if let Err(e) = step(&app, enterprise.root, desk).await {
                tracing::warn!(error = %e.detail, "reminders could not be planned");
            }
        }
    }
}

async fn step(app: &App, root: RootOrg, desk: &mut Desk) -> Result<(), Problem> {
    let seen = app.store.last_notice_seq(root).await?;
    if std::mem::replace(&mut desk.seen, seen) != seen {
        app.notices.tell(News::Of(root));
        app.notices.deliveries.notify_one();
    }
    let now = now_ms();
    let state = (app.store.ledger_head(root).await?, app.today());
    if desk.planned == Some(state) || desk.rest.is_some_and(|rest| Instant::now() < rest) {
        return Ok(());
    }
    if desk.lease < now {
        if !app.store.take_lease(root, "notices.plan", &app.notices.instance, now, LEASE).await? {
            return Ok(());
        }
        // Renewed well before its end.
        desk.lease = now + LEASE / 3;
    }
    let began = Instant::now();
    let done = plan(app, root, &mut desk.given).await?;
    desk.planned = Some(state);
    desk.rest = Some(Instant::now() + began.elapsed() * REST);
    if done.closed > 0 {
        app.notices.tell(News::Of(root));
    }
    Ok(())
}

async fn plan(app: &App, root: RootOrg, given: &mut Given) -> Result<Planned, Problem> {
    let today = app.today();
    let dues: Vec<Due> = {
        let calendar = app.calendar(root).await?;
        let open = calendar
            .below("")
            .filter(|(_, duty)| matches!(duty.status(today), Status::Due | Status::Overdue))
            .map(|(_, duty)| Due::of(duty, &calendar.setting.own));
        open.collect()
    };
    Ok(app.store.plan_notices(root, &dues, given, (today, now_ms())).await?)
}

/// Plans an enterprise's notices now: for tests and the command line. Returns how many were written.
pub async fn plan_once(app: &App, root: RootOrg) -> Result<usize, Problem> {
    let done = plan(app, root, &mut Given::default()).await?;
    app.notices.tell(News::Of(root));
    Ok(done.written)
}
