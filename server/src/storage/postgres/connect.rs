//! The way to the database: its address, its connections, its schema.

use super::retry;
use crate::storage::{StorageError, StorageResult};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{Connection, PgPool, Row};
use std::str::FromStr;
use std::time::Duration;

/// Connections of one server process.
const CONNECTIONS: u32 = 16;
/// How long a request waits for its turn, and for a connection or the database to come back.
pub(super) const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(5);
/// A connection that rested for longer is tried before it is used.
const TRUSTED_FOR: Duration = Duration::from_secs(1);

/// Remembers how far the schema is.
const STEPS: &str = "CREATE TABLE IF NOT EXISTS schema_step (step BIGINT NOT NULL PRIMARY KEY)";
/// Files of the schema; each statement ends with a semicolon at the end of its line.
const FILES: [&str; 2] = [
    include_str!("../../../migrations/postgres/0001_first.sql"),
    include_str!("../../../migrations/postgres/0002_accounts.sql"),
];

/// Connections to an address, and whether each is ours alone.
pub(super) fn pool(address: &str) -> StorageResult<(PgPool, bool)> {
    // A pooler knows only some of the settings that a client may begin with.
    let options = PgConnectOptions::from_str(address)?.extra_float_digits(None);
    let owns_connections = !is_pooled(address);
    let pool = PgPoolOptions::new()
        .max_connections(CONNECTIONS)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        .test_before_acquire(false)
        .before_acquire(|connection, rest| {
            Box::pin(async move {
                let is_well =
                    rest.idle_for < TRUSTED_FOR || Connection::ping(connection).await.is_ok();
                Ok(is_well)
            })
        });
    Ok((pool.connect_lazy_with(options), owns_connections))
}

/// Whether the address says that no statement may be kept.
fn is_pooled(address: &str) -> bool {
    let parameters = address
        .split_once('?')
        .map_or("", |(_, parameters)| parameters);
    form_urlencoded::parse(parameters.as_bytes())
        .any(|(name, value)| name == "statement-cache-capacity" && value == "0")
}

/// Brings the schema up to date. Each statement is a transaction of its own and may come twice, so servers that start
/// together need no lock: the one that comes second finds everything made.
pub(super) async fn migrate(pool: &PgPool) -> StorageResult<()> {
    let done = match steps_done(pool).await {
        Err(StorageError::Database(error)) if is_unknown_table(&error) => {
            say(pool, STEPS).await?;
            0
        }
        done => done?,
    };
    for (step, statement) in (1..).zip(statements()).skip(done) {
        say(pool, statement).await?;
        let note = format!("INSERT INTO schema_step (step) VALUES ({step}) ON CONFLICT DO NOTHING");
        let note = sqlx::raw_sql(sqlx::AssertSqlSafe(note));
        note.execute(pool).await?;
    }
    Ok(())
}

async fn steps_done(pool: &PgPool) -> StorageResult<usize> {
    let last = sqlx::raw_sql("SELECT step FROM schema_step ORDER BY step DESC LIMIT 1");
    let Some(row) = last.fetch_optional(pool).await? else {
        return Ok(0);
    };
    let last: String = row.try_get_unchecked("step")?;
    last.parse().map_err(|_| StorageError::Damaged("step"))
}

fn is_unknown_table(error: &sqlx::Error) -> bool {
    let error = error.as_database_error();
    error.is_some_and(|error| error.code().is_some_and(|code| code == "42P01"))
}

fn statements() -> impl Iterator<Item = &'static str> {
    let ends = |file: &'static str| file.split_inclusive(";\n");
    FILES.into_iter().flat_map(ends).map(str::trim)
}

async fn say(pool: &PgPool, statement: &'static str) -> StorageResult<()> {
    let said = sqlx::raw_sql(statement).execute(pool).await;
    said.map(drop).map_err(retry::of_schema)
}

#[cfg(test)]
mod tests {
    use super::{FILES, is_pooled, statements};

    #[test]
    fn every_statement_of_the_schema_may_be_run_again_and_uses_plain_means_only() {
        let all: Vec<_> = statements().collect();
        assert!(all.len() > 15);
        for statement in all {
            assert!(statement.contains("IF NOT EXISTS"), "{statement}");
            let words = statement.to_uppercase();
            let no_code = |line: &&str| !line.trim_start().starts_with("--");
            let words: Vec<_> = words.lines().filter(no_code).collect();
            let words = words.join("\n");
            for barred in [
                "SERIAL",
                "SEQUENCE",
                "IDENTITY",
                "TRIGGER",
                "REFERENCES",
                "EXTENSION",
                "EXCLUDE",
                "PARTITION",
            ] {
                assert!(!words.contains(barred), "{barred} in {statement}");
            }
        }
    }

    #[test]
    fn a_step_of_the_schema_only_adds() {
        for statement in FILES.into_iter().flat_map(crate::storage::statements_of) {
            crate::storage::assert_adds(&statement);
        }
    }

    #[test]
    fn an_account_comes_first_in_every_key() {
        for statement in statements() {
            let keys = statement
                .match_indices("PRIMARY KEY (")
                .map(|(at, key)| &statement[at + key.len()..]);
            let indexes = statement
                .lines()
                .filter(|line| line.contains("INDEX"))
                .filter_map(|line| line.split_once('('));
            for key in keys.chain(indexes.map(|(_, key)| key)) {
                assert!(key.starts_with("account_id"), "{key}");
            }
        }
    }

    #[test]
    fn an_address_says_whether_a_pooler_stands_between() {
        assert!(is_pooled("postgres://a@b/c?x=1&statement-cache-capacity=0"));
        for address in [
            "postgres://a@b/c",
            "postgres://a@b/c?statement-cache-capacity=10",
        ] {
            assert!(!is_pooled(address), "{address}");
        }
    }
}
