//! `dangjian bench`: figures of the parts whose speed is promised, measured in this process on this machine.

mod census;

use crate::Failure;
use clap::Subcommand;
use std::process::ExitCode;

#[derive(Subcommand)]
pub(crate) enum BenchCommand {
    /// 生成与党内统计公报（2024 年底）同分布的党员和党组织，建立统计引擎，逐问计时
    Census(census::CensusArgs),
}

pub(crate) fn run(command: &BenchCommand) -> Result<ExitCode, Failure> {
    match command {
        BenchCommand::Census(args) => census::run(args),
    }
}
