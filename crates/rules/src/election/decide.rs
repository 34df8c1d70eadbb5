//! What may be done with an election, and what follows from it. Every refusal at once, each with its rule.

use super::{Act, Assembly, Assigned, Count, Election, ElectionKind, ElectionState as State, Named, Round, by_strokes};
use crate::date::add_years;
use crate::ids::PersonId;
use crate::measure::Measures;
use crate::org::PostKind;
use crate::refusal::Refusal;
use jiff::civil::Date;

/// What the register knows that an election depends on.
#[derive(Debug, Clone, Default)]
pub struct Facts {
    /// Full members of the organisation with the right to vote and to be elected, on the day in question (VOTE-03).
    pub electors: Vec<Named>,
    /// The enterprise's numbers.
    pub measures: Measures,
}

/// Something to be done with an election.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// Changes seats and day while nothing is asked yet.
    Plan {
        /// 应选.
        seats: u32,
        /// The day of the meeting.
        planned_on: Date,
    },
    /// Names candidates and tellers.
    Nominate {
        /// Who stands.
        candidates: Vec<PersonId>,
        /// 监票人.
        tellers: Vec<PersonId>,
    },
    /// Asks the superior.
    Request(Act),
    /// The superior agrees.
    Approve(Act),
    /// The superior gives it back, with a reason.
    Return(String),
    /// The meeting has met.
    Hold {
        /// When.
        on: Date,
        /// Where.
        place: String,
        /// How many with the right to vote have come.
        present: u32,
    },
    /// The ballots of a round are counted.
    Tally {
        /// 发出.
        issued: u32,
        /// 收回.
        returned: u32,
        /// Not valid.
        invalid: u32,
        /// The votes, one a candidate, and those for others.
        counts: Vec<Count>,
    },
    /// The meeting is content with those elected, though seats are left (two rounds are over, or more than half agree).
    Settle(String),
    /// The posts of those elected.
    Assign(Vec<Assigned>),
    /// Reports to the superior.
    Report(Act),
    /// The superior confirms: posts and term are in force.
    Confirm(Act),
    /// Given up, with a reason.
    Cancel(String),
}

/// An election as it stands after a command, or every reason why it cannot be.
pub fn decide(election: &Election, command: &Command, facts: &Facts, today: Date) -> Result<Election, Vec<Refusal>> {
    let mut next = election.clone();
    let mut refusals = Vec::new();
    if let Some(refusal) = out_of_order(election, command) {
        return Err(vec![refusal]);
    }
    match command {
        Command::Plan { seats, planned_on } => {
            next.seats = *seats;
            next.planned_on = *planned_on;
            refusals.extend(check_plan(&next));
        }
        Command::Nominate { candidates, tellers } => {
            refusals.extend(check_named(candidates, facts, "/candidates", "候选人"));
            refusals.extend(check_named(tellers, facts, "/tellers", "监票人"));
            if tellers.iter().any(|teller| candidates.contains(teller)) {
                refusals.push(Refusal::new(
                    "ELEC-03",
                    "teller_is_candidate",
                    "/tellers",
                    "监票人不能由候选人担任（ELEC-03）。请另选不是候选人的党员。",
                ));
            }
            next.candidates = named(candidates, facts);
            by_strokes(&mut next.candidates, |one| &one.name);
            next.tellers = named(tellers, facts);
        }
        Command::Request(act) => {
            refusals.extend(check_act(act, None, today));
            refusals.extend(check_plan(election));
            refusals.extend(check_candidates(election, facts, today));
            next.state = State::Requested;
            next.returned = None;
            next.request = Some(act.clone());
        }
        Command::Approve(act) => {
            refusals.extend(check_act(act, election.request.as_ref().map(|act| act.on), today));
            next.state = State::Approved;
            next.reply = Some(act.clone());
        }
        Command::Return(reason) => {
            refusals.extend(check_reason(reason));
            let asked_again = election.state == State::Reported;
            next.state = if asked_again { State::Assigned } else { State::Preparing };
            next.returned = Some(reason.trim().to_owned());
        }
        Command::Hold { on, place, present } => {
            refusals.extend(check_meeting(election, facts, (*on, *present), today));
            if place.trim().is_empty() {
                refusals.push(Refusal::new(
                    "MEET-09",
                    "missing_required",
                    "/place",
                    "会议地点没有填写（MEET-09）。请补填。",
                ));
            }
            refusals.extend(check_candidates(election, facts, today));
            if election.tellers.is_empty() {
                refusals.push(Refusal::new(
                    "ELEC-03",
                    "missing_required",
                    "/tellers",
                    "还没有监票人（ELEC-03）。请先在提名中选定。",
                ));
            }
            let expected = facts.electors.len() as u32;
            let place = place.trim().to_owned();
            next.state = State::Held;
            next.assembly = Some(Assembly { on: *on, place, expected, present: *present });
        }
        Command::Tally { issued, returned, invalid, counts } => {
            let Some((among, seats)) = election.next_round() else {
                return Err(vec![wrong_state("两轮投票已经结束，请确认选举结果")]);
            };
            let void = returned > issued;
            let counts = if void { Vec::new() } else { counts.clone() };
            let round = Round { seats, issued: *issued, returned: *returned, invalid: *invalid, counts };
            refusals.extend(check_round(election, &round, &among, facts));
            next.rounds.push(round);
            if refusals.is_empty() && !void && next.empty_seats() == 0 {
                next.state = State::Elected;
            }
        }
        Command::Settle(reason) => {
            refusals.extend(check_reason(reason));
            if election.elected().is_empty() {
                refusals.push(wrong_state("还没有人当选"));
            }
            next.state = State::Elected;
        }
        Command::Assign(posts) => {
            refusals.extend(check_posts(election, posts));
            next.posts = posts.clone();
            next.state = State::Assigned;
        }
        Command::Report(act) => {
            refusals.extend(check_act(act, election.assembly.as_ref().map(|assembly| assembly.on), today));
            next.state = State::Reported;
            next.returned = None;
            next.report = Some(act.clone());
        }
        Command::Confirm(act) => {
            refusals.extend(check_act(act, election.report.as_ref().map(|act| act.on), today));
            next.state = State::Confirmed;
            next.confirmation = Some(act.clone());
        }
        Command::Cancel(reason) => {
            refusals.extend(check_reason(reason));
            next.state = State::Cancelled;
            next.returned = Some(reason.trim().to_owned());
        }
    }
    if refusals.is_empty() { Ok(next) } else { Err(refusals) }
}

