//! Calendars as RFC 5545 writes them: lines of at most 75 bytes, ended by CRLF, texts escaped, days without time zone.

use jiff::Timestamp;
use jiff::civil::Date;

/// Bytes of a line before it is folded.
const LINE: usize = 75;

/// An event that lasts a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct DayEvent {
    /// The same for the same thing for ever.
    pub(super) uid: String,
    /// The day.
    pub(super) day: Date,
    /// What is said.
    pub(super) summary: String,
    /// More of it.
    pub(super) description: String,
    /// The page on which it is done; empty for none.
    pub(super) url: String,
}

/// A calendar with its name, as of an instant (UTC milliseconds).
pub(super) fn calendar(name: &str, events: &[DayEvent], now: i64) -> String {
    let mut text = String::new();
    let mut line = |name: &str, value: &str| fold(&mut text, &format!("{name}:{value}"));
    line("BEGIN", "VCALENDAR");
    line("VERSION", "2.0");
    line("PRODID", "-//dangjian//duties//ZH");
    line("CALSCALE", "GREGORIAN");
    line("METHOD", "PUBLISH");
    line("X-WR-CALNAME", &escape(name));
    line("REFRESH-INTERVAL;VALUE=DURATION", "PT6H");
    let stamp =
        Timestamp::from_millisecond(now).unwrap_or(Timestamp::UNIX_EPOCH).strftime("%Y%m%dT%H%M%SZ").to_string();
    for event in events {
        let next = rules::date::add_days(event.day, 1);
        line("BEGIN", "VEVENT");
        line("UID", &escape(&event.uid));
        line("DTSTAMP", &stamp);
        line("DTSTART;VALUE=DATE", &day(event.day));
        line("DTEND;VALUE=DATE", &day(next));
        line("SUMMARY", &escape(&event.summary));
        line("DESCRIPTION", &escape(&event.description));
        if !event.url.is_empty() {
            line("URL", &event.url);
        }
        line("TRANSP", "TRANSPARENT");
        line("END", "VEVENT");
    }
    line("END", "VCALENDAR");
    text
}

fn day(date: Date) -> String {
    date.strftime("%Y%m%d").to_string()
}

fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' => escaped.push_str("\\\\"),
            ';' => escaped.push_str("\\;"),
            ',' => escaped.push_str("\\,"),
            '\n' => escaped.push_str("\\n"),
            c if c.is_control() => {}
            c => escaped.push(c),
        }
    }
    escaped
}

/// Adds a line, folded between characters.
fn fold(text: &mut String, line: &str) {
    let mut used = 0;
    for c in line.chars() {
        if used + c.len_utf8() > LINE {
            text.push_str("\r\n ");
            used = 1;
        }
        text.push(c);
        used += c.len_utf8();
    }
    text.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use super::*;
    use icalendar::{Calendar, CalendarComponent, Component};
    use jiff::civil::date;

    fn event(uid: &str, summary: &str, day: Date) -> DayEvent {
        DayEvent {
            uid: uid.into(),
            day,
            summary: summary.into(),
            description: "依据 MEET-01；第1党支部".into(),
            url: "https://dj.example.com/meetings?org=1".into(),
        }
    }

    fn read(text: &str) -> Vec<icalendar::Event> {
        let calendar: Calendar = text.parse().unwrap();
        let events = calendar.components.into_iter().filter_map(|component| match component {
            CalendarComponent::Event(event) => Some(event),
            _ => None,
        });
        events.collect()
    }

    #[test]
    fn a_parser_reads_back_what_was_written() {
        let long = "召开2026年第四季度支部党员大会，讨论、表决；并通报\\情况\n第二行，".repeat(4);
        let events = [event("a@1", &long, date(2026, 12, 31)), event("b@1", "二", date(2028, 2, 29))];
        let text = calendar("第1党支部，应办", &events, 1_795_492_800_000);
        assert!(text.lines().all(|line| line.len() <= LINE), "{text}");
        assert!(text.ends_with("END:VCALENDAR\r\n") && !text.replace("\r\n", "").contains('\n'));
        let found = read(&text);
        assert_eq!(found.len(), 2);
        assert_eq!(found[0].get_uid(), Some("a@1"));
        assert_eq!(found[0].get_summary(), Some(long.as_str()));
        assert_eq!(found[0].property_value("DTSTART"), Some("20261231"));
        assert_eq!(found[0].property_value("DTEND"), Some("20270101"));
        assert_eq!(found[1].property_value("DTEND"), Some("20280301"));
        assert_eq!(found[1].property_value("DTSTAMP"), Some("20261124T040000Z"));
    }

    #[test]
    fn an_empty_calendar_is_a_calendar() {
        assert_eq!(read(&calendar("空", &[], 0)), []);
    }
}
