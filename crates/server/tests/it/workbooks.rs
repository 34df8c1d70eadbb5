//! /api/workbooks: what the book of a year holds, who may have it, what is refused.

use crate::meetings::Hall;
use crate::site::{Client, Site};
use rules::access::Role;
use rules::ids::OrgId;
use rules::org::PostKind;
use serde_json::Value;
use testbed::{TODAY, on_both};

async fn book(client: &Client, org: OrgId, year: i16) -> Value {
    let answer = client.get(&format!("/api/workbooks/{org}/{year}")).await;
    assert_eq!(answer.status.as_u16(), 200, "{}", answer.text);
    answer.json
}

fn section<'b>(book: &'b Value, key: &str) -> &'b Value {
    let sections = book["sections"].as_array().unwrap();
    sections.iter().find(|section| section["key"] == key).unwrap_or_else(|| panic!("no section {key}: {book}"))
}

/// The rows of a section's table, cells joined by a stroke.
fn rows(book: &Value, key: &str) -> Vec<String> {
    let cells =
        |row: &Value| row.as_array().unwrap().iter().map(|cell| cell.as_str().unwrap()).collect::<Vec<_>>().join("|");
    section(book, key)["rows"].as_array().unwrap().iter().map(cells).collect()
}

on_both! {
    async fn a_meeting_that_was_held_stands_in_the_book_with_its_resolution(place: Place) {
        let mut hall = Hall::new(place).await;
        let branch = hall.site.office.branches[0].id;
        let before = book(&hall.secretary, branch, 2026).await;
        assert!(before["sections"].as_array().unwrap().iter().all(|section| section["key"] != "members_meeting"));
        hall.archived().await;
        let after = book(&hall.secretary, branch, 2026).await;
        assert_eq!(rows(&after, "members_meeting"), ["2026-11-24|第四季度支部党员大会|甲一|6|5"]);
        assert_eq!(rows(&after, "summary"), ["支部党员大会|1|6|5|83.3%"]);
        assert_eq!(rows(&after, "resolutions"), ["2026-11-24|接收预备党员|同意接收王某为预备党员。|4|0|0"]);
        assert_eq!(section(&after, "learning")["facts"][1]["value"], "10.0");
        assert_eq!(rows(&book(&hall.secretary, branch, 2025).await, "resolutions"), [""; 0], "of another year");
    }

    async fn the_members_of_the_day_and_the_committee_are_named_and_nothing_more_is_said_of_them(place: Place) {
        let site = Site::with_branches(place, 2).await;
        let branch = site.office.branches[0].id;
        let person = site.office.member(0, "张三").await;
        site.office.member(1, "李四").await;
        site.office.store.assign_post(site.office.author(), branch, person, PostKind::Secretary, TODAY).await.unwrap();
        let shown = book(&site.staff().await, branch, 2026).await;
        let members = rows(&shown, "members");
        assert_eq!(members.len(), 1);
        assert!(members[0].starts_with("1|张三|") && members[0].ends_with("|正式党员"), "{}", members[0]);
        assert_eq!(section(&shown, "members")["head"].as_array().unwrap().len(), 4);
        assert_eq!(rows(&shown, "committee"), [format!("书记|张三|{TODAY}|在任")]);
    }

    async fn what_is_overdue_in_the_year_is_missing_with_the_page_where_it_is_done(place: Place) {
        let site = Site::with_branches(place, 1).await;
        let branch = site.office.branches[0].id;
        let shown = book(&site.staff().await, branch, 2026).await;
        let missing = shown["missing"].as_array().unwrap();
        let first = missing.iter().find(|gap| gap["rule"] == "MEET-01").unwrap();
        assert_eq!((&first["due"], &first["persons"]), (&Value::from("2026-03-31"), &Value::from(0)));
        assert_eq!(first["link"], format!("/meetings?new=members_meeting&org={branch}"));
        assert!(missing.iter().all(|gap| gap["due"].as_str().unwrap() < "2026-11-24"), "not what is still to come");
    }

    async fn the_book_is_taken_as_docx_and_pdf_and_whoever_is_named_can_see_it(place: Place) {
        let site = Site::with_branches(place, 1).await;
        let person = site.office.member(0, "张三").await;
        let (branch, staff) = (site.office.branches[0].id, site.staff().await);
        let docx = staff.get(&format!("/api/workbooks/{branch}/2026?format=docx")).await;
        assert_eq!((docx.status.as_u16(), &docx.bytes[..2]), (200, &b"PK"[..]));
        let pdf = staff.get(&format!("/api/workbooks/{branch}/2026?format=pdf")).await;
        assert_eq!((pdf.status.as_u16(), &pdf.bytes[..5]), (200, &b"%PDF-"[..]));
        let views = staff.get(&format!("/api/members/{person}/views")).await;
        assert_eq!(views.json["items"].as_array().unwrap().len(), 2, "{}", views.text);
        book(&staff, branch, 2026).await;
        let views = staff.get(&format!("/api/members/{person}/views")).await;
        assert_eq!(views.json["items"].as_array().unwrap().len(), 2, "looking at it on screen takes nothing out");
    }

    async fn another_branchs_book_does_not_exist_for_a_secretary_and_no_book_for_the_system_duties(place: Place) {
        let site = Site::with_branches(place, 2).await;
        let [own, other] = [0, 1].map(|at| site.office.branches[at].clone());
        let asked = format!("/api/workbooks/{}/2026", other.id);
        let of = async |role| site.signed_in(role, &own).await.get(&asked).await.status.as_u16();
        assert_eq!(of(Role::Secretary).await, 404);
        assert_eq!(of(Role::Supervisor).await, 404);
        assert_eq!(of(Role::SystemAdmin).await, 403);
        let own = format!("/api/workbooks/{}/2026", own.id);
        let above = site.signed_in(Role::Supervisor, &site.office.top).await;
        assert_eq!(above.get(&own).await.status.as_u16(), 200);
        assert_eq!(above.get("/api/workbooks/1/2026").await.status.as_u16(), 404);
    }

    async fn a_year_that_has_no_book_another_format_and_a_committee_are_refused(place: Place) {
        let site = Site::with_branches(place, 1).await;
        let (branch, staff) = (site.office.branches[0].id, site.staff().await);
        for (rest, status, code) in [
            (format!("{branch}/2027"), 422, "bad_year"),
            (format!("{branch}/1920"), 422, "bad_year"),
            (format!("{branch}/2026?format=xls"), 422, "unknown_code"),
            (format!("{branch}/today"), 404, ""),
            (format!("{}/2026", site.office.top.id), 422, "not_a_branch"),
        ] {
            let answer = staff.get(&format!("/api/workbooks/{rest}")).await;
            assert_eq!(answer.status.as_u16(), status, "{rest}: {}", answer.text);
            assert!(answer.text.contains(code), "{rest}: {}", answer.text);
        }
    }
}
