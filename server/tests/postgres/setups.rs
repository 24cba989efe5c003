//! Databases of each kind. The schema is made once for each and copied for every test.

use crate::suite::epoch;
use std::sync::OnceLock;
use tidemark_server::storage::{PostgresStorage, Storage};
use tidemark_testdb::{Bouncer, Postgres};
use tokio::sync::OnceCell;

/// Files of the schema, oldest first.
pub const SCHEMA: [&str; 2] = [
    include_str!("../../migrations/postgres/0001_first.sql"),
    include_str!("../../migrations/postgres/0002_accounts.sql"),
];

/// Refuses every 17th statement that changes a table, and every third commit, as an engine does that could not put
/// transactions in an order. A sequence counts on over what is rolled back.
const REFUSALS: &str = "\
CREATE SEQUENCE statements; CREATE SEQUENCE commits;
CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF nextval(TG_ARGV[0]) % TG_ARGV[1]::INT = 0 THEN RAISE EXCEPTION 'refused' USING ERRCODE = '40001'; END IF;
  RETURN NULL;
END $$;
DO $$ DECLARE name TEXT; BEGIN
  FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
    EXECUTE format('CREATE TRIGGER statement AFTER INSERT OR UPDATE OR DELETE ON %I FOR EACH STATEMENT \
                    EXECUTE FUNCTION refuse(''statements'', ''17'')', name);
  END LOOP;
END $$;
CREATE CONSTRAINT TRIGGER commit AFTER UPDATE ON account_head DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  EXECUTE FUNCTION refuse('commits', '3');";

async fn open(url: &str) -> PostgresStorage {
    PostgresStorage::open(url, &epoch()).await.unwrap()
}

/// Makes a database's schema and leaves it alone, so that it can be copied.
async fn made(name: String) -> String {
    open(&Postgres::shared().url(&name)).await.close().await;
    name
}

async fn plain_template() -> &'static str {
    static MADE: OnceCell<String> = OnceCell::const_new();
    let make = async || made(Postgres::shared().database(None).unwrap()).await;
    MADE.get_or_init(make).await
}

/// A database with the schema, by its name.
pub async fn plain_database() -> String {
    let server = Postgres::shared();
    server.database(Some(plain_template().await)).unwrap()
}

pub async fn plain() -> PostgresStorage {
    open(&Postgres::shared().url(&plain_database().await)).await
}

/// Tables that are partitioned by a hash of the account: an engine that spreads accounts over machines demands the same
/// of every key.
pub async fn partitioned() -> PostgresStorage {
    static MADE: OnceCell<String> = OnceCell::const_new();
    let make = async || {
        let name = Postgres::shared().database(None).unwrap();
        Postgres::shared()
            .say(&name, &partitioned_schema())
            .unwrap();
        made(name).await
    };
    let template = MADE.get_or_init(make).await;
    let name = Postgres::shared().database(Some(template)).unwrap();
    open(&Postgres::shared().url(&name)).await
}

/// The schema with every table of accounts in three parts.
fn partitioned_schema() -> String {
    let statements = SCHEMA.iter().flat_map(|file| file.split_inclusive(";\n"));
    statements.map(in_parts).collect()
}

/// A statement of the schema; where it makes a table of accounts, in three parts.
fn in_parts(statement: &str) -> String {
    let start = statement.split_once("CREATE TABLE IF NOT EXISTS ");
    let name = start.and_then(|(_, rest)| rest.split(' ').next());
    let Some(name) = name.filter(|name| *name != "meta") else {
        return statement.to_owned();
    };
    let key = if name == "email" {
        "email_key"
    } else {
        "account_id"
    };
    let whole = statement.trim_end().trim_end_matches(';');
    let part = |part| {
        let values = format!("FOR VALUES WITH (MODULUS 3, REMAINDER {part})");
        format!("CREATE TABLE {name}_{part} PARTITION OF {name} {values};\n")
    };
    let parts: String = (0..3).map(part).collect();
    format!("{whole} PARTITION BY HASH ({key});\n{parts}")
}

/// A database at the strictest isolation that refuses some statements and commits.
pub async fn refusing_database() -> String {
    static MADE: OnceCell<String> = OnceCell::const_new();
    let make = async || {
        let name = plain_database().await;
        Postgres::shared().say(&name, REFUSALS).unwrap();
        name
    };
    let template = MADE.get_or_init(make).await;
    let name = Postgres::shared().database(Some(template)).unwrap();
    let strict =
        format!("ALTER DATABASE {name} SET default_transaction_isolation = 'serializable'");
    Postgres::shared().say(&name, &strict).unwrap();
    name
}

pub async fn refusing() -> PostgresStorage {
    open(&Postgres::shared().url(&refusing_database().await)).await
}

/// An address through a pooler that hands out another connection for every transaction.
pub fn pooled_url(database: &str) -> String {
    static BOUNCER: OnceLock<Bouncer> = OnceLock::new();
    let start = || Bouncer::before(Postgres::shared()).unwrap();
    BOUNCER.get_or_init(start).url(database)
}

pub async fn pooled() -> PostgresStorage {
    open(&pooled_url(&plain_database().await)).await
}
