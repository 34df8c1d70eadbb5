//! /api/guide: how an activity is done.

use crate::site::Site;
use testbed::on_both;

on_both! {
    async fn an_activity_is_explained_and_an_unknown_one_is_not(place: Place) {
        let site = Site::with_branches(place, 0).await;
        let staff = site.staff().await;
        let guide = staff.get("/api/guide/members_meeting").await;
        assert_eq!((guide.status.as_u16(), &guide.json["name"], &guide.json["rule"]), (200, &"支部党员大会".into(), &"MEET-01".into()));
        assert!(guide.json["mistakes"].as_array().unwrap().len() >= 2);
        assert_eq!(staff.get("/api/guide/no_such_thing").await.status.as_u16(), 404);
    }
}
