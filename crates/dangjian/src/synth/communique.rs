//! A population with the marginals of the published annual communiqué (党内统计公报) at a scale. Each person is made from the
//! number of his or her place alone; only the strata, the organisations and the counters of identity numbers are held.

use super::margins::{reconciled, shares, table};
use super::rng::{Permutation, Rng, mix, plus_days};
use super::{Population, SynthOrg, SynthPerson, names, people};
use jiff::civil::{Date, date};
use rules::codes::{Degree, Employment, Ethnicity, Gender, Occupation, Stage, TitleLevel};
use rules::date::{add_years, full_years};
use rules::org::OrgKind;

/// Published figures of a year, in 万; bands, periods and occupations in the communiqué's order.
pub(super) struct Figures {
    pub(super) year: i16,
    pub(super) members: f64,
    pub(super) organisations: f64,
    /// 基层党委, 总支部, 支部.
    pub(super) kinds: [f64; 3],
    pub(super) women: f64,
    pub(super) minority: f64,
    pub(super) college: f64,
    pub(super) ages: [f64; 8],
    pub(super) periods: [f64; 4],
    pub(super) occupations: [f64; 8],
    /// 全年发展党员, and among them women, minorities, 35 岁及以下, 大专及以上.
    pub(super) developed: [f64; 5],
}

/// The two years. What the communiqué of 2024 does not say of those who joined that year (women, minorities) keeps 2023's share.
pub(super) const YEARS: [Figures; 2] = [
    Figures {
        year: 2023,
        members: 9918.5,
        organisations: 517.6,
        kinds: [29.8, 32.5, 455.4],
        women: 3018.5,
        minority: 759.2,
        college: 5578.6,
        ages: [1241.2, 1119.6, 1086.4, 945.9, 907.1, 940.5, 890.7, 2787.2],
        periods: [6.8, 1286.3, 6014.2, 2611.2],
        occupations: [664.3, 2607.5, 1619.0, 1145.3, 764.5, 277.1, 776.4, 2064.4],
        developed: [240.8, 110.5, 25.2, 198.3, 128.0],
    },
    Figures {
        year: 2024,
        members: 10027.1,
        organisations: 525.0,
        kinds: [30.6, 33.0, 461.4],
        women: 3099.5,
        minority: 773.4,
        college: 5778.6,
        ages: [1227.2, 1076.4, 1147.5, 968.7, 904.1, 941.2, 864.6, 2897.3],
        periods: [5.4, 1230.9, 5980.0, 2810.8],
        occupations: [663.9, 2614.4, 1639.4, 1156.3, 759.2, 262.2, 784.9, 2146.9],
        developed: [213.1, 97.8, 22.3, 178.4, 115.9],
    },
];

/// Youngest and oldest age of each band that occurs here.
const BANDS: [(i32, i32); 8] = [(18, 30), (31, 35), (36, 40), (41, 45), (46, 50), (51, 55), (56, 60), (61, 95)];
const OLDEST: usize = 7;
/// The period after the four published ones: those who joined within the year, still on probation at its end.
const WITHIN_THE_YEAR: usize = 4;

/// Persons who agree in all that the communiqué counts.
#[derive(Debug, Clone, Copy)]
struct Stratum {
    count: u64,
    band: usize,
    period: usize,
    occupation: Occupation,
    college: bool,
    woman: bool,
    minority: bool,
}

/// A population as of 31 December of `year`, whose every published row is met to rounding at `scale` (1.0: the whole Party).
/// Fails with a message for people when the year is not 2023 or 2024, or the scale is not above 0 and at most 1.
pub(crate) fn communique(year: u16, scale: f64, orgs: Option<u64>, seed: u64) -> Result<Population, String> {
    let figures = YEARS
        .iter()
        .find(|figures| i32::from(figures.year) == i32::from(year))
        .ok_or_else(|| format!("没有 {year} 年的党内统计公报数据，年份请填 2023 或 2024"))?;
    if !(scale > 0.0 && scale <= 1.0) {
        return Err(format!("比例 {scale} 不合适，应大于 0、不超过 1，例如 0.001"));
    }
    let members = units(figures.members, scale);
    let strata = strata(figures, members, scale)
        .ok_or_else(|| format!("比例 {scale} 太小，各项合计凑不齐。请放大比例，例如 0.001"))?;
    let today = date(figures.year, 12, 31);
    let count = orgs.unwrap_or_else(|| units(figures.organisations, scale)).max(1);
    let (orgs, branches) = organisations(figures, count, seed, today);
    let mut ends = Vec::with_capacity(strata.len());
    let mut end = 0;
    for stratum in &strata {
        end += stratum.count;
        ends.push(end);
    }
    let order = Permutation::new(members, mix(seed ^ 0x6f72_6465));
    let mut seats = Seats { branches, members, seed, branch: 0 };
    let mut numbers = people::Numbers::default();
    let persons = (0..members).filter_map(move |index| {
        let org = seats.of(index);
        let place = order.at(index);
        let stratum = strata.get(ends.partition_point(|end| *end <= place))?;
        person(stratum, &mut Rng::new(seed, index), &mut numbers, org, today)
    });
    Ok(Population { orgs, persons: Box::new(persons) })
}

