//! Everything that stands in tables, as text: for tests that nothing has changed.

use sqlx::any::{AnyPoolOptions, install_default_drivers};
use sqlx::{AssertSqlSafe, Row};
use store::Location;

/// Every table that an import may change, with the ledger and its end.
pub const REGISTER: &[&str] = &[
    "enterprise",
    "org",
    "org_spell",
    "post",
    "person",
    "spell",
    "transfer",
    "change_request",
    "file",
    "ledger",
    "ledger_item",
    "ledger_head",
];

/// Every row of the tables, in an order of its own, the table's name before each.
pub async fn dump(location: &Location, tables: &[&str]) -> Vec<String> {
    install_default_drivers();
    let url = match location {
        Location::File(path) => format!("sqlite://{}", path.display()),
        Location::Postgres(url) => url.clone(),
    };
    let pool = AnyPoolOptions::new().max_connections(1).connect(&url).await.expect("a connection");
    let mut lines = Vec::new();
    for table in tables {
        let text = match location {
            Location::Postgres(_) => format!("SELECT CAST(t AS TEXT) AS line FROM {table} t ORDER BY 1"),
            Location::File(_) => {
                let columns = sqlx::query(AssertSqlSafe(format!("SELECT name FROM pragma_table_info('{table}')")));
                let columns = columns.fetch_all(&pool).await.expect("columns");
                let parts: Vec<String> =
                    columns.iter().map(|row| format!("quote({})", row.get::<String, _>(0))).collect();
                format!("SELECT {} AS line FROM {table} ORDER BY 1", parts.join("||','||"))
            }
        };
        let rows = sqlx::query(AssertSqlSafe(text)).fetch_all(&pool).await.expect("rows");
        lines.extend(rows.iter().map(|row| format!("{table}: {}", row.get::<String, _>("line"))));
    }
    pool.close().await;
    lines
}
