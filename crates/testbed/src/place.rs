//! A fresh, empty database that goes away with the test.

use sealed::KeyRing;
use sqlx::Executor;
use sqlx::any::{AnyPoolOptions, install_default_drivers};
use std::sync::atomic::{AtomicU32, Ordering};
use store::{Location, Store};

/// Which of the two databases.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Database {
    /// A file in a temporary directory.
    Sqlite,
    /// A database of its own on the test server.
    Postgres,
}

/// Where a test's data live.
pub struct Place {
    /// Its address.
    pub location: Location,
    /// The keys that go with it.
    pub ring: KeyRing,
    dir: tempfile::TempDir,
}

static NEXT: AtomicU32 = AtomicU32::new(0);

impl Place {
    /// A fresh place; `None` when there is no PostgreSQL server to make it on.
    pub async fn new(database: Database) -> Option<Self> {
        let dir = tempfile::tempdir().expect("a temporary directory");
        let location = match database {
            Database::Sqlite => Location::File(dir.path().join("dangjian.db")),
            Database::Postgres => {
                let server = std::env::var("DANGJIAN_TEST_POSTGRES").ok()?;
                let name = format!("t{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
                install_default_drivers();
                let pool = AnyPoolOptions::new()
                    .max_connections(1)
                    .connect(&server)
                    .await
                    .expect("the PostgreSQL test server");
                pool.execute(sqlx::AssertSqlSafe(format!("CREATE DATABASE {name}"))).await.expect("a new database");
                pool.close().await;
                let (address, _) = server.rsplit_once('/').expect("an address that ends with a database");
                Location::Postgres(format!("{address}/{name}"))
            }
        };
        Some(Place { location, ring: KeyRing::ephemeral().expect("keys"), dir })
    }

    /// Opens the store here; may be done again after the first was closed.
    pub async fn open(&self) -> Store {
        Store::open(&self.location, self.ring.clone()).await.expect("a store")
    }

    /// A directory of the test's own.
    pub fn dir(&self) -> &std::path::Path {
        self.dir.path()
    }

    /// A connection past the store, for tests that tamper.
    pub async fn raw(&self) -> sqlx::AnyPool {
        install_default_drivers();
        let url = match &self.location {
            Location::File(path) => format!("sqlite://{}", path.display()),
            Location::Postgres(url) => url.clone(),
        };
        AnyPoolOptions::new().max_connections(1).connect(&url).await.expect("a connection")
    }
}
