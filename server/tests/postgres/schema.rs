//! Versions of the schema: an earlier one is brought up to date, a later one is used as far as it is known.

use crate::setups::{SCHEMA, plain_database};
use crate::suite::epoch;
use tidemark_protocol::AccountId;
use tidemark_server::storage::{PostgresStorage, Storage};
use tidemark_testdb::Postgres;
use uuid::Uuid;

const ROW: &str = "INSERT INTO account_head (account_id, version, user_numbers, received_at, horizon) \
    VALUES ('00000000-0000-0000-0000-000000000001', 7, 0, 0, 0)";
const LATER: &str =
    "ALTER TABLE account_head ADD COLUMN later TEXT; INSERT INTO schema_step VALUES (1000)";

/// The version of the row's account, as this version of the server reads it.
async fn version(database: &str) -> u64 {
    let storage = PostgresStorage::open(&Postgres::shared().url(database), &epoch()).await;
    let head = storage.unwrap().head(AccountId(Uuid::from_u128(1))).await;
    head.unwrap()
}

#[tokio::test]
async fn a_database_of_any_earlier_schema_is_brought_up_to_date_with_its_rows() {
    let server = Postgres::shared();
    for steps in 1..SCHEMA.len() {
        let database = server.database(None).unwrap();
        server.say(&database, &SCHEMA[..steps].concat()).unwrap();
        server.say(&database, ROW).unwrap();
        assert_eq!(version(&database).await, 7, "after {steps} files");
    }
}

#[tokio::test]
async fn a_database_that_a_later_version_added_to_is_still_used() {
    let database = plain_database().await;
    Postgres::shared().say(&database, LATER).unwrap();
    Postgres::shared().say(&database, ROW).unwrap();
    assert_eq!(version(&database).await, 7);
}
