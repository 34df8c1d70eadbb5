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
<<<<<<< HEAD
mod me;
mod members;
mod members_export;
mod orgs;
mod search;
=======
mod serve;
>>>>>>> 3e784b5 (Server on a real port tested; a panic is a problem)
mod session;
mod setup;
mod site;
mod stats;
mod transfers;
