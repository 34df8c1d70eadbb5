//! The description of the API is complete enough to generate a client from.

use serde_json::Value;
use std::collections::BTreeSet;

fn operations() -> Vec<(String, Value)> {
    let api = serde_json::to_value(server::openapi()).unwrap();
    let mut found = Vec::new();
    for (path, item) in api["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            found.push((format!("{method} {path}"), operation.clone()));
        }
    }
    found
}

#[test]
fn every_operation_has_a_name_of_its_own_and_says_what_it_does() {
    let mut names = BTreeSet::new();
    for (place, operation) in operations() {
        assert!(names.insert(operation["operationId"].as_str().unwrap().to_owned()), "{place}: the name occurs twice");
        assert!(operation["summary"].as_str().is_some_and(|summary| !summary.is_empty()), "{place} has no summary");
    }
}

#[test]
fn every_part_of_a_path_is_described_and_queries_are_queries() {
    for (place, operation) in operations() {
        let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
        let within = |place: &str| -> BTreeSet<String> {
            let found = parameters.iter().filter(|parameter| parameter["in"] == place);
            found.map(|parameter| parameter["name"].as_str().unwrap().to_owned()).collect()
        };
        let named: BTreeSet<String> =
            place.split('{').skip(1).map(|rest| rest.split('}').next().unwrap().to_owned()).collect();
        assert_eq!(within("path"), named, "{place}");
    }
}

#[test]
fn every_operation_says_how_it_refuses() {
    for (place, operation) in operations() {
        let content = &operation["responses"]["default"]["content"]["application/problem+json"];
        assert!(content["schema"].is_object(), "{place}");
    }
}
