//! The server's tests: one module per feature, each test on both databases, through the router as a browser would.
#![allow(clippy::unwrap_used, clippy::panic)]

mod access;
mod accounts;
mod bindings;
mod files;
mod frame;
mod health;
mod imports;
mod ledger;
mod me;
mod members;
mod members_export;
mod openapi;
mod orgs;
mod search;
mod serve;
mod session;
mod setup;
mod site;
mod stats;
mod transfers;
