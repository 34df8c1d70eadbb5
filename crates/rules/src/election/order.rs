//! 以姓氏笔画为序: the order of names on a ballot (ELEC-03).

use icu_collator::options::CollatorOptions;
use icu_collator::{Collator, CollatorBorrowed};
use icu_locale_core::locale;
use std::sync::LazyLock;

static STROKES: LazyLock<Option<CollatorBorrowed<'static>>> =
    LazyLock::new(|| Collator::try_new(locale!("zh-u-co-stroke").into(), CollatorOptions::default()).ok());

/// Sorts by the strokes of the family name, then of what follows (the stroke order of Unicode's CLDR).
pub fn by_strokes<T>(people: &mut [T], name: impl Fn(&T) -> &str) {
    people.sort_by(|a, b| match &*STROKES {
        Some(collator) => collator.compare(name(a), name(b)),
        None => name(a).cmp(name(b)),
    });
}
