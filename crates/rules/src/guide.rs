//! 一学就会、一看就懂: for every activity what it is, who does it, when, which papers it needs, and what commonly goes wrong.
//! The texts are data (`guide/guide.json`), checked by the tests; the periods in them are the regulations' own, and where an enterprise
//! made one stricter the duty says so.

use crate::activity::Activity;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// How an activity is done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Guide {
    /// 什么事.
    pub what: String,
    /// 谁来办.
    pub who: String,
    /// 什么时候办.
    pub when: String,
    /// 怎么办: the steps in order.
    pub steps: Vec<String>,
    /// 要什么材料.
    pub papers: Vec<String>,
    /// 常见错误.
    pub mistakes: Vec<String>,
}

static GUIDES: LazyLock<BTreeMap<String, Guide>> =
    LazyLock::new(|| serde_json::from_str(include_str!("guide/guide.json")).unwrap_or_default());

/// How an activity is done; the steps of 发展党员 have theirs with the steps.
pub fn of(activity: Activity) -> Option<&'static Guide> {
    GUIDES.get(activity.key())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_activity_but_the_steps_of_development_has_a_whole_guide() {
        for activity in Activity::ALL.iter().filter(|activity| !activity.rule().starts_with("DEV-")) {
            let guide = of(*activity).unwrap_or_else(|| panic!("{} has no guide", activity.key()));
            for text in [&guide.what, &guide.who, &guide.when] {
                assert!(text.chars().count() >= 6 && text.ends_with('。'), "{}: {text}", activity.key());
            }
            assert!(
                guide.steps.len() >= 2 && !guide.papers.is_empty() && guide.mistakes.len() >= 2,
                "{}",
                activity.key()
            );
        }
    }

    #[test]
    fn every_guide_belongs_to_an_activity() {
        assert!(!GUIDES.is_empty());
        assert!(GUIDES.keys().all(|key| Activity::from_key(key).is_some()));
    }
}
