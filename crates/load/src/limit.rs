//! What the database takes without a server before it: the same rows and operations into the same tables, 500 of each in
//! a transaction, as the fastest statements that the driver knows. The rows are as the server stores those of its devices.

use anyhow::{Context, Result};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection, PgConnection, QueryBuilder, SqliteConnection};
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};
use tidemark_testdb::Postgres;
use tokio::runtime::Runtime;
use uuid::Uuid;

const ROWS: usize = 500;
const STAMPS: &str = r#"[[7,12345,1772366400000,true,"load"]]"#;
const NOTE: &str = "after breakfast";
const DEVICE: &str = "load";

/// Events a second into the server's own file, which it must have left.
pub fn sqlite(file: &Path, seconds: u64) -> Result<f64> {
    let connect = SqliteConnectOptions::new().filename(file);
    let connect = connect.journal_mode(sqlx::sqlite::SqliteJournalMode::Wal);
    let connect = connect.synchronous(sqlx::sqlite::SqliteSynchronous::Full);
    Runtime::new()?.block_on(async {
        let mut connection = connect.connect().await?;
        let mut inserted = 0;
        let clock = Clock::start(seconds);
        while clock.runs() {
            let account = Uuid::new_v5(&Uuid::NAMESPACE_OID, &usize::to_be_bytes(inserted));
            sqlite_once(&mut connection, account).await?;
            inserted += ROWS;
        }
        Ok(clock.rate(inserted))
    })
}

async fn sqlite_once(connection: &mut SqliteConnection, account: Uuid) -> Result<()> {
    let numbers = 1..=i64::try_from(ROWS)?;
    let account_bytes = || account.as_bytes().to_vec();
    let id = |number: i64| {
        Uuid::new_v5(&account, &number.to_be_bytes())
            .as_bytes()
            .to_vec()
    };
    let mut tx = connection.begin_with("BEGIN IMMEDIATE").await?;
    let mut insert = QueryBuilder::new(
        "INSERT INTO metric (account_id, id, user_id, user_number, weight_g, note, created_at, updated_at, updated_by, \
         version, received_at, stamps) ",
    );
    insert.push_values(numbers.clone(), |mut row, number| {
        row.push_bind(account_bytes())
            .push_bind(id(number))
            .push_bind(account_bytes());
        row.push_bind(1_i64).push_bind(78_000_i64).push_bind(NOTE);
        row.push_bind(number).push_bind(number).push_bind(DEVICE);
        row.push_bind(number).push_bind(number).push_bind(STAMPS);
    });
    insert.build().execute(&mut *tx).await?;
    let mut insert = QueryBuilder::new(
        "INSERT INTO op (account_id, op_key, payload_hash, entity_id, status, conflict, version) ",
    );
    insert.push_values(numbers, |mut row, number| {
        row.push_bind(account_bytes())
            .push_bind(id(number))
            .push_bind(id(number));
        row.push_bind(id(number))
            .push_bind("applied")
            .push_bind(0_i64)
            .push_bind(number);
    });
    insert.build().execute(&mut *tx).await?;
    Ok(tx.commit().await?)
}

/// Events a second over so many connections.
pub fn postgres(address: &str, connections: usize, seconds: u64) -> Result<f64> {
    Runtime::new()?.block_on(async {
        let clock = Clock::start(seconds);
        let work = |number: usize| {
            let address = address.to_owned();
            tokio::spawn(async move {
                let mut connection = PgConnection::connect(&address).await?;
                let mut inserted = 0;
                while clock.runs() {
                    let account =
                        Uuid::from_u128((number as u128) << 100 | inserted as u128 | 1 << 127);
                    postgres_once(&mut connection, account).await?;
                    inserted += ROWS;
                }
                anyhow::Ok(inserted)
            })
        };
        let mut inserted = 0;
        for task in (0..connections).map(work).collect::<Vec<_>>() {
            inserted += task.await??;
        }
        Ok(clock.rate(inserted))
    })
}

