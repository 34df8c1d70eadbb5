//! Opening a database and bringing its schema up to date. The only place that knows which of the two databases it is.

use crate::error::StoreError;
use sqlx::any::{AnyPoolOptions, install_default_drivers};
use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::pool::PoolConnection;
use sqlx::{Any, AnyConnection, AnyPool, AssertSqlSafe, Connection, Executor, Row, SqlSafeStr};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::{Duration, Instant};

const MIGRATIONS: &[(i64, &str, &str)] = &[
    (1, "register", include_str!("../migrations/0001_register.sql")),
    (2, "work", include_str!("../migrations/0002_work.sql")),
    (3, "duty", include_str!("../migrations/0003_duty.sql")),
    (4, "meeting", include_str!("../migrations/0004_meeting.sql")),
    (5, "development", include_str!("../migrations/0005_development.sql")),
    (6, "election", include_str!("../migrations/0006_election.sql")),
    (7, "dues", include_str!("../migrations/0007_dues.sql")),
    (8, "notice", include_str!("../migrations/0008_notice.sql")),
    (9, "template", include_str!("../migrations/0009_template.sql")),
];

/// Where the data lives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Location {
    /// An SQLite file.
    File(std::path::PathBuf),
    /// A PostgreSQL address, `postgres://…`.
    Postgres(String),
}

/// The pools of one database. SQLite has one writer, so writers queue here and not at the file's lock.
#[derive(Debug, Clone)]
pub(crate) struct Db {
    pub(crate) read: AnyPool,
    pub(crate) write: AnyPool,
    pub(crate) begin: &'static str,
    /// What it is and where, without a password, fit for a screen.
    pub(crate) name: String,
    size: &'static str,
    sizes: Option<Sizes>,
}

/// Takes samples of every table, so that the order of a join and the choice of an index rest on how full the tables are. 400 entries of
/// each index take 13 ms at 1,000,000 persons.
const LEARN: &str = "PRAGMA analysis_limit = 400; ANALYZE";

/// When SQLite last learned how full its tables are. A connection reads that when it is opened, so older ones are let go.
#[derive(Debug, Clone)]
struct Sizes {
    opened: Instant,
    learned: Arc<AtomicU64>,
}

impl Sizes {
    fn new() -> Self {
        Sizes { opened: Instant::now(), learned: Arc::new(AtomicU64::new(0)) }
    }

    fn learned_now(&self) {
        self.learned.store(self.opened.elapsed().as_micros() as u64, Relaxed);
    }

    /// Whether a connection of this age knows what was learned.
    fn known_to(&self, age: Duration) -> bool {
        age <= self.opened.elapsed().saturating_sub(Duration::from_micros(self.learned.load(Relaxed)))
    }
}

impl Db {
    /// Whether other processes may work on it at the same time: SQLite belongs to one.
    pub(crate) fn is_shared(&self) -> bool {
        self.begin == "BEGIN"
    }

    pub(crate) async fn open(location: &Location) -> Result<Db, StoreError> {
        install_default_drivers();
        let db = match location {
            Location::File(path) => open_sqlite(path).await?,
            Location::Postgres(url) => open_postgres(url).await?,
        };
        migrate(&db.write, location).await?;
        Ok(db)
    }

    /// Learns how full the tables are, for the choice of plans. PostgreSQL does that by itself.
    pub(crate) async fn learn_sizes(&self) -> Result<(), StoreError> {
        let Some(sizes) = &self.sizes else { return Ok(()) };
        self.write.execute(LEARN).await?;
        sizes.learned_now();
        Ok(())
    }

    /// How many bytes the database takes.
    pub(crate) async fn size(&self) -> Result<i64, StoreError> {
        Ok(sqlx::query(self.size).fetch_one(&self.read).await?.try_get(0)?)
    }

    /// A connection to write with, unless all are busy for longer than a request should wait for something of little weight.
    pub(crate) async fn writer_if_free(&self) -> Option<PoolConnection<Any>> {
        tokio::time::timeout(Duration::from_millis(200), self.write.acquire()).await.ok()?.ok()
    }
}

