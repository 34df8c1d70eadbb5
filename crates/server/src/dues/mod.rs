//! 党费: a branch's months, bases, payments, reductions; sums for superiors; everything for the member. Members' incomes are seen by those
//! alone who hold a role on the branch itself: superiors see sums.

mod bases;
mod month;
mod overview;
mod own;
mod papers;
mod payments;
mod reductions;
mod shape;

use crate::body::Faults;
use crate::signed::Signed;
use crate::{App, Problem};
use jiff::civil::Date;
use rules::access::{Action, Target, may};
use rules::dues::{Month, Payer};
use rules::ids::OrgId;
use store::Org;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(month::month))
        .routes(routes!(month::draw_up))
        .routes(routes!(month::hand_up))
        .routes(routes!(bases::list, bases::set))
        .routes(routes!(payments::book))
        .routes(routes!(payments::take_back))
        .routes(routes!(reductions::list, reductions::ask))
        .routes(routes!(reductions::decision))
        .routes(routes!(overview::overview))
        .routes(routes!(papers::export))
        .routes(routes!(papers::report))
        .routes(routes!(own::own_dues))
}

/// Whether the actor keeps a branch's books: a role on the branch itself, not on something above it.
fn keeps_books(signed: &Signed, path: &str) -> bool {
    may(&signed.actor, Action::WorkDo, Target::Exactly(path))
}

/// The branch whose books the actor keeps.
async fn own_branch(app: &App, signed: &Signed, org: OrgId) -> Result<Org, Problem> {
    let org = app.store.org(signed.root(), org).await?;
    signed.may_within(Action::WorkDo, &org.path, "党组织")?;
    if keeps_books(signed, &org.path) {
        return Ok(org);
    }
    Err(Problem::forbidden("党费明细涉及个人收入，只由本支部的书记或党务工作者办理，上级查看汇总。请由该支部办理。"))
}

/// Readings of what several requests have in common.
trait DuesFaults {
    fn branch(&mut self, id: &str) -> Option<OrgId>;
    fn month(&mut self, pointer: &str, label: &str, value: &str) -> Option<Month>;
    fn payer(&mut self, pointer: &str, key: &str) -> Option<Payer>;
}

impl DuesFaults for Faults {
    fn branch(&mut self, id: &str) -> Option<OrgId> {
        self.parsed("/org_id", "unknown_org", id, "党支部没有选定。请从列表中选择。")
    }

    fn month(&mut self, pointer: &str, label: &str, value: &str) -> Option<Month> {
        self.parsed(pointer, "bad_month", value, format!("{label}「{value}」不是月份。请写成 2026-03。"))
    }

    fn payer(&mut self, pointer: &str, key: &str) -> Option<Payer> {
        let payer = Payer::from_key(key);
        if payer.is_none() {
            self.add(pointer, "unknown_code", "交费类别没有选定。请从列表中选择。");
        }
        payer
    }
}

/// The month asked for, or today's.
fn month_or_this(faults: &mut Faults, month: Option<&str>, today: Date) -> Month {
    let given = month.filter(|month| !month.is_empty());
    given.map_or(Some(Month::of(today)), |month| faults.month("/month", "月份", month)).unwrap_or(Month::of(today))
}
