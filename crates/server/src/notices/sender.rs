//! Sending what waits, by the clock. One instance sends at a time; should two, each delivery still belongs to one. A way that fails
//! as a whole is left alone for a while, so that a dead server does not use up the attempts of everything that waits.

use super::deliver::{Failure, Ways, by_mail, by_webhook, reason_not_to};
use crate::App;
use rules::ids::RootOrg;
use rules::notice::next_try;
use std::collections::HashMap;
use std::time::Duration;
use store::{Claimed, Outcome, StoreError, Way, now_ms};

/// How often it is looked whether something waits.
const LOOK: Duration = Duration::from_secs(5);
/// How long this instance keeps sending to itself (milliseconds): longer than one message may take.
const LEASE: i64 = 3 * 60 * 1000;
/// Failures of a way in a row after which its administrators are told.
const TELL_AFTER: i64 = 3;
/// Deliveries that are over are kept for so long (milliseconds).
const KEPT: i64 = 90 * 24 * 60 * 60 * 1000;
/// How often those kept for long enough are removed (milliseconds).
const PURGE: i64 = 60 * 60 * 1000;

/// How a way fares.
#[derive(Default, Clone, Copy)]
struct Luck {
    failures: i64,
    not_before: i64,
}

/// What the sender knows of each enterprise's ways.
#[derive(Default)]
pub(crate) struct Sender {
    luck: HashMap<(RootOrg, Way), Luck>,
    purged_at: i64,
}

/// Sends until the server stops.
pub(crate) async fn run(app: App) {
    let mut sender = Sender::default();
    loop {
        tokio::select! {
            () = tokio::time::sleep(LOOK) => {}
            () = app.notices.deliveries.notified() => {}
        }
        if let Err(e) = sender.round(&app).await {
            tracing::warn!(error = %e, "deliveries could not be sent");
        }
    }
}

/// Sends what waits now: for tests. Returns how many deliveries were closed or put off.
pub async fn send_once(app: &App, now: i64) -> Result<usize, StoreError> {
    let mut sender = Sender::default();
    let mut done = 0;
    for enterprise in app.store.enterprises().await? {
        for way in Way::ALL {
            done += sender.send_all(app, enterprise.root, *way, || now).await?;
        }
    }
    Ok(done)
}

impl Sender {
    async fn round(&mut self, app: &App) -> Result<(), StoreError> {
        let now = now_ms();
        let purge = now - self.purged_at > PURGE;
        for enterprise in app.store.enterprises().await? {
            let root = enterprise.root;
            for way in Way::ALL {
                if app.store.has_delivery(root, *way, now).await? {
                    self.send_all(app, root, *way, now_ms).await?;
                }
            }
            if purge {
                app.store.purge_deliveries(root, now - KEPT).await?;
                self.purged_at = now;
            }
        }
        Ok(())
    }

    /// Sends everything by one way whose time has come, until there is nothing left or the way fails.
    async fn send_all(
        &mut self,
        app: &App,
        root: RootOrg,
        way: Way,
        clock: impl Fn() -> i64,
    ) -> Result<usize, StoreError> {
        let luck = self.luck.entry((root, way)).or_default();
        if clock() < luck.not_before {
            return Ok(0);
        }
        let ways = Ways {
            mail: app.store.mail_way(root).await?.map(|(_, way)| way),
            webhook: app.store.webhook_way(root).await?.map(|(_, way)| way),
            site: app.store.notice_setting(root).await?.site,
        };
        let mut done = 0;
        loop {
            let name = format!("notices.{}", way.key());
            if !app.store.take_lease(root, &name, &app.notices.instance, clock(), LEASE).await? {
                return Ok(done);
            }
            let Some(claimed) = app.store.claim_delivery(root, way, clock()).await? else { return Ok(done) };
            done += 1;
            let (outcome, way_failed) = outcome_of(&ways, &claimed, root, clock()).await;
            app.store.close_delivery(root, &claimed, outcome, (clock(), chance())).await?;
            if !way_failed {
                luck.failures = 0;
                continue;
            }
            luck.failures += 1;
            luck.not_before = clock() + next_try(luck.failures.min(6), chance()).unwrap_or_default();
            if luck.failures >= TELL_AFTER || claimed.attempts >= TELL_AFTER {
                app.store.tell_of_failing_way(root, way, app.today(), clock()).await?;
            }
            return Ok(done);
        }
    }
}

/// What becomes of a delivery, and whether its whole way failed.
async fn outcome_of(ways: &Ways, claimed: &Claimed, root: RootOrg, now: i64) -> (Outcome, bool) {
    if let Some(outcome) = reason_not_to(claimed, now) {
        return (outcome, false);
    }
    let sent = match (claimed.way, &ways.mail, &ways.webhook) {
        (Way::Mail, Some(way), _) => by_mail(ways, way, claimed, root.0).await,
        (Way::Webhook, _, Some(way)) => by_webhook(ways, way, claimed, now).await,
        (Way::Mail, None, _) | (Way::Webhook, _, None) => {
            return (Outcome::Skipped("此渠道已停用"), false);
        }
    };
    match sent {
        Ok(()) => (Outcome::Sent, false),
        Err(Failure::Way(words)) => (Outcome::Failed(words), true),
        Err(Failure::Later(words)) => (Outcome::Failed(words), false),
        Err(Failure::Never(words)) => (Outcome::Refused(words), false),
    }
}

/// A number from 0 to 999, to spread tries.
fn chance() -> u32 {
    getrandom::u32().unwrap_or(500) % 1000
}
