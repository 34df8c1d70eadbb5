//! 会议记录 as a document, made from the record: what MEET-09 asks for, in its order.

use super::shape::name_of;
use super::sheet::{activities, begins};
use super::words::{arithmetic, chinese, clock};
use papers::{Block, Document, Layout};
use rules::date::long;
use rules::meeting::{Attendance, Attendee, How, Item, Part, Resolution};
use store::MeetingView;

/// The minutes as they stand; what is missing is shown as an empty place.
pub(super) fn minutes(view: &MeetingView) -> Document {
    let mut blocks = vec![Block::Facts(facts(view))];
    blocks.push(Block::Heading(1, "一、到会情况".to_owned()));
    blocks.extend(attendance(view));
    blocks.push(Block::Heading(1, "二、议题和发言要点".to_owned()));
    for (at, item) in (1..).zip(&view.meeting.items) {
        blocks.extend(discussed(view, at, item));
    }
    blocks.push(Block::Heading(1, "三、决议和表决".to_owned()));
    blocks.extend(resolved(view));
    blocks.push(signature(view));
    Document { layout: Layout::Record, title: format!("{}记录", view.meeting.plan.title), blocks }
}

fn facts(view: &MeetingView) -> Vec<(String, String)> {
    let plan = &view.meeting.plan;
    let when = match view.meeting.held {
        Some(held) => {
            let to = held.to.map_or_else(|| "（未散会）".to_owned(), clock);
            format!("{} {}—{to}", long(held.on), clock(held.from))
        }
        None => begins(view),
    };
    let person = |person: Option<_>| person.map_or_else(String::new, |person| name_of(view, person));
    let mut facts = vec![
        ("党组织", view.org_name.clone()),
        ("会议类型", activities(view)),
        ("时间", when),
        ("地点", plan.place.clone()),
        ("主持人", person(plan.host)),
        ("记录人", person(plan.recorder)),
    ];
    if plan.learning_tenths > 0 {
        facts.push(("计入学时", format!("{} 学时", f64::from(plan.learning_tenths) / 10.0)));
    }
    if !view.meeting.late.is_empty() {
        facts.push(("补录原因", view.meeting.late.clone()));
    }
    facts.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

fn attendance(view: &MeetingView) -> Vec<Block> {
    let heard = view.meeting.heard();
    let of = |part: Part, wanted: fn(&Attendance) -> bool| -> Vec<&Attendee> {
        view.meeting.attendees.iter().filter(|one| one.part == part && wanted(&one.attendance)).collect()
    };
    let names = |list: &[&Attendee]| -> String {
        let names: Vec<String> = list.iter().map(|one| name_of(view, one.person)).collect();
        names.join("、")
    };
    let said = |word: &str, list: &[&Attendee]| match list {
        [] => None,
        list => Some(Block::Paragraph(format!("{word}：{}。", names(list)))),
    };
    let mut blocks = vec![Block::Paragraph(format!(
        "应到 {} 人，实到 {} 人，缺席 {} 人；应到有表决权 {} 人，实到有表决权 {} 人。",
        heard.expected, heard.present, heard.absent, heard.voters, heard.voters_present
    ))];
    blocks.extend(said("到会", &of(Part::Expected, Attendance::is_present)));
    let from_afar = of(Part::Expected, |one| matches!(one, Attendance::Present { how: How::Link, .. }));
    blocks.extend(said("其中远程参加", &from_afar));
    let guests = names(&of(Part::Guest, Attendance::is_present));
    let guests = [guests.as_str(), view.meeting.plan.guests.as_str()].into_iter().filter(|text| !text.is_empty());
    let guests: Vec<&str> = guests.collect();
    if !guests.is_empty() {
        blocks.push(Block::Paragraph(format!("列席：{}。", guests.join("、"))));
    }
    let excused = of(Part::Expected, |one| matches!(one, Attendance::Excused(_)));
    blocks.extend(said("按规定不作硬性要求（MEET-11）", &excused));
    blocks.extend(said("尚未登记", &of(Part::Expected, |one| matches!(one, Attendance::Awaited))));
    let rows: Vec<Vec<String>> = view
        .meeting
        .attendees
        .iter()
        .filter_map(|one| match &one.attendance {
            Attendance::Absent(reason) if one.part == Part::Expected => {
                Some(vec![name_of(view, one.person), reason.clone()])
            }
            _ => None,
        })
        .collect();
    if !rows.is_empty() {
        let head = vec!["缺席人员".to_owned(), "缺席原因".to_owned()];
        blocks.push(Block::Table { head, rows, widths: vec![1, 3] });
    }
    blocks
}

fn discussed(view: &MeetingView, at: usize, item: &Item) -> Vec<Block> {
    let several = view.meeting.plan.activities.len() > 1;
    let belongs = item.activity.filter(|_| several).map_or_else(String::new, |one| format!("〔{}〕", one.name()));
    let mut blocks = vec![Block::Heading(2, format!("（{}）{}{belongs}", chinese(at), item.title))];
    blocks.extend(
        item.notes.lines().filter(|line| !line.trim().is_empty()).map(|line| Block::Paragraph(line.trim().to_owned())),
    );
    blocks
}

fn resolved(view: &MeetingView) -> Vec<Block> {
    let meeting = &view.meeting;
    if meeting.resolutions.is_empty() {
        let words = if meeting.no_resolution { "本次会议没有决议。" } else { "（未登记）" };
        return vec![Block::Paragraph(words.to_owned())];
    }
    let head = ["序号", "决议内容", "赞成", "不赞成", "弃权", "书面意见", "结果"].map(str::to_owned).to_vec();
    let row = |(at, one): (usize, &Resolution)| {
        let counts = [one.in_favour, one.against, one.abstained, one.written].map(|number| number.to_string());
        let result = arithmetic(&meeting.count(one), one.kind);
        [vec![at.to_string(), one.text.clone()], counts.to_vec(), vec![result]].concat()
    };
    let rows = (1..).zip(&meeting.resolutions).map(row).collect();
    vec![Block::Table { head, rows, widths: vec![2, 10, 2, 3, 2, 3, 10] }]
}

fn signature(view: &MeetingView) -> Block {
    let host = view.meeting.plan.host.map_or_else(String::new, |person| name_of(view, person));
    match &view.meeting.confirmed {
        Some(one) if one.by_host => {
            Block::Sign { by: format!("主持人 {host}（已在系统中确认）"), on: Some(one.on) }
        }
        Some(one) => Block::Sign { by: format!("代主持人 {host} 确认：{}", one.reason), on: Some(one.on) },
        None => Block::Sign { by: "主持人（签名）：".to_owned(), on: None },
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn items_are_numbered_as_offices_do() {
        let said: Vec<String> = [1, 10, 11, 20, 42].into_iter().map(super::chinese).collect();
        assert_eq!(said, ["一", "十", "十一", "二十", "四十二"]);
    }
}
