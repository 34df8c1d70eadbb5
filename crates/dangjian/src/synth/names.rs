//! Names of synthetic persons: made from pools of common surnames and given names, and of names of some minorities.
//! Whoever has such a name in reality is not meant.

use super::rng::Rng;
use rules::codes::{Ethnicity, Gender};
use rules::name::PersonName;

const SURNAMES: [(&str, u64); 80] = [
    ("王", 72),
    ("李", 71),
    ("张", 68),
    ("刘", 54),
    ("陈", 47),
    ("杨", 31),
    ("黄", 25),
    ("赵", 23),
    ("吴", 21),
    ("周", 20),
    ("徐", 15),
    ("孙", 15),
    ("马", 13),
    ("朱", 13),
    ("胡", 12),
    ("郭", 12),
    ("何", 12),
    ("林", 11),
    ("高", 11),
    ("罗", 11),
    ("郑", 10),
    ("梁", 9),
    ("谢", 8),
    ("宋", 8),
    ("唐", 8),
    ("许", 7),
    ("邓", 7),
    ("冯", 7),
    ("韩", 7),
    ("曹", 6),
    ("曾", 6),
    ("彭", 6),
    ("萧", 6),
    ("蔡", 5),
    ("潘", 5),
    ("田", 5),
    ("董", 5),
    ("袁", 5),
    ("于", 5),
    ("余", 5),
    ("叶", 5),
    ("蒋", 5),
    ("杜", 5),
    ("苏", 4),
    ("魏", 4),
    ("程", 4),
    ("吕", 4),
    ("丁", 4),
    ("沈", 4),
    ("任", 4),
    ("姚", 4),
    ("卢", 4),
    ("傅", 3),
    ("钟", 3),
    ("姜", 3),
    ("崔", 3),
    ("谭", 3),
    ("廖", 3),
    ("范", 3),
    ("汪", 3),
    ("陆", 3),
    ("金", 3),
    ("石", 3),
    ("戴", 3),
    ("贾", 3),
    ("韦", 3),
    ("夏", 2),
    ("邱", 2),
    ("方", 2),
    ("侯", 2),
    ("邹", 2),
    ("熊", 2),
    ("孟", 2),
    ("秦", 2),
    ("白", 2),
    ("欧阳", 2),
    ("上官", 1),
    ("诸葛", 1),
    ("司马", 1),
    ("令狐", 1),
];
const MALE: &str = "伟强磊军洋勇杰涛超明刚平辉鹏斌波宇浩凯健俊帆帅旭宁龙林建国志华海峰山东亮成康星光天达安岩中茂进有坚和彪博诚先敬震振壮会思群豪心邦承乐绍功松善厚庆民友裕河哲江浩毅";
const FEMALE: &str = "芳娜敏静丽艳娟霞秀英慧巧美静淑惠珠翠雅芝玉萍红娥玲芬燕彩春菊兰凤洁梅琳素云莲真环雪荣爱妹香月莺媛瑞凡佳嘉琼勤珍贞莉桂娣叶璧璐娅琦晶妍茜秋珊莎锦黛青倩婷姣婉娴瑾颖露瑶怡婵雁蓓";
const SHARED: &str = "文晓子小一永新世元正家学云雨思若晨宏立景德清长春远向玉泽启书亦君";

const TURKIC_MALE: [&str; 10] =
    ["买买提", "阿不都", "艾山", "吐尔逊", "玉素甫", "买买提艾力", "阿布都热合曼", "阿迪力", "库尔班", "努尔兰"];
const TURKIC_FEMALE: [&str; 8] =
    ["阿依古丽", "古丽娜尔", "热依汗", "米热姑丽", "帕提古丽", "阿孜古丽", "祖丽皮亚", "阿依努尔"];
const TIBETAN: [&str; 12] =
    ["扎西", "多吉", "卓玛", "丹增", "次仁", "央金", "格桑", "旺堆", "尼玛", "洛桑", "平措", "德吉"];
