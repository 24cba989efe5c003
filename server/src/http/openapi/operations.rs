//! What each route is called, takes and answers.

use axum::http::Method;
use tidemark_protocol::ProblemCode;

/// Who may ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Access {
    Everyone,
    SignedIn,
}

/// A route in words.
#[derive(Clone, Copy)]
pub(super) struct Operation {
    pub name: &'static str,
    pub summary: &'static str,
    pub access: Access,
    pub query: &'static [&'static str],
    /// The schema of the body, and whether one must come.
    pub body: Option<(&'static str, bool)>,
    /// Statuses and the schemas of their bodies; an empty name for none.
    pub answers: &'static [(u16, &'static str)],
    pub problems: &'static [ProblemCode],
}

/// Problems of every body.
const BODY: &[ProblemCode] = &[
    ProblemCode::BadJson,
    ProblemCode::TooLarge,
    ProblemCode::UnsupportedMediaType,
];
const FIELDS: &[ProblemCode] = &[
    ProblemCode::BadJson,
    ProblemCode::TooLarge,
    ProblemCode::UnsupportedMediaType,
    ProblemCode::InvalidField,
    ProblemCode::OpReuse,
    ProblemCode::NotFound,
];
const SIGN_IN: &[ProblemCode] = &[
    ProblemCode::BadJson,
    ProblemCode::TooLarge,
    ProblemCode::UnsupportedMediaType,
    ProblemCode::InvalidField,
    ProblemCode::WeakPassword,
    ProblemCode::BadCredentials,
    ProblemCode::RateLimited,
    ProblemCode::NotFound,
];
const REGISTER: &[ProblemCode] = &[
    ProblemCode::BadJson,
    ProblemCode::TooLarge,
    ProblemCode::UnsupportedMediaType,
    ProblemCode::InvalidField,
    ProblemCode::WeakPassword,
    ProblemCode::EmailTaken,
    ProblemCode::RateLimited,
    ProblemCode::NotFound,
];
const SESSION: &[ProblemCode] = &[
    ProblemCode::BadJson,
    ProblemCode::TooLarge,
    ProblemCode::UnsupportedMediaType,
    ProblemCode::InvalidField,
    ProblemCode::Unauthenticated,
    ProblemCode::AccountErased,
    ProblemCode::RateLimited,
    ProblemCode::NotFound,
];
const PULL: &[ProblemCode] = &[ProblemCode::BadCursor, ProblemCode::ResyncRequired];
const ROW: &[ProblemCode] = &[ProblemCode::NotFound];
const DELETE: &[ProblemCode] = &[ProblemCode::NotFound, ProblemCode::Forbidden];

const fn get(
    name: &'static str,
    summary: &'static str,
    answer: &'static [(u16, &'static str)],
) -> Operation {
    Operation {
        name,
        summary,
        access: Access::SignedIn,
        query: &[],
        body: None,
        answers: answer,
        problems: &[],
    }
}

const fn open(operation: Operation) -> Operation {
    Operation {
        access: Access::Everyone,
        ..operation
    }
}

const fn with(operation: Operation, problems: &'static [ProblemCode]) -> Operation {
    Operation {
        problems,
        ..operation
    }
}

const fn asking(operation: Operation, query: &'static [&'static str]) -> Operation {
    Operation { query, ..operation }
}

const fn taking(operation: Operation, body: &'static str, is_needed: bool) -> Operation {
    Operation {
        body: Some((body, is_needed)),
        ..operation
    }
}

/// The words for a route. A route without any is a mistake that every test finds.
pub(super) fn operation(method: &Method, path: &str) -> Operation {
    match path.strip_prefix("/v1/auth/") {
        Some(call) => of_sign_in(call),
        None => of_metrics(method, path)
            .or_else(|| of_people(method, path))
            .or_else(|| of_account(method, path))
            .unwrap_or_else(|| of_operations(path)),
    }
}

fn of_metrics(method: &Method, path: &str) -> Option<Operation> {
    Some(match (method.as_str(), path) {
        ("POST", "/v1/metrics/batch") => {
            let call = get(
                "push",
                "One result per event, in order",
                &[(200, "BatchResponse")],
            );
            with(taking(call, "BatchRequest", true), BODY)
        }
        ("GET", "/v1/metrics") => {
            let call = get(
                "pullMetrics",
                "Metrics in version order",
                &[(200, "MetricsPage")],
            );
            with(asking(call, &["since", "limit"]), PULL)
        }
        ("GET", "/v1/metrics/{id}/history") => with(
            get(
                "history",
                "Replaced values, newest first",
                &[(200, "HistoryResponse")],
            ),
            ROW,
        ),
        _ => return None,
    })
}

