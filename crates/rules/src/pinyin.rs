//! Pinyin of names, for search by initials.

use ::pinyin::ToPinyin;

/// Surnames that are read otherwise than the character usually is.
const SURNAMES: &[(&str, &str)] = &[
    ("尉迟", "yu chi"),
    ("万俟", "mo qi"),
    ("单于", "chan yu"),
    ("长孙", "zhang sun"),
    ("澹台", "tan tai"),
    ("曾", "zeng"),
    ("单", "shan"),
    ("仇", "qiu"),
    ("区", "ou"),
    ("解", "xie"),
    ("查", "zha"),
    ("朴", "piao"),
    ("任", "ren"),
    ("华", "hua"),
    ("盖", "ge"),
    ("乐", "yue"),
    ("翟", "zhai"),
    ("覃", "qin"),
    ("冼", "xian"),
    ("缪", "miao"),
    ("牟", "mu"),
    ("员", "yun"),
    ("折", "she"),
    ("召", "shao"),
    ("洗", "xian"),
    ("种", "chong"),
    ("黑", "he"),
    ("秘", "bi"),
    ("繁", "po"),
];

fn syllables(text: &str) -> Vec<String> {
    let (mut found, rest) = match SURNAMES.iter().find(|(surname, _)| text.starts_with(surname)) {
        Some((surname, reading)) => (reading.split(' ').map(str::to_owned).collect(), &text[surname.len()..]),
        None => (Vec::new(), text),
    };
    for c in rest.chars() {
        match c.to_pinyin() {
            Some(reading) => found.push(reading.plain().to_owned()),
            None if c.is_ascii_alphanumeric() => found.push(c.to_ascii_lowercase().to_string()),
            None => {}
        }
    }
    found
}

/// Initials in small letters: 张三 → zs.
pub fn initials(text: &str) -> String {
    syllables(text).iter().filter_map(|syllable| syllable.chars().next()).collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn initials_of_names() {
        for (name, expected) in [
            ("张三", "zs"),
            ("曾国", "zg"),
            ("单于飞", "cyf"),
            ("买买提·艾山", "mmtas"),
            ("第一党支部", "dydzb"),
            ("AB 公司", "abgs"),
        ] {
            assert_eq!(super::initials(name), expected, "{name}");
        }
    }
}
