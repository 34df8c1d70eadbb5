//! `dangjian demo`: synthetic organisations, persons, posts and accounts in a fresh register, and the server on it.
//! Nobody in it is real. Same members, seed and day: same data, except for keys, nonces and times of writing.

mod accounts;
mod cases;
mod dues;
mod meetings;
mod posts;
mod today;

pub(crate) use today::demo_day;

use crate::place::PlaceArgs;
use crate::serve::ListenArgs;
use crate::synth::{self, Dice, Population, SynthOrg, SynthPerson};
use crate::{Failure, serve};
use cases::Hero;
use clap::Args;
use jiff::civil::Date;
use posts::Holder;
use rules::codes::{Membership, Stage};
use rules::date::PartialDate;
use rules::ids::OrgId;
use rules::member::{Private, Record, Spell, Standing};
use std::cell::RefCell;
use std::collections::VecDeque;
use std::process::ExitCode;
use std::sync::Arc;
use store::{Author, LoadOrg, LoadPerson, NewOrg, Org, Store, StoreError};

/// The password of every demo account.
pub(crate) const PASSWORD: &str = "demo-2026";
/// Persons between two lines of progress.
const REPORTED: u64 = 20_000;

/// What to make up.
#[derive(Debug, Args)]
pub(crate) struct DemoArgs {
    /// 党员人数
    #[arg(long, value_name = "N", default_value_t = 5000)]
    members: u64,
    /// 种子：同一种子、同一日期，数据相同
    #[arg(long, value_name = "S", default_value_t = 1)]
    seed: u64,
    /// 数据所处的日期；不填为今天
    #[arg(long, value_name = "DATE")]
    today: Option<Date>,
    /// 在已有的演示数据上继续，可同时用 --today 把日期拨到之后的某一天
    #[arg(long = "continue", conflicts_with_all = ["members", "seed", "communique", "no_serve"])]
    resume: bool,
    /// 只写入数据，不启动服务
    #[arg(long)]
    no_serve: bool,
    /// 按某年党内统计公报的构成生成（2023 或 2024），截至当年末
    #[arg(long, value_name = "YEAR", conflicts_with_all = ["members", "today"])]
    communique: Option<u16>,
    /// 与公报人数之比
    #[arg(long, value_name = "X", default_value_t = 0.001, requires = "communique")]
    scale: f64,
    #[command(flatten)]
    place: PlaceArgs,
    #[command(flatten)]
    listen: ListenArgs,
}

/// Says that a directory was made by `dangjian demo` without `--data`, and may be made anew by the next.
const MARK: &str = "made-by-demo";

/// The directory of a demonstration for which none was named: always fresh, last time's is taken away.
fn fresh_place(place: &PlaceArgs) -> Result<PlaceArgs, Failure> {
    let data = place.data.join("demo");
    let failed = |e: std::io::Error| format!("演示目录 {} 无法重建（{e}）。请用 --data 另选目录", data.display());
    if data.join(MARK).exists() {
        std::fs::remove_dir_all(&data).map_err(failed)?;
    }
    std::fs::create_dir_all(&data).map_err(failed)?;
    std::fs::write(data.join(MARK), "").map_err(failed)?;
    Ok(PlaceArgs { data, ..place.clone() })
}

/// Runs `dangjian demo`.
#[allow(clippy::print_stdout)]
pub(crate) async fn run(args: &DemoArgs) -> Result<ExitCode, Failure> {
    let year_end = args.communique.and_then(|year| Date::new(i16::try_from(year).ok()?, 12, 31).ok());
    let fixed = year_end.or(args.today);
    let today = fixed.unwrap_or_else(server::today);
    if args.resume {
        return resume(args).await;
    }
    let population = match args.communique {
        Some(year) => synth::communique(year, args.scale, None, args.seed)?,
        None => synth::enterprise(args.members, args.seed, today),
    };
    let listener = if args.no_serve { None } else { Some(args.listen.bind().await?) };
    let place = if args.place.is_default() { fresh_place(&args.place)? } else { args.place.clone() };
    let database = place.data.join("dangjian.db");
    if place.database_url.is_none() && database.exists() {
        return Err(format!("{} 已存在，演示数据只写入新的数据目录。请用 --data 另选目录", database.display()));
    }
    let store = place.open().await?.with_reproducible_ids();
    if !store.enterprises().await.map_err(|e| e.to_string())?.is_empty() {
        return Err("数据库中已有企业，演示数据只写入空的数据库。请另选数据库".to_owned());
    }
    let hash = server::hash_password(PASSWORD).await.map_err(|e| e.detail)?;
    // The moves of the enterprise; the communiqué says nothing of them.
    let moves = args.communique.is_none();
    let logins = write(&store, population, (args.seed, today, moves), &hash).await.map_err(|e| e.to_string())?;
    store.learn_sizes().await.map_err(|e| e.to_string())?;
    store.close().await;
    if let Some(day) = fixed {
        today::keep(&place.data, day)?;
    }
    println!("演示账号（密码均为 {PASSWORD}）：");
    for (login, role) in logins {
        println!("  {login:<12}{role}");
    }
    let Some(listener) = listener else { return Ok(ExitCode::SUCCESS) };
    println!("智慧党建平台（演示数据）已启动：{}", serve::address(&listener)?);
    // Opened anew: from here on ids come from the clock.
    let store = Arc::new(place.open().await?);
    args.listen.serve(listener, store, &place, fixed).await?;
    Ok(ExitCode::SUCCESS)
}

