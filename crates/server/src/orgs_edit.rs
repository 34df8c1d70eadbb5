//! 组织: creating one and correcting its data. What a field may hold is the rules' to say (`rules::intake::check_org_row`).

use crate::body::{Body, Faults, Segment};
use crate::instant::minute_of;
use crate::org_kind::OrgKind;
use crate::orgs::{OrgDetail, detail_of, org_for};
use crate::signed::Signed;
use crate::{App, Problem};
use axum::Json;
use axum::extract::State;
use jiff::civil::Date;
use rules::access::Action;
use rules::ids::{OrgId, RootOrg};
use rules::intake::{OrgDraft, OrgField, Raw, check_org_row};
use rules::org::OrgKind as KnownKind;
use serde::{Deserialize, Deserializer};
use store::{NewOrg, Org, OrgChange, OrgEdit as Edit, StoreError};
use utoipa::ToSchema;

/// The longest term in years.
const LONGEST_TERM: i32 = 10;
/// How many changes of others are told.
const TOLD: i64 = 3;

/// A new organisation.
#[derive(Deserialize, ToSchema)]
pub(crate) struct OrgNew {
    parent_id: String,
    kind: OrgKind,
    code: String,
    name: String,
    unit_name: Option<String>,
    uscc: Option<String>,
    founded_on: Option<String>,
    term_from: Option<String>,
    term_years: Option<i32>,
    on: String,
}

/// A correction: what is left out stays as it is, null or an empty text empties the field.
#[derive(Deserialize, ToSchema)]
pub(crate) struct OrgEdit {
    version: i64,
    on: String,
    reason: String,
    name: Option<String>,
    code: Option<String>,
    kind: Option<OrgKind>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    unit_name: Option<Option<String>>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    uscc: Option<Option<String>>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    founded_on: Option<Option<String>>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    term_from: Option<Option<String>>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<i32>)]
    term_years: Option<Option<i32>>,
}

/// Tells a field that is null from one that is not there.
fn given<'de, D: Deserializer<'de>, T: Deserialize<'de>>(d: D) -> Result<Option<Option<T>>, D::Error> {
    Option::<T>::deserialize(d).map(Some)
}

/// Texts and dates of an organisation as they were sent.
struct Sent<'a> {
    code: &'a str,
    name: &'a str,
    kind: KnownKind,
    unit_name: Option<&'a str>,
    uscc: Option<&'a str>,
    founded_on: Option<&'a str>,
    term_from: Option<&'a str>,
    term_years: Option<i32>,
}

impl Sent<'_> {
    /// Every fault of every field.
    fn check(&self, faults: &mut Faults, today: Date) -> OrgDraft {
        let mut cells = vec![(OrgField::Kind, Raw::Text(self.kind.name().to_owned()))];
        for (field, text) in [
            (OrgField::Code, Some(self.code)),
            (OrgField::Name, Some(self.name)),
            (OrgField::Unit, self.unit_name),
            (OrgField::Uscc, self.uscc),
        ] {
            cells.extend(text.map(|text| (field, Raw::Text(text.to_owned()))));
        }
        for (field, text) in [(OrgField::FoundedOn, self.founded_on), (OrgField::TermFrom, self.term_from)] {
            let date = faults.date_opt(&format!("/{}", field.key()), field.label(), text);
            cells.extend(date.map(|date| (field, Raw::Date(date))));
        }
        let checked = check_org_row(&cells, today);
        for error in checked.errors {
            faults.add(&format!("/{}", error.field.key()), error.code, format!("{}。", error.message));
        }
        if self.term_years.is_some_and(|years| !(1..=LONGEST_TERM).contains(&years)) {
            faults.add("/term_years", "bad_term", format!("任期应为 1 至 {LONGEST_TERM} 年。请改正。"));
        }
        checked.draft
    }
}

/// The day from which a change holds: never in the future, because the register says how things stand today.
pub(crate) fn day_of_change(faults: &mut Faults, value: &str, today: Date) -> Option<Date> {
    let on = faults.date("/on", "生效日期", value)?;
    if on > today {
        faults.add("/on", "bad_date", format!("生效日期 {on} 晚于今天。请在生效当天或以后办理。"));
    }
    Some(on)
}

/// The refusal of a change, put to the fields it is about; a change that came too late is told what others did meanwhile.
pub(crate) async fn refusal(app: &App, root: RootOrg, (id, version): (OrgId, i64), e: StoreError) -> Problem {
    match e {
        StoreError::Stale { current, .. } => {
            let others = app.store.org_changes(root, id, (current - version).clamp(1, TOLD)).await.unwrap_or_default();
            let mut problem = Problem::from(e);
            let told: Vec<String> = others.iter().map(told).collect();
            if !told.is_empty() {
                problem.detail = format!("{}对方的修改：{}。", problem.detail, told.join("；"));
            }
            problem
        }
        StoreError::Refused { code, .. } => {
            let pointer = match code {
                "duplicate_code" => "/code",
                "bad_date" => "/on",
                _ => return e.into(),
            };
            Problem::at(e, code, pointer)
        }
        other => other.into(),
    }
}

fn told(change: &OrgChange) -> String {
    let fields: Vec<String> =
        change.fields.iter().filter_map(|(key, before, after)| told_field(key, before, after)).collect();
    let fields = if fields.is_empty() { String::new() } else { format!("（{}）", fields.join("，")) };
    format!("{} 于 {} {}{fields}", change.actor, minute_of(change.at), change.summary)
}

