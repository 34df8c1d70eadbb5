//! Reasons as users give them. They stand readable in the ledger, so that numbers of persons are kept out of them.

use crate::body::Faults;
use rules::change::MIN_REASON;
use rules::text::compact;

/// Most characters of a reason.
const LONGEST: usize = 500;
/// So many digits in a row may be somebody's number: the shortest is a mobile phone's.
const NUMBER: usize = 11;

impl Faults {
    /// A reason that will be read by others and kept in the clear.
    pub(crate) fn reason(&mut self, value: &str) -> String {
        let reason = self.sealed_reason(value);
        let mut run = 0;
        let has_number = compact(&reason).chars().any(|c| {
            run = if c.is_ascii_digit() { run + 1 } else { 0 };
            run >= NUMBER
        });
        if has_number {
            let message = "事由会写入留痕，不能写身份证号、电话等号码。请去掉号码。";
            self.add("/reason", "reason_has_number", message);
        }
        reason
    }

    /// The same, where it may be left out.
    pub(crate) fn reason_opt(&mut self, value: Option<&str>) -> String {
        value.filter(|value| !value.trim().is_empty()).map_or_else(String::new, |value| self.reason(value))
    }

    /// A reason that will be sealed with the rest of a person's data.
    pub(crate) fn sealed_reason(&mut self, value: &str) -> String {
        let reason = self.text("/reason", "事由", value);
        let length = reason.chars().count();
        if (1..MIN_REASON).contains(&length) {
            self.add("/reason", "reason_too_short", format!("事由至少写 {MIN_REASON} 个字。请写明为什么。"));
        }
        if length > LONGEST {
            self.add("/reason", "reason_too_long", format!("事由超过 {LONGEST} 个字。请写短一些。"));
        }
        reason
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(reason: &str) -> Option<String> {
        let mut faults = Faults::default();
        faults.reason(reason);
        faults.check().err().map(|problem| problem.code)
    }

    #[test]
    fn a_reason_says_something_and_holds_no_number() {
        assert_eq!(code("办理组织关系介绍信，2026年11月24日"), None);
        assert_eq!(code(" "), Some("missing_required".into()));
        assert_eq!(code("核对 "), Some("reason_too_short".into()));
        assert_eq!(code(&"长".repeat(501)), Some("reason_too_long".into()));
        assert_eq!(code("换号为 160 0000 0001"), Some("reason_has_number".into()));
        assert_eq!(code("身份证５１０１０４１９８５０３０１００１４"), Some("reason_has_number".into()));
    }
}