/// A published figure in units at a scale.
fn units(figure: f64, scale: f64) -> u64 {
    (figure * 10_000.0 * scale).round() as u64
}

/// The strata, so that every published row is met; `None` when so few persons cannot meet them all.
fn strata(figures: &Figures, members: u64, scale: f64) -> Option<Vec<Stratum>> {
    let at_scale = |figure: f64| figure * 10_000.0 * scale;
    let ages = reconciled(members, &figures.ages.map(at_scale));
    let periods = reconciled(members, &figures.periods.map(at_scale));
    let occupations = reconciled(members, &figures.occupations.map(at_scale));
    let [new, new_women, new_minority, new_young, new_college] = figures.developed.map(|figure| units(figure, scale));
    let new_by_band =
        [shares(new_young, &[82.0, 18.0]), shares(new.checked_sub(new_young)?, &[38.0, 25.0, 17.0, 11.0, 6.0, 3.0])]
            .concat();
    let rest = |all: u64, new: u64| all.checked_sub(new);

    // Age band by period, those who joined within the year apart.
    let old_by_band: Vec<u64> =
        ages.iter().zip(&new_by_band).map(|(all, new)| rest(*all, *new)).collect::<Option<_>>()?;
    let old_periods = [periods[0], periods[1], periods[2], rest(periods[3], new)?];
    const BY_PERIOD: [[f64; 4]; 8] = [
        [0.0, 0.0, 0.0, 1.0],
        [0.0, 0.0, 0.25, 0.75],
        [0.0, 0.0, 0.7, 0.3],
        [0.0, 0.0, 0.83, 0.17],
        [0.0, 0.0, 0.88, 0.12],
        [0.0, 0.0, 0.91, 0.09],
        [0.0, 0.0, 0.94, 0.06],
        [0.01, 0.46, 0.5, 0.02],
    ];
    let cells = table(&old_by_band, &old_periods, &BY_PERIOD.map(|line| line.to_vec()))?;
    let mut found = Vec::new();
    for (band, line) in cells.iter().enumerate() {
        let new = (WITHIN_THE_YEAR, new_by_band[band]);
        found.extend(line.iter().copied().enumerate().chain([new]).map(|(period, count)| Stratum {
            count,
            band,
            period,
            occupation: Occupation::Other,
            college: false,
            woman: false,
            minority: false,
        }));
    }
    found.retain(|stratum| stratum.count > 0);

    let weights = |stratum: &Stratum| Occupation::ALL.iter().map(|o| occupation_weight(stratum, *o)).collect();
    found = refine(&found, &occupations, weights, |stratum, at| stratum.occupation = Occupation::ALL[at])?;
    let all = |figure| units(figure, scale);
    found = refine_apart(&found, all(figures.college), new_college, college_share, |stratum| stratum.college = true)?;
    found = refine_apart(&found, all(figures.women), new_women, woman_share, |stratum| stratum.woman = true)?;
    refine_apart(&found, all(figures.minority), new_minority, |_| 0.08, |stratum| stratum.minority = true)
}

/// Splits every stratum over the values of one more attribute, whose sums are given.
fn refine(
    strata: &[Stratum],
    sums: &[u64],
    weights: impl Fn(&Stratum) -> Vec<f64>,
    set: impl Fn(&mut Stratum, usize),
) -> Option<Vec<Stratum>> {
    let rows: Vec<u64> = strata.iter().map(|stratum| stratum.count).collect();
    let weights: Vec<Vec<f64>> = strata.iter().map(weights).collect();
    let cells = table(&rows, sums, &weights)?;
    let mut found = Vec::new();
    for (stratum, line) in strata.iter().zip(cells) {
        for (at, count) in line.into_iter().enumerate().filter(|(_, count)| *count > 0) {
            let mut part = Stratum { count, ..*stratum };
            set(&mut part, at);
            found.push(part);
        }
    }
    Some(found)
}

