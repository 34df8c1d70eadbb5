//! What screens, exports and lists of changes show of a field's value: secret ones only in part. It never sees a whole dossier.

use super::Field;
use crate::date::PartialDate;
use crate::identity::IdentityNumber;
use crate::phone::Phone;

/// What stands for a value of which nothing can be shown.
const HIDDEN: &str = "****";

impl Field {
    /// The masked form of a value given in full: numbers keep their ends, addresses their first three characters, the birth date
    /// its month; everything else is shown as it is.
    pub fn masked(self, full: &str) -> String {
        if full.is_empty() {
            return String::new();
        }
        match self {
            Field::Identity => IdentityNumber::parse(full).map_or_else(|_| HIDDEN.to_owned(), |number| number.masked()),
            Field::Phone => Phone::parse(full).map_or_else(|_| HIDDEN.to_owned(), |number| number.masked()),
            Field::Household | Field::Residence => {
                format!("{}{HIDDEN}", full.chars().take(3).collect::<String>())
            }
            Field::Born => {
                PartialDate::parse(full).map_or_else(|_| HIDDEN.to_owned(), |born| born.to_month().to_string())
            }
            Field::Seq
            | Field::Reference
            | Field::Name
            | Field::Gender
            | Field::Ethnicity
            | Field::NativePlace
            | Field::Education
            | Field::Degree
            | Field::WorkedOn
            | Field::AppliedOn
            | Field::JoinedOn
            | Field::FullOn
            | Field::Org
            | Field::OrgCode
            | Field::PartyPost
            | Field::AdminPost
            | Field::Title
            | Field::Employment
            | Field::Stage
            | Field::Frontline
            | Field::Membership
            | Field::Mobile
            | Field::Occupation => full.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secret_values_are_shown_in_part_only() {
        for (field, full, masked) in [
            (Field::Identity, "11010519491231002X", "110105********002X"),
            (Field::Identity, "110105", "****"),
            (Field::Phone, "13800001234", "138****1234"),
            (Field::Household, "四川省成都市锦江区", "四川省****"),
            (Field::Born, "1985-03-01", "1985-03"),
            (Field::Born, "1985", "1985"),
            (Field::Education, "大学本科", "大学本科"),
            (Field::Phone, "", ""),
        ] {
            assert_eq!(field.masked(full), masked);
        }
    }
}
