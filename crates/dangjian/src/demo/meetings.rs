//! The meetings of the demo's year: planned by the rules, held up to the demo day, a few branches behind, some cancelled. Every one of
//! them goes through `rules::meeting::decide`, so that none is kept that an office could not have kept.

mod words;

use crate::synth::Dice;
use jiff::civil::{Date, Time, date, time};
use rules::activity::Activity;
use rules::date::add_days;
use rules::ids::{OrgId, PersonId};
use rules::measure::Measures;
use rules::meeting::{
    self, Attendance, Called, Circle, Command, Facts, How, ItemDraft, Meeting, Plan, VoteKind, YearWishes, decide,
    year_plan,
};
use rules::org::PostKind;
use std::collections::HashMap;
use store::{Author, LoadMeeting, LoadPost, Org, Store, StoreError};
use words::{ABSENCES, PLACES, item};

/// Organisations that hold meetings; in a larger enterprise the others have none yet.
const MOST: usize = 1_000;
/// Meetings written by one command.
const COMMAND: usize = 400;
/// One branch in so many has not met for a while.
const BEHIND: u64 = 12;
/// For so many days.
const BEHIND_DAYS: i32 = 75;
/// The first branches, with the demo's accounts, are not behind.
const STEADY: usize = 3;
/// One meeting in so many was cancelled.
const CANCELLED: u64 = 40;
/// One member in so many stays away.
const AWAY: u64 = 14;
/// Days after which the minutes of a meeting are archived.
const WRITING: i32 = 4;
/// Days before a meeting on which those expected are told.
const NOTICE: i32 = 5;
/// Committee members from which a branch has a committee (ORG-04).
const COMMITTEE: usize = 3;

/// Writes the meetings of the year up to the demo day and the plans ahead.
pub(super) async fn hold(
    store: &Store,
    author: Author,
    orgs: &[Org],
    posts: &[LoadPost],
    (seed, today): (u64, Date),
) -> Result<(), StoreError> {
    let mut leaders: HashMap<OrgId, PersonId> = HashMap::new();
    for post in posts.iter().filter(|post| post.to.is_none()) {
        if matches!(post.post, PostKind::Secretary | PostKind::GroupLeader) {
            leaders.insert(post.org, post.person);
        }
    }
    let (mut waiting, mut written, mut branches) = (Vec::new(), 0, 0);
    for (at, org) in orgs.iter().enumerate().take(MOST) {
        branches += usize::from(org.kind.is_branch());
        let mut dice = Dice::new(seed ^ 0x6d65_6574, at as u64);
        let behind = org.kind.is_branch() && branches > STEADY && dice.below(BEHIND) == 0;
        let held = Year { store, author: &author, org, leader: leaders.get(&org.id).copied(), today, behind };
        waiting.extend(held.meetings(&mut dice).await?);
        if waiting.len() >= COMMAND || at + 1 == orgs.len().min(MOST) {
            written += waiting.len();
            store.load_meetings(author.clone(), std::mem::take(&mut waiting)).await?;
        }
    }
    eprintln!("共写入会议 {written} 次");
    Ok(())
}

/// One organisation's year.
struct Year<'a> {
    store: &'a Store,
    author: &'a Author,
    org: &'a Org,
    leader: Option<PersonId>,
    today: Date,
    behind: bool,
}

