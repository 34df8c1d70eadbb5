use super::*;
use crate::schema::Schema;
use crate::{Builder, Derived, Row};
use proptest::prelude::*;
use std::sync::OnceLock;

const DAY: u16 = 900;

fn schema() -> Schema {
    Schema::new(&[("gender", 2), ("ethnicity", 57), ("age", 12)], &["born", "from", "to"]).unwrap()
}

fn tree() -> Tree {
    Tree::from_parents(vec![0, 0, 1, 1, 0, 5, 5, 5]).unwrap()
}

/// Rows of 8 organisations, in a fixed order of their own; some with a subject, some of the past.
fn base(rows: u32, subjects: bool) -> Base {
    let codes = (0..=u16::MAX).map(|born| (DAY.saturating_sub(born) / 100).min(11) as u8).collect();
    let mut builder = Builder::new(schema(), 8, DAY, vec![Derived { dimension: 2, day: 0, codes }]);
    let mut seed = 7u32;
    let mut next = |below: u32| {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (seed >> 8) % below
    };
    for n in 0..rows {
        let mut row = Row { org: next(8), subject: u64::from(n) * u64::from(subjects), ..Row::default() };
        row.codes[..2].copy_from_slice(&[next(2) as u8, next(57) as u8]);
        let to = if next(3) == 0 { next(900) as u16 } else { u16::MAX };
        row.days[..3].copy_from_slice(&[next(900) as u16, next(950) as u16, to]);
        builder.push(row).unwrap();
    }
    builder.build(7).unwrap()
}

fn assert_same(one: &Base, other: &Base) {
    assert_eq!(one.schema, other.schema);
    assert_eq!((one.orgs, one.day, one.mark), (other.orgs, other.day, other.mark));
    assert_eq!(one.derived, other.derived);
    assert!(one.current == other.current && one.dated == other.dated, "other rows");
}

fn write(base: &Base, dir: &Path) -> PathBuf {
    let names: Vec<String> = (0..8).map(|n| format!("第{n}支部")).collect();
    let beside = Beside {
        tree: &tree(),
        columns: &[("name", &names)],
        words: &[vec!["男".to_owned(), "女".to_owned()]],
        epoch: "1879-12-31",
    };
    base.write(dir, &beside).unwrap()
}

#[test]
fn what_was_written_is_read() {
    for (rows, subjects) in [(0, false), (1, true), (5_000, false), (5_000, true)] {
        let dir = tempfile::tempdir().unwrap();
        let base = base(rows, subjects);
        write(&base, dir.path());
        let stored = read(dir.path()).unwrap();
        assert_same(&stored.base, &base);
        assert_eq!(stored.tree, tree());
        assert_eq!(stored.columns[0].1[3], "第3支部");
        assert_eq!((stored.words[0][1].as_str(), stored.epoch.as_str()), ("女", "1879-12-31"));
    }
}

#[test]
fn more_rows_than_a_group_are_read() {
    let dir = tempfile::tempdir().unwrap();
    let base = base(columns::GROUP as u32 * 2, false);
    write(&base, dir.path());
    assert_same(&read(dir.path()).unwrap().base, &base);
}

#[test]
fn a_new_census_takes_the_place_of_the_old_one_and_removes_it() {
    let dir = tempfile::tempdir().unwrap();
    let first = write(&base(10, false), dir.path());
    let second = write(&base(20, false), dir.path());
    assert_same(&read(dir.path()).unwrap().base, &base(20, false));
    assert!(!first.exists() && second.join(ROWS).exists());
}

#[test]
fn what_does_not_belong_together_is_not_written() {
    let dir = tempfile::tempdir().unwrap();
    let beside = Beside { tree: &Tree::default(), columns: &[], words: &[], epoch: "" };
    let said = base(1, false).write(dir.path(), &beside).unwrap_err().to_string();
    assert_eq!(said, "列定义有误：组织表的行数与组织数不符");
    let named = Builder::new(Schema::new(&[("org", 2)], &[]).unwrap(), 8, 1, vec![]).build(0).unwrap();
    let said = named.write(dir.path(), &Beside { tree: &tree(), ..beside }).unwrap_err().to_string();
    assert_eq!(said, "列定义有误：列名「org」「subject」另有用途");
}

#[test]
fn another_version_of_the_format_is_said() {
    let dir = tempfile::tempdir().unwrap();
    write(&base(10, false), dir.path());
    let mut manifest = Manifest::read(dir.path()).unwrap();
    manifest.about.format = 2;
    fs::write(dir.path().join(NAME), manifest.text().unwrap()).unwrap();
    let said = read(dir.path()).unwrap_err().to_string();
    assert!(said.contains("census.json") && said.ends_with("格式版本为 2，本程序读取版本 1"), "{said}");
}

#[test]
fn a_missing_table_is_said() {
    let dir = tempfile::tempdir().unwrap();
    fs::remove_file(write(&base(10, false), dir.path()).join(ORGS)).unwrap();
    assert!(read(dir.path()).unwrap_err().to_string().contains("文件缺失"));
}

