//! What the record of a meeting knows of a form's fields: when, where, who, how many, what was said and resolved.

use crate::meetings::{name_of, words::clock};
use rules::ids::PersonId;
use rules::meeting::{Attendance, Part, VoteResult};
use rules::template::{Given, Source, Value};
use std::collections::BTreeMap;
use store::MeetingView;

/// Puts in what is recorded of a meeting; what is not known yet is left to the form.
pub(super) fn of_meeting(view: &MeetingView, known: &mut BTreeMap<Source, Value>) {
    let meeting = &view.meeting;
    let plan = &meeting.plan;
    let held = meeting.held;
    let name = |person: Option<PersonId>| person.map(|person| name_of(view, person)).unwrap_or_default();
    let hours = held.and_then(|held| Some(format!("{}至{}", clock(held.from), clock(held.to?))));
    let learned = plan.learning_tenths;
    let mut texts = vec![
        (Source::MeetingTitle, plan.title.clone()),
        (Source::MeetingDate, held.map_or(plan.on, |held| held.on).to_string()),
        (Source::MeetingTime, held.map(|held| held.from).or(plan.at).map(clock).unwrap_or_default()),
        (Source::MeetingHours, hours.unwrap_or_default()),
        (Source::MeetingPlace, plan.place.clone()),
        (Source::MeetingHost, name(plan.host)),
        (Source::MeetingRecorder, name(plan.recorder)),
        (Source::MeetingLearning, if learned == 0 { String::new() } else { (f64::from(learned) / 10.0).to_string() }),
    ];
    if held.is_some() {
        let heard = meeting.heard();
        texts.extend([
            (Source::MeetingExpected, heard.expected.to_string()),
            (Source::MeetingPresent, heard.present.to_string()),
            (Source::MeetingVoters, heard.voters.to_string()),
            (Source::MeetingVotersPresent, heard.voters_present.to_string()),
            (Source::MeetingAbsent, absent(view)),
            (Source::MeetingGuests, guests(view)),
        ]);
    }
    known.extend(
        texts.into_iter().filter(|(_, text)| !text.is_empty()).map(|(source, text)| (source, Value::Text(text))),
    );
    known.insert(Source::MeetingItems, Value::Rows(items(view)));
    known.insert(Source::MeetingResolutions, Value::Rows(resolutions(view)));
}

/// Those who were expected and did not come, each with the reason; 无 when all came.
fn absent(view: &MeetingView) -> String {
    let expected = view.meeting.attendees.iter().filter(|one| one.part == Part::Expected);
    let away: Vec<String> = expected
        .filter_map(|one| match &one.attendance {
            Attendance::Absent(reason) | Attendance::Excused(reason) => {
                Some(format!("{}（{reason}）", name_of(view, one.person)))
            }
            Attendance::Awaited => Some(name_of(view, one.person)),
            Attendance::Present { .. } => None,
        })
        .collect();
    if away.is_empty() { "无".to_owned() } else { away.join("、") }
}

/// Those who sat in: of the own organisation, and others.
fn guests(view: &MeetingView) -> String {
    let came = view
        .meeting
        .attendees
        .iter()
        .filter(|one| one.part == Part::Guest && matches!(one.attendance, Attendance::Present { .. }));
    let mut names: Vec<String> = came.map(|one| name_of(view, one.person)).collect();
    names.extend(Some(view.meeting.plan.guests.trim().to_owned()).filter(|text| !text.is_empty()));
    names.join("、")
}

fn items(view: &MeetingView) -> Vec<Given> {
    let row = |(title, notes): (&String, &String)| {
        Given::from([("题目".to_owned(), title.clone()), ("发言要点".to_owned(), notes.clone())])
    };
    view.meeting.items.iter().map(|item| row((&item.title, &item.notes))).collect()
}

fn resolutions(view: &MeetingView) -> Vec<Given> {
    let meeting = &view.meeting;
    let of = |one: &rules::meeting::Resolution| {
        let result = match meeting.result(one) {
            Some(VoteResult::Passed) => "通过",
            Some(VoteResult::NotPassed) => "未通过",
            None => "",
        };
        let cells = [
            ("事项", one.text.clone()),
            ("内容", one.text.clone()),
            ("赞成", one.in_favour.to_string()),
            ("反对", one.against.to_string()),
            ("弃权", one.abstained.to_string()),
            ("结果", result.to_owned()),
        ];
        cells.into_iter().map(|(name, text)| (name.to_owned(), text)).collect()
    };
    meeting.resolutions.iter().map(of).collect()
}
