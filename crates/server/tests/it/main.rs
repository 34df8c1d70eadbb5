//! The server's tests: one module per feature, each test on both databases, through the router as a browser would.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod access;
mod accounts;
mod bindings;
mod census;
mod check_in;
mod development;
mod dues;
mod duties;
mod elections;
mod files;
mod frame;
mod guide;
mod health;
mod imports;
mod ledger;
mod me;
mod meetings;
mod members;
mod members_export;
mod notices;
mod notices_out;
mod openapi;
mod orgs;
mod post_office;
mod search;
mod serve;
mod session;
mod setup;
mod site;
mod stats;
mod templates;
mod transfers;
mod workbooks;
