//! A state-owned enterprise: a group with subsidiaries, airports, projects abroad and their departments, and its members.
//! The organisations are planned at once, with a number of persons for each; the persons are made one by one.

use super::margins::shares;
use super::rng::{Rng, plus_days};
use super::{CaseWish, Population, SynthOrg, SynthPerson, names, people};
use jiff::civil::Date;
use rules::codes::{Employment, Ethnicity, Gender, Occupation, Stage, TitleLevel};
use rules::date::{add_years, full_years};
use rules::name::PersonName;
use rules::org::OrgKind;
use rules::uscc::Uscc;
use std::collections::HashSet;

/// The group's name.
const GROUP: &str = "蜀岭航空产业集团";
/// Members for whom one committee has its own branches; a larger unit is divided.
const LARGEST_UNIT: u64 = 2_000;
/// Members of a unit when a larger one is divided, on average.
const USUAL_UNIT: u64 = 800;
/// Members of a branch, on average; the largest ordinary one is a fifth larger.
const USUAL_BRANCH: u64 = 41;

/// What a unit does: decides its departments and its people's occupations.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Profile {
    Office,
    Airport,
    Abroad,
    Business,
    Retired,
}

/// An organisation that persons belong to, and how many.
#[derive(Debug, Clone, Copy)]
struct Slot {
    org: usize,
    members: u64,
    others: u64,
    profile: Profile,
    /// Nobody on probation.
    settled: bool,
    /// Has somebody at each turn of the way into the Party.
    shown: bool,
}

/// Branches that have somebody at each turn of the way into the Party: the first ones, where the accounts to look around with are.
const SHOWN: usize = 3;
/// Of a thousand persons on the way to membership, those whose way is told by a case.
const TOLD: u64 = 280;
/// Full members who joined no longer ago, in days, may be among them.
pub(crate) const TOLD_DAYS: i64 = 800;

/// An enterprise of exactly `members` full and probationary members and about 4 % more who are on the way to membership,
/// consistent as of `today`. Same arguments, same data.
pub(crate) fn enterprise(members: u64, seed: u64, today: Date) -> Population {
    let mut plan = Plan::new(seed, today);
    let name = format!("{GROUP}有限公司");
    let top = plan.add(OrgKind::Committee, &name, None, Some(name.clone()), 12_000);
    plan.unit(top, GROUP, members, Profile::Office);
    let Plan { orgs, mut slots, .. } = plan;
    let sizes: Vec<f64> = slots.iter().map(|slot| slot.members as f64).collect();
    for (slot, others) in slots.iter_mut().zip(shares(members / 25, &sizes)) {
        slot.others = others;
    }
    let shown = |slot: &&mut Slot| orgs[slot.org].kind.is_branch() && !slot.settled && slot.profile != Profile::Retired;
    let mut added = 0;
    for slot in slots.iter_mut().filter(shown).take(SHOWN) {
        added += 2_u64.saturating_sub(slot.others);
        slot.others = slot.others.max(2);
        slot.shown = true;
    }
    // What was added there is missing elsewhere.
    for slot in slots.iter_mut().rev().filter(|slot| !slot.shown) {
        let taken = added.min(slot.others);
        slot.others -= taken;
        added -= taken;
    }
    let mut maker = Maker { seed, today, index: 0, numbers: people::Numbers::default(), last: None };
    let persons = slots.into_iter().flat_map(|slot| (0..slot.members + slot.others).map(move |at| (slot, at)));
    let persons = persons.filter_map(move |(slot, at)| maker.person(slot, at));
    Population { orgs, persons: Box::new(persons) }
}

/// The organisations as they are planned, in preorder.
struct Plan {
    rng: Rng,
    today: Date,
    orgs: Vec<SynthOrg>,
    children: Vec<u32>,
    slots: Vec<Slot>,
    names: HashSet<String>,
    units: u64,
    branches: u64,
}

impl Plan {
    fn new(seed: u64, today: Date) -> Self {
        Plan {
            rng: Rng::new(seed, u64::MAX),
            today,
            orgs: Vec::new(),
            children: Vec::new(),
            slots: Vec::new(),
            names: HashSet::new(),
            units: 0,
            branches: 0,
        }
    }