/// Splits every stratum in two by an attribute that `all` persons have, `new` among them having joined within the year.
fn refine_apart(
    strata: &[Stratum],
    all: u64,
    new: u64,
    share: impl Fn(&Stratum) -> f64,
    set: impl Fn(&mut Stratum),
) -> Option<Vec<Stratum>> {
    let (fresh, settled): (Vec<Stratum>, Vec<Stratum>) =
        strata.iter().partition(|stratum| stratum.period == WITHIN_THE_YEAR);
    let mut found = Vec::new();
    for (part, having) in [(settled, all.checked_sub(new)?), (fresh, new)] {
        let count: u64 = part.iter().map(|stratum| stratum.count).sum();
        let weights = |stratum: &Stratum| vec![share(stratum), 1.0 - share(stratum)];
        found.extend(refine(&part, &[having, count.checked_sub(having)?], weights, |stratum, at| {
            if at == 0 {
                set(stratum);
            }
        })?);
    }
    Some(found)
}

/// How frequent an occupation is at an age and a time of joining; 0 where it cannot be.
fn occupation_weight(stratum: &Stratum, occupation: Occupation) -> f64 {
    use Occupation as O;
    let (band, period) = (stratum.band, stratum.period);
    let old = band == OLDEST;
    match occupation {
        O::Retired if old => 70.0,
        O::Retired if period == WITHIN_THE_YEAR => 0.0,
        O::Retired => [0.0, 0.0, 0.0, 0.0, 0.0, 4.0, 14.0, 0.0][band],
        O::Farmer if old => 26.0,
        O::Farmer => [16.0, 20.0, 22.0, 25.0, 28.0, 28.0, 25.0, 0.0][band],
        O::Other if old => 4.0,
        _ if old && period < 2 => 0.0,
        O::Student if band == 0 => 30.0,
        O::Student => 0.0,
        O::Other => 9.0,
        O::Worker => [9.0, 9.0, 8.0, 8.0, 8.0, 8.0, 7.0, 0.0][band],
        O::Professional => [22.0, 26.0, 25.0, 21.0, 18.0, 15.0, 13.0, 0.6][band],
        O::Manager => [9.0, 15.0, 16.0, 16.0, 15.0, 14.0, 12.0, 0.6][band],
        O::Official => [7.0, 10.0, 11.0, 11.0, 11.0, 11.0, 10.0, 0.2][band],
    }
}

/// The share of 大专及以上.
fn college_share(stratum: &Stratum) -> f64 {
    use Occupation as O;
    let band = stratum.band;
    let old = band == OLDEST;
    match stratum.occupation {
        O::Student => 0.995,
        O::Official => 0.96,
        O::Professional => 0.92,
        O::Manager => 0.88,
        O::Worker => [0.75, 0.65, 0.55, 0.45, 0.35, 0.25, 0.2, 0.1][band],
        O::Farmer => [0.35, 0.28, 0.22, 0.15, 0.1, 0.06, 0.04, 0.02][band],
        O::Other => [0.8, 0.75, 0.65, 0.5, 0.4, 0.3, 0.2, 0.1][band],
        O::Retired if old && stratum.period < 2 => 0.15,
        O::Retired => 0.35,
    }
}

/// The share of women. Before 56 only women are retired.
fn woman_share(stratum: &Stratum) -> f64 {
    use Occupation as O;
    match stratum.occupation {
        O::Retired if stratum.band == 5 => 1.0,
        O::Retired if stratum.band == 6 => 0.8,
        O::Retired => 0.27,
        O::Student => 0.5,
        O::Professional => 0.45,
        O::Farmer => [0.3, 0.28, 0.25, 0.22, 0.2, 0.18, 0.16, 0.12][stratum.band],
        O::Worker => 0.22,
        _ => [0.45, 0.42, 0.38, 0.34, 0.3, 0.27, 0.22, 0.15][stratum.band],
    }
}

/// The branches in order, and where the members of each end: sizes vary around the mean.
struct Seats {
    branches: Vec<usize>,
    members: u64,
    seed: u64,
    branch: u64,
}

impl Seats {
    /// The organisation of the member with this index; indices must not fall.
    fn of(&mut self, index: u64) -> usize {
        let last = self.branches.len() as u64 - 1;
        while self.branch < last && index >= self.end(self.branch) {
            self.branch += 1;
        }
        self.branches[self.branch as usize]
    }

