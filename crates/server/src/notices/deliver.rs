//! From a claimed delivery to what is said by mail or messenger, and what became of it.

use super::mail::{self, Letter};
use super::webhook::{self, Call};
use serde::Serialize;
use store::{Claimed, MailWay, Outcome, WebhookWay};

/// Why something did not get through, by what is to be done about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Failure {
    /// The way itself does not work: nothing else will get through either.
    Way(String),
    /// This message may get through later.
    Later(String),
    /// This message will never get through.
    Never(String),
}

impl Failure {
    /// In plain words.
    pub(super) fn words(&self) -> &str {
        match self {
            Failure::Way(words) | Failure::Later(words) | Failure::Never(words) => words,
        }
    }
}

/// The ways of an enterprise, as far as they are set up, and the address of its pages.
pub(super) struct Ways {
    pub(super) mail: Option<MailWay>,
    pub(super) webhook: Option<WebhookWay>,
    pub(super) site: String,
}

/// One line of a message.
#[derive(Serialize)]
struct Item<'a> {
    title: &'a str,
    /// The page on which it is done; empty while the address of the pages is not set.
    url: String,
}

/// What the messenger gets.
#[derive(Serialize)]
struct Body<'a> {
    id: String,
    r#type: &'static str,
    sent_at: i64,
    account: &'a str,
    items: Vec<Item<'a>>,
    /// How many more there are than items.
    more: i64,
}

/// Whether a delivery need not, or may not yet, be sent.
pub(super) fn reason_not_to(claimed: &Claimed, now: i64) -> Option<Outcome> {
    if claimed.disabled {
        return Some(Outcome::Skipped("账号已停用"));
    }
    if claimed.lines.is_empty() {
        return Some(Outcome::Skipped("已在平台内阅读或办结"));
    }
    let earliest = claimed.wishes.not_quiet(now);
    (earliest > now).then_some(Outcome::Later(earliest))
}

fn page(site: &str, link: &str) -> String {
    if site.is_empty() { String::new() } else { format!("{site}{}", if link.is_empty() { "/notices" } else { link }) }
}

/// Sends a delivery by mail.
pub(super) async fn by_mail(ways: &Ways, way: &MailWay, claimed: &Claimed, root: i64) -> Result<(), Failure> {
    let Some(address) = claimed.address.clone() else {
        return Err(Failure::Never("收件人没有已确认的邮箱".to_owned()));
    };
    mail::send(way, &letter_of(&ways.site, claimed, address, root)).await
}

fn letter_of(site: &str, claimed: &Claimed, to: String, root: i64) -> Letter {
    let all = claimed.lines.len() as i64 + claimed.more;
    let subject = match &claimed.lines[..] {
        [(line, _)] => format!("【智慧党建】{line}"),
        _ => format!("【智慧党建】有 {all} 项提醒"),
    };
    let mut text = String::new();
    for (n, (line, link)) in claimed.lines.iter().enumerate() {
        let number = if claimed.lines.len() > 1 { format!("{}. ", n + 1) } else { String::new() };
        text.push_str(&format!("{number}{line}\n"));
        let page = page(site, link);
        if !page.is_empty() {
            text.push_str(&format!("   {page}\n"));
        }
    }
    if claimed.more > 0 {
        text.push_str(&format!("另有 {} 项，请登录平台查看。\n", claimed.more));
    }
    text.push_str("\n这是自动发送的提醒，请勿回复。提醒方式可在平台的“提醒方式”页面更改。\n");
    Letter { to, subject, text, number: format!("dangjian.{root}.{}", claimed.id) }
}

/// Sends a delivery to the messenger.
pub(super) async fn by_webhook(ways: &Ways, way: &WebhookWay, claimed: &Claimed, now: i64) -> Result<(), Failure> {
    let items = claimed.lines.iter().map(|(line, link)| Item { title: line, url: page(&ways.site, link) }).collect();
    let body = Body {
        id: claimed.id.to_string(),
        r#type: if claimed.digest { "digest" } else { "notice" },
        sent_at: now,
        account: &claimed.login,
        items,
        more: claimed.more,
    };
    call(way, &body, now).await
}

/// Sends a trial message that is meant for nobody.
pub(super) async fn trial(way: &WebhookWay, number: &str, now: i64) -> Result<(), Failure> {
    let items = vec![Item { title: "这是一条测试消息，无需办理", url: String::new() }];
    call(way, &Body { id: number.to_owned(), r#type: "test", sent_at: now, account: "", items, more: 0 }, now).await
}

async fn call(way: &WebhookWay, body: &Body<'_>, now: i64) -> Result<(), Failure> {
    let text = serde_json::to_string(body).map_err(|e| Failure::Never(format!("消息无法写成（{e}）")))?;
    webhook::send(way, &Call { number: body.id.clone(), at: now / 1000, body: text }).await
}
