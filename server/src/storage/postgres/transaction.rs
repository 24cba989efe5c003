//! A transaction, and the only door to the database.

use super::retry;
use crate::storage::StorageResult;
use sqlx::postgres::{PgArguments, PgRow};
use sqlx::query::Query;
use sqlx::{PgPool, Postgres, Transaction};

/// A statement with its arguments.
pub(super) type Statement<'q> = Query<'q, Postgres, PgArguments>;

/// A transaction; dropped, it is rolled back.
pub(super) struct Tx {
    inner: Transaction<'static, Postgres>,
    keeps_statements: bool,
}

impl Tx {
    /// Begins one.
    pub(super) async fn begin(
        pool: &PgPool,
        begin: &'static str,
        keeps_statements: bool,
    ) -> StorageResult<Self> {
        let inner = pool.begin_with(begin).await?;
        Ok(Self {
            inner,
            keeps_statements,
        })
    }

    /// A statement to bind arguments to. Where connections are shared it must not be left behind on one under a name.
    pub(super) fn say<'q>(&self, sql: &'static str) -> Statement<'q> {
        sqlx::query(sql).persistent(self.keeps_statements)
    }

    /// All rows that it answers.
    pub(super) async fn rows(&mut self, statement: Statement<'_>) -> StorageResult<Vec<PgRow>> {
        Ok(statement.fetch_all(&mut *self.inner).await?)
    }

    /// Its first row.
    pub(super) async fn row(&mut self, statement: Statement<'_>) -> StorageResult<Option<PgRow>> {
        Ok(statement.fetch_optional(&mut *self.inner).await?)
    }

    /// Carries it out; answers how many rows it touched.
    pub(super) async fn run(&mut self, statement: Statement<'_>) -> StorageResult<u64> {
        Ok(statement.execute(&mut *self.inner).await?.rows_affected())
    }

    /// Commits.
    pub(super) async fn commit(self) -> StorageResult<()> {
        self.inner.commit().await.map_err(retry::of_commit)
    }
}
