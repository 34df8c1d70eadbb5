//! Who may ask for what: one row a route, walked with every role and with nobody signed in. A route without a row fails, and so does
//! a row without a route. A new route needs one line in [`TABLE`].

use crate::site::{Answer, Client, Site};
use rules::access::Role::{self, Auditor, Member, PartyStaff, Secretary, SecurityAdmin, Supervisor, SystemAdmin};
use rules::ids::{AccountId, GrantId, PersonId};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use testbed::on_both;

/// Who may.
#[derive(Clone, Copy)]
enum Who {
    /// Also those who are not signed in.
    Anybody,
    /// Whoever is signed in.
    SignedIn,
    /// These roles.
    Only(&'static [Role]),
}
use Who::{Anybody, Only, SignedIn};

const READERS: Who = Only(&[PartyStaff, Secretary, Supervisor]);
const KEEPERS: Who = Only(&[PartyStaff, Secretary]);
const STAFF: Who = Only(&[PartyStaff]);
const OWN: Who = Only(&[Member]);
const SECURITY: Who = Only(&[SecurityAdmin]);
const AUDIT: Who = Only(&[Auditor]);
const SYSTEM: Who = Only(&[SystemAdmin]);

/// Method, path as in the API's description, and who may.
#[rustfmt::skip]
const TABLE: &[(&str, &str, Who)] = &[
    ("get", "/api/health", Anybody),
    ("get", "/api/session", SignedIn),
    ("post", "/api/session", Anybody),
    ("delete", "/api/session", SignedIn),
    ("put", "/api/session/password", SignedIn),
    ("post", "/api/session/totp", SignedIn),
    ("put", "/api/session/totp", SignedIn),
    ("delete", "/api/session/totp", SignedIn),
    ("put", "/api/session/preferences", SignedIn),
    ("get", "/api/setup", Anybody),
    ("post", "/api/setup", Anybody),
    ("post", "/api/bindings", Anybody),
    ("get", "/api/workbench", SignedIn),
    ("get", "/api/orgs", READERS),
    ("post", "/api/orgs", STAFF),
    ("get", "/api/orgs/{id}", READERS),
    ("patch", "/api/orgs/{id}", KEEPERS),
    ("post", "/api/orgs/{id}/move", STAFF),
    ("post", "/api/orgs/{id}/merge", STAFF),
    ("post", "/api/orgs/{id}/split", STAFF),
    ("post", "/api/orgs/{id}/dissolve", STAFF),
    ("post", "/api/orgs/{id}/posts", KEEPERS),
    ("post", "/api/orgs/{id}/posts/{post_id}/end", KEEPERS),
    ("get", "/api/orgs/export", READERS),
    ("get", "/api/orgs/template", READERS),
    ("get", "/api/orgs/lookup", Only(&[PartyStaff, Secretary, Supervisor, SecurityAdmin])),
    ("get", "/api/members", READERS),
    ("post", "/api/members", KEEPERS),
    ("get", "/api/members/{id}", READERS),
    ("patch", "/api/members/{id}", KEEPERS),
    ("post", "/api/members/{id}/reveal", KEEPERS),
    ("get", "/api/members/{id}/views", READERS),
    ("get", "/api/members/{id}/history", READERS),
    ("post", "/api/members/{id}/leave", KEEPERS),
    ("get", "/api/members/{id}/files", READERS),
    ("post", "/api/members/{id}/files", KEEPERS),
    ("post", "/api/members/{id}/binding-codes", KEEPERS),
    ("get", "/api/members/export", READERS),
    ("get", "/api/members/template", STAFF),
    ("get", "/api/members/fields", SignedIn),
    ("get", "/api/files/{id}", Only(&[PartyStaff, Secretary, Member])),
    ("get", "/api/me/dossier", OWN),
    ("get", "/api/me/views", OWN),
    ("get", "/api/me/changes", OWN),
    ("post", "/api/me/changes", OWN),
    ("post", "/api/me/files", OWN),
    ("get", "/api/changes", KEEPERS),
    ("post", "/api/changes/{id}/approve", KEEPERS),
    ("post", "/api/changes/{id}/return", KEEPERS),
    ("get", "/api/transfers", READERS),
    ("post", "/api/transfers", KEEPERS),
    ("post", "/api/transfers/{id}/accept", KEEPERS),
    ("post", "/api/transfers/{id}/reject", KEEPERS),
    ("post", "/api/transfers/{id}/withdraw", KEEPERS),
    ("post", "/api/imports/preview", STAFF),
    ("get", "/api/imports", STAFF),
    ("post", "/api/imports", STAFF),
    ("get", "/api/imports/{id}", STAFF),
    ("get", "/api/imports/{id}/rejected", STAFF),
    ("get", "/api/stats", READERS),
    ("get", "/api/stats/export", READERS),
    ("get", "/api/stats/vocabulary", READERS),
    ("get", "/api/stats/trend", READERS),
    ("get", "/api/stats/ask", READERS),
    ("get", "/api/stats/saved", READERS),
    ("post", "/api/stats/saved", READERS),
    ("delete", "/api/stats/saved/{id}", READERS),
    ("get", "/api/search", READERS),
    ("get", "/api/accounts", SECURITY),
    ("post", "/api/accounts", SECURITY),
    ("patch", "/api/accounts/{id}", SECURITY),
    ("post", "/api/accounts/{id}/reset-password", SECURITY),
    ("post", "/api/accounts/{id}/grants", SECURITY),
    ("delete", "/api/accounts/{id}/grants/{grant_id}", SECURITY),
    ("get", "/api/ledger", AUDIT),
    ("get", "/api/ledger/verify", AUDIT),
    ("get", "/api/system", SYSTEM),
    // duties
    ("get", "/api/duties", READERS),
    ("get", "/api/duties/year", READERS),
    ("get", "/api/duties/summary", READERS),
    ("put", "/api/duties/start", STAFF),
    ("get", "/api/duties/own", READERS),
    ("post", "/api/duties/own", STAFF),
    ("put", "/api/duties/own/{id}", STAFF),
    ("post", "/api/duties/own/{id}/done", KEEPERS),
    ("get", "/api/me/duties", OWN),
    ("get", "/api/measures", READERS),
    ("put", "/api/measures/{key}", STAFF),
    ("get", "/api/excuses", READERS),
    ("post", "/api/excuses", KEEPERS),
    ("post", "/api/excuses/{id}/approve", KEEPERS),
    ("post", "/api/excuses/{id}/refuse", KEEPERS),
    ("post", "/api/excuses/{id}/withdraw", KEEPERS),
    ("get", "/api/grounds", SignedIn),
    // meetings
    ("get", "/api/meetings", READERS),
    ("post", "/api/meetings", KEEPERS),
    ("get", "/api/meetings/form", KEEPERS),
    ("get", "/api/meetings/year-plan", KEEPERS),
    ("post", "/api/meetings/year-plan", KEEPERS),
    ("get", "/api/meetings/{id}", READERS),
    ("put", "/api/meetings/{id}/plan", KEEPERS),
    ("post", "/api/meetings/{id}/steps", KEEPERS),
    ("get", "/api/meetings/{id}/vote", KEEPERS),
    ("post", "/api/meetings/{id}/roll", KEEPERS),
    ("get", "/api/meetings/{id}/code", KEEPERS),
    ("get", "/api/meetings/{id}/links/{person_id}", KEEPERS),
    ("get", "/api/meetings/{id}/room", KEEPERS),
    ("get", "/api/meetings/{id}/live", KEEPERS),
    ("get", "/api/meetings/{id}/minutes", READERS),
    ("get", "/api/meetings/{id}/notice-sheet", READERS),
    ("get", "/api/meetings/{id}/sign-in-sheet", READERS),
    ("get", "/api/meetings/{id}/preview", READERS),
    ("get", "/api/meetings/{id}/papers", READERS),
    ("post", "/api/meetings/{id}/papers", KEEPERS),
    ("get", "/api/meetings/{id}/papers/{paper_id}", READERS),
    ("delete", "/api/meetings/{id}/papers/{paper_id}", KEEPERS),
    ("get", "/api/trainings", READERS),
    ("post", "/api/trainings", KEEPERS),
    ("post", "/api/trainings/{id}/remove", KEEPERS),
    ("get", "/api/learning", READERS),
    ("get", "/api/statuses", KEEPERS),
    ("post", "/api/statuses", KEEPERS),
    ("post", "/api/statuses/{id}/end", KEEPERS),
    // check_in
    ("get", "/api/me/meetings", OWN),
    ("get", "/api/me/learning", OWN),
    ("post", "/api/me/meetings/{id}/absence", OWN),
    ("get", "/api/check-in/{token}", OWN),
    ("post", "/api/check-in", OWN),
    // development
    ("get", "/api/development", READERS),
    ("post", "/api/development", KEEPERS),
    ("get", "/api/development/counts", READERS),
    ("get", "/api/development/steps", SignedIn),
    ("get", "/api/development/{id}", READERS),
    ("post", "/api/development/{id}/steps/{step}", KEEPERS),
    ("post", "/api/development/{id}/steps/{step}/check", KEEPERS),
    ("post", "/api/development/{id}/steps/{step}/papers/{paper}", KEEPERS),
    ("post", "/api/development/{id}/back", KEEPERS),
    ("post", "/api/development/{id}/end", KEEPERS),
    ("post", "/api/development/{id}/suspend", KEEPERS),
    ("post", "/api/development/{id}/resume", KEEPERS),
    ("post", "/api/development/{id}/transfer", KEEPERS),
    ("get", "/api/development/{id}/files/{file}", KEEPERS),
    ("delete", "/api/development/{id}/files/{file}", KEEPERS),
    ("get", "/api/development/{id}/papers/{template}", KEEPERS),
    ("post", "/api/development/{id}/papers/{template}", KEEPERS),
    ("get", "/api/development/{id}/volume", KEEPERS),
    ("get", "/api/me/development", OWN),
    // elections
    ("get", "/api/elections", READERS),
    ("post", "/api/elections", KEEPERS),
    ("get", "/api/elections/{id}", READERS),
    ("get", "/api/elections/{id}/electors", KEEPERS),
    ("post", "/api/elections/{id}/steps", KEEPERS),
    ("post", "/api/elections/{id}/decisions", KEEPERS),
    ("get", "/api/elections/{id}/papers/{paper}", READERS),
    // dues
    ("get", "/api/dues/month", READERS),
    ("post", "/api/dues/statements", KEEPERS),
    ("post", "/api/dues/statements/{id}/hand-up", KEEPERS),
    ("get", "/api/dues/bases", KEEPERS),
    ("post", "/api/dues/bases", KEEPERS),
    ("post", "/api/dues/payments", KEEPERS),
    ("post", "/api/dues/payments/{id}/take-back", KEEPERS),
    ("get", "/api/dues/reductions", KEEPERS),
    ("post", "/api/dues/reductions", KEEPERS),
    ("post", "/api/dues/reductions/{id}/decision", KEEPERS),
    ("get", "/api/dues/overview", READERS),
    ("get", "/api/dues/export", KEEPERS),
    ("get", "/api/dues/report", KEEPERS),
    ("get", "/api/me/dues", OWN),
    // notices
    ("get", "/api/notices", SignedIn),
    ("post", "/api/notices/{id}/read", SignedIn),
    ("post", "/api/notices/read", SignedIn),
    ("get", "/api/notices/wishes", SignedIn),
    ("put", "/api/notices/wishes", SignedIn),
    ("post", "/api/notices/address", SignedIn),
    ("post", "/api/notices/address/confirm", SignedIn),
    ("delete", "/api/notices/address", SignedIn),
    ("get", "/api/notices/calendars", SignedIn),
    ("post", "/api/notices/calendars", SignedIn),
    ("delete", "/api/notices/calendars/{id}", SignedIn),
    ("get", "/api/calendar/{token}", Anybody),
    ("get", "/api/notices/live", SignedIn),
    ("get", "/api/notices/rhythm", READERS),
    ("put", "/api/notices/rhythm", STAFF),
    ("get", "/api/notices/ways", SYSTEM),
    ("put", "/api/notices/site", SYSTEM),
    ("put", "/api/notices/mail", SYSTEM),
    ("delete", "/api/notices/mail", SYSTEM),
    ("post", "/api/notices/mail/test", SYSTEM),
    ("put", "/api/notices/webhook", SYSTEM),
    ("delete", "/api/notices/webhook", SYSTEM),
    ("post", "/api/notices/webhook/test", SYSTEM),
    ("get", "/api/notices/deliveries", SYSTEM),
    ("post", "/api/notices/deliveries/{id}/retry", SYSTEM),
    // templates
    ("get", "/api/templates", READERS),
    ("get", "/api/templates/{key}", READERS),
    ("post", "/api/templates/{key}/preview", READERS),
    ("post", "/api/templates/{key}/document", READERS),
    ("get", "/api/templates/{key}/sample", READERS),
    ("post", "/api/templates/{key}/own", KEEPERS),
    ("get", "/api/own-templates/{id}", READERS),
    ("get", "/api/own-templates/{id}/file", READERS),
    ("post", "/api/own-templates/{id}/file", KEEPERS),
    ("post", "/api/own-templates/{id}/withdraw", KEEPERS),
    // workbooks
    ("get", "/api/workbooks/{org}/{year}", READERS),
    ("get", "/api/guide/{activity}", SignedIn),
    // guide
];

/// A body that can be read, where reading it comes before the question who asks. What it asks for need not be possible.
fn request_body(method: &str, path: &str, there: &There) -> Option<Value> {
    let day = "2026-11-24";
    let org = there.org.as_str();
    Some(match (method, path) {
        ("post", "/api/session") => json!({ "login": "nobody", "password": "x" }),
        ("put", "/api/session/password") => json!({ "old": "x", "new": "y" }),
        ("put", "/api/session/totp") => json!({ "code": "000000" }),
        ("delete", "/api/session/totp") => json!({ "password": "x" }),
        ("put", "/api/session/preferences") => json!({ "large_type": false }),
        ("post", "/api/setup") => json!({ "token": "x", "enterprise_name": "x", "accounts": [] }),
        ("post", "/api/bindings") => {
            json!({ "name": "x", "identity_number": "x", "code": "x", "login": "x", "password": "x" })
        }
        ("post", "/api/orgs") => {
            json!({ "kind": "branch", "name": "新支部", "code": "0190", "parent_id": org, "on": day, "reason": "x" })
        }
        ("patch", "/api/orgs/{id}") => json!({ "version": 0, "on": day, "reason": "x" }),
        ("post", "/api/orgs/{id}/move") => json!({ "parent_id": org, "on": day, "reason": "x", "version": 0 }),
        ("post", "/api/orgs/{id}/merge") => json!({ "into": org, "on": day, "reason": "x", "version": 0 }),
        ("post", "/api/orgs/{id}/split") => {
            json!({ "new": { "code": "0191", "name": "x" }, "member_ids": [], "on": day, "reason": "x", "version": 0 })
        }
        ("post", "/api/orgs/{id}/dissolve") => json!({ "on": day, "reason": "x", "version": 0 }),
        ("post", "/api/orgs/{id}/posts") => json!({ "person_id": "1", "post": "secretary", "from": day }),
        ("post", "/api/orgs/{id}/posts/{post_id}/end") => json!({ "on": day, "reason": "x" }),
        ("post", "/api/members") => json!({ "org_id": org, "reason": "x", "fields": {} }),
        ("patch", "/api/members/{id}") => json!({ "version": 0, "on": day, "reason": "x", "fields": {} }),
        ("post", "/api/members/{id}/reveal") => json!({ "reason": "x" }),
        ("post", "/api/members/{id}/leave") => json!({ "version": 0, "on": day, "kind": "died", "reason": "x" }),
        ("post", "/api/me/changes") => json!({ "fields": {}, "reason": "x", "file_ids": [] }),
        ("post", "/api/changes/{id}/approve") => json!({ "version": 0 }),
        ("post", "/api/changes/{id}/return") => json!({ "version": 0, "reason": "x" }),
        ("post", "/api/transfers") => json!({ "person_id": there.person.to_string(), "to_org": "1", "reason": "x" }),
        ("post", "/api/transfers/{id}/accept" | "/api/transfers/{id}/reject" | "/api/transfers/{id}/withdraw") => {
            json!({ "version": 0, "on": day, "reason": "x" })
        }
        ("post", "/api/stats/saved") => json!({ "name": "x", "query": { "by": "gender", "where": "" } }),
        ("post", "/api/accounts") => json!({ "login": "", "display_name": "" }),
        ("patch", "/api/accounts/{id}") => json!({}),
        ("post", "/api/accounts/{id}/grants") => json!({ "role": "member", "org_id": org }),
        ("post", "/api/development") => json!({ "org_id": org, "fields": {}, "on": day }),
        ("post", "/api/development/{id}/end") => json!({ "version": 0, "kind": "other", "on": day, "reason": "x" }),
        ("post", "/api/development/{id}/transfer") => json!({ "version": 0, "org_id": org, "on": day, "reason": "x" }),
        ("post", "/api/development/{id}/back" | "/api/development/{id}/suspend" | "/api/development/{id}/resume") => {
            json!({ "version": 0, "reason": "x" })
        }
        ("post", path) if path.starts_with("/api/development/{id}/") => {
            json!({ "version": 0, "on": day, "values": {} })
        }
        ("post", "/api/elections") => {
            json!({ "org_id": org, "kind": "re_election", "seats": 3, "planned_on": day })
        }
        ("post", "/api/elections/{id}/steps") => json!({ "step": "cancel", "version": 0, "reason": "x" }),
        ("post", "/api/elections/{id}/decisions") => json!({ "decision": "return", "version": 0, "reason": "x" }),
        ("post", "/api/meetings") => json!({ "org_id": org, "activities": [], "title": "x", "on": day }),
        ("post", "/api/meetings/year-plan") => json!({ "org_id": org, "plans": [] }),
        ("put", "/api/meetings/{id}/plan") => json!({ "version": 0, "activities": [], "title": "x", "on": day }),
        ("post", "/api/meetings/{id}/steps") => json!({ "step": "archive", "version": 0 }),
        ("post", "/api/meetings/{id}/roll") => json!({ "entries": [] }),
        ("post", "/api/trainings") => {
            json!({ "org_id": org, "kind": "other", "title": "x", "from": day, "to": day, "tenths": 10, "persons": [] })
        }
        ("post", "/api/trainings/{id}/remove" | "/api/me/meetings/{id}/absence") => json!({ "reason": "x" }),
        ("post", "/api/statuses") => {
            json!({ "person_id": there.person.to_string(), "kind": "excused", "from": day, "ground": "" })
        }
        ("post", "/api/statuses/{id}/end") => json!({ "on": day, "reason": "x" }),
        // Of an organisation that does not exist: the books of one that does are not even its superior's.
        ("post", "/api/dues/statements") => json!({ "org_id": "1", "month": "2026-11" }),
        ("post", "/api/dues/statements/{id}/hand-up") => json!({ "version": 0, "on": day }),
        ("post", "/api/dues/bases") => json!({ "org_id": "1", "from_month": "2026-11", "items": [] }),
        ("post", "/api/dues/payments") => json!({ "org_id": "1", "lines": [], "on": day, "way": "cash" }),
        ("post", "/api/dues/payments/{id}/take-back") => json!({ "reason": "x" }),
        ("post", "/api/dues/reductions") => {
            json!({ "org_id": "1", "person_id": "1", "from_month": "2026-11", "to_month": "2026-11", "pays": 0, "reason": "x" })
        }
        ("post", "/api/dues/reductions/{id}/decision") => json!({ "version": 0, "decision": "approve" }),
        ("put", "/api/duties/start") => json!({ "started_on": day, "reason": "x" }),
        ("post", "/api/duties/own") | ("put", "/api/duties/own/{id}") => {
            json!({ "name": "", "period": "month", "times": 1, "lead": 1, "kinds": [], "from": day, "reason": "x" })
        }
        ("post", "/api/duties/own/{id}/done") => json!({ "org_id": org, "on": day, "note": "x" }),
        ("put", "/api/measures/{key}") => json!({ "value": null, "reason": "x" }),
        ("post", "/api/excuses") => json!({ "duty_key": "x", "reason": "x" }),
        ("post", "/api/excuses/{id}/approve" | "/api/excuses/{id}/refuse" | "/api/excuses/{id}/withdraw") => {
            json!({ "version": 0, "reason": "x" })
        }
        ("post", "/api/templates/{key}/preview" | "/api/templates/{key}/document") => {
            json!({ "org": org, "values": {} })
        }
        ("post", "/api/own-templates/{id}/withdraw") => json!({ "version": 0, "reason": "x" }),
        ("post", "/api/notices/read") => json!({ "up_to": "1" }),
        ("put", "/api/notices/wishes") => json!({ "quiet": null, "digest_hour": 8, "mail": [], "webhook": [] }),
        ("post", "/api/notices/address") => json!({ "address": "x" }),
        ("post", "/api/notices/address/confirm") => json!({ "code": "x" }),
        ("put", "/api/notices/rhythm") => json!({ "soon_days": 3, "escalate_days": 7 }),
        ("put", "/api/notices/site") => json!({ "site": "x" }),
        ("put", "/api/notices/mail") => {
            json!({ "version": 0, "host": "", "port": 25, "security": "plain", "sender": "x" })
        }
        ("post", "/api/notices/mail/test") => json!({ "to": "x" }),
        ("put", "/api/notices/webhook") => json!({ "version": 0, "address": "x" }),
        ("post" | "put" | "patch", _) => json!({}),
        _ => return None,
    })
}

/// What has to stand behind `?` for the address to be read at all.
fn query(path: &str) -> &'static str {
    match path {
        "/api/search" | "/api/orgs/lookup" | "/api/stats/ask" => "?q=x",
        "/api/dues/month" | "/api/dues/bases" | "/api/dues/overview" => "?org_id=1",
        "/api/dues/export" | "/api/dues/report" => "?org_id=1&month=2026-11",
        "/api/stats" | "/api/stats/export" => "?by=gender",
        "/api/duties/year" | "/api/duties/summary" => "?org=1",
        "/api/templates" | "/api/templates/{key}" | "/api/templates/{key}/own" => "?org=1",
        "/api/own-templates/{id}/file" => "?version=1",
        "/api/stats/trend" => "?by=gender&from_year=2024&to_year=2025",
        "/api/meetings/form" => "?org=1",
        "/api/meetings/year-plan" | "/api/learning" => "?org=1&year=2026",
        "/api/meetings/{id}/vote" => "?kind=ordinary",
        "/api/meetings/{id}/preview" => "?of=minutes",
        "/api/me/learning" => "?year=2026",
        _ => "",
    }
}

