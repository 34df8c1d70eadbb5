//! 党员: opening a dossier, editing it, leaving. What a field may hold is the rules' to say, the same for forms and rosters.

use crate::body::{Body, Faults, Segment};
use crate::dossier::Dossier;
use crate::instant::minute_of;
use crate::members::{dossier_of, person_for};
use crate::orgs::org_for;
use crate::orgs_edit::day_of_change;
use crate::signed::Signed;
use crate::{App, Problem};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use rules::access::Action;
use rules::codes::Membership;
use rules::form::{Fault, Form, edited, refusal};
use rules::ids::{OrgId, PersonId, RootOrg};
use rules::intake::{Field, Raw, check};
use rules::member::Record;
use serde::Deserialize;
use std::collections::BTreeMap;
use store::{HistoryEntry, StoreError};
use utoipa::ToSchema;

/// How many edits of others are told.
const TOLD: usize = 3;

/// A new dossier. Fields by key, as a roster would write them.
#[derive(Deserialize, ToSchema)]
pub(crate) struct MemberNew {
    org_id: String,
    reason: String,
    fields: BTreeMap<String, String>,
}

/// An edit: what is left out, and what is still masked, stays as it is; an empty text empties the field.
#[derive(Deserialize, ToSchema)]
pub(crate) struct MemberEdit {
    version: i64,
    on: String,
    reason: String,
    fields: BTreeMap<String, String>,
}

/// 离开的情形.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum LeaveKind {
    TransferredOut,
    Removed,
    Expelled,
    Withdrawn,
    Died,
    Cancelled,
    Suspended,
}

impl From<LeaveKind> for Membership {
    fn from(kind: LeaveKind) -> Self {
        match kind {
            LeaveKind::TransferredOut => Membership::TransferredOut,
            LeaveKind::Removed => Membership::Removed,
            LeaveKind::Expelled => Membership::Expelled,
            LeaveKind::Withdrawn => Membership::Withdrawn,
            LeaveKind::Died => Membership::Died,
            LeaveKind::Cancelled => Membership::Cancelled,
            LeaveKind::Suspended => Membership::Suspended,
        }
    }
}

/// A leave, as the organisation decided it.
#[derive(Deserialize, ToSchema)]
pub(crate) struct MemberLeave {
    version: i64,
    on: String,
    kind: LeaveKind,
    reason: String,
}

impl Faults {
    /// A form's fields by their keys; one that no form has is refused.
    pub(crate) fn form(&mut self, fields: BTreeMap<String, String>) -> Form {
        let mut form = Form::new();
        for (key, text) in fields {
            match Field::from_key(&key) {
                Some(field) => {
                    form.insert(field, text);
                }
                None => self.add(&format!("/{key}"), "unknown_field", "没有这个项目。请刷新页面后重试。"),
            }
        }
        form
    }

    /// Faults of the rules, each at its field.
    pub(crate) fn of_rules(&mut self, faults: Vec<Fault>) {
        for fault in faults {
            self.add(&format!("/{}", fault.field.key()), fault.code, format!("{}。", fault.message));
        }
    }
}

/// 新建人员档案。
#[utoipa::path(post, path = "/api/members", tag = "members", request_body = MemberNew, responses(
    (status = 200, body = Dossier),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
pub(crate) async fn create_member(
    State(app): State<App>,
    signed: Signed,
    Body(new): Body<MemberNew>,
) -> Result<Json<Dossier>, Problem> {
    signed.may(Action::MemberEdit)?;
    let mut faults = Faults::default();
    let reason = faults.reason(&new.reason);
    let org = faults.parsed::<OrgId>("/org_id", "unknown_org", &new.org_id, "所在党支部没有选择。请选择。");
    let form = faults.form(new.fields);
    let Some(org) = org else { return Err(refused(faults)) };
    let org = org_for(&app, &signed, Action::MemberEdit, org).await?;
    let Some(record) = read_new(&form, &org, &app, &mut faults) else { return Err(refused(faults)) };
    faults.check()?;
    let id = app.store.create_person(&signed.actor, record, app.today(), &reason).await.map_err(at_field)?;
    let person = app.store.person(signed.root(), id).await?;
    Ok(Json(dossier_of(&app, &signed, &person).await?))
}

fn refused(faults: Faults) -> Problem {
    faults.check().err().unwrap_or_else(|| Problem::refused("missing_required", "必填项没有填全。请补填。"))
}

/// A new record from a form, read as a roster's row would be; every fault is noted.
pub(crate) fn read_new(form: &Form, org: &store::Org, app: &App, faults: &mut Faults) -> Option<Record> {
    let refused: Vec<Fault> = form.iter().filter_map(|(field, text)| refusal(*field, text)).collect();
    let is_refused = |field: &Field| refused.iter().any(|fault| fault.field == *field);
    let mut cells: Vec<(Field, Raw)> = form
        .iter()
        .filter(|(field, _)| !is_refused(field))
        .map(|(field, text)| (*field, Raw::Text(text.clone())))
        .collect();
    cells.push((Field::OrgCode, Raw::Text(org.code.clone())));
    let checked = check(&cells, app.today());
    faults.of_rules(refused);
    faults.of_rules(checked.errors.into_iter().map(Fault::from).collect());
    Record::new(&checked.draft, org.id)
}