/// Serves demo data made earlier, on the day they stand at or on a later one.
#[allow(clippy::print_stdout)]
async fn resume(args: &DemoArgs) -> Result<ExitCode, Failure> {
    let place = match args.place.is_default() {
        true => PlaceArgs { data: args.place.data.join("demo"), ..args.place.clone() },
        false => args.place.clone(),
    };
    let stood = today::kept(&place.data).ok_or_else(|| {
        format!(
            "{} 中没有用 --today 写入的演示数据，无法继续。请先运行 dangjian demo --today 日期",
            place.data.display()
        )
    })?;
    let day = args.today.unwrap_or(stood);
    if day < stood {
        return Err(format!("演示数据已到 {stood}，日期只能往后拨"));
    }
    let listener = args.listen.bind().await?;
    let store = Arc::new(place.open().await?);
    today::keep(&place.data, day)?;
    println!("智慧党建平台（演示数据，{day}）已启动：{}", serve::address(&listener)?);
    args.listen.serve(listener, store, &place, Some(day)).await?;
    Ok(ExitCode::SUCCESS)
}

/// Writes a population into an empty store, with posts and accounts. Returns the logins and their roles.
pub(crate) async fn write(
    store: &Store,
    population: Population,
    (seed, today, moves): (u64, Date, bool),
    password_hash: &str,
) -> Result<Vec<(&'static str, String)>, StoreError> {
    let Population { orgs: synthetic, persons } = population;
    let name = synthetic.first().and_then(|top| top.unit_name.clone()).unwrap_or_else(|| "演示企业".to_owned());
    let root = store.create_enterprise(&name).await?;
    let author = || Author::system(root);
    store.set_started_on(author(), today.first_of_year(), "演示数据").await?;
    let orgs = store.load_orgs(author(), synthetic.iter().map(org_of).collect()).await?;
    eprintln!("已写入党组织 {} 个", orgs.len());

    let branches: Vec<usize> = (0..orgs.len()).filter(|at| orgs[*at].kind.is_branch()).collect();
    let branches = if moves { branches } else { Vec::new() };
    let mut staff = posts::Staff::new(&orgs);
    let mut payers = dues::Payers::default();
    let mut written = 0_u64;
    let stories = RefCell::new(VecDeque::new());
    let mut heroes = Vec::new();
    let load = (0..).zip(persons).map(|(index, person)| {
        let earlier = person
            .joined_on
            .and_then(|joined| synth::earlier_branch((seed, index), person.org, joined, &branches, today));
        let (org, org_name) = (orgs[person.org].id, orgs[person.org].name.clone());
        let wish = person.case;
        let record = record_of(person, org);
        let mut spells = record.first_spells(today);
        let story = cases::story(wish, &record, today, &mut Dice::new(seed ^ 0x7374_6f72, index));
        if let Some(story) = &story {
            spells = cases::staged(&spells, &record, story);
        }
        stories.borrow_mut().push_back(story.map(|story| (index, story)));
        if let Some((from, day)) = earlier {
            spells = moved(&spells, orgs[from].id, day);
        }
        LoadPerson { record, spells, org_name }
    });
    let total = store
        .load_persons(author(), load, |id, record| {
            if let Some((index, story)) = stories.borrow_mut().pop_front().flatten() {
                heroes.push(Hero { index, person: id, record: record.clone(), story });
            }
            written += 1;
            if written.is_multiple_of(REPORTED) {
                eprintln!("已写入人员 {written} 名");
            }
            payers.offer(id, record);
            if let Some(full_on) = record.full_on.filter(|_| record.standing.stage == Stage::Full) {
                staff.offer(
                    record.standing.org,
                    Holder { person: id, since: full_on.date, name: record.name.to_string() },
                );
            }
        })
        .await?;
    eprintln!("共写入人员 {total} 名");
    let plan = staff.plan(&orgs, seed, today);
    store.load_posts(author(), &plan).await?;
    if moves {
        meetings::hold(store, author(), &orgs, &plan, (seed, today)).await?;
        payers.load(store, &orgs, author(), seed, today).await?;
    }
    let told = cases::write(store, author(), &heroes, (&orgs, &plan, &staff), seed).await?;
    eprintln!("共写入发展党员卷宗 {told} 份");
    accounts::open(store, &orgs, &plan, &staff, password_hash).await
}

