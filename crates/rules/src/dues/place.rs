//! To which branch a member's dues of a month belong (DUES-04).
//!
//! The branch of the first day: dues are paid where the affiliation is, and a month has one collector, so the month of a move belongs to
//! the branch that the member leaves, the next one to the branch that took him or her in; a move that has not been accepted changes
//! nothing (EDU-03). Who is admitted during a month pays from that month, at the branch whose members voted. Who comes into the
//! enterprise from elsewhere has paid the month there. Who dies or whose membership ends owes nothing for that month; who is transferred
//! out of the enterprise still does.

use super::Month;
use crate::codes::Membership;
use jiff::civil::Date;

/// A stretch of time in which a member belonged to a branch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Belonging {
    /// The first day as a member of it.
    pub from: Date,
    /// The day from which it was over; none while it lasts.
    pub to: Option<Date>,
}

/// Whether a member's dues of a month belong to a branch, by the time spent in it; `joined` is the day of the admission vote, `left` the
/// day from which the member belongs nowhere any more, `membership` how things stand.
pub fn pays_here(
    month: Month,
    here: &[Belonging],
    joined: Option<Date>,
    (membership, left): (Membership, Option<Date>),
) -> bool {
    let gone = left.is_some_and(|left| left <= month.last()) && membership != Membership::TransferredOut;
    let on_first = |one: &Belonging| one.from <= month.first() && one.to.is_none_or(|to| to > month.first());
    let admitted = |one: &Belonging| joined == Some(one.from) && Month::of(one.from) == month;
    !gone && here.iter().any(|one| on_first(one) || admitted(one))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    const HERE: (Membership, Option<Date>) = (Membership::Normal, None);

    fn march() -> Month {
        Month::of(date(2026, 3, 15))
    }

    fn spent(from: Date, to: Option<Date>) -> [Belonging; 1] {
        [Belonging { from, to }]
    }

    #[test]
    fn dues_04_the_month_of_a_move_belongs_to_the_branch_of_the_first_day() {
        let joined = Some(date(2008, 6, 15));
        for (day, old, new) in [
            (date(2026, 2, 28), false, true),
            (date(2026, 3, 1), false, true),
            (date(2026, 3, 2), true, false),
            (date(2026, 3, 31), true, false),
            (date(2026, 4, 1), true, false),
        ] {
            assert_eq!(pays_here(march(), &spent(date(2008, 6, 15), Some(day)), joined, HERE), old, "old, {day}");
            assert_eq!(pays_here(march(), &spent(day, None), joined, HERE), new, "new, {day}");
        }
    }

    #[test]
    fn dues_04_who_is_admitted_in_the_month_pays_from_that_month_on() {
        for (vote, pays) in
            [(date(2026, 2, 28), true), (date(2026, 3, 1), true), (date(2026, 3, 31), true), (date(2026, 4, 1), false)]
        {
            assert_eq!(pays_here(march(), &spent(vote, None), Some(vote), HERE), pays, "{vote}");
        }
    }

    #[test]
    fn who_comes_from_elsewhere_has_paid_the_month_there() {
        let came = spent(date(2026, 3, 10), None);
        assert!(!pays_here(march(), &came, Some(date(2001, 7, 1)), HERE));
        assert!(pays_here(march().next(), &came, Some(date(2001, 7, 1)), HERE));
    }

    #[test]
    fn who_dies_or_is_removed_in_the_month_owes_nothing_for_it() {
        let joined = Some(date(2008, 6, 15));
        let left = date(2026, 3, 20);
        let time = spent(date(2008, 6, 15), Some(left));
        for (membership, pays) in [
            (Membership::Died, false),
            (Membership::Removed, false),
            (Membership::Expelled, false),
            (Membership::Suspended, false),
            (Membership::Withdrawn, false),
            (Membership::Cancelled, false),
            (Membership::TransferredOut, true),
        ] {
            assert_eq!(pays_here(march(), &time, joined, (membership, Some(left))), pays, "{membership}");
            assert!(
                pays_here(march().previous(), &time, joined, (membership, Some(left))),
                "February was over, {membership}"
            );
            assert!(!pays_here(march().next(), &time, joined, (membership, Some(left))), "{membership}");
        }
    }
}
