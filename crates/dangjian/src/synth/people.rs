//! What both populations need of a person: unique numbers, education by age, degree, title, place of origin.

use super::rng::{Rng, mix, plus_days};
use jiff::civil::Date;
use rules::codes::{Degree, Education, Gender, TitleLevel};
use rules::date::{add_years, day_number};
use rules::identity::IdentityNumber;
use rules::org::OrgKind;
use rules::phone::Phone;
use std::collections::HashMap;

/// Gives out identity numbers; remembers only how many each day of birth has had.
#[derive(Debug, Default)]
pub(super) struct Numbers {
    given: HashMap<(i64, Gender), u64>,
}

const PROVINCES: [u64; 31] = [
    11, 12, 13, 14, 15, 21, 22, 23, 31, 32, 33, 34, 35, 36, 37, 41, 42, 43, 44, 45, 46, 50, 51, 52, 53, 54, 61, 62, 63,
    64, 65,
];
const CITIES: u64 = 8;
const COUNTIES: u64 = 5;
const SEQUENCES: u64 = 499;

impl Numbers {
    /// A number that was not given out before, of a person with this day of birth and gender (REG-01).
    /// `None` when a day has no number left, past 600,000 persons.
    pub(super) fn next(&mut self, birth: Date, gender: Gender) -> Option<IdentityNumber> {
        let regions = PROVINCES.len() as u64 * CITIES * COUNTIES;
        let day = day_number(birth);
        let given = self.given.entry((day, gender)).or_default();
        let (round, place) = (*given / regions, *given % regions);
        if round >= SEQUENCES {
            return None;
        }
        *given += 1;
        let scatter = mix(day as u64);
        // 7 shares no factor with the number of regions, so every region comes once in a round.
        let region = (place * 7 + scatter % regions) % regions;
        let sequence = (round + (scatter >> 32)) % SEQUENCES * 2 + if gender == Gender::Male { 1 } else { 2 };
        let province = PROVINCES[(region % PROVINCES.len() as u64) as usize];
        let rest = region / PROVINCES.len() as u64;
        let code = province * 10_000 + (rest % CITIES + 1) * 100 + rest / CITIES + 2;
        Some(IdentityNumber::synthetic(code as u32, birth, sequence as u16))
    }
}

/// The mobile number of a person's index, in ranges that carry no subscribers; unique below 3 × 10^8.
pub(super) fn phone(index: u64) -> Option<Phone> {
    const RANGES: [u64; 3] = [160, 140, 179];
    let range = RANGES.get((index / 100_000_000) as usize)?;
    // The factor shares no factor with 10^8, so no number comes twice.
    let rest = (index % 100_000_000) * 61_803_399 % 100_000_000;
    Phone::parse(&format!("{range}{rest:08}")).ok()
}

/// 大专及以上, in a class that the age allows.
pub(super) fn college(rng: &mut Rng, age: i32) -> Education {
    use Education as E;
    let found = rng.weighted(&[(E::Doctor, 2), (E::Master, 12), (E::Bachelor, 52), (E::College, 34)]);
    match found {
        E::Doctor if age < 28 => E::Bachelor,
        E::Master if age < 25 => E::Bachelor,
        E::Bachelor if age < 22 => E::College,
        found => found,
    }
}

/// Below 大专.
pub(super) fn below_college(rng: &mut Rng, age: i32) -> Education {
    use Education as E;
    if age < 60 {
        rng.weighted(&[
            (E::Secondary, 25),
            (E::Vocational, 5),
            (E::Technical, 6),
            (E::High, 36),
            (E::Middle, 27),
            (E::Primary, 1),
        ])
    } else {
        rng.weighted(&[(E::Secondary, 10), (E::High, 20), (E::Middle, 42), (E::Primary, 28)])
    }
}

/// The degree that goes with an education.
pub(super) fn degree(rng: &mut Rng, education: Education) -> Degree {
    match education {
        Education::Doctor => Degree::Doctor,
        Education::Master if rng.per_mille(950) => Degree::Master,
        Education::Master => Degree::Bachelor,
        Education::Bachelor if rng.per_mille(820) => Degree::Bachelor,
        _ => Degree::None,
    }
}

/// The age at which people of this education begin to work.
pub(super) fn first_working_age(education: Education) -> i32 {
    match education {
        Education::Doctor => 27,
        Education::Master => 24,
        Education::Bachelor => 22,
        Education::College => 21,
        _ => 18,
    }
}