async fn postgres_once(connection: &mut PgConnection, account: Uuid) -> Result<()> {
    let numbers: Vec<i64> = (1..=i64::try_from(ROWS)?).collect();
    let id = |number: &i64| Uuid::new_v5(&account, &number.to_be_bytes());
    let ids: Vec<Uuid> = numbers.iter().map(id).collect();
    let texts = |text| vec![text; ROWS];
    let mut tx = connection.begin().await?;
    sqlx::query(
        "INSERT INTO metric (account_id, received_at, id, user_id, user_number, weight_g, note, created_at, \
         updated_at, updated_by, version, stamps) SELECT $1, $2, * FROM UNNEST($3::UUID[], $4::UUID[], $5::BIGINT[], \
         $6::BIGINT[], $7::TEXT[], $8::BIGINT[], $9::BIGINT[], $10::TEXT[], $11::BIGINT[], $12::TEXT[])",
    )
    .bind(account)
    .bind(numbers[0])
    .bind(&ids)
    .bind(vec![account; ROWS])
    .bind(vec![1_i64; ROWS])
    .bind(vec![78_000_i64; ROWS])
    .bind(texts(NOTE))
    .bind(&numbers)
    .bind(&numbers)
    .bind(texts(DEVICE))
    .bind(&numbers)
    .bind(texts(STAMPS))
    .execute(&mut *tx)
    .await?;
    sqlx::query(
        "INSERT INTO op (account_id, op_key, payload_hash, entity_id, status, conflict, version) \
         SELECT $1, * FROM UNNEST($2::UUID[], $3::UUID[], $4::UUID[], $5::TEXT[], $6::BIGINT[], $7::BIGINT[])",
    )
    .bind(account)
    .bind(&ids)
    .bind(&ids)
    .bind(&ids)
    .bind(texts("applied"))
    .bind(vec![0_i64; ROWS])
    .bind(&numbers)
    .execute(&mut *tx)
    .await?;
    Ok(tx.commit().await?)
}

/// Events a second by the database's own program, which makes the rows inside the database.
pub fn pgbench(server: &Postgres, connections: usize, seconds: u64) -> Result<f64> {
    let folder = tempfile::TempDir::new()?;
    let script = folder.path().join("script.sql");
    let text = format!(
        "SELECT gen_random_uuid() AS a \\gset\nBEGIN;\n\
         INSERT INTO metric (account_id, id, user_id, user_number, weight_g, note, created_at, updated_at, updated_by, \
         version, received_at, stamps) \
         SELECT ':a', gen_random_uuid(), ':a', 1, 78000, '{NOTE}', n, n, '{DEVICE}', n, n, '{STAMPS}' \
         FROM generate_series(1, {ROWS}) AS n;\n\
         INSERT INTO op (account_id, op_key, payload_hash, entity_id, status, conflict, version) \
         SELECT ':a', gen_random_uuid(), ':a', ':a', 'applied', 0, n FROM generate_series(1, {ROWS}) AS n;\nCOMMIT;\n"
    );
    std::fs::write(&script, text)?;
    let mut pgbench = Command::new(server.program("pgbench")?);
    pgbench
        .args(["--no-vacuum", "--username=tidemark", "-h"])
        .arg(server.socket());
    pgbench.args(["-c", &connections.to_string(), "-T", &seconds.to_string()]);
    let output = pgbench.arg("-f").arg(script).arg("postgres").output()?;
    let told = String::from_utf8_lossy(&output.stdout);
    let rate = told
        .lines()
        .find_map(|line| line.strip_prefix("tps = ")?.split(' ').next());
    let rate = rate.with_context(|| String::from_utf8_lossy(&output.stderr).into_owned())?;
    #[expect(clippy::cast_precision_loss, reason = "figures for people")]
    Ok(rate.parse::<f64>()? * ROWS as f64)
}

/// A span of measuring.
#[derive(Clone, Copy)]
struct Clock {
    start: Instant,
    end: Instant,
}

#[expect(clippy::disallowed_methods, reason = "a measuring program measures")]
impl Clock {
    fn start(seconds: u64) -> Self {
        let start = Instant::now();
        let end = start + Duration::from_secs(seconds);
        Self { start, end }
    }

    fn runs(self) -> bool {
        Instant::now() < self.end
    }

    #[expect(clippy::cast_precision_loss, reason = "figures for people")]
    fn rate(self, count: usize) -> f64 {
        count as f64 / self.start.elapsed().as_secs_f64()
    }
}
