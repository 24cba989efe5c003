//! Signing in and out, and a token that is over in the middle of the work.

use crate::server::{BATCH, Fault, Server, account, good, html, problem};
use crate::world::{Device, failure_code};
use serde_json::json;
use tidemark_engine::session::Renewing;
use tidemark_engine::view::ChipState;
use tidemark_engine::{
    AccountError, Answer, Entrance, Request, TickOutcome, Transport, Unreachable,
};
use tidemark_protocol::{AuthMode, SignInRequest, UserPatch};
use tidemark_testkit::fakes::run;
use tidemark_testkit::{MemoryLock, ScriptedServer, samples};

const REFRESH: &str = "POST /v1/auth/refresh";

fn request(path: &str) -> Request {
    Request {
        method: "GET",
        path: path.to_owned(),
        body: None,
        account: Some(account()),
        device: samples::device(),
    }
}

fn renewed() -> Answer {
    good(&json!({"access_token": "a", "expires_in": 600, "refresh_token": "r"}))
}

/// Asks over a transport whose answers are these; what was asked, and what came of it.
fn asked(answers: Vec<Result<Answer, Unreachable>>) -> (Vec<String>, Result<u16, Unreachable>) {
    let server = ScriptedServer::default();
    for answer in answers {
        server.reply(move |_| answer);
    }
    let transport = Renewing::new(server.clone(), MemoryLock::default());
    let answer = run(transport.call(&request("/v1/metrics")));
    let asked = server.take_asked().into_iter();
    let routes = asked.map(|asked| format!("{} {}", asked.method, asked.path));
    (routes.collect(), answer.map(|answer| answer.status))
}

#[test]
fn a_token_that_is_over_is_renewed_once_and_the_call_made_again() {
    let expired = || Ok(problem(401, "token_expired"));
    let lost = || Err(Unreachable("cut off".to_owned()));
    let (get, renew) = ("GET /v1/metrics", REFRESH);
    for (answers, routes, status) in [
        (vec![Ok(good(&json!({})))], vec![get], Ok(200)),
        (
            vec![expired(), Ok(renewed()), Ok(good(&json!({})))],
            vec![get, renew, get],
            Ok(200),
        ),
        // A second one is not renewed again: something is wrong with a clock.
        (
            vec![expired(), Ok(renewed()), expired()],
            vec![get, renew, get],
            Ok(401),
        ),
        // The answer to the renewal is lost: the next attempt gets the same one.
        (
            vec![expired(), lost()],
            vec![get, renew],
            Err(Unreachable("cut off".to_owned())),
        ),
        (
            vec![expired(), Ok(problem(401, "unauthenticated"))],
            vec![get, renew],
            Ok(401),
        ),
        (
            vec![expired(), Ok(problem(429, "rate_limited"))],
            vec![get, renew],
            Ok(429),
        ),
        // What is said of the renewal itself must not be taken for a word on what was sent.
        (
            vec![expired(), Ok(problem(404, "not_found"))],
            vec![get, renew],
            Err(Unreachable("the sign-in could not be renewed".to_owned())),
        ),
        (
            vec![expired(), Ok(html(502))],
            vec![get, renew],
            Err(Unreachable("the sign-in could not be renewed".to_owned())),
        ),
        // Nobody is signed in: there is nothing to renew.
        (
            vec![Ok(problem(401, "unauthenticated"))],
            vec![get],
            Ok(401),
        ),
        // A stranger's 401 is not our server's.
        (
            vec![Ok(Answer {
                protocol: None,
                ..problem(401, "token_expired")
            })],
            vec![get],
            Ok(401),
        ),
    ] {
        assert_eq!(asked(answers), (owned(&routes), status));
    }
}

fn owned(routes: &[&str]) -> Vec<String> {
    routes.iter().map(|route| (*route).to_owned()).collect()
}

#[test]
fn a_signed_out_device_keeps_its_entries_and_sends_them_after_the_next_sign_in() {
    let server = Server::default();
    let device = Device::synced(&server, 1);
    device.log(78_200);
    server.always(Some(("", Fault::Instead(problem(401, "unauthenticated")))));
    assert_eq!(failure_code(&device.tick()), "unauthenticated");
    let overview = run(device.engine.overview()).unwrap();
    assert_eq!(
        (overview.chip(false, true), overview.pending),
        (ChipState::SignedOut, 1)
    );
    server.always(None);
    device.sync();
    assert_eq!(device.rows(), [(78_200, "synced")]);
}

#[test]
fn entries_of_one_account_stay_when_another_one_is_signed_in() {
    let server = Server::default();
    let device = Device::synced(&server, 1);
    device.log(78_200);
    server.next(BATCH, Fault::Instead(problem(403, "wrong_account")));
    assert_eq!(failure_code(&device.tick()), "wrong_account");
    assert_eq!(device.rows(), [(78_200, "pending")]);
    let batches = server.with(|state| {
        let asked = state.asked.iter();
        let batches = asked.filter(|request| request.path == "/v1/metrics/batch");
        batches.map(|request| request.account).collect::<Vec<_>>()
    });
    assert_eq!(batches, [Some(account())], "each names its account");
}

#[test]
fn an_erased_account_is_remembered_as_such_though_the_server_says_it_once() {
    let server = Server::default();
    let device = Device::synced(&server, 1);
    device.log(78_200);
    server.always(Some(("", Fault::Instead(problem(410, "account_erased")))));
    device.tick();
    server.always(Some(("", Fault::Instead(problem(401, "unauthenticated")))));
    device.tick();
    let failure = device.state().failure.unwrap();
    assert!(failure.is_erased(), "{failure:?}");
    assert_eq!(device.rows(), [(78_200, "pending")]);
    server.always(None);
    device.sync();
    assert_eq!(device.state().failure, None);
}