    /// The first index after a branch.
    fn end(&self, branch: u64) -> u64 {
        let count = self.branches.len() as u64;
        let even = (u128::from(branch + 1) * u128::from(self.members) / u128::from(count)) as u64;
        let sway = self.members / count * 2 / 5;
        // Less than half the mean either way, so that ends never cross.
        even + Rng::new(self.seed, branch).below(sway + 1) - sway / 2
    }
}

fn person(
    stratum: &Stratum,
    rng: &mut Rng,
    numbers: &mut people::Numbers,
    org: usize,
    today: Date,
) -> Option<SynthPerson> {
    let (from, until) = period_days(stratum.period, today);
    let (youngest, oldest) = ages(stratum);
    let year_end = |age: i32| add_years(today, -age);
    let latest = year_end(youngest).min(add_years(until, -18));
    let earliest = plus_days(year_end(oldest + 1), 1);
    let birth = if stratum.band == OLDEST { rng.late_day(earliest, latest) } else { rng.day(earliest, latest) };
    let first = add_years(birth, 18).max(from);
    let usual = add_years(birth, 45);
    let joined_on = rng.day(first, if usual > first { until.min(usual) } else { until });
    let probationary = stratum.period == WITHIN_THE_YEAR;
    let full_on = (!probationary).then(|| people::full_on(rng, joined_on, today));

    let gender = if stratum.woman { Gender::Female } else { Gender::Male };
    let ethnicity = if stratum.minority { names::minority(rng) } else { Ethnicity::Han };
    let age = full_years(birth, today);
    let education = if stratum.college { people::college(rng, age) } else { people::below_college(rng, age) };
    let student = stratum.occupation == Occupation::Student;
    let degree = if student && age < 23 { Degree::None } else { people::degree(rng, education) };
    let title = match stratum.occupation {
        Occupation::Professional => {
            let field = rng.below(4) as usize;
            people::title(rng, age, education, field)
        }
        _ => None,
    };
    let employment = match stratum.occupation {
        Occupation::Worker => Some(rng.weighted(&[(Employment::Contract, 85), (Employment::Dispatch, 15)])),
        Occupation::Professional | Occupation::Manager => {
            Some(rng.weighted(&[(Employment::Contract, 60), (Employment::Institution, 40)]))
        }
        _ => None,
    };
    let worked_on = match stratum.occupation {
        Occupation::Student | Occupation::Farmer => None,
        _ => people::worked_on(rng, birth, education, today),
    };
    Some(SynthPerson {
        org,
        name: names::name(rng, gender, ethnicity)?,
        gender,
        ethnicity,
        birth,
        identity: numbers.next(birth, gender),
        phone: None,
        native_place: people::native_place(rng).to_owned(),
        education,
        degree,
        title: title.map(|(name, _)| name.to_owned()),
        title_level: title.map_or(TitleLevel::None, |(_, level)| level),
        employment,
        occupation: stratum.occupation,
        stage: if probationary { Stage::Probationary } else { Stage::Full },
        worked_on,
        applied_on: Some(people::applied_on(rng, birth, joined_on)),
        joined_on: Some(joined_on),
        full_on,
        admin_post: None,
        case: super::CaseWish::Untold,
    })
}

/// First and last day of joining.
fn period_days(period: usize, today: Date) -> (Date, Date) {
    let new_year = today.first_of_year();
    match period {
        0 => (date(1937, 7, 7), date(1949, 9, 30)),
        1 => (date(1949, 10, 1), date(1978, 12, 17)),
        2 => (date(1978, 12, 18), date(2012, 11, 7)),
        3 => (date(2012, 11, 8), plus_days(new_year, -1)),
        _ => (new_year, today),
    }
}

/// Youngest and oldest age, inside the band, of those in a stratum.
fn ages(stratum: &Stratum) -> (i32, i32) {
    let (youngest, oldest) = BANDS[stratum.band];
    match (stratum.occupation, stratum.band, stratum.period) {
        (Occupation::Student, ..) => (youngest, 27),
        (Occupation::Retired, 6, _) if !stratum.woman => (60, 60),
        (_, OLDEST, 0) => (93, 104),
        (_, OLDEST, 1) => (youngest, 95),
        (_, OLDEST, 2) => (youngest, 88),
        (_, OLDEST, 3) => (youngest, 76),
        (_, OLDEST, _) => (youngest, 66),
        _ => (youngest, oldest),
    }
}