fn told_field(key: &str, before: &str, after: &str) -> Option<String> {
    let label = match key {
        "term_years" => "任期年数",
        other => OrgField::from_key(other)?.label(),
    };
    let value = |text: &str| match (key, text) {
        (_, "") => "未登记".to_owned(),
        ("kind", text) => KnownKind::from_key(text).map_or_else(|| text.to_owned(), |kind| kind.name().to_owned()),
        (_, text) => text.to_owned(),
    };
    Some(format!("{label}由「{}」改为「{}」", value(before), value(after)))
}

/// 新建党组织。
#[utoipa::path(post, path = "/api/orgs", tag = "orgs", request_body = OrgNew, responses(
    (status = 200, body = OrgDetail),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
pub(crate) async fn create(
    State(app): State<App>,
    signed: Signed,
    Body(new): Body<OrgNew>,
) -> Result<Json<OrgDetail>, Problem> {
    signed.may(Action::OrgRestructure)?;
    let mut faults = Faults::default();
    let kind = KnownKind::from(new.kind);
    let sent = Sent {
        code: &new.code,
        name: &new.name,
        kind,
        unit_name: new.unit_name.as_deref(),
        uscc: new.uscc.as_deref(),
        founded_on: new.founded_on.as_deref(),
        term_from: new.term_from.as_deref(),
        term_years: new.term_years,
    };
    let draft = sent.check(&mut faults, app.today());
    let on = day_of_change(&mut faults, &new.on, app.today());
    let parent = faults.parsed("/parent_id", "unknown_org", &new.parent_id, "上级组织没有选定。请从列表中选择。");
    faults.check()?;
    let parent = org_for(&app, &signed, Action::OrgRestructure, parent.unwrap_or(OrgId(0))).await?;
    let new = NewOrg {
        parent: Some(parent.id),
        code: draft.code,
        name: draft.name,
        unit_name: draft.unit_name,
        uscc: draft.uscc,
        founded_on: draft.founded_on,
        term_from: draft.term_from,
        term_years: new.term_years,
    };
    match app.store.create_org(&signed.actor, kind, new, on).await {
        Ok(org) => Ok(Json(detail_of(&app, &signed, org).await?)),
        Err(e @ StoreError::Refused { code: "org_place", .. }) => Err(Problem::at(e, "org_place", "/kind")),
        Err(e @ StoreError::Refused { code: "org_dissolved", .. }) => {
            Err(Problem::at(e, "org_dissolved", "/parent_id"))
        }
        Err(e) => Err(refusal(&app, signed.root(), (parent.id, parent.version), e).await),
    }
}

/// 修改党组织的信息；新的名称和类别从生效日期起使用。
#[utoipa::path(patch, path = "/api/orgs/{id}", params(("id" = String, Path)), tag = "orgs", request_body = OrgEdit, responses(
    (status = 200, body = OrgDetail),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
pub(crate) async fn edit(
    State(app): State<App>,
    signed: Signed,
    Segment(id): Segment<OrgId>,
    Body(edit): Body<OrgEdit>,
) -> Result<Json<OrgDetail>, Problem> {
    let org = org_for(&app, &signed, Action::OrgEdit, id).await?;
    let kind = edit.kind.map(KnownKind::from).filter(|kind| *kind != org.kind);
    if kind.is_some() {
        signed.may_within(Action::OrgRestructure, &org.path, "党组织")?;
    }
    let mut faults = Faults::default();
    let draft = sent_edit(&edit, &org).check(&mut faults, app.today());
    let on = day_of_change(&mut faults, &edit.on, app.today()).unwrap_or(app.today());
    let reason = faults.text("/reason", "事由", &edit.reason);
    faults.check()?;
    let changes = Edit {
        name: edit.name.as_ref().map(|_| draft.name).filter(|name| *name != org.name),
        code: edit.code.as_ref().map(|_| draft.code),
        kind,
        unit_name: edit.unit_name.as_ref().map(|_| draft.unit_name),
        uscc: edit.uscc.as_ref().map(|_| draft.uscc),
        founded_on: edit.founded_on.as_ref().map(|_| draft.founded_on),
        term_from: edit.term_from.as_ref().map(|_| draft.term_from),
        term_years: edit.term_years,
    };
    match app.store.edit_org(&signed.actor, (id, edit.version), changes, on, &reason).await {
        Ok(()) => Ok(Json(detail_of(&app, &signed, app.store.org(signed.root(), id).await?).await?)),
        Err(e @ StoreError::Refused { code: "org_place", .. }) => Err(Problem::at(e, "org_place", "/kind")),
        Err(e) => Err(refusal(&app, signed.root(), (id, edit.version), e).await),
    }
}

/// The fields that were sent; what has to be there and was not sent is what stands already.
fn sent_edit<'a>(edit: &'a OrgEdit, org: &'a Org) -> Sent<'a> {
    fn text(field: &Option<Option<String>>) -> Option<&str> {
        field.as_ref().and_then(|value| value.as_deref())
    }
    Sent {
        code: edit.code.as_deref().unwrap_or(&org.code),
        name: edit.name.as_deref().unwrap_or(&org.name),
        kind: edit.kind.map_or(org.kind, KnownKind::from),
        unit_name: text(&edit.unit_name),
        uscc: text(&edit.uscc),
        founded_on: text(&edit.founded_on),
        term_from: text(&edit.term_from),
        term_years: edit.term_years.flatten(),
    }
}
