//! `dangjian duties`: what is asked of one organisation, its groups and its persons in a span of days. Names no person.

use crate::Failure;
use crate::demo::demo_day;
use crate::place::{PlaceArgs, sole_root};
use crate::table::aligned;
use clap::{Args, ValueEnum};
use jiff::civil::Date;
use rules::duty::{Days, Duty};
use rules::org::OrgKind;
use serde_json::{Value, json};
use std::io::Write as _;
use std::process::ExitCode;
use store::{DutyOrg, DutyOrgs, DutyReach, DutySetting};

/// Whose duties, and when.
#[derive(Debug, Args)]
pub(crate) struct DutiesArgs {
    /// 党组织编码
    #[arg(long, value_name = "CODE", required_unless_present = "kind")]
    org: Option<String>,
    /// 党组织类别，与 --first 合用：该类别的第一个党组织
    #[arg(long, value_enum, requires = "first", conflicts_with = "org")]
    kind: Option<Kind>,
    /// 取该类别的第一个党组织
    #[arg(long, requires = "kind")]
    first: bool,
    /// 开始日期，如 2026-01-01
    #[arg(long, value_name = "DATE")]
    from: Date,
    /// 结束日期，如 2026-12-31
    #[arg(long, value_name = "DATE")]
    to: Date,
    /// 按哪一天判断状态；不填为今天（按指定日期生成的演示数据，为该日期）
    #[arg(long, value_name = "DATE")]
    today: Option<Date>,
    /// 输出 JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    place: PlaceArgs,
}

/// A kind of organisation, by the identifiers of the rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
#[value(rename_all = "snake_case")]
enum Kind {
    Committee,
    GeneralBranch,
    Branch,
    JointBranch,
    TemporaryBranch,
    Group,
}

impl From<Kind> for OrgKind {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Committee => OrgKind::Committee,
            Kind::GeneralBranch => OrgKind::GeneralBranch,
            Kind::Branch => OrgKind::Branch,
            Kind::JointBranch => OrgKind::JointBranch,
            Kind::TemporaryBranch => OrgKind::TemporaryBranch,
            Kind::Group => OrgKind::Group,
        }
    }
}

/// Runs `dangjian duties`.
pub(crate) async fn run(args: &DutiesArgs) -> Result<ExitCode, Failure> {
    if args.to < args.from {
        return Err(format!("结束日期 {} 早于开始日期 {}，请改正", args.to, args.from));
    }
    let today = args.today.unwrap_or_else(|| demo_day(&args.place.data));
    let span = Days { first: args.from, last: args.to };
    let store = args.place.open().await?;
    let root = sole_root(&store).await?;
    let failed = |e: store::StoreError| e.to_string();
    let orgs = store.duty_orgs(root).await.map_err(failed)?;
    let org = chosen(args, &orgs)?;
    let setting = store.duty_setting(root, today).await.map_err(failed)?;
    let places = orgs.with_groups(org);
    let reach = DutyReach::Of(&places, &[]);
    let mut duties = store.duties_of(root, &orgs, &setting, reach, span).await.map_err(failed)?;
    duties.retain(|duty| duty.is_spoken_of(today));
    duties.sort_by_key(|duty| (duty.due, duty.rule, duty.task, duty.org, duty.person, duty.from, duty.n));
    let shown = Shown { orgs: &orgs, setting: &setting, today };
    let text = if args.json { shown.json(&duties) } else { shown.table(org, span, &duties) };
    std::io::stdout().write_all(text.as_bytes()).map_err(|e| format!("结果无法输出（{e}）"))?;
    Ok(ExitCode::SUCCESS)
}

fn chosen<'o>(args: &DutiesArgs, orgs: &'o DutyOrgs) -> Result<&'o DutyOrg, Failure> {
    if let Some(code) = &args.org {
        return orgs.by_code(code).ok_or_else(|| format!("没有编码为「{code}」的党组织，请核对组织编码"));
    }
    let kind = args.kind.map_or(OrgKind::Branch, OrgKind::from);
    let first = orgs.all().find(|org| org.kind == kind && org.dissolved_on.is_none());
    first.ok_or_else(|| format!("还没有{}，请先导入或新建", kind.name()))
}

/// Duties as they are printed.
struct Shown<'a> {
    orgs: &'a DutyOrgs,
    setting: &'a DutySetting,
    today: Date,
}

impl Shown<'_> {
    fn json(&self, duties: &[Duty]) -> String {
        let duties: Vec<Value> = duties.iter().map(|duty| self.object(duty)).collect();
        format!("{}\n", json!({ "duties": duties, "today": self.today.to_string() }))
    }

    fn object(&self, duty: &Duty) -> Value {
        let org = self.orgs.get(duty.org);
        json!({
            "rule": duty.rule,
            "activity": duty.task.key(),
            "title": duty.title(&self.setting.own),
            "org": org.map(|org| org.code.as_str()),
            "org_id": duty.org,
            "org_name": org.map(|org| org.name.as_str()),
            "person": duty.person,
            "from": duty.from.to_string(),
            "due": duty.due.to_string(),
            "remind_from": duty.remind_from.to_string(),
            "n": duty.n,
            "times": duty.times,
            "hint": duty.hint,
            "holder": duty.holder().key(),
            "status": duty.status(self.today).key(),
            "done_on": duty.done.map(|done| done.on.to_string()),
            "record": duty.done.and_then(|done| done.record),
        })
    }

    fn table(&self, org: &DutyOrg, span: Days, duties: &[Duty]) -> String {
        let mut lines = vec![["期限", "状态", "依据", "事项", "人员编号", "办理日期"].map(str::to_owned).to_vec()];
        lines.extend(duties.iter().map(|duty| {
            let done = duty.done.map(|done| done.on.to_string());
            let person = duty.person.map(|person| person.to_string());
            let place = self.orgs.get(duty.org).filter(|place| place.id != org.id);
            let place = place.map_or(String::new(), |place| format!("「{}」", place.name));
            vec![
                duty.due.to_string(),
                duty.status(self.today).name().to_owned(),
                duty.rule.to_owned(),
                format!("{place}{}", duty.title(&self.setting.own)),
                person.unwrap_or_default(),
                done.unwrap_or_default(),
            ]
        }));
        format!(
            "{}，{} 至 {}，按 {} 判断，共 {} 项\n{}",
            org.name,
            span.first,
            span.last,
            self.today,
            duties.len(),
            aligned(&lines, |_| false)
        )
    }
}