/// 修改一份档案，从某日起生效。
#[utoipa::path(patch, path = "/api/members/{id}", tag = "members", params(("id" = String, Path)), request_body = MemberEdit, responses(
    (status = 200, body = Dossier),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
pub(crate) async fn edit_member(
    State(app): State<App>,
    signed: Signed,
    Segment(id): Segment<PersonId>,
    Body(edit): Body<MemberEdit>,
) -> Result<Json<Dossier>, Problem> {
    let person = person_for(&app, &signed, Action::MemberEdit, id).await?;
    if person.version != edit.version {
        let e = StoreError::Stale { what: "人员", current: person.version };
        return Err(refusal_of(&app, signed.root(), (id, edit.version), e).await);
    }
    if person.left {
        return Err(Problem::refused("person_left", "此人已离开，档案只供查阅，不再修改。"));
    }
    let mut faults = Faults::default();
    let on = day_of_change(&mut faults, &edit.on, app.today());
    let reason = faults.reason(&edit.reason);
    let form = faults.form(edit.fields);
    let after = edited(&person.record, &form, app.today()).map_err(|found| faults.of_rules(found));
    let (Some(on), Ok(after)) = (on, after) else { return Err(refused(faults)) };
    faults.check()?;
    let differing = person.record.differences(&after).len();
    if differing > 0 {
        let summary = format!("「{}」修改人员信息 {differing} 项", person.org.name);
        let saved =
            app.store.save_person(&signed.actor, "person.edit", (id, edit.version), &after, on, (&reason, &summary));
        if let Err(e) = saved.await {
            return Err(refusal_of(&app, signed.root(), (id, edit.version), e).await);
        }
    }
    let person = app.store.person(signed.root(), id).await?;
    Ok(Json(dossier_of(&app, &signed, &person).await?))
}

/// 登记离开：转出、除名、出党、退党、去世、取消预备党员资格、停止党籍（EDU-05）。
#[utoipa::path(post, path = "/api/members/{id}/leave", tag = "members", params(("id" = String, Path)), request_body = MemberLeave, responses(
    (status = 204),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
pub(crate) async fn member_leaves(
    State(app): State<App>,
    signed: Signed,
    Segment(id): Segment<PersonId>,
    Body(leave): Body<MemberLeave>,
) -> Result<StatusCode, Problem> {
    person_for(&app, &signed, Action::MemberEdit, id).await?;
    let mut faults = Faults::default();
    let on = day_of_change(&mut faults, &leave.on, app.today());
    let reason = faults.reason(&leave.reason);
    let Some(on) = on else { return Err(refused(faults)) };
    faults.check()?;
    let dates = (on, app.today());
    match app.store.leave(&signed.actor, (id, leave.version), leave.kind.into(), dates, &reason).await {
        Ok(()) => Ok(StatusCode::NO_CONTENT),
        Err(e) => Err(refusal_of(&app, signed.root(), (id, leave.version), e).await),
    }
}

/// The refusal of a write, put to the field it is about.
pub(crate) fn at_field(e: StoreError) -> Problem {
    let (code, pointer) = match &e {
        StoreError::Refused { code: code @ "duplicate_id", .. } => (*code, "/identity_number"),
        StoreError::Refused { code: code @ ("org_place" | "org_dissolved"), .. } => (*code, "/org_id"),
        StoreError::Refused { code: code @ "bad_date", .. } => (*code, "/on"),
        StoreError::Refused { code: code @ "leave_kind", .. } => (*code, "/kind"),
        _ => return e.into(),
    };
    Problem::at(e, code, pointer)
}

/// The same; an edit that came too late is told what others did meanwhile, private values masked.
async fn refusal_of(app: &App, root: RootOrg, (id, version): (PersonId, i64), e: StoreError) -> Problem {
    let StoreError::Stale { current, .. } = e else { return at_field(e) };
    let others = app.store.latest_edits(root, id, current - version).await.unwrap_or_default();
    let mut problem = Problem::from(e);
    let told: Vec<String> = others.iter().take(TOLD).map(told).collect();
    if !told.is_empty() {
        problem.detail = format!("{}对方的修改：{}。", problem.detail, told.join("；"));
    }
    problem
}

fn told(entry: &HistoryEntry) -> String {
    let value = |field: Field, text: &str| if text.is_empty() { "未登记".to_owned() } else { field.masked(text) };
    let fields: Vec<String> = entry
        .changes
        .iter()
        .map(|one| {
            let (before, after) = (value(one.field, &one.before), value(one.field, &one.after));
            format!("{}由「{before}」改为「{after}」", one.field.label())
        })
        .collect();
    format!("{} 于 {} {}", entry.actor, minute_of(entry.at), fields.join("，"))
}