/// A professional title by age, education and field (0 engineering, 1 economics, 2 accounting, 3 political work).
pub(super) fn title(rng: &mut Rng, age: i32, education: Education, field: usize) -> Option<(&'static str, TitleLevel)> {
    use TitleLevel as L;
    const NAMES: [[&str; 5]; 4] = [
        ["正高级工程师", "高级工程师", "工程师", "助理工程师", "技术员"],
        ["正高级经济师", "高级经济师", "经济师", "助理经济师", "经济员"],
        ["正高级会计师", "高级会计师", "会计师", "助理会计师", "会计员"],
        ["正高级政工师", "高级政工师", "政工师", "助理政工师", "政工员"],
    ];
    let seniority = age - first_working_age(education);
    let degree = education <= Education::Bachelor;
    let level = match seniority {
        ..1 => return None,
        1..5 if degree => L::Assistant,
        1..5 => L::Junior,
        5..11 => rng.weighted(&[(L::Intermediate, 60), (L::Assistant, 40)]),
        11..19 if degree => rng.weighted(&[(L::AssociateSenior, 45), (L::Intermediate, 55)]),
        11..19 => L::Intermediate,
        _ if degree => rng.weighted(&[(L::Senior, 12), (L::AssociateSenior, 58), (L::Intermediate, 30)]),
        _ => rng.weighted(&[(L::AssociateSenior, 15), (L::Intermediate, 60), (L::Assistant, 25)]),
    };
    let at = level.code() as usize - 1;
    NAMES.get(field).and_then(|names| names.get(at)).map(|name| (*name, level))
}

/// A worker's skill grade: written where titles are written, but no title (REG-06).
pub(super) fn skill(rng: &mut Rng, age: i32) -> &'static str {
    match age {
        ..28 => "中级工",
        28..38 => rng.pick(&["中级工", "高级工"]),
        _ => rng.pick(&["高级工", "技师", "高级技师"]),
    }
}

/// The first day of a term (ORG-06): some end within 180 days, a few are overdue, none began before the organisation.
pub(super) fn term_from(rng: &mut Rng, kind: OrgKind, founded_on: Date, today: Date) -> Option<Date> {
    let years = kind.usual_term_years()?;
    let days_left = match rng.below(100) {
        0..3 => rng.between(-200, -1),
        3..12 => rng.between(1, 180),
        _ => rng.between(181, i64::from(years) * 365 - 1),
    };
    Some(add_years(plus_days(today, days_left), -years).max(founded_on))
}

/// The day of 转正: a year after joining or a little more, not later than `today` (REG-04, REG-05).
pub(super) fn full_on(rng: &mut Rng, joined_on: Date, today: Date) -> Date {
    plus_days(add_years(joined_on, 1), rng.between(0, 40)).min(today)
}

/// The day of application: a year or more before joining, of age.
pub(super) fn applied_on(rng: &mut Rng, birth: Date, joined_on: Date) -> Date {
    plus_days(joined_on, -rng.between(370, 1500)).max(add_years(birth, 18)).min(joined_on)
}

/// The day on which work began.
pub(super) fn worked_on(rng: &mut Rng, birth: Date, education: Education, today: Date) -> Option<Date> {
    let day = plus_days(add_years(birth, first_working_age(education)), rng.between(0, 300));
    (day <= today).then_some(day)
}

/// 籍贯.
pub(super) fn native_place(rng: &mut Rng) -> &'static str {
    const PLACES: [&str; 28] = [
        "四川成都",
        "四川绵阳",
        "四川南充",
        "四川宜宾",
        "四川达州",
        "四川乐山",
        "重庆江津",
        "重庆万州",
        "贵州遵义",
        "云南昆明",
        "湖北武汉",
        "湖南长沙",
        "河南洛阳",
        "河南南阳",
        "山东临沂",
        "山东青岛",
        "江苏南通",
        "浙江绍兴",
        "安徽阜阳",
        "江西赣州",
        "福建泉州",
        "广东梅州",
        "广西桂林",
        "陕西西安",
        "甘肃天水",
        "河北保定",
        "辽宁沈阳",
        "黑龙江齐齐哈尔",
    ];
    rng.pick(&PLACES)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use rules::codes::{TitleOrSkill, classify_title};
    use std::collections::HashSet;

    #[test]
    fn reg_01_numbers_are_valid_and_unique() {
        let mut numbers = Numbers::default();
        let mut seen = HashSet::new();
        for i in 0..20_000 {
            let gender = if i % 3 == 0 { Gender::Female } else { Gender::Male };
            let number = numbers.next(date(1996, 2, 29), gender).unwrap();
            assert_eq!(IdentityNumber::parse(number.expose()), Ok(number.clone()));
            assert_eq!((number.gender(), number.birth_date()), (gender, date(1996, 2, 29)));
            assert!(seen.insert(number));
        }
    }

    #[test]
    fn phones_are_unique() {
        let seen: HashSet<Phone> = (0..100_000).map(|i| phone(i).unwrap()).collect();
        assert_eq!(seen.len(), 100_000);
        assert!(phone(299_999_999).is_some());
    }

    #[test]
    fn reg_06_titles_are_read_as_their_level() {
        let mut rng = Rng::new(1, 1);
        let mut levels = HashSet::new();
        for age in 18..65 {
            for education in [Education::Master, Education::Bachelor, Education::College] {
                for field in 0..4 {
                    if let Some((name, level)) = title(&mut rng, age, education, field) {
                        assert_eq!(classify_title(name), Some(TitleOrSkill::Title(level)), "{name}");
                        levels.insert(level);
                    }
                }
            }
            let skill = skill(&mut rng, age);
            assert!(matches!(classify_title(skill), Some(TitleOrSkill::Skill(_))), "{skill}");
        }
        assert_eq!(levels.len(), 5);
    }
}