async fn open_sqlite(path: &Path) -> Result<Db, StoreError> {
    let url = format!("sqlite://{}?mode=rwc", path.display());
    let options = || {
        AnyPoolOptions::new().acquire_timeout(Duration::from_secs(600)).after_connect(|conn, _| {
            Box::pin(async move {
                conn.execute(
                    "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA busy_timeout = 30000; \
                     PRAGMA cache_size = -65536; PRAGMA mmap_size = 1073741824; PRAGMA temp_store = MEMORY",
                )
                .await?;
                Ok(())
            })
        })
    };
    let explain = |e: sqlx::Error| StoreError::Open(format!("{}（{e}）。请检查路径和权限", path.display()));
    probe(&url, "PRAGMA user_version").await.map_err(explain)?;
    let write = options().max_connections(1).connect(&url).await.map_err(explain)?;
    let sizes = Sizes::new();
    let known = sizes.clone();
    let read = options()
        .max_connections(8)
        .before_acquire(move |_, connection| {
            let known = known.known_to(connection.age);
            Box::pin(async move { Ok(known) })
        })
        .connect(&url)
        .await
        .map_err(explain)?;
    Ok(Db {
        read,
        write,
        begin: "BEGIN IMMEDIATE",
        name: format!("SQLite {}", path.display()),
        size: "SELECT (SELECT page_count FROM pragma_page_count) * (SELECT page_size FROM pragma_page_size)",
        sizes: Some(sizes),
    })
}

/// A pool would try again until its time is up; one connection says at once what is wrong.
async fn probe(url: &str, statement: &'static str) -> Result<(), sqlx::Error> {
    let mut connection = AnyConnection::connect(url).await?;
    connection.execute(statement).await?;
    connection.close().await
}

async fn open_postgres(url: &str) -> Result<Db, StoreError> {
    let explain =
        |e: sqlx::Error| StoreError::Open(format!("{}（{e}）。请检查数据库地址、账号和网络", without_password(url)));
    probe(url, "SELECT 1").await.map_err(explain)?;
    let pool = AnyPoolOptions::new()
        .max_connections(16)
        .acquire_timeout(Duration::from_secs(30))
        .connect(url)
        .await
        .map_err(explain)?;
    let version: String = sqlx::query("SELECT version()").fetch_one(&pool).await?.get(0);
    if !version.contains("PostgreSQL") {
        tracing::warn!(%version, "not PostgreSQL itself; a compatible engine is assumed");
    }
    Ok(Db {
        read: pool.clone(),
        write: pool,
        begin: "BEGIN",
        name: without_password(url),
        size: "SELECT pg_database_size(current_database())",
        sizes: None,
    })
}

async fn migrate(pool: &AnyPool, location: &Location) -> Result<(), StoreError> {
    let (bytes, narrow) = match location {
        Location::File(_) => ("BLOB", "WITHOUT ROWID"),
        Location::Postgres(_) => ("BYTEA", ""),
    };
    let migrations = MIGRATIONS
        .iter()
        .map(|(version, name, text)| {
            let text = text.replace("{bytes}", bytes).replace("{narrow}", narrow);
            Migration::new(*version, (*name).into(), MigrationType::Simple, AssertSqlSafe(text).into_sql_str(), false)
        })
        .collect();
    Migrator::with_migrations(migrations)
        .run(pool)
        .await
        .map_err(|e| StoreError::Open(format!("数据库结构无法升级（{e}）。请从备份恢复或联系系统管理员")))
}

/// The address with its password left out, fit for a log or a screen.
pub fn without_password(url: &str) -> String {
    match (url.find("://"), url.rfind('@')) {
        (Some(start), Some(at)) if start + 3 <= at => {
            let user = url[start + 3..at].split(':').next().unwrap_or_default();
            format!("{}{user}:***{}", &url[..start + 3], &url[at..])
        }
        _ => url.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::Sizes;
    use std::thread::sleep;
    use std::time::{Duration, Instant};

    #[test]
    fn only_connections_opened_after_the_sizes_were_learned_know_them() {
        let sizes = Sizes::new();
        let before = Instant::now();
        assert!(sizes.known_to(before.elapsed()));
        sleep(Duration::from_millis(2));
        sizes.learned_now();
        let after = Instant::now();
        sleep(Duration::from_millis(2));
        assert!(!sizes.known_to(before.elapsed()));
        assert!(sizes.known_to(after.elapsed()));
    }

    #[test]
    fn an_address_is_shown_without_its_password() {
        assert_eq!(super::without_password("postgres://dj:p@ss@h:5432/d"), "postgres://dj:***@h:5432/d");
        assert_eq!(super::without_password("postgres://h/d"), "postgres://h/d");
    }
}
