//! `dangjian bench census`: a population with the marginals of the published communiqué of 2024, the engine built over it, and every
//! kind of question timed.

mod living;
mod machine;
mod people;
mod questions;
mod report;

use crate::Failure;
use ::census::{Census, CensusError, Names};
use clap::Args;
use machine::{median_ms, resident};
use people::People;
use report::{Build, Memory, QueryFigures, Report};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

/// How large, and what else to do.
#[derive(Debug, Args)]
pub(crate) struct CensusArgs {
    /// 党员人数，最多 100271000（公报人数）
    #[arg(long, default_value_t = 1_000_000)]
    members: u64,
    /// 党组织个数；不填按公报的比例（100271000 名党员对 5250000 个党组织）
    #[arg(long)]
    orgs: Option<u64>,
    /// 随机种子
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// 把各列写成 Parquet 文件，供其他引擎比较
    #[arg(long, value_name = "DIR")]
    parquet: Option<PathBuf>,
    /// 查询的同时每秒修改一千次，持续这么多秒；0 为不做
    #[arg(long, default_value_t = 20)]
    living: u64,
    /// 以 JSON 输出
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(args: &CensusArgs) -> Result<ExitCode, Failure> {
    let said = |e: CensusError| e.to_string();
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let since = Instant::now();
    let (people, mut report) = generate(args, threads)?;
    report.build.generate_s = since.elapsed().as_secs_f64();
    let People { builder, tree, prefixes } = people;
    let since = Instant::now();
    let base = builder.build(0).map_err(said)?;
    report.build.build_s = since.elapsed().as_secs_f64();
    report.build.members_per_s = args.members as f64 / report.build.build_s;
    let (columns, cubes) = base.bytes();
    report.memory = Memory {
        resident_mib: resident(),
        columns_mib: mib(columns),
        cubes_mib: mib(cubes),
        cubes: base.cubes(),
        names_mib: 0.0,
    };
    if let Some(dir) = &args.parquet {
        let beside = ::census::Beside { tree: &tree, columns: &[], words: &[], epoch: server::census::FIRST_DAY };
        base.write(dir, &beside).map_err(said)?;
    }
    let census = Census::new(base);
    let version = census.version();
    let nodes = questions::Nodes::find(&tree, &version).map_err(said)?;
    for asked in questions::all(&version, &nodes).map_err(said)? {
        report.queries.push(QueryFigures::measure(&version, asked).map_err(said)?);
    }
    report.trend_ms = questions::trend(&version, &nodes).map_err(said)?;
    report.any_node = questions::any_node(&version, &tree, args.seed).map_err(said)?;
    drop(version);
    if args.living > 0 {
        report.living = Some(living::run(&census, &tree, args.living, args.seed).map_err(said)?);
    }
    let version = census.version();
    let within = [&nodes.tenth, &nodes.hundredth].map(|orgs| questions::rows_of(&version, orgs));
    let [tenth, hundredth] = within;
    let within = [tenth.map_err(said)?, hundredth.map_err(said)?];
    drop((version, census));
    let names = people::names(args)?;
    report.memory.names_mib = mib(names.bytes());
    report.queries.push(by_name(&names, &prefixes, within));
    report.print(args.json).map_err(|e| e.to_string())?;
    Ok(ExitCode::SUCCESS)
}

fn generate(args: &CensusArgs, threads: usize) -> Result<(People, Report), Failure> {
    let people = people::generate(args)?;
    let build = Build {
        members: args.members,
        orgs: people.tree.len() as u64,
        seed: args.seed,
        generate_s: 0.0,
        build_s: 0.0,
        members_per_s: 0.0,
    };
    Ok((people, Report::new(machine::Machine::read(threads), build)))
}

/// Q6: persons by the beginning of their name in a subtree, the first twenty; the slowest of several beginnings and two subtrees.
fn by_name(names: &Names, prefixes: &[String], within: [std::ops::Range<usize>; 2]) -> QueryFigures {
    let asked = prefixes.iter().flat_map(|prefix| within.iter().map(move |rows| (prefix, rows)));
    let slowest = asked.map(|(prefix, rows)| {
        let ms = median_ms(|| names.first(prefix, rows.clone(), 20).len());
        (ms, names.first(prefix, rows.clone(), 20).len())
    });
    let (ms, found) = slowest.max_by(|a, b| a.0.total_cmp(&b.0)).unwrap_or_default();
    QueryFigures::of_names(ms, found)
}

fn mib(bytes: usize) -> f64 {
    bytes as f64 / f64::from(1 << 20)
}