/// Routes that take a file.
const UPLOADS: &[&str] = &[
    "/api/members/{id}/files",
    "/api/me/files",
    "/api/meetings/{id}/papers",
    "/api/imports",
    "/api/imports/preview",
    "/api/templates/{key}/own",
    "/api/own-templates/{id}/file",
    "/api/imports",
    "/api/imports/preview",
    "/api/development/{id}/steps/{step}/papers/{paper}",
];

/// Routes whose answer has no end: of these only the head is looked at.
const ENDLESS: &[&str] = &["/api/notices/live"];

async fn ask(client: &Client, method: &str, path: &str, there: &There) -> Answer {
    if ENDLESS.contains(&path) {
        return client.head_of(path).await;
    }
    let (target, method_sent) = (there.fill(path) + query(path), method.to_uppercase());
    if method == "post" && UPLOADS.contains(&path) {
        return client.upload(&target, "x.csv", b"x", &[("kind", "members"), ("dry_run", "true")]).await;
    }
    match request_body(method, path, there) {
        Some(body) => client.json(&method_sent, &target, body).await,
        None => client.send(&method_sent, &target, None, Vec::new()).await,
    }
}

/// What the addresses name.
struct There {
    org: String,
    person: PersonId,
    account: AccountId,
    grant: GrantId,
}

