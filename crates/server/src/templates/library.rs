//! The library as lists and forms.

use super::known::{fitting, values_for};
use crate::body::{Faults, Params, Segment};
use crate::meetings::view_for;
use crate::office;
use crate::orgs::org_for;
use crate::signed::Signed;
use crate::{App, Problem};
use axum::Json;
use axum::extract::State;
use rules::access::{Action, Target, may};
use rules::ids::{MeetingId, OrgId, PersonId};
use rules::template::{Field, FieldKind, Group, Style, Template as Known, Value, find, library};
use serde::Serialize;
use std::collections::BTreeMap;
use store::{Org, OwnTemplate};
use utoipa::{IntoParams, ToSchema};

/// 模板类别.
#[derive(Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum TemplateGroup {
    Life,
    Development,
    Election,
    Membership,
    Letter,
}

impl From<Group> for TemplateGroup {
    fn from(group: Group) -> Self {
        match group {
            Group::Life => TemplateGroup::Life,
            Group::Development => TemplateGroup::Development,
            Group::Election => TemplateGroup::Election,
            Group::Membership => TemplateGroup::Membership,
            Group::Letter => TemplateGroup::Letter,
        }
    }
}

/// An activity in which a template is used.
#[derive(Serialize, ToSchema)]
struct TemplateUse {
    activity: String,
    name: String,
    rule: String,
}

/// An organisation's own file that takes a template's place.
#[derive(Serialize, ToSchema)]
pub(super) struct OwnRef {
    id: String,
    version: i64,
    org_id: String,
    org_name: String,
    /// Whether it is a superior's.
    inherited: bool,
    /// Whether the asker may replace or withdraw it.
    editable: bool,
}

/// A template of the library.
#[derive(Serialize, ToSchema)]
struct TemplateRow {
    key: String,
    name: String,
    group: TemplateGroup,
    group_name: String,
    purpose: String,
    uses: Vec<TemplateUse>,
    /// Whether it is laid out as 公文.
    official: bool,
    own: Option<OwnRef>,
}

/// The library.
#[derive(Serialize, ToSchema)]
pub(super) struct TemplateList {
    items: Vec<TemplateRow>,
    /// Whether an organisation's own files can be made into PDF here.
    pdf_of_own: bool,
    /// Whether the asker may put in files for this organisation.
    may_add: bool,
}

/// What may be filled into a field.
#[derive(Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum TemplateFieldKind {
    Text,
    LongText,
    Date,
    Number,
    Choice,
    Rows,
}

/// A field of a form.
#[derive(Serialize, ToSchema)]
struct TemplateField {
    name: String,
    kind: TemplateFieldKind,
    required: bool,
    hint: String,
    choices: Vec<String>,
    #[schema(no_recursion)]
    columns: Vec<TemplateField>,
    /// Where its value is known from, in words.
    source: Option<String>,
    /// What is known.
    #[schema(value_type = Option<FieldValue>)]
    value: Option<Value>,
}

/// A text, or rows of texts by column.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
#[allow(dead_code)] // the description of the API reads it
pub(super) enum FieldValue {
    Text(String),
    Rows(Vec<BTreeMap<String, String>>),
}

/// A form to fill in.
#[derive(Serialize, ToSchema)]
pub(super) struct TemplateForm {
    key: String,
    name: String,
    purpose: String,
    fields: Vec<TemplateField>,
    /// Whether choosing a person fills in more.
    takes_person: bool,
    /// What may stand between double braces in a file of one's own.
    placeholders: Vec<String>,
    own: Option<OwnRef>,
}

#[derive(serde::Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct TemplateQuery {
    /// The organisation for which documents are made.
    org: String,
}

#[derive(serde::Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct FormQuery {
    /// The organisation for which the document is made.
    org: String,
    /// The person it is about.
    person: Option<String>,
    /// The meeting of that organisation it is about.
    meeting: Option<String>,
}

/// The organisation asked for, in which the actor may see the work.
pub(super) async fn org_asked(app: &App, signed: &Signed, action: Action, text: &str) -> Result<Org, Problem> {
    signed.may(action)?;
    let id: OrgId = text.parse().map_err(|_| Problem::not_found("党组织"))?;
    org_for(app, signed, action, id).await
}

/// The built-in template of a key.
pub(super) fn known(key: &str) -> Result<&'static Known, Problem> {
    find(key).ok_or_else(|| Problem::not_found("模板"))
}

fn own_ref(signed: &Signed, org: &Org, own: &OwnTemplate) -> OwnRef {
    OwnRef {
        id: own.id.to_string(),
        version: own.version,
        org_id: own.org.to_string(),
        org_name: own.org_name.clone(),
        inherited: own.org != org.id,
        editable: may(&signed.actor, Action::WorkDo, Target::Within(&own.org_path)),
    }
}