fn of_people(method: &Method, path: &str) -> Option<Operation> {
    Some(match (method.as_str(), path) {
        ("GET", "/v1/users") => {
            let call = get("pullUsers", "Users in version order", &[(200, "UsersPage")]);
            with(asking(call, &["since", "limit"]), PULL)
        }
        ("POST", "/v1/users") => {
            let answers = &[(201, "User"), (200, "User")];
            let call = get("createUser", "The user, new or as it is", answers);
            with(taking(call, "UserPatch", true), FIELDS)
        }
        ("GET", "/v1/users/{id}") => with(get("readUser", "The user", &[(200, "User")]), ROW),
        ("PATCH", "/v1/users/{id}") => {
            let call = get("patchUser", "The user after the merge", &[(200, "User")]);
            with(taking(call, "UserPatch", true), FIELDS)
        }
        ("GET", "/v1/app_model") => get(
            "readAppModel",
            "What a new device starts with",
            &[(200, "AppModel")],
        ),
        ("PATCH", "/v1/app_model") => {
            let call = get(
                "patchAppModel",
                "The app model after the merge",
                &[(200, "AppModel")],
            );
            with(taking(call, "AppModelPatch", true), FIELDS)
        }
        _ => return None,
    })
}

fn of_account(method: &Method, path: &str) -> Option<Operation> {
    Some(match (method.as_str(), path) {
        ("GET", "/v1/digests") => {
            let call = get(
                "digests",
                "Digests of a user's rows by month",
                &[(200, "DigestsResponse")],
            );
            with(asking(call, &["user_id"]), ROW)
        }
        ("GET", "/v1/devices") => get("devices", "The devices seen", &[(200, "DevicesResponse")]),
        ("DELETE", "/v1/devices/{id}") => {
            with(get("signOutDevice", "Signed out", &[(204, "")]), DELETE)
        }
        ("GET", "/v1/account") => get("readAccount", "Who is signed in", &[(200, "Account")]),
        ("DELETE", "/v1/account") => with(get("eraseAccount", "Erased", &[(204, "")]), DELETE),
        ("GET", "/v1/account/export") => get(
            "exportAccount",
            "Everything of the account",
            &[(200, "Export")],
        ),
        _ => return None,
    })
}

fn of_sign_in(call: &str) -> Operation {
    const SIGNED_IN: &[(u16, &str)] = &[(200, "SignInResponse")];
    let call = match call {
        "register" => {
            let call = get(
                "register",
                "A new account, signed in",
                &[(201, "SignInResponse")],
            );
            with(taking(call, "SignInRequest", true), REGISTER)
        }
        "login" => with(
            taking(get("login", "Signed in", SIGNED_IN), "SignInRequest", true),
            SIGN_IN,
        ),
        "recover" => {
            let call = get(
                "recover",
                "Signed in, with a new password and code",
                SIGNED_IN,
            );
            with(taking(call, "RecoverRequest", true), SIGN_IN)
        }
        "refresh" => {
            let call = get("refresh", "The next tokens", &[(200, "RefreshResponse")]);
            with(taking(call, "RefreshRequest", false), SESSION)
        }
        _ => {
            let call = get("logout", "Signed out", &[(204, "")]);
            with(taking(call, "RefreshRequest", false), SESSION)
        }
    };
    open(call)
}

fn of_operations(path: &str) -> Operation {
    match path {
        "/v1/server" => open(get("server", "Who answers", &[(200, "ServerInfo")])),
        "/v1/live" => {
            let call = get(
                "live",
                "A hint at each change",
                &[(200, "text/event-stream")],
            );
            asking(call, &["account"])
        }
        "/v1/openapi.json" => open(get("openapi", "This document", &[(200, "Anything")])),
        "/livez" => open(get("livez", "The process runs", &[(200, "Health")])),
        "/readyz" => open(get(
            "readyz",
            "The database takes writes",
            &[(200, "Health")],
        )),
        "/version" => open(get("version", "Version and protocol", &[(200, "Version")])),
        _ => {
            let call = get("cspReport", "Taken note of", &[(204, "")]);
            with(
                open(taking(call, "Anything", false)),
                &[ProblemCode::RateLimited, ProblemCode::TooLarge],
            )
        }
    }
}
