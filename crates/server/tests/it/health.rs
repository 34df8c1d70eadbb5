//! /api/health and the description of the API.

use crate::site::Site;
use insta::assert_snapshot;
use testbed::on_both;

on_both! {
    async fn the_server_says_that_it_is_up(place: Place) {
        let site = Site::with_branches(place, 0).await;
        let answer = site.stranger().get("/api/health").await;
        assert_snapshot!(answer.status, @"200 OK");
        assert_eq!(answer.text, "ok");
    }
}
