//! The minutes: items with what was said, the chair's confirmation, back to writing.

use super::resolve::relied_on;
use super::{MOST_ITEMS, Refusals, S, all, at, given, gone, refuse};
use crate::activity::Activity;
use crate::ids::{ItemId, PersonId};
use crate::meeting::command::{Facts, ItemDraft};
use crate::meeting::missing::missing;
use crate::meeting::model::{Confirmation, Item, Meeting};
use crate::meeting::plan::{LONGEST_LINE, LONGEST_TEXT, longest, required};
use crate::refusal::Refusal;
use jiff::civil::Date;

pub(super) fn put_item(meeting: &mut Meeting, draft: &ItemDraft, facts: &Facts) -> Result<(), Refusals> {
    let item = item(draft, &meeting.plan.activities, facts.fresh.first())?;
    match meeting.items.iter_mut().find(|known| Some(known.id) == draft.id) {
        Some(known) => *known = item,
        None if draft.id.is_some() => return gone("议题"),
        None => meeting.items.push(item),
    }
    all(too_many(&meeting.items))
}

/// The whole agenda in one. What has a resolution stays.
pub(super) fn put_agenda(meeting: &mut Meeting, drafts: &[ItemDraft], facts: &Facts) -> Result<(), Refusals> {
    let items = agenda(drafts, &meeting.plan.activities, &meeting.items, facts)?;
    if meeting.resolutions.iter().any(|resolution| items.iter().all(|item| item.id != resolution.item)) {
        return refuse("MEET-09", "has_resolution", "", "去掉的议题下有决议。请先删去决议。");
    }
    meeting.items = items;
    Ok(())
}

/// The items of drafts, or every reason why one of them is none. Those that name an item name a known one, and each once.
pub(in crate::meeting) fn agenda(
    drafts: &[ItemDraft],
    activities: &[Activity],
    known: &[Item],
    facts: &Facts,
) -> Result<Vec<Item>, Refusals> {
    let mut refusals = Vec::new();
    let mut items: Vec<Item> = Vec::with_capacity(drafts.len());
    for (index, draft) in drafts.iter().enumerate() {
        match item(draft, activities, facts.fresh.get(index)) {
            Ok(item) => items.push(item),
            Err(more) => refusals.extend(at(format_args!("/items/{index}"), more)),
        }
        let twice = drafts[..index].iter().any(|other| draft.id.is_some() && other.id == draft.id);
        if twice || draft.id.is_some_and(|id| known.iter().all(|item| item.id != id)) {
            let message = "议题已被删去或列了两次。请刷新页面，填写的内容可以另存为新的一项。";
            refusals.push(Refusal::new("", "gone", format!("/items/{index}"), message));
        }
    }
    refusals.extend(too_many(&items));
    all(refusals)?;
    Ok(items)
}

fn too_many(items: &[Item]) -> Refusals {
    let most = (items.len() > MOST_ITEMS)
        .then(|| Refusal::new("", "too_many", "", format!("一次会议最多 {MOST_ITEMS} 项议题。请合并。")));
    most.into_iter().collect()
}

fn item(draft: &ItemDraft, activities: &[Activity], fresh: Option<&i64>) -> Result<Item, Refusals> {
    let mut refusals = Vec::new();
    required(&mut refusals, "/title", "议题", &draft.title, LONGEST_LINE);
    longest(&mut refusals, "/notes", "发言要点", &draft.notes, LONGEST_TEXT);
    if let Some(activity) = draft.activity.filter(|activity| !activities.contains(activity)) {
        let message = format!("本次会议没有安排{}（MEET-10）。请先在会议类型中加上。", activity.name());
        refusals.push(Refusal::new("MEET-10", "not_planned", "/activity", message));
    }
    all(refusals)?;
    Ok(Item {
        id: draft.id.or(fresh.copied().map(ItemId)).unwrap_or(ItemId(0)),
        activity: draft.activity,
        title: draft.title.trim().to_owned(),
        notes: draft.notes.trim().to_owned(),
    })
}

pub(super) fn remove_item(meeting: &mut Meeting, id: ItemId) -> Result<(), Refusals> {
    if meeting.resolutions.iter().any(|resolution| resolution.item == id) {
        return refuse("MEET-09", "has_resolution", "", "这一项议题下有决议。请先删去决议。");
    }
    let before = meeting.items.len();
    meeting.items.retain(|item| item.id != id);
    if meeting.items.len() == before { gone("议题") } else { Ok(()) }
}

pub(super) fn confirm(meeting: &mut Meeting, by: Option<PersonId>, reason: &str, today: Date) -> Result<(), Refusals> {
    let by_host = by.is_some() && by == meeting.plan.host;
    let mut refusals = missing(meeting, today);
    if !by_host && reason.trim().is_empty() {
        let message = "会议记录由主持人确认。主持人不能亲自确认的，请写明原因（例如：主持人没有账号，已当面核对）。";
        refusals.push(Refusal::new("MEET-09", "missing_required", "/reason", message));
    }
    longest(&mut refusals, "/reason", "代为确认的原因", reason, LONGEST_LINE);
    all(refusals)?;
    let reason = if by_host { String::new() } else { reason.trim().to_owned() };
    meeting.confirmed = Some(Confirmation { on: today, by_host, reason });
    meeting.state = S::Confirmed;
    Ok(())
}

pub(super) fn reopen(meeting: &mut Meeting, reason: &str) -> Result<(), Refusals> {
    if meeting.resolutions.iter().any(|resolution| resolution.relied_on) {
        return relied_on();
    }
    meeting.remark = given(reason, "退回原因")?;
    meeting.confirmed = None;
    meeting.state = S::Closed;
    Ok(())
}
