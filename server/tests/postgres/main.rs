//! The storage suite and the proofs against real PostgreSQL servers, which the tests start themselves: plain, with tables
//! partitioned by account, at the strictest isolation with refusals thrown in, and behind a pooler.
#![expect(clippy::unwrap_used, reason = "what fails here fails the test")]

#[path = "../suite/mod.rs"]
mod suite;

mod crossing;
mod encrypted;
mod program;
mod restored;
mod schema;
mod setups;
mod survival;

use setups::plain;
use suite::{both_answer_every_story_alike, every_case};

/// Each case as a test on a fresh database of each kind.
macro_rules! in_postgres {
    ($($case:ident),* $(,)?) => {
        in_postgres!(@ plain, $($case),*);
        in_postgres!(@ partitioned, $($case),*);
        in_postgres!(@ refusing, $($case),*);
        in_postgres!(@ pooled, $($case),*);
    };
    (@ $kind:ident, $($case:ident),*) => {
        mod $kind {
            $(#[tokio::test]
            async fn $case() {
                super::suite::$case(super::setups::$kind().await).await;
            })*
        }
    };
}

every_case!(in_postgres);

#[tokio::test]
async fn memory_and_postgres_answer_every_story_alike() {
    both_answer_every_story_alike(async || (plain().await, ())).await;
}
