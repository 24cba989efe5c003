//! How long to wait: bounds, jitter, and what the server asks for.

use crate::server::{BATCH, Fault, Server, html, problem};
use crate::world::{Device, failure_code, wait_ms};
use proptest::prelude::*;
use tidemark_engine::backoff::{CAP_MS, FLOOR_MS, PROBE_CAP_MS, delay_ms};
use tidemark_engine::outbox::LastError;
use tidemark_engine::state::{FailureKind, StateChange, SyncFailure, SyncState};
use tidemark_engine::{Answer, TickOutcome, Trigger};
use tidemark_protocol::Timestamp;
use tidemark_testkit::fakes::run;
use tidemark_testkit::samples;
use tidemark_testkit::{SeededEntropy, SwitchedNetwork};

proptest! {
    #[test]
    fn a_wait_lies_between_the_floor_and_a_bound_that_doubles(seed: u64, failures: u32, probes: bool) {
        let cap_ms = if probes { PROBE_CAP_MS } else { CAP_MS };
        let bound = 1_000_u64.saturating_mul(1_u64.checked_shl(failures).unwrap_or(u64::MAX)).min(cap_ms);
        let wait = u64::try_from(delay_ms(failures, cap_ms, &SeededEntropy::new(seed))).unwrap();
        prop_assert!((FLOOR_MS..=bound).contains(&wait));
    }
}

#[test]
fn waits_are_spread_over_the_whole_range() {
    let waits: Vec<i64> = (0..200)
        .map(|seed| delay_ms(20, CAP_MS, &SeededEntropy::new(seed)))
        .collect();
    let near_floor = waits.iter().filter(|wait| **wait < 3_000).count();
    let near_cap = waits.iter().filter(|wait| **wait > 12_000).count();
    assert!(near_floor > 15 && near_cap > 15, "{near_floor} {near_cap}");
}

fn with_retry_after(answer: Answer, seconds: u32) -> Fault {
    Fault::Instead(Answer {
        retry_after_s: Some(seconds),
        ..answer
    })
}

#[test]
fn the_wait_is_stored_and_holds_for_other_contexts_but_not_against_a_reason_to_try() {
    let server = Server::default();
    let device = Device::synced(&server, 1);
    device.log(78_200);
    server.next(BATCH, Fault::NoAnswer);
    let report = device.tick();
    let other = device.again(2);
    server.take_asked();

    let waiting = other.tick_by_timer();
    assert_eq!(waiting.outcome, TickOutcome::Waiting);
    assert_eq!(waiting.next_wake, report.next_wake);
    assert!(server.take_asked().is_empty());

    let online = run(other.engine.tick(Trigger::Online));
    assert_eq!(online.outcome, TickOutcome::Done);
}

#[test]
fn retry_after_is_honoured_whoever_says_it_and_whatever_sets_the_tick_off() {
    let answers = [
        html(503),
        problem(503, "overloaded"),
        problem(429, "rate_limited"),
    ];
    for answer in answers {
        let server = Server::default();
        let device = Device::synced(&server, 1);
        device.log(78_200);
        server.next(BATCH, with_retry_after(answer, 120));
        let report = device.tick();
        assert_eq!(wait_ms(&device, &report), 120_000);
        server.take_asked();
        device.clock.advance(119_999);
        for trigger in [Trigger::Manual, Trigger::Online, Trigger::LocalWrite] {
            let report = run(device.engine.tick(trigger));
            assert_eq!(report.outcome, TickOutcome::Waiting);
            assert_eq!(wait_ms(&device, &report), 1);
        }
        assert!(server.take_asked().is_empty());
        device.clock.advance(1);
        assert_eq!(device.tick_by_timer().outcome, TickOutcome::Done);
    }
}

#[test]
fn a_wish_for_a_very_long_pause_is_cut_to_an_hour() {
    // A wish beyond the bound used to be taken for a clock that jumped, and the server was asked at once.
    let server = Server::default();
    let device = Device::synced(&server, 1);
    device.log(78_200);
    server.next(BATCH, with_retry_after(html(503), u32::MAX));
    let report = device.tick();
    assert_eq!(wait_ms(&device, &report), 3_600_000);
    assert_eq!(device.tick().outcome, TickOutcome::Waiting);
    assert_eq!(device.wake(&report).outcome, TickOutcome::Done);
}

