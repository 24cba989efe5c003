//! The database file itself, after the last kill of a life.

use anyhow::{Context, Result, ensure};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection};
use std::path::Path;

/// SQLite's own opinion of the file.
pub async fn check(path: &Path) -> Result<()> {
    let options = SqliteConnectOptions::new().filename(path);
    let mut connection = options.connect().await.context("open the file")?;
    let verdicts: Vec<String> = sqlx::query_scalar("PRAGMA integrity_check")
        .fetch_all(&mut connection)
        .await?;
    ensure!(
        verdicts == ["ok"],
        "SQLite finds its file damaged: {verdicts:?}"
    );
    Ok(connection.close().await?)
}