fn out_of_order(election: &Election, command: &Command) -> Option<Refusal> {
    use State as S;
    let (allowed, what): (&[State], &str) = match command {
        Command::Plan { .. } => (&[S::Preparing], "请示发出后不能再改名额和日期"),
        Command::Nominate { .. } => (&[S::Preparing, S::Approved], "提名须在筹备时，或批复后、开会前办理"),
        Command::Request(_) => (&[S::Preparing], "请示已经发出"),
        Command::Approve(_) => (&[S::Requested], "没有等待批复的请示"),
        Command::Return(_) => (&[S::Requested, S::Reported], "没有等待批复的请示或报告"),
        Command::Hold { .. } => (&[S::Approved], "须先取得上级党组织的批复，才能召开选举大会"),
        Command::Tally { .. } => (&[S::Held], "须先登记选举大会的到会人数，才能计票"),
        Command::Settle(_) => (&[S::Held], "计票后才能确认选举结果"),
        Command::Assign(_) => (&[S::Elected, S::Assigned], "选举结果确定后才能分工"),
        Command::Report(_) => (&[S::Assigned], "分工确定后才能报告选举结果"),
        Command::Confirm(_) => (&[S::Reported], "没有等待批准的选举结果"),
        Command::Cancel(_) => (&[S::Preparing, S::Requested, S::Approved, S::Held], "选举已有结果，不能取消"),
    };
    (!allowed.contains(&election.state)).then(|| wrong_state(what))
}

fn wrong_state(what: &str) -> Refusal {
    Refusal::new("ELEC-04", "wrong_step", "", format!("{what}。请刷新页面，按当前步骤办理。"))
}

fn check_reason(reason: &str) -> Option<Refusal> {
    reason.trim().is_empty().then(|| Refusal::new("ELEC-06", "missing_required", "/reason", "没有写明原因。请补填。"))
}

/// A day is neither in the future nor before what it follows.
fn check_act(act: &Act, after: Option<Date>, today: Date) -> Vec<Refusal> {
    let mut refusals = Vec::new();
    if act.on > today {
        refusals.push(Refusal::new(
            "ELEC-07",
            "bad_date",
            "/on",
            format!("日期 {} 在今天之后。请填实际办理的日期。", act.on),
        ));
    }
    if let Some(after) = after.filter(|after| act.on < *after) {
        let message = format!("日期 {} 早于前一步的日期 {after}。请核对。", act.on);
        refusals.push(Refusal::new("ELEC-07", "bad_date", "/on", message));
    }
    refusals
}

/// Seats between 1 and 7 (ORG-04), for a committee at least 3; the day within a year of the term's end (ORG-07).
fn check_plan(election: &Election) -> Vec<Refusal> {
    let mut refusals = Vec::new();
    let (least, most) = match (election.kind, election.committee) {
        (ElectionKind::ReElection, true) => (3, 11),
        (ElectionKind::ByElection, true) => (1, 11),
        (_, false) => (1, 2),
    };
    if !(least..=most).contains(&election.seats) {
        let message = format!(
            "应选名额 {} 人不合规定（ORG-04、ORG-05）：应在 {least} 至 {most} 人之间。请核对。",
            election.seats
        );
        refusals.push(Refusal::new("ORG-04", "bad_seats", "/seats", message));
    }
    refusals.extend(check_term(election, election.planned_on, "/planned_on"));
    refusals
}

