//! /api/search and /api/orgs/lookup.

use crate::site::{Client, Site};
use rules::access::Role;
use testbed::on_both;

async fn found(client: &Client, q: &str) -> (Vec<String>, Vec<String>) {
    let answer = client.get(&format!("/api/search?q={q}")).await;
    let list = |key: &str| {
        answer.json[key]
            .as_array()
            .unwrap_or_else(|| panic!("{}", answer.text))
            .iter()
            .map(|one| one["name"].as_str().unwrap().to_owned())
            .collect()
    };
    (list("persons"), list("orgs"))
}

async fn looked_up(client: &Client, query: &str) -> Vec<String> {
    let answer = client.get(&format!("/api/orgs/lookup?{query}")).await;
    let items = answer.json["items"].as_array().unwrap_or_else(|| panic!("{}", answer.text));
    items.iter().map(|one| one["name"].as_str().unwrap().to_owned()).collect()
}

on_both! {
    async fn one_box_finds_persons_and_organisations_of_the_own_subtree(place: Place) {
        let site = Site::with_branches(place, 2).await;
        site.office.member(0, "张三").await;
        site.office.member(1, "张四").await;
        let staff = site.staff().await;
        assert_eq!(found(&staff, "%E5%BC%A0").await.0, ["张三", "张四"]);
        assert_eq!(found(&staff, "zs").await.0.len(), 2);
        assert_eq!(found(&staff, "0001").await.0, ["张三"], "the end of the phone number");
        assert_eq!(found(&staff, "16000000002").await.0, ["张四"]);
        assert_eq!(found(&staff, "0102").await.1, ["第2党支部"]);
        assert_eq!(found(&staff, "%00%20").await, (vec![], vec![]));
        let secretary = site.signed_in(Role::Secretary, &site.office.branches[1]).await;
        assert_eq!(found(&secretary, "%E5%BC%A0").await.0, ["张四"]);
        assert_eq!(found(&secretary, "01").await.1, ["第2党支部"]);
        let text = staff.get("/api/search?q=zs").await.text;
        assert!(!text.contains("1600000") && !text.contains("5101"), "{text}");
    }

    async fn only_roles_that_see_members_search(place: Place) {
        let site = Site::with_branches(place, 1).await;
        for role in Role::ALL {
            let client = site.signed_in(*role, &site.office.top).await;
            let sees = matches!(role, Role::PartyStaff | Role::Secretary | Role::Supervisor);
            assert_eq!(client.get("/api/search?q=zs").await.status.as_u16(), if sees { 200 } else { 403 }, "{role:?}");
            let looks = sees || *role == Role::SecurityAdmin;
            assert_eq!(client.get("/api/orgs/lookup?q=1").await.status.as_u16(), if looks { 200 } else { 403 }, "{role:?}");
            let sends = matches!(role, Role::PartyStaff | Role::Secretary);
            let everywhere = client.get("/api/orgs/lookup?q=1&everywhere=true").await.status.as_u16();
            assert_eq!(everywhere, if sends { 200 } else { 403 }, "{role:?}");
        }
    }

    async fn a_receiving_branch_is_found_over_the_whole_enterprise(place: Place) {
        let site = Site::with_branches(place, 3).await;
        let secretary = site.signed_in(Role::Secretary, &site.office.branches[0]).await;
        assert_eq!(looked_up(&secretary, "q=dzb").await, ["第1党支部"]);
        assert_eq!(looked_up(&secretary, "q=dzb&everywhere=true&limit=2").await, ["第1党支部", "第2党支部"]);
        let one = secretary.get("/api/orgs/lookup?q=0103&everywhere=true").await.json;
        assert_eq!((&one["items"][0]["path_name"], &one["items"][0]["kind_name"]), (&"测试集团党委".into(), &"党支部".into()));
    }
}