    /// Adds an organisation founded at most `oldest` days ago, not before its parent. Its name is made unique.
    fn add(
        &mut self,
        kind: OrgKind,
        stem: &str,
        parent: Option<usize>,
        unit_name: Option<String>,
        oldest: i64,
    ) -> usize {
        let own = self.orgs.len();
        let mut name = format!("{stem}{}", kind.name());
        let mut number = 2;
        // A stem that has a number already gets another one, not a second one.
        let numbered = stem.rsplit_once('第').filter(|(_, tail)| (1..100).any(|n| chinese(n) == *tail));
        let root = numbered.map_or(stem, |(root, _)| root);
        while !self.names.insert(name.clone()) {
            name = format!("{root}第{}{}", chinese(number), kind.name());
            number += 1;
        }
        let youngest = plus_days(self.today, -oldest.min(2_200) / 2);
        let since = plus_days(self.today, -oldest);
        let since = parent.map_or(since, |parent| self.orgs[parent].founded_on.max(since));
        let founded_on = if parent.is_some() { self.rng.day(since, youngest.max(since)) } else { since };
        let code = match parent {
            Some(parent) => {
                self.children[parent] += 1;
                format!("{}{:03}", self.orgs[parent].code, self.children[parent])
            }
            None => "100".to_owned(),
        };
        let uscc = (kind == OrgKind::Committee).then(|| Uscc::synthetic(1_000_001 + own as u32 * 7).to_string());
        let term_from = people::term_from(&mut self.rng, kind, founded_on, self.today);
        self.orgs.push(SynthOrg { code, name, kind, parent, founded_on, unit_name, uscc, term_from });
        self.children.push(0);
        own
    }

    /// What stands below the committee of a unit of so many members.
    fn unit(&mut self, committee: usize, unit: &str, members: u64, profile: Profile) {
        if members <= LARGEST_UNIT {
            self.departments(committee, unit, members, profile);
            return;
        }
        let count = (members / USUAL_UNIT).clamp(2, 60);
        let weights: Vec<f64> = (0..count).map(|_| self.rng.between(60, 140) as f64).collect();
        let top = self.orgs[committee].parent.is_none();
        for (n, members) in shares(members, &weights).into_iter().enumerate() {
            let (unit, profile) = if top { self.subsidiary(n) } else { (self.part(unit, n, profile), profile) };
            let child = self.add(OrgKind::Committee, &unit, Some(committee), Some(unit.clone()), 9_000);
            self.unit(child, &unit, members, profile);
        }
    }

    /// Name and profile of the n-th unit directly below the group.
    fn subsidiary(&mut self, n: usize) -> (String, Profile) {
        const BUSINESSES: [&str; 12] = [
            "建设工程",
            "航空物流",
            "信息科技",
            "航空食品",
            "能源",
            "置业发展",
            "机务维修",
            "设计咨询",
            "商业管理",
            "酒店管理",
            "文化旅游",
            "融资租赁",
        ];
        match n {
            0 => (format!("{GROUP}总部"), Profile::Office),
            2 => ("蜀岭海外工程公司".to_owned(), Profile::Abroad),
            n if n % 2 == 1 => (format!("{}机场", place(n / 2)), Profile::Airport),
            n => {
                let n = n / 2 - 2;
                let business = BUSINESSES[n % BUSINESSES.len()];
                let round = n / BUSINESSES.len();
                let at = if round == 0 { String::new() } else { place(40 + n) };
                (format!("蜀岭{at}{business}公司"), Profile::Business)
            }
        }
    }

    /// The name of the n-th part of a large unit.
    fn part(&mut self, unit: &str, n: usize, profile: Profile) -> String {
        match profile {
            Profile::Office => format!("{unit}第{}中心", chinese(n + 1)),
            Profile::Airport => format!("{unit}{}分公司", place(120 + n)),
            Profile::Abroad => format!("{unit}{}区域部", COUNTRIES[n % COUNTRIES.len()]),
            Profile::Business | Profile::Retired => format!("{unit}{}分公司", place(200 + n)),
        }
    }

