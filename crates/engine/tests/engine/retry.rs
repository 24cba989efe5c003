//! Failures that pass: everything is kept, and the next attempt has its time.

use crate::server::{BATCH, Fault, Server, html, problem};
use crate::world::{Device, failure_code, wait_ms};
use tidemark_engine::backoff::CAP_MS;
use tidemark_engine::state::FailureKind;
use tidemark_engine::view::SyncStatus;
use tidemark_engine::{Answer, TickOutcome};

fn cut(answer: Answer) -> Answer {
    Answer {
        body: answer.body[..answer.body.len() / 2].to_owned(),
        ..answer
    }
}

fn passing_faults() -> Vec<(&'static str, Fault, FailureKind)> {
    let good = Answer {
        status: 200,
        protocol: Some("1".to_owned()),
        content_type: Some("application/json".to_owned()),
        retry_after_s: None,
        body: r#"{"results": [], "head": 1, "epoch": "e1"}"#.to_owned(),
    };
    let without_protocol = Answer {
        protocol: None,
        ..problem(400, "bad_json")
    };
    let offline = [
        ("a captive portal", html(200)),
        ("a redirect", html(302)),
        ("a cut body", cut(good.clone())),
        ("JSON of another shape", good),
        ("a cut problem", cut(problem(400, "bad_json"))),
        ("a problem that is not ours", without_protocol),
        ("a foreign 404", html(404)),
        ("a foreign 413", html(413)),
    ];
    let server = [
        ("a foreign 502", html(502)),
        ("a foreign 503", html(503)),
        ("our 503", problem(503, "overloaded")),
        ("our 429", problem(429, "rate_limited")),
        ("our 500", problem(500, "internal")),
        ("our 404", problem(404, "not_found")),
        ("our 405", problem(405, "method_not_allowed")),
    ];
    let of_kind = |kind| move |(name, answer)| (name, Fault::Instead(answer), kind);
    let mut faults = vec![("no answer", Fault::NoAnswer, FailureKind::Offline)];
    faults.extend(offline.into_iter().map(of_kind(FailureKind::Offline)));
    faults.extend(server.into_iter().map(of_kind(FailureKind::Server)));
    faults
}

#[test]
fn a_failure_that_passes_keeps_everything_counts_and_names_the_next_attempt() {
    for (name, fault, kind) in passing_faults() {
        let server = Server::default();
        let device = Device::synced(&server, 1);
        let id = device.log(78_200);
        server.next(BATCH, fault);

        let report = device.tick();

        let TickOutcome::Failed(failure) = &report.outcome else {
            panic!("{name}: {:?}", report.outcome);
        };
        assert_eq!(failure.kind, kind, "{name}");
        let entry = device.outbox().remove(0);
        assert!(!entry.parked, "{name}");
        assert_eq!(
            (entry.retry_count, entry.attempted_at.is_some()),
            (1, true),
            "{name}"
        );
        assert_eq!(entry.last_error.as_ref(), Some(&failure.error), "{name}");
        let SyncStatus::Pending { retry_count, .. } = device.entry(id).status else {
            panic!("{name}: still pending");
        };
        assert_eq!(retry_count, 1, "{name}");
        let wait = wait_ms(&device, &report);
        assert!(
            (1..=i64::try_from(CAP_MS).unwrap()).contains(&wait),
            "{name}: {wait}"
        );

        assert_eq!(device.wake(&report).outcome, TickOutcome::Done, "{name}");
        assert_eq!(device.rows(), [(78_200, "synced")], "{name}");
    }
}

#[test]
fn failures_add_up_without_end_and_drop_nothing() {
    let server = Server::default();
    let device = Device::synced(&server, 1);
    device.log(78_200);
    server.always(Some(("", Fault::NoAnswer)));
    let mut report = device.tick();
    for _ in 0..500 {
        report = device.wake(&report);
        assert_eq!(failure_code(&report), "unreachable");
        assert!(wait_ms(&device, &report) <= 15_000);
    }
    assert_eq!(device.outbox()[0].retry_count, 501);
    server.always(None);
    assert_eq!(device.wake(&report).outcome, TickOutcome::Done);
    assert_eq!(device.rows(), [(78_200, "synced")]);
}

#[test]
fn a_server_that_can_not_be_used_parks_nothing_and_goes_on_after_the_next_success() {
    let cases = [
        (401, "unauthenticated", FailureKind::SignIn),
        (401, "token_expired", FailureKind::SignIn),
        (403, "wrong_account", FailureKind::SignIn),
        (403, "forbidden", FailureKind::SignIn),
        (410, "account_erased", FailureKind::SignIn),
        (426, "client_too_old", FailureKind::Outdated),
    ];
    for (status, code, kind) in cases {
        let server = Server::default();
        let device = Device::synced(&server, 1);
        device.log(78_200);
        device.log(78_300);
        let answer = Fault::Instead(problem(status, code));
        server.always(Some(("", answer)));
        let report = device.tick();
        let report = device.wake(&report);
        let TickOutcome::Failed(failure) = &report.outcome else {
            panic!("{code}: {:?}", report.outcome);
        };
        assert_eq!((failure.kind, failure.error.code.as_str()), (kind, code));
        assert_eq!(device.outbox().len(), 2, "{code}");
        assert!(device.outbox().iter().all(|entry| !entry.parked), "{code}");

        server.always(None);
        assert_eq!(device.wake(&report).outcome, TickOutcome::Done, "{code}");
        assert_eq!(device.outbox(), [], "{code}");
        assert_eq!(device.state().failure, None, "{code}");
    }
}

#[test]
fn a_foreign_401_or_403_is_a_passing_failure() {
    for status in [401, 403] {
        let server = Server::default();
        let device = Device::synced(&server, 1);
        device.log(78_200);
        server.next(BATCH, Fault::Instead(html(status)));
        assert_eq!(failure_code(&device.tick()), "not_ours");
    }
}

#[test]
fn what_is_new_is_pulled_though_the_push_stumbles() {
    let server = Server::default();
    let device = Device::synced(&server, 1);
    device.log(78_200);
    server.put(&samples_row());
    server.always(Some((BATCH, Fault::Instead(html(403)))));
    let report = device.tick();
    assert_eq!(failure_code(&report), "not_ours");
    assert_eq!(report.received, 1);
    assert_eq!(device.rows().len(), 2);
}

fn samples_row() -> tidemark_protocol::Metric {
    tidemark_testkit::samples::metric(7, 0, 0)
}

#[test]
fn with_no_way_out_one_call_is_tried_and_no_more() {
    let server = Server::default();
    let device = Device::synced(&server, 1);
    device.log(78_200);
    server.always(Some(("", Fault::NoAnswer)));
    device.tick();
    assert_eq!(server.take_asked().len(), 1);
}

#[test]
fn a_failing_pull_is_a_failure_too() {
    let server = Server::default();
    let device = Device::synced(&server, 1);
    server.next("GET /v1/metrics", Fault::Instead(html(502)));
    let report = device.tick();
    assert_eq!(failure_code(&report), "not_ours");
    assert_eq!(device.state().failures, 1);
    device.tick();
    assert_eq!(device.state().failures, 0);
}
