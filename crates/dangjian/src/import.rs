//! `dangjian import`: a roster or an organisation sheet from the command line, for the administrator of the whole enterprise.

use crate::Failure;
use crate::place::PlaceArgs;
use clap::Args;
use jiff::civil::Date;
use roster::{BadFile, Report};
use rules::ids::RootOrg;
use server::{ImportJob, ImportKind, ImportOutcome, run_import};
use std::collections::HashMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use store::{Author, ImportTask, Progress, Store};

/// Rows whose errors are shown where no report is asked for.
const SHOWN: usize = 10;
/// Bytes of the largest file.
const LARGEST_FILE: u64 = 100 * 1024 * 1024;
/// Stands for an enterprise that a dry run finds not yet founded.
const NOBODY: RootOrg = RootOrg(0);

/// What is to be imported.
#[derive(Debug, Args)]
pub(crate) struct ImportArgs {
    /// 花名册或组织表：xlsx、xls、ods 或 csv（UTF-8、GB18030）
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// 文件是组织表（组织编码、组织名称、组织类别、上级组织编码……）
    #[arg(long)]
    orgs: bool,
    /// 花名册中有、系统中没有的党支部自动建立
    #[arg(long, conflicts_with = "orgs")]
    create_orgs: bool,
    /// 只核对，不写入
    #[arg(long)]
    dry_run: bool,
    /// 打印 JSON 格式的逐行结果
    #[arg(long)]
    json: bool,
    /// 把未通过的行连同原因写入这个 xlsx 文件，改好后可以再导入
    #[arg(long, value_name = "FILE.xlsx")]
    rejected: Option<PathBuf>,
    /// 数据库还没有企业时，按此名称建立
    #[arg(long, value_name = "NAME", default_value = "本企业")]
    enterprise: String,
    /// 以这一天为今天（2026-03-05）；不填则为当天
    #[arg(long, value_name = "DATE")]
    today: Option<Date>,
    #[command(flatten)]
    place: PlaceArgs,
}

/// Imports, says what came of it, and answers by exit code: 0 all rows accepted, 2 some rejected, 1 failed.
pub(crate) async fn run(args: &ImportArgs) -> Result<ExitCode, Failure> {
    let outcome = import(args).await?;
    if let (Some(path), Some(sheet)) = (&args.rejected, &outcome.rejected) {
        std::fs::write(path, sheet).map_err(|e| {
            format!("未通过的行无法写入 {}（{e}）。{}请检查路径和权限", path.display(), written(args, &outcome.report))
        })?;
    }
    let text = if args.json {
        format!("{}\n", serde_json::to_string(&outcome.report).map_err(|e| e.to_string())?)
    } else {
        summary(args, &outcome)
    };
    // Whoever reads may have read enough; what was imported stands all the same.
    let _ = std::io::stdout().write_all(text.as_bytes());
    Ok(match &outcome.report {
        Report { error: Some(error), .. } => {
            eprintln!("{}", error.message);
            ExitCode::FAILURE
        }
        Report { rejected: 0, .. } => ExitCode::SUCCESS,
        _ => ExitCode::from(2),
    })
}

async fn import(args: &ImportArgs) -> Result<ImportOutcome, Failure> {
    let bytes = match file(&args.file)? {
        Ok(bytes) => bytes,
        Err(error) => return Ok(ImportOutcome { report: Report::of_bad_file(&error), rejected: None }),
    };
    let kind = if args.orgs { ImportKind::Orgs } else { ImportKind::Members };
    let store = Arc::new(args.place.open().await?);
    let root = enterprise(&store, args).await?;
    let task = ImportTask {
        scope: vec![String::new()],
        create_orgs: args.create_orgs,
        found: args.create_orgs.then(|| top_name(&args.enterprise)),
        today: args.today.unwrap_or_else(server::today),
    };
    let job = ImportJob { kind, bytes, mapping: HashMap::new(), dry_run: args.dry_run, task };
    let outcome = run_import(&store, Author::system(root), job, None, &Arc::new(Progress::default())).await;
    store.close().await;
    outcome.map_err(|e| format!("导入失败，没有写入任何数据：{e}"))
}

/// The file's bytes; a file that is no roster by its size alone is a bad one, a file that cannot be read is a failure.
fn file(path: &Path) -> Result<Result<Vec<u8>, BadFile>, Failure> {
    let unreadable = |e: std::io::Error| format!("文件 {} 无法读取（{e}）。请检查路径和权限", path.display());
    let size = std::fs::metadata(path).map_err(unreadable)?.len();
    if size > LARGEST_FILE {
        let message = format!("文件超过 {} MB。请拆成几个文件，或另存为 xlsx", LARGEST_FILE / 1024 / 1024);
        return Ok(Err(BadFile(message)));
    }
    std::fs::read(path).map(Ok).map_err(unreadable)
}

/// The one enterprise of the database; founded when there is none, but not by a dry run.
async fn enterprise(store: &Store, args: &ImportArgs) -> Result<RootOrg, Failure> {
    match store.enterprises().await.map_err(|e| e.to_string())?.as_slice() {
        [] if args.dry_run => Ok(NOBODY),
        [] => store.create_enterprise(&args.enterprise).await.map_err(|e| e.to_string()),
        _ => crate::place::sole_root(store).await,
    }
}

/// The committee at the top takes the enterprise's name.
fn top_name(enterprise: &str) -> String {
    if enterprise.ends_with("党委") || enterprise.ends_with("委员会") {
        enterprise.to_owned()
    } else {
        format!("{enterprise}党委")
    }
}

fn written(args: &ImportArgs, report: &Report) -> String {
    if args.dry_run { String::new() } else { format!("通过的 {} 行已经写入。", report.accepted) }
}

fn summary(args: &ImportArgs, outcome: &ImportOutcome) -> String {
    let report = &outcome.report;
    if report.error.is_some() {
        return String::new();
    }
    let mut text = format!("共 {} 行：通过 {} 行，未通过 {} 行", report.rows.len(), report.accepted, report.rejected);
    if report.orgs_created > 0 {
        text.push_str(&format!("，新建党组织 {} 个", report.orgs_created));
    }
    text.push_str(if args.dry_run { "。只作核对，没有写入。\n" } else { "。\n" });
    for row in report.rows.iter().filter(|row| !row.accepted).take(SHOWN) {
        let reasons: Vec<String> =
            row.errors.iter().map(|error| format!("{}：{}", error.column, error.message)).collect();
        text.push_str(&format!("第 {} 行　{}\n", row.row, reasons.join("；")));
    }
    if report.rejected > SHOWN {
        text.push_str(&format!("……还有 {} 行未通过，加 --json 查看全部。\n", report.rejected - SHOWN));
    }
    match &args.rejected {
        Some(path) if outcome.rejected.is_some() => {
            text.push_str(&format!("未通过的行已写入 {}，改好后可以再导入。\n", path.display()));
        }
        None if report.rejected > 0 => {
            text.push_str("加 --rejected 文件名.xlsx 可以得到未通过的行，改好后再导入。\n");
        }
        Some(_) | None => {}
    }
    text
}