/// 模板库：内置模板，以及本组织和上级自备的模板。
#[utoipa::path(get, path = "/api/templates", tag = "templates", params(TemplateQuery), responses(
    (status = 200, body = TemplateList),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
pub(super) async fn list(
    State(app): State<App>,
    signed: Signed,
    Params(query): Params<TemplateQuery>,
) -> Result<Json<TemplateList>, Problem> {
    let org = org_asked(&app, &signed, Action::WorkView, &query.org).await?;
    let held = app.store.own_templates(signed.root(), &org).await?;
    let row = |template: &Known| TemplateRow {
        key: template.key.clone(),
        name: template.name.clone(),
        group: template.group.into(),
        group_name: template.group.name().to_owned(),
        purpose: template.purpose.clone(),
        uses: template
            .activities
            .iter()
            .map(|activity| TemplateUse {
                activity: activity.key().to_owned(),
                name: activity.name().to_owned(),
                rule: activity.rule().to_owned(),
            })
            .collect(),
        official: template.style == Style::Official,
        own: held.iter().find(|own| own.base == template.key).map(|own| own_ref(&signed, &org, own)),
    };
    Ok(Json(TemplateList {
        items: library().iter().map(row).collect(),
        pdf_of_own: office::is_there(&app),
        may_add: may(&signed.actor, Action::WorkDo, Target::Within(&org.path)),
    }))
}

/// 一份模板的填写表，已填入系统中已有的内容；从会议打开时填入会议的记录；选定人员时填入其基本情况，并留下查看记录。
#[utoipa::path(get, path = "/api/templates/{key}", tag = "templates", params(("key" = String, Path), FormQuery), responses(
    (status = 200, body = TemplateForm),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
pub(super) async fn form(
    State(app): State<App>,
    signed: Signed,
    Segment(key): Segment<String>,
    Params(query): Params<FormQuery>,
) -> Result<Json<TemplateForm>, Problem> {
    let org = org_asked(&app, &signed, Action::WorkView, &query.org).await?;
    let template = known(&key)?;
    let mut faults = Faults::default();
    let person = query
        .person
        .as_deref()
        .filter(|text| !text.is_empty())
        .and_then(|text| faults.parsed::<PersonId>("/person", "bad_id", text, "所选人员无法识别。请重新选择。"));
    let meeting = query.meeting.as_deref().filter(|text| !text.is_empty()).and_then(|text| {
        faults.parsed::<MeetingId>("/meeting", "bad_id", text, "所选会议无法识别。请从会议页面打开模板。")
    });
    faults.check()?;
    let meeting = match meeting {
        Some(id) => Some(view_for(&app, &signed, Action::WorkView, id).await?),
        None => None,
    };
    if meeting.as_ref().is_some_and(|meeting| meeting.org != org.id) {
        return Err(Problem::not_found("会议"));
    }
    let values = values_for(&app, &signed, template, &org, (person, meeting.as_ref())).await?;
    let held = app.store.own_templates(signed.root(), &org).await?;
    let field = |field: &Field| {
        let value = field.source.and_then(|source| fitting(&field.kind, values.get(&source)?));
        TemplateField { value, ..field_of(field) }
    };
    Ok(Json(TemplateForm {
        key: template.key.clone(),
        name: template.name.clone(),
        purpose: template.purpose.clone(),
        fields: template.fields.iter().map(field).collect(),
        takes_person: template.fields.iter().any(|field| field.source.is_some_and(|source| source.is_of_person())),
        placeholders: template.placeholders(),
        own: held.iter().find(|own| own.base == key).map(|own| own_ref(&signed, &org, own)),
    }))
}

fn field_of(field: &Field) -> TemplateField {
    let (kind, choices, columns) = match &field.kind {
        FieldKind::Text => (TemplateFieldKind::Text, Vec::new(), Vec::new()),
        FieldKind::LongText => (TemplateFieldKind::LongText, Vec::new(), Vec::new()),
        FieldKind::Date => (TemplateFieldKind::Date, Vec::new(), Vec::new()),
        FieldKind::Number => (TemplateFieldKind::Number, Vec::new(), Vec::new()),
        FieldKind::Choice(choices) => (TemplateFieldKind::Choice, choices.clone(), Vec::new()),
        FieldKind::Rows(columns) => (TemplateFieldKind::Rows, Vec::new(), columns.iter().map(field_of).collect()),
    };
    TemplateField {
        name: field.name.clone(),
        kind,
        required: field.required,
        hint: field.hint.clone(),
        choices,
        columns,
        source: field.source.map(|source| source.name().to_owned()),
        value: None,
    }
}