#[test]
fn the_pause_that_a_good_answer_asks_for_ends_the_tick_and_is_kept() {
    let server = Server::default();
    server.with(|state| {
        state.max_events = 1;
        state.backoff_s = 30;
    });
    let device = Device::synced(&server, 1);
    device.log(78_200);
    device.log(78_300);
    let report = device.tick();
    assert_eq!(
        (report.outcome.clone(), report.sent),
        (TickOutcome::Waiting, 1)
    );
    assert_eq!(wait_ms(&device, &report), 30_000);
    assert_eq!(
        server.take_asked().len(),
        1,
        "nothing is asked for after the pause was"
    );
    assert_eq!(device.tick().outcome, TickOutcome::Waiting);
    server.with(|state| state.backoff_s = 0);
    assert_eq!(device.wake(&report).outcome, TickOutcome::Done);
    assert_eq!(device.outbox(), []);
}

#[test]
fn one_record_that_is_put_off_for_long_does_not_silence_the_others() {
    let server = Server::default();
    let device = Device::synced(&server, 1);
    let late = device.log(78_200);
    server.with(|state| {
        let verdict = crate::server::Verdict::Retry(Some(3_000));
        state.verdicts.insert(late, verdict)
    });
    let report = device.tick();
    assert_eq!(failure_code(&report), "put_off");
    assert_eq!(wait_ms(&device, &report), 15_000);
    device.log(78_300);
    device.wake(&report);
    assert_eq!(device.rows(), [(78_300, "synced"), (78_200, "pending")]);
}

#[test]
fn a_failure_without_a_wish_does_not_end_a_wish_that_stands() {
    // What used to happen: the storage failed in another tab, and the server was asked before its time.
    let failed = |at: Timestamp, wish_s: Option<i64>| StateChange::Failed {
        at,
        failure: SyncFailure {
            kind: FailureKind::Storage,
            error: LastError::plain("storage"),
        },
        retry_at: at,
        not_before: wish_s.map(|seconds| at.plus_millis(seconds * 1000)),
    };
    for (later_ms, stands) in [(500, true), (-500, true), (-3_600_000, false)] {
        let mut state = SyncState::new(samples::device());
        state.apply(&failed(samples::NOON, Some(30)));
        state.apply(&failed(samples::NOON.plus_millis(later_ms), None));
        assert_eq!(state.not_before.is_some(), stands, "{later_ms}");
    }
}

#[test]
fn only_while_something_waits_and_no_event_will_tell_is_the_way_probed_often() {
    // What used to happen: with something unsent the next attempt came up to 15 s after the network was back.
    let longest_wait_ms = |has_unsent: bool, believes_online: bool, fault: &Fault| {
        let waits = (1..40).map(|seed| {
            let server = Server::default();
            let mut device = Device::synced(&server, seed);
            device.engine.network = SwitchedNetwork::new(believes_online);
            if has_unsent {
                device.log(78_200);
            }
            server.always(Some(("", fault.clone())));
            let mut report = device.tick();
            for _ in 0..6 {
                report = device.wake(&report);
            }
            wait_ms(&device, &report)
        });
        waits.max().unwrap()
    };
    let (probe_ms, cap_ms) = (4_000, 15_000);
    let table = [
        (true, true, Fault::NoAnswer, probe_ms),
        (true, true, Fault::Instead(html(200)), probe_ms),
        (true, true, Fault::Instead(html(503)), cap_ms),
        (true, false, Fault::NoAnswer, cap_ms),
        (false, true, Fault::NoAnswer, cap_ms),
    ];
    for (has_unsent, believes_online, fault, bound_ms) in table {
        let longest_ms = longest_wait_ms(has_unsent, believes_online, &fault);
        let expected = bound_ms / 2..=bound_ms;
        assert!(
            expected.contains(&longest_ms),
            "{has_unsent} {believes_online} {fault:?}: {longest_ms}"
        );
    }
}