impl There {
    /// A path with ids of things that exist, where this test makes them.
    fn fill(&self, path: &str) -> String {
        let id = if path.starts_with("/api/orgs/") {
            self.org.clone()
        } else if path.starts_with("/api/members/") {
            self.person.to_string()
        } else if path.starts_with("/api/accounts/") {
            self.account.to_string()
        } else {
            "1".to_owned()
        };
        path.replace("{id}", &id)
            .replace("{org}", &self.org)
            .replace("{year}", "2026")
            .replace("{grant_id}", &self.grant.to_string())
            .replace("{post_id}", "1")
            .replace("{step}", "1")
            .replace("{file}", "1")
            .replace("{activity}", "theme_day")
            .replace("{person_id}", "1")
            .replace("{paper_id}", "1")
            .replace("{token}", "c.1.000000")
            .replace("{paper}", "request")
    }
}

async fn office_with_things(site: &Site) -> There {
    let person = site.office.member(0, "张三").await;
    let staff = site.staff().await;
    let account = site.office.store.account_by_login(&staff.login).await.unwrap().unwrap().id;
    let grant = site.office.store.grants(site.office.root, account).await.unwrap()[0].id;
    There { org: site.office.branches[0].id.to_string(), person, account, grant }
}

/// Everybody once: each role on the whole office, and nobody. A member is bound to the person.
async fn everybody(site: &Site, there: &There) -> Vec<(Option<Role>, Client)> {
    let mut clients = vec![(None, site.stranger())];
    for role in Role::ALL {
        let person = (*role == Member).then_some(there.person);
        clients.push((Some(*role), site.bound(*role, &site.office.top, person).await));
    }
    clients
}

