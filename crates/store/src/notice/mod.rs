//! 提醒预警: what accounts are told, what leaves the house for them, and what they wish. Being told, reading and sending are not acts on
//! the register: only the planning of notices and changes of settings leave a ledger entry.

mod calendar;
mod delivery;
mod directory;
mod inbox;
mod lease;
mod plan;
mod setting;
mod way;
mod wish;

pub use calendar::{Calendar, CalendarOf};
pub use delivery::{Claimed, DeliveryCounts, DeliveryFilter, DeliveryRow, DeliveryState, Outcome, Way};
pub use inbox::{Inbox, InboxCursor, Notice};
pub use plan::{Given, Message, Planned};
pub use setting::NoticeSetting;
pub use way::{MailWay, Security, WebhookWay};
pub use wish::{Mailbox, WishesRow};