/// The organisations in preorder, and the indices of the branches.
fn organisations(figures: &Figures, count: u64, seed: u64, today: Date) -> (Vec<SynthOrg>, Vec<usize>) {
    let counts = reconciled(count, &figures.kinds.map(|kind| kind / figures.organisations * count as f64));
    let tree = Tree {
        committees: counts[0].max(1),
        general: counts[1],
        branches: counts[2].max(1),
        // Three branches below a general branch, if there are enough of them.
        below_general: (counts[2] / counts[1].max(1) / 2).min(3),
        seed,
        today,
    };
    let mut orgs = Vec::new();
    tree.committee(&mut orgs, 0, None);
    let branches = (0..orgs.len()).filter(|i| orgs[*i].kind == OrgKind::Branch).collect();
    (orgs, branches)
}

/// The shape of the tree: committees below committees, and evenly below these the general branches and the branches.
struct Tree {
    committees: u64,
    general: u64,
    branches: u64,
    below_general: u64,
    seed: u64,
    today: Date,
}

const PROVINCES: [&str; 31] = [
    "北京",
    "天津",
    "河北",
    "山西",
    "内蒙古",
    "辽宁",
    "吉林",
    "黑龙江",
    "上海",
    "江苏",
    "浙江",
    "安徽",
    "福建",
    "江西",
    "山东",
    "河南",
    "湖北",
    "湖南",
    "广东",
    "广西",
    "海南",
    "重庆",
    "四川",
    "贵州",
    "云南",
    "西藏",
    "陕西",
    "甘肃",
    "青海",
    "宁夏",
    "新疆",
];
/// Committees below one that is not the top.
const FAN: u64 = 20;

impl Tree {
    /// Adds a committee and all below it.
    fn committee(&self, orgs: &mut Vec<SynthOrg>, number: u64, parent: Option<usize>) {
        let top = PROVINCES.len() as u64;
        let name = match number {
            0 => "全国".to_owned(),
            1.. if number <= top => PROVINCES[number as usize - 1].to_owned(),
            _ => format!("{}第{}", stem(orgs, parent), (number - top - 1) % FAN + 1),
        };
        let own = self.add(orgs, OrgKind::Committee, name, parent);
        let part = |all: u64| {
            let end = |n: u64| (u128::from(n) * u128::from(all) / u128::from(self.committees)) as u64;
            end(number + 1) - end(number)
        };
        for n in 1..=part(self.general) {
            let name = format!("{}第{n}", stem(orgs, Some(own)));
            let general = self.add(orgs, OrgKind::GeneralBranch, name, Some(own));
            for n in 1..=self.below_general {
                let name = format!("{}总支第{n}", stem(orgs, Some(general)));
                self.add(orgs, OrgKind::Branch, name, Some(general));
            }
        }
        for n in 1..=part(self.branches - self.general * self.below_general) {
            let name = format!("{}直属第{n}", stem(orgs, Some(own)));
            self.add(orgs, OrgKind::Branch, name, Some(own));
        }
        let below = if number == 0 { 1..=top } else { top + 1 + (number - 1) * FAN..=top + number * FAN };
        for child in below.take_while(|child| *child < self.committees) {
            self.committee(orgs, child, Some(own));
        }
    }

    fn add(&self, orgs: &mut Vec<SynthOrg>, kind: OrgKind, name: String, parent: Option<usize>) -> usize {
        let own = orgs.len();
        let mut rng = Rng::new(self.seed ^ 0x6f72_6773, own as u64);
        let above = parent.map(|parent| &orgs[parent]);
        let since = above.map_or(date(1949, 10, 1), |above| above.founded_on);
        let founded_on = if above.is_some() { rng.day(since, add_years(self.today, -6).max(since)) } else { since };
        orgs.push(SynthOrg {
            code: format!("{own:07}"),
            name: format!("{name}{}", kind.name()),
            kind,
            parent,
            founded_on,
            unit_name: None,
            uscc: None,
            term_from: people::term_from(&mut rng, kind, founded_on, self.today),
        });
        own
    }
}

/// A parent's name without its kind.
fn stem(orgs: &[SynthOrg], parent: Option<usize>) -> String {
    let above = parent.and_then(|parent| orgs.get(parent));
    above.map(|above| above.name.trim_end_matches(above.kind.name()).to_owned()).unwrap_or_default()
}
