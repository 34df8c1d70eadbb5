//! What tests stand on: a fresh database on SQLite or PostgreSQL, and an office with branches and members in it.
//! Only tests depend on this crate.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout)]

mod applicant;
mod dump;
mod meeting;
mod office;
mod place;
mod register;

pub use applicant::{Applicant, DAYS};
pub use dump::{REGISTER, dump};
pub use office::{Office, TODAY, draft};
pub use place::{Database, Place};
pub use register::{Dice, Register, person, question};

/// Writes an async test that runs on SQLite and on PostgreSQL. The PostgreSQL half needs `DANGJIAN_TEST_POSTGRES`, the address of a
/// server on which databases may be created (`make test` starts one); without it that half says so and passes.
///
/// ```ignore
/// testbed::on_both! {
///     async fn a_member_is_found(place: Place) { … }
/// }
/// ```
#[macro_export]
macro_rules! on_both {
    ($($(#[$meta:meta])* async fn $name:ident($place:ident: Place) $body:block)+) => {$(
        mod $name {
            #[allow(unused_imports)]
            use super::*;

            async fn body($place: $crate::Place) $body

            $(#[$meta])*
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                body($crate::Place::new($crate::Database::Sqlite).await.unwrap()).await;
            }

            $(#[$meta])*
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                match $crate::Place::new($crate::Database::Postgres).await {
                    Some(place) => body(place).await,
                    None => println!("DANGJIAN_TEST_POSTGRES is not set: not run on PostgreSQL"),
                }
            }
        }
    )+};
}