    /// General branches and branches of a unit that is not divided further.
    fn departments(&mut self, committee: usize, unit: &str, members: u64, profile: Profile) {
        let turn = self.units;
        self.units += 1;
        let mut left = members;
        let large = members >= 6 * USUAL_BRANCH;
        // A few branches break the rules on purpose: with fewer than three full members (ORG-01), with more than 50 (ORG-02).
        let tiny = if large && turn.is_multiple_of(3) { 2 } else { 0 };
        let crowded = if large && turn % 4 == 1 { 53 + self.rng.below(6) } else { 0 };
        let retired = if large { 24 + self.rng.below(20) } else { 0 };
        let joint = if large && turn.is_multiple_of(2) { 5 + self.rng.below(5) } else { 0 };
        let temporary = if large && profile == Profile::Abroad { 6 + self.rng.below(8) } else { 0 };
        left -= tiny + crowded + retired + joint + temporary;

        let count = left.div_ceil(USUAL_BRANCH).max(1);
        let weights: Vec<f64> = (0..count).map(|_| self.rng.between(76, 120) as f64).collect();
        let sizes = shares(left, &weights);
        let general = if large { (count as usize / 10).max(1) } else { 0 };
        let mut sizes = sizes.as_slice();
        let mut department = 0;
        for _ in 0..general {
            let Some(([first, second], rest)) = sizes.split_first_chunk::<2>().filter(|([a, b], _)| a + b < 100) else {
                break;
            };
            sizes = rest;
            let stem = format!("{unit}{}", department_name(profile, department));
            let above = self.add(OrgKind::GeneralBranch, &stem, Some(committee), Some(unit.to_owned()), 7_000);
            for (n, members) in [first, second].into_iter().enumerate() {
                self.branch(above, &format!("{stem}第{}", chinese(n + 1)), unit, *members, profile);
            }
            department += 1;
        }
        for members in sizes {
            let stem = format!("{unit}{}", department_name(profile, department));
            self.branch(committee, &stem, unit, *members, profile);
            department += 1;
        }
        if crowded > 0 {
            self.branch(committee, &format!("{unit}生产保障部"), unit, crowded, profile);
        }
        if tiny > 0 {
            self.branch(committee, &format!("{unit}驻外办事处"), unit, tiny, profile);
        }
        if joint > 0 {
            self.small(OrgKind::JointBranch, committee, &format!("{unit}培训中心档案馆"), unit, joint, profile);
        }
        if temporary > 0 {
            self.small(OrgKind::TemporaryBranch, committee, &format!("{unit}应急抢修"), unit, temporary, profile);
        }
        if retired > 0 {
            self.branch(committee, &format!("{unit}离退休"), unit, retired, Profile::Retired);
        }
    }

    /// A branch; every fortieth has Party groups, which then hold its members.
    fn branch(&mut self, above: usize, stem: &str, unit: &str, members: u64, profile: Profile) {
        let oldest = if profile == Profile::Abroad { 3_600 } else { 6_000 };
        let own = self.add(OrgKind::Branch, stem, Some(above), Some(unit.to_owned()), oldest);
        self.branches += 1;
        let slot = Slot { org: own, members, others: 0, profile, settled: members < 8, shown: false };
        if self.branches % 40 != 10 || members < 30 {
            self.slots.push(slot);
            return;
        }
        for (n, members) in shares(members, &[1.0, 1.0, 1.0]).into_iter().enumerate() {
            let stem = format!("{}第{}", self.orgs[own].name, chinese(n + 1));
            let group = self.add(OrgKind::Group, &stem, Some(own), None, 2_000);
            self.slots.push(Slot { org: group, members, ..slot });
        }
    }

    /// A joint or a temporary branch.
    fn small(&mut self, kind: OrgKind, above: usize, stem: &str, unit: &str, members: u64, profile: Profile) {
        let org = self.add(kind, stem, Some(above), Some(unit.to_owned()), 700);
        self.slots.push(Slot { org, members, others: 0, profile, settled: true, shown: false });
    }
}