/// A re-election is at most a year early or late (ORG-07).
fn check_term(election: &Election, on: Date, field: &str) -> Option<Refusal> {
    let end = election.term_end.filter(|_| election.kind == ElectionKind::ReElection)?;
    let (first, last) = (add_years(end, -1), add_years(end, 1));
    (on < first || on > last).then(|| {
        let message =
            format!("任期至 {end}，提前或者延期换届一般不超过 1 年（ORG-07）。请改在 {first} 至 {last} 之间。");
        Refusal::new("ORG-07", "term", field, message)
    })
}

fn named(people: &[PersonId], facts: &Facts) -> Vec<Named> {
    let mut found: Vec<Named> =
        people.iter().filter_map(|person| facts.electors.iter().find(|one| one.person == *person).cloned()).collect();
    found.dedup_by_key(|one| one.person);
    found
}

/// Who is named is a full member with the right to be elected, and named once.
fn check_named(people: &[PersonId], facts: &Facts, field: &str, what: &str) -> Vec<Refusal> {
    let mut refusals = Vec::new();
    if people.iter().any(|person| !facts.electors.iter().any(|one| one.person == *person)) {
        let message = format!("{what}须是本组织有选举权和被选举权的正式党员（VOTE-03）。请重新选择。");
        refusals.push(Refusal::new("VOTE-03", "not_eligible", field, message));
    }
    if (1..people.len()).any(|at| people[..at].contains(&people[at])) {
        refusals.push(Refusal::new("ELEC-03", "named_twice", field, format!("{what}中有人重复。请去掉重复的人。")));
    }
    refusals
}

/// Enough candidates, all of them still eligible (ELEC-03).
fn check_candidates(election: &Election, facts: &Facts, on: Date) -> Vec<Refusal> {
    let people: Vec<PersonId> = election.candidates.iter().map(|one| one.person).collect();
    let mut refusals = check_named(&people, facts, "/candidates", "候选人");
    let needed = election.candidates_needed(&facts.measures, on);
    if (people.len() as u32) < needed {
        let message = format!(
            "应选 {} 人，候选人至少 {needed} 人（差额不少于 20%，ELEC-03），现有 {} 人。请补充提名。",
            election.seats,
            people.len()
        );
        refusals.push(Refusal::new("ELEC-03", "too_few_candidates", "/candidates", message));
    }
    refusals
}

/// The meeting: after the reply, not in the future, with its quorum (ELEC-02).
fn check_meeting(election: &Election, facts: &Facts, (on, present): (Date, u32), today: Date) -> Vec<Refusal> {
    let mut refusals = Vec::new();
    let replied = election.reply.as_ref().map(|act| act.on);
    if on > today || replied.is_some_and(|replied| on < replied) {
        let message = match replied {
            Some(replied) => format!("大会日期应在批复之日 {replied} 至今天之间。请核对。"),
            None => "大会日期在今天之后。请在开会当天登记。".to_owned(),
        };
        refusals.push(Refusal::new("ELEC-07", "bad_date", "/on", message));
    }
    refusals.extend(check_term(election, on, "/on"));
    let expected = facts.electors.len() as u32;
    let needed = Election::quorum(expected, &facts.measures, on);
    if present > expected {
        let message =
            format!("到会 {present} 人多于应到会有选举权的 {expected} 人（VOTE-03：预备党员没有选举权）。请核对。");
        refusals.push(Refusal::new("VOTE-03", "too_many_present", "/present", message));
    } else if present < needed || expected == 0 {
        let message = format!(
            "应到会有选举权的 {expected} 人，至少 {needed} 人到会方可选举（五分之四，ELEC-02），实到 {present} 人。请改期召开。"
        );
        refusals.push(Refusal::new("ELEC-02", "no_quorum", "/present", message));
    }
    refusals
}

