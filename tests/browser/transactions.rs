//! Traps of IndexedDB transactions, each of which once kept half of a change: what the one helper makes
//! of them.

use super::world::fresh_name;
use std::future::poll_fn;
use std::pin::pin;
use std::rc::Rc;
use std::task::Poll;
use tidemark_browser::internals::{Connection, Failure, Mode, OUTBOX, Tx, USER, with_transaction};
use tidemark_browser::timer::{sleep, within};
use tidemark_engine::StoreError;
use tidemark_engine::ports::Store;
use tidemark_protocol::User;
use tidemark_testkit::samples::{NOON, entity};
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;

async fn connection() -> Connection {
    let opened = Connection::open(&fresh_name(), 3_000, Rc::new(|| ())).await;
    opened.expect("a fresh database opens")
}

fn user(number: u128) -> User {
    User::new(entity(number), NOON)
}

fn key(number: u128) -> JsValue {
    JsValue::from_str(&entity(number).to_string())
}

/// Which of the first nine people are stored.
async fn stored(connection: &Connection) -> Vec<u128> {
    let read = async |tx: &Tx| {
        let mut found = Vec::new();
        for number in 1..9 {
            let row: Option<User> = tx.get(USER, key(number)).await?;
            found.extend(row.map(|_| number));
        }
        Ok(found)
    };
    with_transaction(connection.raw(), &[USER], Mode::Read, read)
        .await
        .expect("a read succeeds")
}

async fn run<T>(
    connection: &Connection,
    body: impl AsyncFnOnce(&Tx) -> Result<T, Failure>,
) -> Result<T, Failure> {
    with_transaction(connection.raw(), &[USER, OUTBOX], Mode::Strict, body).await
}

#[wasm_bindgen_test]
async fn two_writes_with_a_read_between_are_both_stored() {
    let connection = connection().await;
    let done = run(&connection, async |tx| {
        tx.put(USER, &user(1))?;
        let first: Option<User> = tx.get(USER, key(1)).await?;
        tx.put(USER, &user(2))?;
        tx.get::<User>(USER, key(2)).await?;
        Ok(first)
    });
    assert_eq!(done.await, Ok(Some(user(1))));
    assert_eq!(stored(&connection).await, [1, 2]);
}

#[wasm_bindgen_test]
async fn writes_that_nobody_waits_for_are_stored_when_the_transaction_is_done() {
    let connection = connection().await;
    let done = run(&connection, async |tx| {
        tx.put(USER, &user(1))?;
        tx.put(USER, &user(2))
    });
    assert_eq!(done.await, Ok(()));
    assert_eq!(stored(&connection).await, [1, 2]);
}

#[wasm_bindgen_test]
async fn waiting_for_something_else_keeps_nothing() {
    // The browser used to commit the first write while the timer ran.
    let connection = connection().await;
    let done = run(&connection, async |tx| {
        tx.put(USER, &user(1))?;
        sleep(5).await;
        tx.put(USER, &user(2))
    });
    let failure = done.await.expect_err("it is stopped");
    assert!(failure.is_final(), "trying again would do the same");
    assert!(matches!(
        failure.into_store_error(),
        StoreError::Unavailable(_)
    ));
    assert_eq!(stored(&connection).await, [] as [u128; 0]);
}

#[wasm_bindgen_test]
async fn leaving_early_keeps_nothing() {
    // A question mark used to keep the first write.
    let connection = connection().await;
    let done = run(&connection, async |tx| {
        tx.put(USER, &user(1))?;
        let unreadable = Err(Failure::Final(StoreError::Unreadable("x".to_owned())));
        unreadable?;
        tx.put(USER, &user(2))
    });
    let failure = done.await.expect_err("the body failed");
    assert_eq!(
        failure.into_store_error(),
        StoreError::Unreadable("x".to_owned())
    );
    assert_eq!(stored(&connection).await, [] as [u128; 0]);
}

#[wasm_bindgen_test]
async fn a_future_dropped_midway_keeps_nothing() {
    let connection = connection().await;
    let endless = run(&connection, async |tx| -> Result<(), Failure> {
        tx.put(USER, &user(1))?;
        loop {
            tx.get::<User>(USER, key(1)).await?;
        }
    });
    assert_eq!(within(20, endless).await, None);
    assert_eq!(stored(&connection).await, [] as [u128; 0]);
}

#[wasm_bindgen_test]
async fn a_task_that_is_woken_for_something_else_does_not_run_ahead_of_the_browser() {
    // An answer that was there, but not told of yet, was taken: the next question came too early and was refused.
    let connection = connection().await;
    let reads = async {
        for _ in 0..50 {
            assert_eq!(stored(&connection).await, [] as [u128; 0]);
        }
    };
    while_woken(reads).await;
}

/// Runs `work` in a task that is woken all the time by timers.
async fn while_woken(work: impl Future<Output = ()>) {
    let timers = async {
        loop {
            sleep(0).await;
        }
    };
    let mut work = pin!(work);
    let mut timers = pin!(timers);
    poll_fn(|context| {
        if work.as_mut().poll(context).is_ready() {
            return Poll::Ready(());
        }
        timers.as_mut().poll(context)
    })
    .await;
}

#[wasm_bindgen_test]
async fn a_transaction_that_ended_by_itself_is_not_waited_for_for_ever() {
    let connection = connection().await;
    let empty = within(3_000, run(&connection, async |_| Ok(7)));
    assert_eq!(empty.await, Some(Ok(7)));
}

#[wasm_bindgen_test]
async fn a_write_that_the_browser_refuses_undoes_the_others() {
    let connection = connection().await;
    let done = run(&connection, async |tx| {
        tx.put(USER, &user(1))?;
        let entry = |op: &str| [("op_id", op.to_owned())];
        for op in ["one", "two"] {
            // The index on `seq` takes each number once.
            let row: std::collections::BTreeMap<_, _> = entry(op).into_iter().collect();
            let mut row: std::collections::BTreeMap<&str, String> = row;
            row.insert("seq", "1".to_owned());
            tx.put(OUTBOX, &row)?;
        }
        Ok(())
    });
    let Err(Failure::Js(error)) = done.await else {
        panic!("two entries got the same number");
    };
    assert_eq!(error.name, "ConstraintError");
    assert_eq!(stored(&connection).await, [] as [u128; 0]);
}

#[wasm_bindgen_test]
async fn transactions_of_one_store_come_one_after_another() {
    let (_, store) = super::world::fresh_store().await;
    let device = tidemark_testkit::samples::device();
    let (first, second) = (store.load(&device), store.load(&device));
    let first = first.await.expect("the store loads");
    assert_eq!(second.await, Ok(first));
}