impl Year<'_> {
    async fn meetings(&self, dice: &mut Dice) -> Result<Vec<LoadMeeting>, StoreError> {
        let first = self.today.first_of_year().max(self.org.founded_on.unwrap_or(self.today.first_of_year()));
        let committee = self.called(Circle::Committee, self.today).await?;
        let wishes = YearWishes {
            kind: self.org.kind,
            has_committee: committee.len() >= COMMITTEE,
            year: self.today.year(),
            from: first,
            existing: &[],
        };
        let mut members = Vec::new();
        let mut quarter = None;
        let mut meetings = Vec::new();
        for plan in year_plan(&wishes, &Measures::default()) {
            let begins = Some((plan.on.month() - 1) / 3);
            if begins != quarter && self.org.kind.holds_members() {
                quarter = begins;
                members = self.called(Circle::Members, plan.on.min(self.today)).await?;
            }
            let called = match meeting::circle(self.org.kind, &plan.activities) {
                Circle::Members => members.clone(),
                Circle::Committee => committee.clone(),
                Circle::Chosen if self.org.kind.holds_members() => members.iter().take(6).cloned().collect(),
                Circle::Chosen => committee.clone(),
            };
            if let Some(meeting) = self.meeting(plan, called, dice) {
                meetings.push(LoadMeeting { org: self.org.id, meeting });
            }
        }
        Ok(meetings)
    }

    async fn called(&self, circle: Circle, on: Date) -> Result<Vec<Called>, StoreError> {
        let found = self.store.callable(self.author.root, self.org.id, circle, on).await?;
        Ok(found.into_iter().map(|one| one.called).collect())
    }

    /// A meeting as far as it has got on the demo day; none where the rules would not have it, such as a branch without members.
    fn meeting(&self, plan: Plan, called: Vec<Called>, dice: &mut Dice) -> Option<Meeting> {
        let (plan, facts) = self.prepared(plan, called, dice)?;
        let on = plan.on;
        let drafts: Vec<ItemDraft> = plan.activities.iter().map(|activity| item(*activity, on, dice)).collect();
        let told = add_days(on, -NOTICE).max(self.today.first_of_year()).min(self.today);
        let planned = meeting::plan(self.org.kind, plan, &drafts, &facts, told).ok()?;
        let missed = self.behind && on > add_days(self.today, -BEHIND_DAYS);
        if told > on || add_days(on, -NOTICE) > self.today || missed {
            return Some(planned);
        }
        let noticed = decide(&planned, &Command::Notice { on: told, reason: String::new() }, &facts, told).ok()?;
        if dice.below(CANCELLED) == 0 {
            let reason = "当天有紧急生产任务".to_owned();
            return decide(&noticed, &Command::Cancel { reason }, &facts, told).ok();
        }
        if on >= self.today { Some(noticed) } else { self.held(&noticed, &facts, dice) }
    }

    /// Place, hour, chair and recorder of a plan, and what the register says of it.
    fn prepared(&self, plan: Plan, called: Vec<Called>, dice: &mut Dice) -> Option<(Plan, Facts)> {
        let host = called.iter().find(|one| Some(one.person) == self.leader).or(called.first())?.person;
        let recorder = called.iter().find(|one| one.person != host && one.excused.is_none())?.person;
        let chosen = meeting::circle(self.org.kind, &plan.activities) == Circle::Chosen;
        let invited = if chosen { called.clone() } else { Vec::new() };
        let plan = Plan {
            place: PLACES[dice.below(PLACES.len() as u64) as usize].to_owned(),
            at: Some([time(9, 0, 0, 0), time(14, 30, 0, 0), time(15, 30, 0, 0)][dice.below(3) as usize]),
            host: Some(host),
            recorder: Some(recorder),
            invited: invited.iter().map(|one| one.person).collect(),
            ..plan
        };
        Some((plan, Facts { called, invited, fresh: (1..=20).collect() }))
    }

    /// A meeting that was held: archived, or with its minutes being written when it was lately.
    fn held(&self, noticed: &Meeting, facts: &Facts, dice: &mut Dice) -> Option<Meeting> {
        let on = noticed.plan.on;
        let go = |meeting: Meeting, command: Command, day| decide(&meeting, &command, facts, day).ok();
        let from = noticed.plan.at?;
        let mut meeting = go(noticed.clone(), Command::Open { from, reason: String::new() }, on)?;
        for attendee in meeting.attendees.iter_mut().filter(|one| one.attendance == Attendance::Awaited) {
            let officer = [noticed.plan.host, noticed.plan.recorder].contains(&Some(attendee.person));
            attendee.attendance = match dice.below(AWAY) {
                0 if !officer => Attendance::Absent(ABSENCES[dice.below(ABSENCES.len() as u64) as usize].to_owned()),
                _ => Attendance::Present { how: How::Code, at: instant(on, from) - dice.between(0, 900_000) },
            };
        }
        if meeting.plan.activities.contains(&Activity::MembersMeeting) || dice.below(3) == 0 {
            meeting = resolved(meeting, facts, on);
        } else {
            meeting = go(meeting, Command::NoResolution(true), on)?;
        }
        let to = from.saturating_add(jiff::Span::new().minutes(dice.between(6, 12) * 10));
        let closed = go(meeting, Command::Close { to }, on)?;
        if add_days(on, WRITING) > self.today {
            return Some(closed);
        }
        let day = add_days(on, WRITING);
        let confirmed = go(closed, Command::Confirm { by: noticed.plan.host, reason: String::new() }, day)?;
        go(confirmed, Command::Archive, day)
    }
}

/// With a resolution on its first item, where such a meeting may take one; otherwise without any.
fn resolved(meeting: Meeting, facts: &Facts, on: Date) -> Meeting {
    let Some(item) = meeting.items.first().map(|item| item.id) else { return meeting };
    let voters = meeting.heard().voters_present;
    let against = u32::from(voters > 12 && on.day() % 3 == 0);
    let resolution = Command::PutResolution {
        id: None,
        item,
        kind: VoteKind::Ordinary,
        text: "同意本次会议讨论的工作安排，由支部委员分工落实。".to_owned(),
        subject: None,
        written: 0,
        in_favour: voters - against,
        against: 0,
        abstained: against,
    };
    let none = |meeting: &Meeting| decide(meeting, &Command::NoResolution(true), facts, on);
    decide(&meeting, &resolution, facts, on).or_else(|_| none(&meeting)).unwrap_or(meeting)
}

/// An instant of a day in China, UTC milliseconds.
fn instant(on: Date, at: Time) -> i64 {
    let days = i64::from((on - date(1970, 1, 1)).get_days());
    let minutes = i64::from(at.hour()) * 60 + i64::from(at.minute());
    days * 86_400_000 + (minutes - 8 * 60) * 60_000
}