const MONGOL_MALE: [&str; 7] = ["巴特尔", "布和", "朝鲁", "孟和", "苏日勒", "那日苏", "阿古拉"];
const MONGOL_FEMALE: [&str; 6] = ["其其格", "乌兰", "娜仁", "萨仁", "高娃", "托娅"];
const YI_CLANS: [&str; 6] = ["吉克", "阿苦", "沙马", "曲比", "马海", "吉木"];
const YI: [&str; 6] = ["木呷", "阿牛", "拉则", "伍各", "尔古", "阿依"];

/// A name as people of that gender and ethnicity bear it; `None` only if a pool held a character that no name has.
pub(super) fn name(rng: &mut Rng, gender: Gender, ethnicity: Ethnicity) -> Option<PersonName> {
    let man = gender == Gender::Male;
    let text = match ethnicity {
        Ethnicity::Uyghur | Ethnicity::Kazak | Ethnicity::Kirgiz | Ethnicity::Uzbek | Ethnicity::Tajik => {
            let given = if man { rng.pick(&TURKIC_MALE) } else { rng.pick(&TURKIC_FEMALE) };
            let father = rng.pick(&TURKIC_MALE);
            if given == father { given.to_owned() } else { format!("{given}·{father}") }
        }
        Ethnicity::Tibetan | Ethnicity::Monba => {
            let first = rng.pick(&TIBETAN);
            let second = rng.pick(&TIBETAN);
            if first == second { first.to_owned() } else { format!("{first}{second}") }
        }
        Ethnicity::Mongol if rng.per_mille(500) => {
            if man { rng.pick(&MONGOL_MALE) } else { rng.pick(&MONGOL_FEMALE) }.to_owned()
        }
        Ethnicity::Yi if rng.per_mille(600) => format!("{}·{}", rng.pick(&YI_CLANS), rng.pick(&YI)),
        _ => han(rng, man),
    };
    PersonName::parse(&text).ok()
}

/// Surname and one or two characters.
fn han(rng: &mut Rng, man: bool) -> String {
    let own = if man { MALE } else { FEMALE };
    let mut text = rng.weighted(&SURNAMES).to_owned();
    if rng.per_mille(750) {
        let pool = if rng.per_mille(600) { SHARED } else { own };
        text.extend(character(rng, pool));
    }
    text.extend(character(rng, own));
    text
}

fn character(rng: &mut Rng, pool: &str) -> Option<char> {
    // Every character of the pools is three bytes long (tested).
    let at = rng.below(pool.len() as u64 / 3) as usize * 3;
    pool.get(at..at + 3).and_then(|c| c.chars().next())
}

/// An ethnicity other than Han, as frequent as in the population by and large.
pub(super) fn minority(rng: &mut Rng) -> Ethnicity {
    use Ethnicity as E;
    const COMMON: [(Ethnicity, u64); 16] = [
        (E::Zhuang, 150),
        (E::Uyghur, 80),
        (E::Hui, 85),
        (E::Miao, 85),
        (E::Manchu, 85),
        (E::Yi, 75),
        (E::Tujia, 75),
        (E::Tibetan, 60),
        (E::Mongol, 60),
        (E::Bouyei, 28),
        (E::Dong, 28),
        (E::Yao, 26),
        (E::Bai, 17),
        (E::Korean, 16),
        (E::Hani, 14),
        (E::Kazak, 14),
    ];
    if rng.per_mille(60) { rng.pick(&E::ALL[1..]) } else { rng.weighted(&COMMON) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pools_hold_three_byte_characters() {
        for pool in [MALE, FEMALE, SHARED] {
            assert!(pool.chars().all(|c| c.len_utf8() == 3));
        }
    }

    #[test]
    fn reg_08_every_ethnicity_has_names() {
        let mut rng = Rng::new(1, 1);
        let mut longest = 0;
        for ethnicity in Ethnicity::ALL {
            for _ in 0..200 {
                for gender in Gender::ALL {
                    let name = name(&mut rng, *gender, *ethnicity).unwrap();
                    let length = name.as_str().chars().count();
                    assert!((2..=12).contains(&length), "{name}");
                    longest = longest.max(length);
                }
            }
        }
        assert!(longest == 12);
    }
}