fn described() -> BTreeSet<(String, String)> {
    let document = serde_json::to_value(server::openapi()).unwrap();
    let paths = document["paths"].as_object().unwrap();
    let of = |(path, methods): (&String, &Value)| {
        let methods: Vec<String> = methods.as_object().unwrap().keys().cloned().collect();
        methods.into_iter().map(|method| (method, path.clone())).collect::<Vec<_>>()
    };
    paths.iter().flat_map(of).collect()
}

#[test]
fn every_route_has_one_row_and_every_row_a_route() {
    let listed: Vec<(String, String)> =
        TABLE.iter().map(|(method, path, _)| ((*method).to_owned(), (*path).to_owned())).collect();
    let unique: BTreeSet<_> = listed.iter().cloned().collect();
    assert_eq!(unique.len(), listed.len(), "a route is listed twice");
    let described = described();
    let unlisted: Vec<_> = described.difference(&unique).collect();
    assert!(unlisted.is_empty(), "routes without a row in the access table: {unlisted:?}");
    let unknown: Vec<_> = unique.difference(&described).collect();
    assert!(unknown.is_empty(), "rows of the access table without a route: {unknown:?}");
}

/// How an answer treats the one who asked.
#[derive(Debug, PartialEq, Eq)]
enum Verdict {
    MaySo,
    SignInFirst,
    NotYours,
}