/// The counts of a round agree with one another (ELEC-04).
fn check_round(election: &Election, round: &Round, among: &[PersonId], facts: &Facts) -> Vec<Refusal> {
    let mut refusals = Vec::new();
    let mut refuse = |code, field: &str, message: String| refusals.push(Refusal::new("ELEC-04", code, field, message));
    let present = election.assembly.as_ref().map_or(0, |assembly| assembly.present);
    if round.issued > present {
        refuse(
            "too_many_issued",
            "/issued",
            format!("发出选票 {} 张，多于到会有选举权的 {present} 人。请核对。", round.issued),
        );
    }
    if round.issued == 0 {
        refuse("missing_required", "/issued", "没有填写发出的选票数。请补填。".to_owned());
    }
    if round.is_void() {
        return refusals;
    }
    if round.invalid > round.returned {
        refuse(
            "too_many_invalid",
            "/invalid",
            format!("无效票 {} 张多于收回的 {} 张。请核对。", round.invalid, round.returned),
        );
        return refusals;
    }
    let valid = round.valid();
    let (mut in_favour, mut against, mut written) = (0_u32, 0_u32, 0_u32);
    for (at, count) in round.counts.iter().enumerate() {
        let field = format!("/counts/{at}");
        in_favour = in_favour.saturating_add(count.in_favour);
        against = against.saturating_add(count.against);
        if let Some(other) = &count.written {
            written = written.saturating_add(count.in_favour);
            if among.contains(&count.person) || !facts.electors.iter().any(|one| one.person == count.person) {
                refuse(
                    "not_eligible",
                    &field,
                    format!("另选的「{}」须是候选人以外、有被选举权的正式党员（VOTE-03）。请核对。", other.name),
                );
            }
            if count.in_favour == 0 || count.against + count.abstained > 0 {
                refuse("bad_count", &field, format!("另选的「{}」只登记得票数。请核对。", other.name));
            }
        } else {
            let sum = count.in_favour.saturating_add(count.against).saturating_add(count.abstained);
            let name = election.name_of(count.person).unwrap_or("候选人");
            if !among.contains(&count.person) {
                refuse("not_candidate", &field, format!("「{name}」不在本轮选票上。请刷新页面。"));
            } else if sum != valid {
                refuse(
                    "bad_count",
                    &field,
                    format!("「{name}」的赞成、不赞成、弃权合计 {sum} 票，应等于有效票 {valid} 张。请核对。"),
                );
            }
        }
    }
    let all_counted =
        among.iter().all(|person| round.counts.iter().filter(|count| count.person == *person).count() == 1);
    if !all_counted {
        refuse("missing_required", "/counts", "有候选人没有登记得票，或者登记了两次。请逐人核对。".to_owned());
    }
    if in_favour > valid.saturating_mul(round.seats) {
        let message = format!(
            "赞成票合计 {in_favour} 张，多于有效票 {valid} 张各选 {} 人的总数。多选的选票应计为无效票。",
            round.seats
        );
        refuse("too_many_chosen", "/counts", message);
    }
    if written > against {
        let message =
            format!("另选他人 {written} 票，多于不赞成的 {against} 票：不赞成的才可另选他人，弃权的不得另选。请核对。");
        refuse("too_many_written", "/counts", message);
    }
    refusals
}

/// Everyone elected gets a post, the secretary is one of them, and elected by more than half of the committee (ELEC-06).
fn check_posts(election: &Election, posts: &[Assigned]) -> Vec<Refusal> {
    let mut refusals = Vec::new();
    let elected = election.elected();
    let everybody = elected.iter().all(|person| posts.iter().any(|one| one.person == *person));
    if !everybody || posts.iter().any(|one| !elected.contains(&one.person)) {
        refusals.push(Refusal::new(
            "ELEC-06",
            "missing_required",
            "/posts",
            "当选人应逐人明确分工，且只为当选人分工。请核对。",
        ));
    }
    let holders = |post: PostKind| posts.iter().filter(|one| one.post == post).count();
    if election.kind == ElectionKind::ReElection && holders(PostKind::Secretary) != 1 {
        refusals.push(Refusal::new("ELEC-06", "secretary", "/posts", "应选出 1 名书记（ELEC-06）。请核对分工。"));
    }
    if let Some(post) = PostKind::ALL.iter().find(|post| post.is_single() && holders(**post) > 1) {
        refusals.push(Refusal::new(
            "ELEC-06",
            "post_held",
            "/posts",
            format!("{}只能由 1 人担任。请核对分工。", post.name()),
        ));
    }
    if let Some(one) = posts.iter().find(|one| !one.post.on_committee()) {
        let message = format!("{}不由选举产生。请改选委员会中的职务。", one.post.name());
        refusals.push(Refusal::new("ELEC-06", "bad_post", "/posts", message));
    }
    let committee = elected.len() as u32;
    for (at, one) in posts.iter().enumerate() {
        let leads = matches!(one.post, PostKind::Secretary | PostKind::DeputySecretary);
        if !(leads && election.committee && election.kind == ElectionKind::ReElection) {
            continue;
        }
        let votes = one.in_favour.unwrap_or(0);
        if votes * 2 <= committee || votes > committee {
            let message = format!(
                "{}由委员会选举，应获全体委员 {committee} 人过半数赞成（ELEC-06），现填 {votes} 票。请核对。",
                one.post.name()
            );
            refusals.push(Refusal::new("ELEC-06", "not_half", format!("/posts/{at}/in_favour"), message));
        }
    }
    refusals
}
