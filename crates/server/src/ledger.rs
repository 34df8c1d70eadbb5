//! The ledger (留痕), for the auditor alone: read and verified, never written here.

use crate::body::{Faults, Params};
use crate::signed::Signed;
use crate::{App, Problem};
use axum::Json;
use axum::extract::State;
use jiff::civil::Date;
use jiff::tz::{TimeZone, offset};
use rules::access::Action;
use serde::{Deserialize, Serialize};
use store::{Entry, EntryFilter};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Entries of a page.
const PAGE: usize = 50;

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(verify))
}

/// An entry.
#[derive(Serialize, ToSchema)]
struct LedgerEntry {
    seq: i64,
    at: i64,
    actor: String,
    action: String,
    action_name: String,
    subject_kind: String,
    subject_id: String,
    reason: String,
    summary: String,
    items: i64,
}

/// A page of entries, newest first.
#[derive(Serialize, ToSchema)]
struct LedgerPage {
    items: Vec<LedgerEntry>,
    next: Option<String>,
}

/// What is wrong with one entry.
#[derive(Serialize, ToSchema)]
struct LedgerFault {
    seq: i64,
    message: String,
}

/// The outcome of following the chain.
#[derive(Serialize, ToSchema)]
struct LedgerVerdict {
    entries: i64,
    faults: Vec<LedgerFault>,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct LedgerQuery {
    cursor: Option<String>,
    /// The beginning of an action, such as `person.`.
    action: Option<String>,
    /// First day.
    from: Option<String>,
    /// Last day.
    to: Option<String>,
}

/// 留痕列表，新的在前，可按事项和日期筛选。
#[utoipa::path(get, path = "/api/ledger", tag = "ledger", params(LedgerQuery), responses(
    (status = 200, body = LedgerPage),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
async fn list(
    State(app): State<App>,
    signed: Signed,
    Params(query): Params<LedgerQuery>,
) -> Result<Json<LedgerPage>, Problem> {
    signed.may(Action::LedgerRead)?;
    let mut faults = Faults::default();
    let from = faults.date_opt("/from", "开始日期", query.from.as_deref());
    let to = faults.date_opt("/to", "结束日期", query.to.as_deref());
    let cursor = query.cursor.filter(|cursor| !cursor.is_empty());
    let before =
        cursor.and_then(|cursor| faults.parsed("/cursor", "bad_request", &cursor, "翻页位置有误。请从头查看。"));
    faults.check()?;
    let after_last = to.map(|day| day.tomorrow().unwrap_or(day));
    let action = query.action.filter(|action| !action.is_empty());
    let filter = EntryFilter {
        action,
        from: from.and_then(midnight),
        to: after_last.and_then(midnight),
        before,
        ..EntryFilter::default()
    };
    let mut entries = app.store.ledger(signed.root(), &filter, PAGE as i64 + 1).await?;
    let more = entries.len() > PAGE;
    entries.truncate(PAGE);
    let next = entries.last().filter(|_| more).map(|entry| entry.seq.to_string());
    Ok(Json(LedgerPage { items: entries.into_iter().map(entry_of).collect(), next }))
}

/// 逐条核对留痕链，指出被改动、删除或调换的记录。
#[utoipa::path(get, path = "/api/ledger/verify", tag = "ledger", responses(
    (status = 200, body = LedgerVerdict),
    (status = "default", body = Problem, content_type = "application/problem+json", description = "problem")
))]
async fn verify(State(app): State<App>, signed: Signed) -> Result<Json<LedgerVerdict>, Problem> {
    signed.may(Action::LedgerRead)?;
    let verdict = app.store.verify_ledger(signed.root()).await?;
    let faults = verdict.faults.into_iter().map(|fault| LedgerFault { seq: fault.seq, message: fault.message });
    Ok(Json(LedgerVerdict { entries: verdict.entries, faults: faults.collect() }))
}

/// The beginning of a day in China's time, as UTC milliseconds.
fn midnight(day: Date) -> Option<i64> {
    Some(TimeZone::fixed(offset(8)).to_timestamp(day.at(0, 0, 0, 0)).ok()?.as_millisecond())
}

fn entry_of(entry: Entry) -> LedgerEntry {
    LedgerEntry {
        action_name: action_name(&entry.action).to_owned(),
        seq: entry.seq,
        at: entry.at,
        actor: entry.actor,
        action: entry.action,
        subject_kind: entry.subject_kind,
        subject_id: entry.subject_id.to_string(),
        reason: entry.reason,
        summary: entry.summary,
        items: entry.items,
    }
}

/// What an action is called; one not listed is called by the kind of thing it is done to.
fn action_name(action: &str) -> &'static str {
    const NAMES: &[(&str, &str)] = &[
        ("session.start", "登录"),
        ("session.fail", "登录失败"),
        ("session.end", "退出登录"),
        ("account.create", "新建账号"),
        ("account.edit", "变更账号"),
        ("account.bind", "身份认证"),
        ("account.grant", "授予角色"),
        ("account.revoke", "收回角色"),
        ("account.reset_password", "重置密码"),
        ("account.change_password", "修改密码"),
        ("account.preferences", "显示设置"),
        ("account.totp", "动态口令"),
        ("enterprise.setup", "首次设置"),
        ("org.create", "新建组织"),
        ("org.edit", "修改组织"),
        ("org.move", "组织划转"),
        ("org.merge", "组织合并"),
        ("org.split", "组织分设"),
        ("org.dissolve", "撤销组织"),
        ("post.assign", "任职"),
        ("post.end", "免职"),
        ("transfer.request", "申请组织关系转接"),
        ("transfer.accept", "接收组织关系"),
        ("transfer.reject", "退回组织关系转接"),
        ("transfer.withdraw", "撤回组织关系转接"),
        ("person.create", "新增人员"),
        ("person.edit", "修改人员信息"),
        ("person.leave", "人员离开"),
        ("person.reveal", "查看完整号码"),
        ("person.view", "查看人员信息"),
        ("person.export", "导出名单"),
        ("person.binding_code", "发放认证码"),
        ("change.propose", "申请更正"),
        ("change.approve", "采纳更正"),
        ("change.return", "退回更正"),
        ("file.add", "存入材料"),
        ("file.fetch", "下载材料"),
        ("org.", "党组织"),
        ("post.", "任职"),
        ("person.", "党员信息"),
        ("change.", "信息更正"),
        ("transfer.", "组织关系转接"),
        ("import.", "导入"),
        ("load.", "导入"),
        ("file.", "材料"),
        ("stats.", "统计"),
        ("account.", "账号"),
        ("session.", "登录"),
    ];
    NAMES.iter().find(|(known, _)| action.starts_with(known)).map_or("其他", |(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_action_has_a_chinese_name() {
        assert_eq!(action_name("org.merge"), "组织合并");
        assert_eq!(action_name("org.rename_all"), "党组织");
        assert_eq!(action_name("account.totp_on"), "动态口令");
        assert_eq!(action_name("unknown"), "其他");
    }

    #[test]
    fn a_day_begins_at_midnight_in_china() {
        assert_eq!(midnight(jiff::civil::date(1970, 1, 2)), Some(16 * 60 * 60 * 1000));
    }
}