const COUNTRIES: [&str; 16] = [
    "老挝",
    "尼泊尔",
    "肯尼亚",
    "赞比亚",
    "埃塞俄比亚",
    "巴基斯坦",
    "印度尼西亚",
    "柬埔寨",
    "坦桑尼亚",
    "卢旺达",
    "塞尔维亚",
    "乌兹别克斯坦",
    "斯里兰卡",
    "马来西亚",
    "莫桑比克",
    "秘鲁",
];

/// A made-up place.
fn place(n: usize) -> String {
    const FIRST: [&str; 20] = [
        "青", "云", "锦", "翠", "玉", "龙", "凤", "金", "白", "清", "松", "竹", "梅", "兰", "星", "月", "霞", "雪",
        "石", "碧",
    ];
    const SECOND: [&str; 19] = [
        "岚", "栖", "屏", "溪", "垭", "坪", "岭", "湾", "渡", "滩", "峪", "坝", "桥", "岗", "泉", "洲", "林", "台",
        "原",
    ];
    // 19 and 20 share no factor, so the pairs run through all 380.
    let round = n / 380;
    let second = SECOND[(n + round) % 19];
    let name = format!("{}{second}", FIRST[n % 20]);
    if round == 0 { name } else { format!("{name}{}", chinese(round + 1)) }
}

/// The n-th department of a unit.
fn department_name(profile: Profile, n: usize) -> String {
    const OFFICE: [&str; 14] = [
        "办公室",
        "组织人事部",
        "宣传部",
        "纪检监察部",
        "财务管理部",
        "战略规划部",
        "投资发展部",
        "安全质量部",
        "审计部",
        "法律合规部",
        "信息管理部",
        "工会",
        "采购中心",
        "后勤服务中心",
    ];
    const AIRPORT: [&str; 16] = [
        "安全检查站",
        "地面服务部",
        "运行指挥中心",
        "飞行区管理部",
        "动力能源部",
        "消防护卫部",
        "航站区管理部",
        "机务工程部",
        "货运部",
        "旅客服务部",
        "信息技术部",
        "医疗救护部",
        "综合管理部",
        "财务部",
        "人力资源部",
        "规划建设部",
    ];
    const BUSINESS: [&str; 16] = [
        "综合管理部",
        "工程一部",
        "工程二部",
        "工程三部",
        "市场经营部",
        "技术中心",
        "财务部",
        "安全质量部",
        "物资采购部",
        "客户服务部",
        "生产管理部",
        "研发中心",
        "设备管理部",
        "运营一部",
        "运营二部",
        "人力资源部",
    ];
    let (list, n): (&[&str], usize) = match profile {
        Profile::Office => (&OFFICE, n),
        Profile::Airport => (&AIRPORT, n),
        Profile::Abroad if n < 2 => return ["综合管理部", "工程管理部"][n].to_owned(),
        Profile::Abroad => {
            let n = n - 2;
            let round = n / COUNTRIES.len();
            let number = if round == 0 { String::new() } else { chinese(round + 1) };
            return format!("{}项目{number}部", COUNTRIES[n % COUNTRIES.len()]);
        }
        Profile::Business | Profile::Retired => (&BUSINESS, n),
    };
    let round = n / list.len();
    let number = if round == 0 { String::new() } else { format!("第{}", chinese(round + 1)) };
    format!("{}{number}", list[n % list.len()])
}

