//! "Sync now", and what must not come in its way.

use super::world::{begin, world};
use super::*;
use tidemark_engine::view::PersonQuestion;

#[test]
fn who_asks_for_a_sync_while_another_context_syncs_gets_it_afterwards() {
    // "Sync now" was over with the next look, which compared nothing with the server.
    let world = world();
    world.become_known_to_the_server();
    let held = run(tidemark_engine::Lock::acquire(&world.service.engine.lock));
    assert!(held.is_some());
    world.app.send(Intent::SyncNow);
    assert!(
        run(world.store.sync_log(9))
            .expect("the log is read")
            .is_empty()
    );
    drop(held);
    world.service.sync(Trigger::Interval);
    let log = run(world.store.sync_log(9)).expect("the log is read");
    assert_eq!(log[0].trigger, Trigger::Manual.as_str());
    world.service.sync(Trigger::Online);
    let log = run(world.store.sync_log(9)).expect("the log is read");
    assert_eq!(log[0].trigger, Trigger::Online.as_str(), "once is enough");
}

#[test]
fn a_question_that_another_tab_has_answered_is_followed_by_a_sync() {
    // A tab that was killed after its answer left the entries to the others' next look, a minute later.
    let world = world();
    world.become_known_to_the_server();
    world.host.fire(KICK_MS);
    world.app.overview.update(|overview| {
        let overview = overview.as_mut().expect("it was read");
        overview.question = Some(PersonQuestion {
            ours: User::new(samples::person(), NOW),
            theirs: Vec::new(),
        });
    });
    world.service.hear_change();
    assert_eq!(world.host.waiting(KICK_MS), 1);
    world.host.fire(KICK_MS);
    world.service.hear_change();
    assert_eq!(world.host.waiting(KICK_MS), 0, "once is enough");
}

#[test]
fn what_is_wanted_before_the_code_for_it_is_there_is_done_when_it_is_in_order() {
    let device = (ShakyStore::default(), TestHost::default());
    world::open(device.0.clone(), device.1.clone(), 1).log(70_000, 9);
    let page = begin(device.0, device.1, 2);
    assert_eq!(page.weights(), [70_000], "reading waits for nothing");
    assert_eq!(page.log(71_000, 5), None);
    page.log(72_000, 2);
    page.app.send(Intent::SyncNow);
    assert_eq!(page.weights(), [70_000]);
    page.service.lend_hands(SyncService::work);
    assert_eq!(page.weights(), [72_000, 71_000, 70_000]);
    let log = run(page.store.sync_log(9)).expect("the log is read");
    assert_eq!(log[0].trigger, Trigger::Manual.as_str());
    assert_eq!(page.log(73_000, 1), Some(Ok(())), "and then at once");
}