#[test]
fn a_sign_in_names_the_device_and_no_account_and_stores_nothing() {
    let server = Server::default();
    server.with(|state| state.auth = AuthMode::Required);
    let device = Device::new(&server, 1);
    let welcome = json!({
        "account": {"id": account(), "email": "a@example.org"}, "device_id": "d",
        "access_token": "a", "expires_in": 600, "refresh_token": "r",
    });
    server.next("POST /v1/auth/login", Fault::Instead(good(&welcome)));
    let entrance = Entrance::SignIn(SignInRequest {
        email: "a@example.org".to_owned(),
        password: "long enough it is".to_owned(),
        device_name: None,
    });
    let entered = run(device.engine.enter(&entrance)).unwrap();
    assert_eq!(entered.account.id, account());
    let asked = server.with(|state| state.asked.pop()).unwrap();
    assert_eq!(asked.account, None);
    assert_eq!(asked.device, device.state().device_id);
    assert_eq!(device.state().owner, None);

    assert_eq!(run(device.engine.own(account())).unwrap(), Some(account()));
    device.log(78_200);
    device.sync();
    assert_eq!(device.rows(), [(78_200, "synced")]);
}

#[test]
fn who_was_signed_out_already_has_signed_out() {
    let route = "POST /v1/auth/logout";
    let gone = Answer {
        status: 204,
        content_type: None,
        body: String::new(),
        ..good(&json!({}))
    };
    for (answer, is_done) in [
        (gone, true),
        (problem(401, "unauthenticated"), true),
        (problem(410, "account_erased"), true),
        (problem(503, "overloaded"), false),
        (problem(403, "cross_site"), false),
    ] {
        let server = Server::default();
        let device = Device::synced(&server, 1);
        server.next(route, Fault::Instead(answer.clone()));
        assert_eq!(run(device.engine.sign_out()).is_ok(), is_done, "{answer:?}");
    }
    let server = Server::default();
    let device = Device::synced(&server, 1);
    server.next(route, Fault::NoAnswer);
    assert!(matches!(
        run(device.engine.sign_out()),
        Err(AccountError::Call(_))
    ));
}

// --- One database of a device into another ------------------------------------------------------------

fn moved(from: &Device, to: &Device) {
    let everything = run(from.engine.everything()).unwrap();
    run(to.engine.move_in(everything)).unwrap();
}

#[test]
fn what_was_logged_before_signing_in_again_goes_up_once_as_the_accounts_person() {
    let server = Server::default();
    let kept = Device::synced(&server, 1);
    kept.log(80_000);
    kept.sync();
    let unowned = Device::new(&server, 2);
    unowned.clock.advance(-60_000);
    unowned.log(78_200);
    for _ in 0..2 {
        moved(&unowned, &kept); // the first one was broken off before it could be noted
    }
    kept.sync();
    assert_eq!(kept.rows(), [(80_000, "synced"), (78_200, "synced")]);
    assert_eq!(server.living(), 2);
    assert_eq!(server.with(|state| state.data.users.len()), 1);
    assert!(run(kept.engine.imports()).unwrap().is_empty());
    moved(&unowned, &kept);
    kept.sync();
    assert_eq!(server.living(), 2, "not even after it was sent");
}

#[test]
fn a_named_person_of_the_other_database_is_asked_about() {
    let server = Server::default();
    let kept = Device::synced(&server, 1);
    let unowned = Device::new(&server, 2);
    unowned.log(78_200);
    let person = run(unowned.engine.profile()).unwrap().people.remove(0).user;
    let name = UserPatch {
        name: tidemark_protocol::Patch::Set("Ada".to_owned()),
        ..UserPatch::default()
    };
    run(unowned.engine.save_person(Some(&person), name)).unwrap();
    moved(&unowned, &kept);
    assert_eq!(kept.tick().outcome, TickOutcome::Question);
    assert_eq!(server.living(), 0, "nothing is sent before the answer");
}

#[test]
fn what_the_device_held_of_an_erased_account_is_nobodys_and_can_be_taken_over() {
    let server = Server::default();
    let erased = Device::synced(&server, 1);
    let synced = erased.log(80_000);
    erased.sync();
    erased.log(78_200);
    erased.log(60_000);
    let gone = erased.shown().remove(0);
    run(erased.engine.delete(&gone)).unwrap();

    let fresh = Server::default();
    fresh.with(|state| state.auth = AuthMode::Required);
    let kept = Device::new(&fresh, 3);
    moved(&erased, &kept);
    assert_eq!(kept.rows(), [(78_200, "pending"), (80_000, "pending")]);
    assert_eq!(kept.tick().outcome, TickOutcome::Local);

    run(kept.engine.own(account())).unwrap();
    kept.sync();
    assert_eq!(fresh.living(), 2);
    assert_eq!(fresh.metric(synced).unwrap().weight.get(), 80_000);
}

#[test]
fn rows_whose_person_never_came_are_taken_over_with_somebody_to_belong_to() {
    // The page ended between pulling the rows and pulling the people, and the account was erased: the rows moved without
    // anybody, and every server refused them for good.
    let server = Server::default();
    let erased = Device::synced(&server, 1);
    erased.log(80_000);
    erased.sync();
    let mut everything = run(erased.engine.everything()).unwrap();
    everything.people.clear();

    let fresh = Server::default();
    let kept = Device::new(&fresh, 3);
    for _ in 0..2 {
        run(kept.engine.move_in(everything.clone())).unwrap();
    }
    assert_eq!(run(kept.engine.profile()).unwrap().people.len(), 1);
    kept.sync();
    assert_eq!(kept.rows(), [(80_000, "synced")]);
    assert_eq!(fresh.living(), 1);
}
