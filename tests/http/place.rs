//! Where a test's rows lie: a SQLite file, or a database of a PostgreSQL server that all tests share.

use crate::app::EPOCH;
use crate::setup::Setup;
use axum::Router;
use sqlx::ConnectOptions;
use std::sync::Arc;
use tempfile::TempDir;
use tidemark_protocol::Epoch;
use tidemark_server::http::{App, Environment, router};
use tidemark_server::storage::{PostgresStorage, SqliteStorage, Storage};
use tidemark_testdb::Postgres;
use tokio::sync::OnceCell;

/// What SQLite can and the tests ask for.
const LIKE_SQLITE: &str =
    "CREATE FUNCTION hex(BYTEA) RETURNS TEXT LANGUAGE SQL AS $$ SELECT upper(encode($1, 'hex')) $$";

/// A database; as long as it is there.
pub enum Place {
    Folder(TempDir),
    Postgres(String),
}

impl Place {
    /// An empty one of the kind that `TIDEMARK_TEST_DATABASE` names.
    pub async fn fresh() -> Self {
        match std::env::var("TIDEMARK_TEST_DATABASE").as_deref() {
            Ok("postgres") => Self::Postgres(copy().await),
            _ => Self::Folder(TempDir::new().unwrap()),
        }
    }

    /// The router over it.
    pub async fn serve(&self, setup: Setup, environment: Environment) -> Router {
        let epoch = Epoch(EPOCH.to_owned());
        match self {
            Self::Folder(folder) => {
                let file = folder.path().join("deep/tidemark.db");
                let storage = SqliteStorage::open(&file, &epoch).await.unwrap();
                router(Arc::new(App::new(storage, setup.settings(), environment)))
            }
            Self::Postgres(name) => {
                let url = Postgres::shared().url(name);
                let storage = PostgresStorage::open(&url, &epoch).await.unwrap();
                router(Arc::new(App::new(storage, setup.settings(), environment)))
            }
        }
    }

    /// Everything in it, row by row.
    pub async fn everything(&self) -> Vec<String> {
        let tables = match self {
            Self::Folder(_) => {
                "SELECT 'SELECT ''' || m.name || ' '' || ' || group_concat('quote(\"' || c.name || '\")', ' || ') \
                 || ' FROM ' || m.name FROM sqlite_master m, pragma_table_info(m.name) c \
                 WHERE m.type = 'table' GROUP BY m.name ORDER BY m.name"
            }
            Self::Postgres(_) => {
                "SELECT format('SELECT ''%s '' || t::text FROM %I t ORDER BY 1', table_name, table_name) \
                 FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE' \
                 ORDER BY table_name"
            }
        };
        let mut rows = Vec::new();
        for select in self.column(tables).await {
            rows.extend(self.column(&select).await);
        }
        // The probe of /readyz.
        rows.retain(|row| !(row.starts_with("meta ") && row.contains("probe")));
        rows
    }

    /// A column that a question answers.
    pub async fn column(&self, sql: &str) -> Vec<String> {
        match self {
            Self::Folder(folder) => {
                let file = folder.path().join("deep/tidemark.db");
                let options = sqlx::sqlite::SqliteConnectOptions::new().filename(file);
                let mut connection = options.connect().await.unwrap();
                let answer = sqlx::query_scalar(sqlx::AssertSqlSafe(sql));
                answer.fetch_all(&mut connection).await.unwrap()
            }
            Self::Postgres(name) => {
                let told = Postgres::shared().say(name, sql).unwrap();
                told.lines().map(str::to_owned).collect()
            }
        }
    }
}

/// A copy of a database whose schema is made.
async fn copy() -> String {
    static MADE: OnceCell<String> = OnceCell::const_new();
    let server = Postgres::shared();
    let make = async || {
        let name = server.database(None).unwrap();
        let epoch = Epoch(EPOCH.to_owned());
        let storage = PostgresStorage::open(&server.url(&name), &epoch).await;
        storage.unwrap().close().await;
        server.say(&name, LIKE_SQLITE).unwrap();
        name
    };
    server.database(Some(MADE.get_or_init(make).await)).unwrap()
}