/// A number from 1 to 99 in Chinese; larger ones in digits.
fn chinese(n: usize) -> String {
    const DIGITS: [&str; 10] = ["", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
    match n {
        1..10 => DIGITS[n].to_owned(),
        10..20 => format!("十{}", DIGITS[n % 10]),
        20..100 => format!("{}十{}", DIGITS[n / 10], DIGITS[n % 10]),
        _ => n.to_string(),
    }
}

/// Makes the persons one after the other.
struct Maker {
    seed: u64,
    today: Date,
    index: u64,
    numbers: people::Numbers,
    last: Option<(PersonName, Gender, Ethnicity)>,
}

impl Maker {
    /// The person at a place of a slot: the members first, then the others.
    fn person(&mut self, slot: Slot, at: u64) -> Option<SynthPerson> {
        let index = self.index;
        self.index += 1;
        let rng = &mut Rng::new(self.seed, index);
        let stage = if at >= slot.members {
            rng.weighted(&[(Stage::Applicant, 45), (Stage::Activist, 40), (Stage::Candidate, 15)])
        } else if !slot.settled && slot.profile != Profile::Retired && rng.per_mille(31) {
            Stage::Probationary
        } else {
            Stage::Full
        };
        let stage = match at.checked_sub(slot.members) {
            Some(0) if slot.shown => Stage::Applicant,
            Some(1) if slot.shown => Stage::Activist,
            None if slot.shown && at + 1 == slot.members => Stage::Probationary,
            _ => stage,
        };
        let shown = slot.shown && at + 1 >= slot.members && at < slot.members + 2;
        let (name, gender, ethnicity) = self.who(rng)?;
        let today = self.today;
        let retired = slot.profile == Profile::Retired && stage.is_member();
        let age = match (stage, gender) {
            _ if retired => rng.between(60, 88).min(rng.between(60, 88)),
            (Stage::Full, Gender::Female) => rng.between(23, 54),
            (Stage::Full, Gender::Male) => rng.between(23, 59),
            (Stage::Probationary, _) => rng.between(23, 44),
            _ => rng.between(22, 40),
        } as i32;
        let birth = rng.day(plus_days(add_years(today, -age - 1), 2), plus_days(add_years(today, -age), -1));
        let age = full_years(birth, today);
        let college = match age {
            ..35 => 950,
            35..45 => 860,
            45..55 => 700,
            55..60 => 520,
            _ => 330,
        };
        let education =
            if rng.per_mille(college) { people::college(rng, age) } else { people::below_college(rng, age) };
        let occupation = if retired { Occupation::Retired } else { occupation(rng, slot.profile) };
        let (title, title_level) = title(rng, age, education, occupation);
        let (applied_on, joined_on, full_on) = if shown { self.shown_way(stage) } else { self.way(rng, stage, birth) };
        let case = match shown {
            true => CaseWish::Shown,
            false if rng.per_mille(TOLD) => CaseWish::Told,
            false => CaseWish::Untold,
        };
        // Whoever is told of became a full member on the day on which the probation was full (DEV-24).
        let full_on = match joined_on.filter(|joined| case == CaseWish::Told && *joined >= plus_days(today, -TOLD_DAYS))
        {
            Some(joined) => full_on.map(|_| add_years(joined, 1)),
            None => full_on,
        };
        Some(SynthPerson {
            org: slot.org,
            name,
            gender,
            ethnicity,
            birth,
            identity: self.numbers.next(birth, gender),
            phone: people::phone(index),
            native_place: people::native_place(rng).to_owned(),
            education,
            degree: people::degree(rng, education),
            title: title.map(str::to_owned),
            title_level,
            employment: employment(rng, occupation),
            occupation,
            stage,
            worked_on: people::worked_on(rng, birth, education, today),
            applied_on: Some(applied_on),
            joined_on,
            full_on,
            admin_post: admin_post(rng, occupation, age).map(str::to_owned),
            case,
        })
    }

    /// Name, gender and ethnicity; now and then those of the person before, so that namesakes are never missing.
    fn who(&mut self, rng: &mut Rng) -> Option<(PersonName, Gender, Ethnicity)> {
        if let Some(last) = self.last.take().filter(|_| rng.per_mille(12)) {
            return Some(last);
        }
        let gender = if rng.per_mille(330) { Gender::Female } else { Gender::Male };
        let ethnicity = if rng.per_mille(75) { names::minority(rng) } else { Ethnicity::Han };
        let who = (names::name(rng, gender, ethnicity)?, gender, ethnicity);
        self.last = Some(who.clone());
        Some(who)
    }

    /// The same days of somebody with whom there is something to do next: an application to talk about, a review that is due, a
    /// probation that ends soon.
    fn shown_way(&self, stage: Stage) -> (Date, Option<Date>, Option<Date>) {
        let ago = |days: i64| plus_days(self.today, -days);
        match stage {
            Stage::Applicant => (ago(12), None, None),
            Stage::Activist | Stage::Candidate => (ago(240), None, None),
            Stage::Probationary | Stage::Full => (ago(965), Some(ago(345)), None),
        }
    }

    /// The days of application, joining and 转正.
    fn way(&self, rng: &mut Rng, stage: Stage, birth: Date) -> (Date, Option<Date>, Option<Date>) {
        let today = self.today;
        let joined_on = match stage {
            Stage::Full => {
                // 366 days before today, so that the year is over on any calendar.
                let latest = plus_days(today, -366).min(add_years(birth, 48));
                let first = add_years(birth, 19);
                Some(rng.day(first, latest).min(rng.day(first, latest)))
            }
            Stage::Probationary => Some(rng.day(plus_days(today, -350), plus_days(today, -5))),
            Stage::Applicant | Stage::Activist | Stage::Candidate => None,
        };
        let full_on =
            joined_on.filter(|_| stage == Stage::Full).map(|joined_on| people::full_on(rng, joined_on, today));
        let applied_on = match joined_on {
            Some(joined_on) => people::applied_on(rng, birth, joined_on),
            None => {
                let (latest, earliest) = match stage {
                    Stage::Applicant => (10, 700),
                    Stage::Activist => (200, 1200),
                    _ => (600, 1400),
                };
                plus_days(today, -rng.between(latest, earliest)).max(add_years(birth, 18))
            }
        };
        (applied_on, joined_on, full_on)
    }
}

fn occupation(rng: &mut Rng, profile: Profile) -> Occupation {
    use Occupation as O;
    let weights = match profile {
        Profile::Office => [(O::Worker, 5), (O::Professional, 30), (O::Manager, 65)],
        Profile::Airport => [(O::Worker, 42), (O::Professional, 33), (O::Manager, 25)],
        Profile::Abroad => [(O::Worker, 20), (O::Professional, 48), (O::Manager, 32)],
        Profile::Business | Profile::Retired => [(O::Worker, 34), (O::Professional, 38), (O::Manager, 28)],
    };
    rng.weighted(&weights)
}

fn title(
    rng: &mut Rng,
    age: i32,
    education: rules::codes::Education,
    occupation: Occupation,
) -> (Option<&'static str>, TitleLevel) {
    let (per_mille, fields): (u64, &[usize]) = match occupation {
        Occupation::Worker if rng.per_mille(550) => return (Some(people::skill(rng, age)), TitleLevel::None),
        Occupation::Professional => (930, &[0, 0, 0, 1, 2]),
        Occupation::Manager => (680, &[0, 1, 2, 3]),
        Occupation::Retired => (450, &[0, 1, 2, 3]),
        _ => (0, &[0]),
    };
    let field = rng.pick(fields);
    let found = if rng.per_mille(per_mille) { people::title(rng, age, education, field) } else { None };
    found.map_or((None, TitleLevel::None), |(name, level)| (Some(name), level))
}

fn employment(rng: &mut Rng, occupation: Occupation) -> Option<Employment> {
    match occupation {
        Occupation::Retired => rng.per_mille(40).then_some(Employment::Rehired),
        Occupation::Worker => Some(rng.weighted(&[(Employment::Contract, 82), (Employment::Dispatch, 18)])),
        _ => Some(rng.weighted(&[(Employment::Contract, 965), (Employment::Dispatch, 25), (Employment::Other, 10)])),
    }
}

fn admin_post(rng: &mut Rng, occupation: Occupation, age: i32) -> Option<&'static str> {
    match (occupation, age) {
        (Occupation::Manager, ..30) => Some(rng.pick(&["职员", "主管助理", "科员"])),
        (Occupation::Manager, 30..40) => Some(rng.pick(&["主管", "高级主管", "科长", "副经理"])),
        (Occupation::Manager, _) => Some(rng.pick(&["高级主管", "科长", "副部长", "部长", "经理", "副经理"])),
        (Occupation::Worker, 32..) if rng.per_mille(120) => Some("班组长"),
        (Occupation::Professional, 35..) if rng.per_mille(150) => Some(rng.pick(&["技术主管", "项目总工程师"])),
        _ => None,
    }
}
