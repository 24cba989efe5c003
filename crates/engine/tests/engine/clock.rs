//! Clocks that are wrong, and clocks that jump.

use crate::server::{BATCH, Fault, Server, html};
use crate::world::{Device, wait_ms};
use tidemark_engine::{Answer, TickOutcome, Trigger};
use tidemark_testkit::fakes::run;
use tidemark_testkit::samples::NOON;

const DAY_MS: i64 = 86_400_000;
const JUMPS_MS: [i64; 4] = [-365 * DAY_MS, -DAY_MS, DAY_MS, 400 * DAY_MS];

#[test]
fn a_clock_that_jumps_never_silences_the_engine() {
    for jump in JUMPS_MS {
        for retry_after_s in [None, Some(600)] {
            let server = Server::default();
            let device = Device::synced(&server, 1);
            device.log(78_200);
            let answer = Answer {
                retry_after_s,
                ..html(503)
            };
            server.always(Some((BATCH, Fault::Instead(answer))));
            device.tick();
            device.clock.advance(jump);
            server.take_asked();

            let report = device.tick_by_timer();

            assert!(!server.take_asked().is_empty(), "{jump}: it tries at once");
            assert!(wait_ms(&device, &report) <= 600_000, "{jump}");
            server.always(None);
            let report = device.wake(&report);
            assert_eq!(report.outcome, TickOutcome::Done, "{jump}");
            assert_eq!(wait_ms(&device, &report), 60_000, "{jump}");
        }
    }
}

#[test]
fn a_clock_that_was_set_back_since_a_failure_ends_the_wait() {
    // How much of the wait is over can't be told any more.
    let server = Server::default();
    let device = Device::synced(&server, 1);
    device.log(78_200);
    server.next(BATCH, Fault::NoAnswer);
    device.tick();
    device.clock.advance(-1);
    assert_eq!(device.tick_by_timer().outcome, TickOutcome::Done);
}

#[test]
fn everything_syncs_whatever_the_device_believes_the_time_to_be() {
    for error_ms in JUMPS_MS {
        let server = Server::default();
        let device = Device::synced(&server, 1);
        device.clock.advance(error_ms);
        device.log(78_200);
        device.sync();
        assert_eq!(device.rows(), [(78_200, "synced")], "{error_ms}");
    }
}

#[test]
fn edits_are_stamped_by_the_servers_clock_where_the_devices_is_known_to_be_wrong() {
    let cases = [
        (0, 0),
        (-365 * DAY_MS, 0),
        (400 * DAY_MS, 0),
        // Below a minute a device's clock is better than a measurement.
        (59_000, 59_000),
        (-59_000, -59_000),
    ];
    for (error_ms, seen_ms) in cases {
        let server = Server::default();
        let device = Device::synced(&server, 1);
        device.clock.advance(error_ms);
        device.tick();
        device.log(78_200);
        let stamp = device.outbox()[0].metric_patch().unwrap().updated_at;
        assert_eq!(stamp, Some(NOON.plus_millis(seen_ms)), "{error_ms}");
    }
}

#[test]
fn a_clock_that_is_set_right_while_the_app_runs_is_noticed_by_the_next_sync() {
    let server = Server::default();
    let device = Device::synced(&server, 1);
    device.clock.advance(-400 * DAY_MS);
    device.tick();
    assert_eq!(device.state().clock_offset_ms, 400 * DAY_MS);
    device.clock.advance(400 * DAY_MS);
    device.tick();
    assert_eq!(device.state().clock_offset_ms, 0);
}

#[test]
fn a_batch_says_when_it_was_sent_by_the_devices_own_clock() {
    let server = Server::default();
    let device = Device::synced(&server, 1);
    device.clock.advance(DAY_MS);
    device.tick();
    device.log(78_200);
    server.take_asked();
    run(device.engine.tick(Trigger::LocalWrite));
    let batch = server.take_batches().remove(0);
    assert_eq!(batch["sent_at"], NOON.plus_millis(DAY_MS).to_rfc3339());
}
