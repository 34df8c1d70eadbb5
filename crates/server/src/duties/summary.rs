//! What a superior sees: the organisations directly below, and the rules, each with the counts of its whole subtree.

use super::shown::DutyCounts;
use crate::body::{Faults, Params};
use crate::org_kind::OrgKind;
use crate::signed::Signed;
use crate::{App, Problem};
use axum::Json;
use axum::extract::State;
use rules::access::Action;
use rules::duty::{Days, Status, Task};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(summary))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct SummaryQuery {
    org: String,
    /// This year when left out.
    year: Option<i16>,
}

/// Counts of a subtree, kept apart: what organisations have to do, and what is asked about single persons.
#[derive(Default, Serialize, ToSchema)]
struct Summed {
    orgs: DutyCounts,
    persons: DutyCounts,
}

/// An organisation directly below.
#[derive(Serialize, ToSchema)]
struct DutyChild {
    org_id: String,
    org_name: String,
    kind: OrgKind,
    has_children: bool,
    /// Of its whole subtree.
    counts: Summed,
}

/// A rule.
#[derive(Serialize, ToSchema)]
struct DutyRule {
    rule: String,
    /// The activity's identifier, or `own`.
    activity: String,
    activity_name: String,
    own_duty_id: Option<String>,
    counts: Summed,
    /// How many organisations are late with it.
    orgs_overdue: u32,
}

/// What a superior sees.
#[derive(Serialize, ToSchema)]
struct DutySummary {
    org_id: String,
    org_name: String,
    year: i16,
    /// The organisation itself, without those below.
    own: Summed,
    /// With everything below.
    total: Summed,
    children: Vec<DutyChild>,
    rules: Vec<DutyRule>,
}

/// 下级党组织应办事项的完成情况，按下级和按规则汇总。
#[utoipa::path(get, path = "/api/duties/summary", tag = "duties", params(SummaryQuery), responses(
    (status = 200, body = DutySummary),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
async fn summary(
    State(app): State<App>,
    signed: Signed,
    Params(query): Params<SummaryQuery>,
) -> Result<Json<DutySummary>, Problem> {
    signed.may(Action::WorkView)?;
    let (today, mut faults) = (app.today(), Faults::default());
    let (id, year) = (faults.org(&query.org), faults.year(query.year, today));
    faults.check()?;
    let calendar = app.calendar(signed.root()).await?;
    let top = calendar.orgs.get(id).ok_or_else(|| Problem::not_found("党组织"))?;
    signed.may_within(Action::WorkView, &top.path, "党组织")?;
    let span = Days::of_year(year).ok_or_else(|| Problem::not_found("年份"))?;
    if span.first < calendar.span.first || span.last > calendar.span.last {
        let message = format!("汇总只提供 {} 年的情况。请在各支部的年历中查看其他年份。", calendar.span.last.year());
        return Err(Problem::refused("year_not_kept", message));
    }
    let below = calendar.orgs.below(&top.path).filter(|org| org.dissolved_on.is_none() && org.parent == Some(id));
    let (paths, mut children): (Vec<&str>, Vec<DutyChild>) = below
        .map(|org| {
            let child = DutyChild {
                org_id: org.id.to_string(),
                org_name: org.name.clone(),
                kind: org.kind.into(),
                has_children: calendar.orgs.below(&org.path).any(|found| found.parent == Some(org.id)),
                counts: Summed::default(),
            };
            (org.path.as_str(), child)
        })
        .unzip();
    let (mut own, mut total) = (Summed::default(), Summed::default());
    let mut rules: BTreeMap<(&str, Task), (Summed, BTreeSet<i64>)> = BTreeMap::new();
    let mut at = 0;
    for (org, duty) in calendar.below(&top.path).filter(|(_, duty)| duty.touches(span) && duty.is_spoken_of(today)) {
        let status = duty.status(today);
        let add = |summed: &mut Summed| match duty.person {
            Some(_) => summed.persons.add(status),
            None => summed.orgs.add(status),
        };
        add(&mut total);
        if org.id == id {
            add(&mut own);
        } else {
            // Both run in the order of the tree.
            while at + 1 < paths.len() && !org.path.starts_with(paths[at]) {
                at += 1;
            }
            if let Some(child) = children.get_mut(at).filter(|_| org.path.starts_with(paths[at])) {
                add(&mut child.counts);
            }
        }
        let (summed, late) = rules.entry((duty.rule, duty.task)).or_default();
        add(summed);
        if status == Status::Overdue {
            late.insert(org.id.0);
        }
    }
    let rules = rules.into_iter().map(|((rule, task), (counts, late))| {
        let own = |id| calendar.setting.own.iter().find(|own| own.id == id).map(|own| own.name.clone());
        let (name, own_duty_id) = match task {
            Task::Activity(activity) => (activity.name().to_owned(), None),
            Task::Own(id) => (own(id).unwrap_or_default(), Some(id.to_string())),
        };
        DutyRule {
            rule: rule.to_owned(),
            activity: task.key().to_owned(),
            activity_name: name,
            own_duty_id,
            counts,
            orgs_overdue: late.len() as u32,
        }
    });
    Ok(Json(DutySummary {
        org_id: id.to_string(),
        org_name: top.name.clone(),
        year,
        own,
        total,
        rules: rules.collect(),
        children,
    }))
}
