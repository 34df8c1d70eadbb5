//! What the bench says, as JSON and as tables.

use super::machine::{Machine, bandwidth, median_ms};
use super::questions::Asked;
use ::census::{CensusError, Version};
use serde::Serialize;
use std::io::Write;

#[derive(Debug, Serialize)]
pub(super) struct Report {
    pub(super) machine: Machine,
    pub(super) build: Build,
    pub(super) memory: Memory,
    pub(super) queries: Vec<QueryFigures>,
    /// The table of 学历 at the end of each of twelve years, together.
    pub(super) trend_ms: f64,
    pub(super) any_node: Vec<AnyNode>,
    pub(super) living: Option<Living>,
}

#[derive(Debug, Serialize)]
pub(super) struct Build {
    pub(super) members: u64,
    pub(super) orgs: u64,
    pub(super) seed: u64,
    pub(super) generate_s: f64,
    pub(super) build_s: f64,
    pub(super) members_per_s: f64,
}

#[derive(Debug, Default, Serialize)]
pub(super) struct Memory {
    pub(super) resident_mib: f64,
    pub(super) columns_mib: f64,
    pub(super) cubes_mib: f64,
    pub(super) cubes: usize,
    /// Of the index of names, which stands beside the census.
    pub(super) names_mib: f64,
}

#[derive(Debug, Serialize)]
pub(super) struct QueryFigures {
    name: &'static str,
    ms: f64,
    /// Read of columns and cubes.
    bytes: usize,
    /// Of the speed at which a buffer of as many bytes is read.
    share_of_bandwidth: f64,
    /// Whether cubes answer it.
    cubes: bool,
    /// How many tables, cells that are not empty, and persons.
    places: usize,
    cells: usize,
    total: u64,
    sql: Option<String>,
}

/// Times of many questions at any node; dimensions 0 are one to three mixed.
#[derive(Debug, Serialize)]
pub(super) struct AnyNode {
    dimensions: usize,
    questions: usize,
    p50_ms: f64,
    p99_ms: f64,
    max_ms: f64,
}

#[derive(Debug, Serialize)]
pub(super) struct Living {
    pub(super) seconds: u64,
    pub(super) edits: u64,
    pub(super) folds: u64,
    pub(super) quiet: AnyNode,
    pub(super) busy: AnyNode,
    pub(super) resident_mib: f64,
}

impl AnyNode {
    pub(super) fn of(dimensions: usize, mut times: Vec<f64>) -> Self {
        times.sort_by(f64::total_cmp);
        let at = |share: usize| times.get(times.len().saturating_sub(1) * share / 100).copied().unwrap_or_default();
        AnyNode { dimensions, questions: times.len(), p50_ms: at(50), p99_ms: at(99), max_ms: at(100) }
    }
}

impl QueryFigures {
    pub(super) fn measure(version: &Version, asked: Asked) -> Result<Self, CensusError> {
        let answer = version.count(&asked.question)?;
        let ms = median_ms(|| version.count(&asked.question));
        let (bytes, cubes) = version.touched(&asked.question)?;
        Ok(QueryFigures {
            name: asked.name,
            ms,
            bytes,
            share_of_bandwidth: bytes as f64 / ms / 1e6 / bandwidth(bytes),
            cubes,
            places: asked.question.places.len(),
            cells: answer.counts.iter().filter(|count| **count > 0).count(),
            total: answer.counts.iter().sum(),
            sql: Some(asked.sql),
        })
    }

    pub(super) fn of_names(ms: f64, found: usize) -> Self {
        QueryFigures {
            name: "Q6",
            ms,
            bytes: 0,
            share_of_bandwidth: 0.0,
            cubes: false,
            places: 1,
            cells: found,
            total: found as u64,
            sql: None,
        }
    }
}

impl Report {
    pub(super) fn new(machine: Machine, build: Build) -> Self {
        Report {
            machine,
            build,
            memory: Memory::default(),
            queries: Vec::new(),
            trend_ms: 0.0,
            any_node: Vec::new(),
            living: None,
        }
    }

    pub(super) fn print(&self, json: bool) -> std::io::Result<()> {
        let mut out = std::io::stdout().lock();
        if json {
            serde_json::to_writer_pretty(&mut out, self)?;
            return writeln!(out);
        }
        let Report { build, memory, .. } = self;
        writeln!(out, "{} 名党员，{} 个党组织", build.members, build.orgs)?;
        writeln!(
            out,
            "生成 {:.1} 秒，建立 {:.1} 秒（每秒 {:.0} 人）",
            build.generate_s, build.build_s, build.members_per_s
        )?;
        writeln!(
            out,
            "内存 {:.0} MiB：各列 {:.0}，{} 个累计表 {:.0}；姓名索引另占 {:.0}",
            memory.resident_mib, memory.columns_mib, memory.cubes, memory.cubes_mib, memory.names_mib
        )?;
        writeln!(out, "\n问题              毫秒      读取（MB）  占内存带宽")?;
        for query in &self.queries {
            writeln!(
                out,
                "{:<16}{:>9.4}{:>14.2}{:>10.0} %",
                query.name,
                query.ms,
                query.bytes as f64 / 1e6,
                query.share_of_bandwidth * 100.0
            )?;
        }
        writeln!(out, "\n十二年趋势 {:.1} 毫秒", self.trend_ms)?;
        for any in &self.any_node {
            let AnyNode { dimensions, p50_ms, p99_ms, max_ms, .. } = any;
            writeln!(out, "任意组织，{dimensions} 维：中位 {p50_ms:.4}，99% {p99_ms:.4}，最长 {max_ms:.4} 毫秒")?;
        }
        if let Some(living) = &self.living {
            writeln!(
                out,
                "{} 秒内修改 {} 次、并入 {} 次：查询 99% 由 {:.4} 变为 {:.4} 毫秒",
                living.seconds, living.edits, living.folds, living.quiet.p99_ms, living.busy.p99_ms
            )?;
        }
        Ok(())
    }
}
