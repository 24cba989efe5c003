//! The small adapters: network, clock, chance, lock, channel, timers, listeners.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use tidemark_browser::timer::{after, sleep, within};
use tidemark_browser::{
    BrowserClock, BrowserEntropy, BrowserNetwork, Changes, WebLock, events, storage,
};
use tidemark_engine::{Clock, Entropy, Lock, Network};
use tidemark_protocol::Timestamp;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::wasm_bindgen_test;

#[wasm_bindgen_test]
async fn only_one_holds_a_lock() {
    let (here, there) = (WebLock::new("a test"), WebLock::new("a test"));
    let held = here.acquire().await.expect("nobody holds it");
    assert!(there.acquire().await.is_none());
    let other = WebLock::new("another test").acquire().await;
    assert!(other.is_some(), "another lock is free");
    drop(held);
    assert!(there.acquire().await.is_some());
}

#[wasm_bindgen_test]
async fn a_lock_that_is_released_in_time_is_waited_for() {
    let lock = WebLock::new("a test of waiting");
    let held = lock.acquire().await.expect("nobody holds it");
    let release = after(20, move || drop(held));
    assert!(lock.acquire().await.is_some());
    drop(release);
}

/// Runs JavaScript in the tests' own context.
fn javascript(code: &str) -> JsValue {
    let run = js_sys::Function::new_no_args(code);
    run.call0(&JsValue::UNDEFINED).unwrap()
}

#[wasm_bindgen_test]
async fn a_frozen_holder_blocks_nobody_for_long() {
    javascript("navigator.locks.request('tidemark:a frozen test', () => new Promise(() => {}));");
    let lock = WebLock::with_limits("a frozen test", 20, 60);
    let mut refusals = 0;
    while lock.acquire().await.is_none() {
        refusals += 1;
    }
    // In a busy browser a single wait may take most of the time after which it is taken by force.
    assert!((1..50).contains(&refusals), "{refusals}");
}

#[wasm_bindgen_test]
async fn a_holder_that_lets_go_in_time_is_not_robbed() {
    // Whoever finds it free gets it, as soon as a busy browser comes to it.
    let (here, there) = (
        WebLock::with_limits("a patient test", 3_000, 60_000),
        WebLock::with_limits("a patient test", 5, 60_000),
    );
    let held = here.acquire().await.unwrap();
    for _ in 0..5 {
        assert!(there.acquire().await.is_none());
    }
    drop(held);
    // A busy browser may need longer than one short wait to pass the lock on; long before anything is taken by force.
    let mut tries = 0;
    while there.acquire().await.is_none() {
        tries += 1;
        assert!(tries < 1_000, "it was let go and never passed on");
    }
}

#[wasm_bindgen_test]
async fn where_there_are_no_locks_or_none_are_given_everybody_goes_ahead() {
    let table = [
        "undefined",
        "{ request() { throw new DOMException('no', 'SecurityError'); } }",
        "{ request() { return Promise.reject(new DOMException('no', 'SecurityError')); } }",
    ];
    for stand_in in table {
        javascript(&format!(
            "Object.defineProperty(navigator, 'locks', {{ value: {stand_in}, configurable: true }});"
        ));
        let (here, there) = (WebLock::new("a test"), WebLock::new("a test"));
        let both = (here.acquire().await, there.acquire().await);
        javascript("delete navigator.locks;");
        assert!(both.0.is_some() && both.1.is_some(), "{stand_in}");
    }
}

#[wasm_bindgen_test]
async fn a_word_reaches_the_others_and_not_oneself() {
    let (here, there) = (Changes::new(), Changes::new());
    let heard: Rc<RefCell<Vec<String>>> = Rc::default();
    let own: Rc<RefCell<Vec<String>>> = Rc::default();
    let (others, mine) = (Rc::clone(&heard), Rc::clone(&own));
    let listener = there.subscribe(move |word| others.borrow_mut().push(word));
    let echo = here.subscribe(move |word| mine.borrow_mut().push(word));
    here.post("changed");
    while heard.borrow().is_empty() {
        sleep(1).await;
    }
    drop((listener, echo));
    here.post("unheard");
    let late: Rc<Cell<bool>> = Rc::default();
    let is_late = Rc::clone(&late);
    let last = there.subscribe(move |_| is_late.set(true));
    here.post("last");
    while !late.get() {
        sleep(1).await;
    }
    drop(last);
    assert_eq!(*heard.borrow(), ["changed"]);
    assert!(own.borrow().is_empty());
}

#[wasm_bindgen_test]
async fn a_dropped_timer_never_fires() {
    let fired: Rc<Cell<u32>> = Rc::default();
    let (kept, lost) = (Rc::clone(&fired), Rc::clone(&fired));
    drop(after(1, move || lost.set(lost.get() + 100)));
    let timer = after(2, move || kept.set(kept.get() + 1));
    while fired.get() == 0 {
        sleep(1).await;
    }
    drop(timer);
    assert_eq!(fired.get(), 1);
}

#[wasm_bindgen_test]
async fn a_deadline_ends_what_never_would() {
    assert_eq!(within(5, std::future::pending::<()>()).await, None);
    assert_eq!(within(5_000, async { 7 }).await, Some(7));
}

#[wasm_bindgen_test]
fn the_clock_and_chance_are_the_browsers() {
    let published = Timestamp::parse("2026-01-01T00:00:00Z").unwrap();
    assert!(BrowserClock.now() > published);
    let mut chance = [[0; 16]; 2];
    BrowserEntropy.fill(&mut chance[0]);
    BrowserEntropy.fill(&mut chance[1]);
    assert_ne!(chance[0], chance[1]);
    assert_ne!(chance[0], [0; 16]);
}

#[wasm_bindgen_test]
async fn what_the_browser_may_lack_is_asked_without_harm() {
    assert!(BrowserNetwork.online_hint());
    if let Some(estimate) = storage::estimate().await {
        assert!(estimate.quota_bytes > estimate.usage_bytes);
    }
    // Whatever it answers, it does not hang and does not fail.
    let persisted = storage::is_persisted().await;
    assert!(matches!(persisted, None | Some(_)));
}

#[wasm_bindgen_test]
fn a_listener_hears_until_it_is_dropped() {
    let heard: Rc<Cell<u32>> = Rc::default();
    let counts = Rc::clone(&heard);
    let listener = events::on_online(move || counts.set(counts.get() + 1));
    let scope: web_sys::EventTarget = js_sys::global().unchecked_into();
    let online = || web_sys::Event::new("online").unwrap();
    scope.dispatch_event(&online()).unwrap();
    scope.dispatch_event(&online()).unwrap();
    drop(listener);
    scope.dispatch_event(&online()).unwrap();
    assert_eq!(heard.get(), 2);
}
