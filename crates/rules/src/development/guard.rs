//! What an edit of a dossier may not change while a case is under way: what follows from the steps.

use crate::codes::{Membership, Stage};
use crate::member::Record;
use crate::refusal::Refusal;

/// Why a dossier may not be edited so, if its person has a case under way (DEV-30).
pub fn edit_refused(before: &Record, after: &Record) -> Option<Refusal> {
    let from_steps = |record: &Record| (record.standing.stage, record.applied_on, record.joined_on, record.full_on);
    if from_steps(before) != from_steps(after) {
        let message = "此人有一份在办的发展党员卷宗，人员类别、申请入党时间、入党时间、转正时间由办理的步骤确定，不能直接修改（DEV-30）。请在卷宗中办理。";
        return Some(Refusal::new("DEV-30", "use_case", "/stage", message));
    }
    if after.membership != before.membership
        && after.membership == Membership::Cancelled
        && before.standing.stage == Stage::Probationary
    {
        let message = "取消预备党员资格须经支部大会表决、上级党委审批（DEV-23、DEV-24）。请在发展党员卷宗中办理。";
        return Some(Refusal::new("DEV-23", "use_case", "/membership", message));
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codes::Gender;
    use crate::date::PartialDate;
    use crate::ids::OrgId;
    use crate::intake::Draft;
    use crate::name::PersonName;
    use jiff::civil::date;

    #[test]
    fn dev_30_what_follows_from_steps_is_not_edited_and_the_rest_is() {
        let draft = Draft {
            name: Some(PersonName::parse("张三").unwrap()),
            gender: Some(Gender::Male),
            stage: Some(Stage::Probationary),
            ..Draft::default()
        };
        let before = Record::new(&draft, OrgId(1)).unwrap();
        let code = |after: &Record| edit_refused(&before, after).map(|refused| refused.field);
        let mut after = before.clone();
        after.native_place = Some("四川成都".to_owned());
        after.membership = Membership::Died;
        assert_eq!(code(&after), None);
        after.membership = Membership::Cancelled;
        assert_eq!(code(&after).as_deref(), Some("/membership"));
        after = before.clone();
        after.standing.stage = Stage::Full;
        assert_eq!(code(&after).as_deref(), Some("/stage"));
        after = Record { joined_on: Some(PartialDate::day(date(2020, 1, 1))), ..before.clone() };
        assert_eq!(code(&after).as_deref(), Some("/stage"));
    }
}