fn verdict(answer: &Answer) -> Verdict {
    match (answer.status.as_u16(), answer.json["code"].as_str().unwrap_or_default()) {
        (401, "signed_out") => Verdict::SignInFirst,
        (403, _) => Verdict::NotYours,
        _ => Verdict::MaySo,
    }
}

on_both! {
    async fn every_route_is_open_to_its_roles_and_to_nobody_else(place: Place) {
        let site = Site::with_branches(place, 2).await;
        let there = office_with_things(&site).await;
        let mut clients = everybody(&site, &there).await;
        let mut wrong = Vec::new();
        for (method, path, who) in TABLE {
            for (role, client) in &mut clients {
                let expected = match (who, *role) {
                    (Anybody, _) | (SignedIn, Some(_)) => Verdict::MaySo,
                    (Only(roles), Some(role)) if roles.contains(&role) => Verdict::MaySo,
                    (Only(_), Some(_)) => Verdict::NotYours,
                    (SignedIn | Only(_), None) => Verdict::SignInFirst,
                };
                let answer = ask(client, method, path, &there).await;
                if verdict(&answer) != expected || answer.status.is_server_error() {
                    wrong.push(format!("{method} {path} as {role:?}: {} {}, expected {expected:?}", answer.status, answer.json["detail"]));
                }
                if let Some(role) = role.filter(|_| (*method, *path) == ("delete", "/api/session")) {
                    *client = site.signed_in(role, &site.office.top).await;
                }
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }
}
