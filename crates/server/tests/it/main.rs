//! The server's tests: one module per feature, each test on both databases, through the router as a browser would.
#![allow(clippy::unwrap_used, clippy::panic)]

mod health;
mod orgs;
mod search;
mod site;
mod transfers;