/// Changes the manifest, with sums that fit again: what only the checks of the values can find.
fn misled(change: impl FnOnce(&mut Manifest)) -> String {
    let dir = tempfile::tempdir().unwrap();
    write(&base(300, true), dir.path());
    let mut manifest = Manifest::read(dir.path()).unwrap();
    change(&mut manifest);
    fs::write(dir.path().join(NAME), manifest.text().unwrap()).unwrap();
    match read(dir.path()) {
        Err(CensusError::Damaged { why, .. }) => why,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_manifest_that_does_not_fit_its_tables_is_refused() {
    assert_eq!(misled(|manifest| manifest.about.dimensions[1].size = 20).split("有代码").count(), 2);
    assert_eq!(misled(|manifest| manifest.about.current += 1), "行数与说明不符");
    assert_eq!(misled(|manifest| manifest.about.orgs = 7), "行数与说明不符");
    assert_eq!(misled(|manifest| manifest.about.days[0] = "joined".to_owned()), "列与说明不符");
    assert_eq!(misled(|manifest| manifest.about.subjects = false), "列与说明不符");
    assert_eq!(misled(|manifest| manifest.rows.columns[2] += 1), "列「ethnicity」列的校验和不符");
    assert_eq!(misled(|manifest| manifest.rows.columns.clear()), "列「org」列的校验和不符");
    assert_eq!(misled(|manifest| manifest.about.derived[0].from.clear()), "派生维度的日期次序有误");
    assert_eq!(misled(|manifest| manifest.about.derived[0].day = 9), "派生维度指向不存在的列");
    assert_eq!(misled(|manifest| manifest.about.day = 100), "现有记录与历史记录的划分有误");
    assert_eq!(misled(|manifest| manifest.directory = "..".to_owned()), "文件缺失");
    assert!(misled(|manifest| manifest.about.dimensions[0].size = 0).contains("每个维度须有 1 至 256 个"));
}

/// Tables whose sums fit but whose rows do not.
#[test]
fn rows_out_of_order_or_of_no_organisation_are_refused() {
    let said = |orgs: &[u32]| {
        let dir = tempfile::tempdir().unwrap();
        let schema = Schema::new(&[], &[]).unwrap();
        let mut builder = Builder::new(schema, 8, DAY, vec![]);
        for org in 0..orgs.len() as u32 {
            builder.push(Row { org, ..Row::default() }).unwrap();
        }
        let path = write(&builder.build(0).unwrap(), dir.path());
        let column = ("org", Kind::U32, vec![Values::U32(orgs), Values::U32(&[])]);
        let mut manifest = Manifest::read(dir.path()).unwrap();
        manifest.rows =
            columns::write(File::create(path.join(ROWS)).unwrap(), &[column], &[orgs.len(), 0], None).unwrap();
        fs::write(dir.path().join(NAME), manifest.text().unwrap()).unwrap();
        read(dir.path()).map(|stored| stored.base.rows()).map_err(|error| error.to_string())
    };
    assert_eq!(said(&[0, 0, 7]).unwrap(), (3, 0));
    assert!(said(&[0, 2, 1]).unwrap_err().ends_with("列「org」次序有误"));
    assert!(said(&[0, 2, 8]).unwrap_err().ends_with("列「org」有组织序号 8，共 8 个组织"));
}

/// The three files of a census, written once.
fn written() -> &'static [(PathBuf, Vec<u8>); 3] {
    static FILES: OnceLock<[(PathBuf, Vec<u8>); 3]> = OnceLock::new();
    FILES.get_or_init(|| {
        let dir = tempfile::tempdir().unwrap();
        write(&base(2_000, true), dir.path());
        ["census.json", "census-1/rows.parquet", "census-1/orgs.parquet"]
            .map(|name| (PathBuf::from(name), fs::read(dir.path().join(name)).unwrap()))
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn a_damaged_file_is_said_to_be_damaged(
        file in 0..3usize,
        flips in prop::collection::vec((any::<prop::sample::Index>(), 1..=u8::MAX), 0..4),
        cut in prop::option::of(any::<prop::sample::Index>()),
    ) {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir(dir.path().join("census-1")).unwrap();
        for (n, (name, bytes)) in written().iter().enumerate() {
            let mut bytes = bytes.clone();
            if n == file {
                for (at, flip) in &flips {
                    let at = at.index(bytes.len());
                    bytes[at] ^= flip;
                }
                if let Some(cut) = cut {
                    bytes.truncate(cut.index(bytes.len()));
                }
            }
            fs::write(dir.path().join(name), bytes).unwrap();
        }
        let changed = fs::read(dir.path().join(&written()[file].0)).unwrap() != written()[file].1;
        match read(dir.path()) {
            Ok(stored) => {
                prop_assert!(!changed);
                assert_same(&stored.base, &base(2_000, true));
            }
            Err(CensusError::Damaged { .. }) => prop_assert!(changed),
            Err(other) => prop_assert!(false, "{other}"),
        }
    }

    /// As above, but with sums that fit the damaged bytes: the decoder meets them, and the sums of the columns decide.
    #[test]
    fn a_decoder_that_is_misled_gives_no_wrong_numbers(
        orgs: bool,
        flips in prop::collection::vec((any::<prop::sample::Index>(), 1..=u8::MAX), 1..4),
    ) {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir(dir.path().join("census-1")).unwrap();
        let mut manifest = Manifest::parse(&written()[0].1).unwrap();
        for (n, (name, bytes)) in written().iter().enumerate().skip(1) {
            let mut bytes = bytes.clone();
            if orgs == (n == 2) {
                for (at, flip) in &flips {
                    let at = at.index(bytes.len());
                    bytes[at] ^= flip;
                }
                let sums = if orgs { &mut manifest.orgs } else { &mut manifest.rows };
                sums.crc32 = crc32fast::hash(&bytes);
            }
            fs::write(dir.path().join(name), bytes).unwrap();
        }
        fs::write(dir.path().join(NAME), manifest.text().unwrap()).unwrap();
        match read(dir.path()) {
            Ok(stored) => assert_same(&stored.base, &base(2_000, true)),
            Err(error) => prop_assert!(matches!(error, CensusError::Damaged { .. }), "not said to be damaged"),
        }
    }
}
