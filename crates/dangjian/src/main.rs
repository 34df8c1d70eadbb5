//! The program: one binary with a subcommand for every task of an administrator.

mod bench;
mod demo;
mod duties;
mod import;
mod place;
mod serve;
mod stats;
mod synth;
mod table;

use clap::{Parser, Subcommand};
use std::process::ExitCode;

/// 智慧党建平台
#[derive(Parser)]
#[command(name = "dangjian", version, about = "智慧党建平台：党员和党组织的台账、统计与办理")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// 启动服务
    Serve {
        #[command(flatten)]
        place: place::PlaceArgs,
        #[command(flatten)]
        listen: serve::ListenArgs,
    },
    /// 导入花名册或组织表
    Import(import::ImportArgs),
    /// 在新的数据目录中写入演示数据，并启动服务
    Demo(Box<demo::DemoArgs>),
    /// 统计党员人数
    Stats(Box<stats::StatsArgs>),
    /// 列出一个党组织在一段日期内的应办事项
    Duties(Box<duties::DutiesArgs>),
    /// 量速度
    #[command(subcommand)]
    Bench(bench::BenchCommand),
    /// 打印接口说明（OpenAPI）
    Openapi,
    /// 核对留痕链
    #[command(subcommand)]
    Ledger(LedgerCommand),
}

#[derive(Subcommand)]
enum LedgerCommand {
    /// 核对留痕链是否完整，逐条指出被改动、删除或调换的记录
    Verify(place::PlaceArgs),
}

#[tokio::main]
async fn main() -> ExitCode {
    let filter = tracing_subscriber::EnvFilter::try_from_default_env().unwrap_or_else(|_| "warn,sqlx=error".into());
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    let done = match Cli::parse().command {
        Command::Serve { place, listen } => serve::run(&place, &listen).await,
        Command::Import(args) => import::run(&args).await,
        Command::Demo(args) => demo::run(&args).await,
        Command::Stats(args) => stats::run(&args).await,
        Command::Duties(args) => duties::run(&args).await,
        Command::Bench(command) => bench::run(&command),
        Command::Openapi => openapi(),
        Command::Ledger(LedgerCommand::Verify(args)) => verify(&args).await,
    };
    done.unwrap_or_else(|message| {
        eprintln!("{message}");
        ExitCode::FAILURE
    })
}

/// A failure, in one line for the administrator.
type Failure = String;

#[allow(clippy::print_stdout)]
fn openapi() -> Result<ExitCode, Failure> {
    println!("{}", server::openapi().to_pretty_json().map_err(|e| e.to_string())?);
    Ok(ExitCode::SUCCESS)
}

#[allow(clippy::print_stdout)]
async fn verify(args: &place::PlaceArgs) -> Result<ExitCode, Failure> {
    let store = args.open().await?;
    let root = place::sole_root(&store).await?;
    let verdict = store.verify_ledger(root).await.map_err(|e| e.to_string())?;
    for fault in &verdict.faults {
        println!("{}", fault.message);
    }
    println!("共 {} 条，发现 {} 处问题", verdict.entries, verdict.faults.len());
    Ok(if verdict.faults.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