fn org_of(org: &SynthOrg) -> LoadOrg {
    let new = NewOrg {
        parent: None,
        code: org.code.clone(),
        name: org.name.clone(),
        unit_name: org.unit_name.clone(),
        uscc: org.uscc.clone(),
        founded_on: Some(org.founded_on),
        term_from: org.term_from,
        term_years: None,
    };
    LoadOrg { parent: org.parent, kind: org.kind, new }
}

fn record_of(person: SynthPerson, org: OrgId) -> Record {
    let day = |date: Option<Date>| date.map(PartialDate::day);
    Record {
        name: person.name,
        gender: person.gender,
        ethnicity: Some(person.ethnicity),
        born: Some(PartialDate::day(person.birth)),
        native_place: Some(person.native_place),
        worked_on: day(person.worked_on),
        applied_on: day(person.applied_on),
        joined_on: day(person.joined_on),
        full_on: day(person.full_on),
        party_post: None,
        admin_post: person.admin_post,
        title: person.title,
        frontline: None,
        membership: Membership::Normal,
        mobile: false,
        private: Private {
            identity: person.identity,
            phone: person.phone,
            household_place: None,
            residence_place: None,
        },
        standing: Standing {
            org,
            stage: person.stage,
            education: Some(person.education),
            degree: Some(person.degree),
            title_level: Some(person.title_level),
            employment: person.employment,
            occupation: Some(person.occupation),
        },
    }
}

/// The same standings, in another organisation before a day.
fn moved(spells: &[Spell], earlier: OrgId, day: Date) -> Vec<Spell> {
    let before = |spell: &Spell| Spell { standing: Standing { org: earlier, ..spell.standing }, ..*spell };
    let mut history = Vec::with_capacity(spells.len() + 1);
    for spell in spells {
        if spell.to.is_some_and(|to| to <= day) {
            history.push(before(spell));
        } else if spell.from < day {
            history.push(Spell { to: Some(day), ..before(spell) });
            history.push(Spell { from: day, ..*spell });
        } else {
            history.push(*spell);
        }
    }
    history
}

/// The organisation of an id in the list of those loaded.
fn place_of(orgs: &[Org], id: OrgId) -> Option<&Org> {
    orgs.iter().find(|org| org.id == id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_move_parts_the_history_without_gap_or_overlap() {
        let standing = |org, stage| Standing {
            org: OrgId(org),
            stage,
            education: None,
            degree: None,
            title_level: None,
            employment: None,
            occupation: None,
        };
        let (joined, full) = (date(2010, 1, 1), date(2011, 1, 1));
        let spells = [
            Spell { from: joined, to: Some(full), standing: standing(1, Stage::Probationary) },
            Spell { from: full, to: None, standing: standing(1, Stage::Full) },
        ];
        for (day, orgs) in [
            (date(2010, 6, 1), vec![2, 1, 1]),
            (full, vec![2, 1]),
            (date(2015, 1, 1), vec![2, 2, 1]),
            (joined, vec![1, 1]),
        ] {
            let history = moved(&spells, OrgId(2), day);
            assert_eq!(history.iter().map(|spell| spell.standing.org.0).collect::<Vec<_>>(), orgs, "{day}");
            assert!(history.windows(2).all(|pair| pair[0].to == Some(pair[1].from)), "{day}");
            assert_eq!((history[0].from, history[history.len() - 1].to), (joined, None));
        }
    }
}
