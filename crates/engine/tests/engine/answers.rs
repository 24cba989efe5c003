//! Whose answer it is, and what it means.

use crate::server::{html, problem};
use tidemark_engine::remote::read;
use tidemark_engine::retry::{CallError, Disposition};
use tidemark_engine::{Answer, Unreachable};
use tidemark_protocol::AccountInfo;

fn account_answer() -> Answer {
    Answer {
        status: 200,
        protocol: Some("1".to_owned()),
        content_type: Some("application/json".to_owned()),
        retry_after_s: None,
        body: r#"{"id":"0190c0de-0000-7000-8000-000000000001","email":null,"new":1}"#.to_owned(),
    }
}

fn judged(answer: &Answer) -> Result<AccountInfo, CallError> {
    read(answer)
}

fn with_protocol(protocol: Option<&str>) -> Answer {
    Answer {
        protocol: protocol.map(str::to_owned),
        ..account_answer()
    }
}

fn with_type(content_type: Option<&str>) -> Answer {
    Answer {
        content_type: content_type.map(str::to_owned),
        ..account_answer()
    }
}

fn with_status(status: u16) -> Answer {
    Answer {
        status,
        ..account_answer()
    }
}

#[test]
fn only_a_whole_answer_of_ours_counts() {
    let good = [
        account_answer(),
        with_protocol(Some("2")),
        with_type(Some("application/json; charset=utf-8")),
        with_status(201),
    ];
    for answer in good {
        assert!(judged(&answer).is_ok(), "{answer:?}");
    }
    let cut = Answer {
        body: account_answer().body[..20].to_owned(),
        ..account_answer()
    };
    let problem_as_json = Answer {
        content_type: Some("application/json".to_owned()),
        ..problem(400, "bad_json")
    };
    let foreign = [
        with_protocol(None),
        with_protocol(Some("0")),
        with_protocol(Some("one")),
        with_type(None),
        with_type(Some("text/html")),
        with_type(Some("application/jsonp")),
        with_status(304),
        cut,
        html(200),
        html(500),
        problem_as_json,
    ];
    for answer in foreign {
        assert!(
            matches!(judged(&answer), Err(CallError::NotOurs { .. })),
            "{answer:?}"
        );
    }
}

fn kind(disposition: &Disposition) -> &'static str {
    match disposition {
        Disposition::Later(_) => "later",
        Disposition::NeedsPerson(_) => "person",
        Disposition::Resync(_) => "resync",
        Disposition::Refused(_) => "refused",
        Disposition::NotFound(_) => "not found",
    }
}

#[test]
fn every_problem_has_one_meaning() {
    let cases = [
        (400, "bad_json", "refused"),
        (400, "bad_request", "refused"),
        (400, "bad_cursor", "resync"),
        (401, "unauthenticated", "person"),
        (401, "token_expired", "person"),
        (401, "bad_credentials", "person"),
        (403, "cross_site", "person"),
        (403, "wrong_account", "person"),
        (403, "forbidden", "person"),
        (404, "not_found", "not found"),
        (405, "method_not_allowed", "later"),
        (409, "email_taken", "later"),
        (409, "op_reuse", "refused"),
        (410, "resync_required", "resync"),
        (410, "account_erased", "person"),
        (413, "too_large", "refused"),
        (415, "unsupported_media_type", "later"),
        (422, "invalid_field", "refused"),
        (422, "weak_password", "later"),
        (426, "client_too_old", "person"),
        (429, "rate_limited", "later"),
        (503, "overloaded", "later"),
        (500, "internal", "later"),
        (400, "something_newer", "later"),
    ];
    for (status, code, expected) in cases {
        let error = judged(&problem(status, code)).unwrap_err();
        assert_eq!(kind(&error.disposition()), expected, "{code}");
    }
}

#[test]
fn only_a_refusal_of_the_batch_itself_looks_for_the_one_at_fault() {
    let cases = [
        (problem(400, "bad_json"), true),
        (problem(400, "bad_request"), true),
        (problem(413, "too_large"), true),
        (problem(404, "not_found"), false),
        (problem(415, "unsupported_media_type"), false),
        (problem(422, "invalid_field"), false),
        (html(400), false),
        (html(413), false),
    ];
    for (answer, expected) in cases {
        let error = judged(&answer).unwrap_err();
        assert_eq!(error.refuses_batch(), expected, "{answer:?}");
    }
}

#[test]
fn what_may_be_about_the_content_is_told_from_what_is_about_the_way() {
    let cases = [
        (html(200), false),
        (html(302), false),
        (html(403), true),
        (html(429), false),
        (html(502), true),
        (html(503), false),
        (problem(401, "unauthenticated"), false),
        (problem(503, "overloaded"), false),
        (problem(500, "internal"), true),
    ];
    for (answer, expected) in cases {
        let error = judged(&answer).unwrap_err();
        assert_eq!(error.may_be_the_content(), expected, "{answer:?}");
    }
    let unreachable = CallError::Unreachable(Unreachable("cable".to_owned()));
    assert!(!unreachable.may_be_the_content());
}
