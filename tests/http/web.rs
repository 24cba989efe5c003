//! The built app.

use crate::app::{Setup, TestApp};
use axum::http::Method;
use std::fs;
use tempfile::TempDir;

const FILES: [(&str, &str); 8] = [
    ("index.html", "<!doctype html>"),
    ("sw.js", "// worker"),
    ("manifest.webmanifest", "{}"),
    ("icons/icon.svg", "<svg/>"),
    ("assets/page-e3b0c44298fc1c14.js", "export {}"),
    ("assets/page-e3b0c44298fc1c14.js.br", "brotli"),
    ("assets/page-e3b0c44298fc1c14.js.gz", "gzip"),
    ("assets/page-e3b0c44298fc1c14.wasm", "\0asm"),
];

async fn with_files() -> (TestApp, TempDir) {
    let folder = TempDir::new().unwrap();
    for (name, text) in FILES {
        let file = folder.path().join(name);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }
    let web = Some(folder.path().to_owned());
    (
        TestApp::with(Setup {
            web,
            ..Setup::default()
        })
        .await,
        folder,
    )
}

#[tokio::test]
async fn every_screen_is_the_shell_and_is_asked_for_again() {
    let (app, _folder) = with_files().await;
    for path in [
        "/",
        "/history",
        "/sync",
        "/settings",
        "/account",
        "/data",
        "/report",
        "/goal",
        "/about",
        "/welcome",
        "/index.html",
        "/history?x=1",
    ] {
        let answer = app.get(path).await;
        assert_eq!(
            (answer.status.as_u16(), answer.bytes.as_slice()),
            (200, b"<!doctype html>".as_slice()),
            "{path}"
        );
        assert_eq!(
            answer.header("content-type"),
            Some("text/html; charset=utf-8")
        );
        assert_eq!(answer.header("cache-control"), Some("no-cache"));
        let tag = answer.header("etag").unwrap().to_owned();
        let known = app
            .call(Method::GET, path, &[("if-none-match", &tag)])
            .await;
        assert_eq!((known.status.as_u16(), known.bytes.len()), (304, 0));
        let weak = format!("\"x\", W/{tag}");
        assert_eq!(
            app.call(Method::GET, path, &[("if-none-match", &weak)])
                .await
                .status,
            304
        );
        assert_eq!(
            app.call(Method::GET, path, &[("if-none-match", "\"x\"")])
                .await
                .status,
            200
        );
    }
}

#[tokio::test]
async fn hashed_files_are_kept_for_ever_and_the_worker_never() {
    let (app, _folder) = with_files().await;
    let cases = [
        (
            "/assets/page-e3b0c44298fc1c14.js",
            "text/javascript; charset=utf-8",
            "public, max-age=31536000, immutable",
        ),
        (
            "/assets/page-e3b0c44298fc1c14.wasm",
            "application/wasm",
            "public, max-age=31536000, immutable",
        ),
        ("/sw.js", "text/javascript; charset=utf-8", "no-cache"),
        (
            "/manifest.webmanifest",
            "application/manifest+json",
            "no-cache",
        ),
        ("/icons/icon.svg", "image/svg+xml", "no-cache"),
    ];
    for (path, media_type, caching) in cases {
        let answer = app.get(path).await;
        assert_eq!(answer.status, 200, "{path}");
        assert_eq!(answer.header("content-type"), Some(media_type));
        assert_eq!(answer.header("cache-control"), Some(caching));
    }
}

#[tokio::test]
async fn a_packed_twin_is_sent_to_whoever_unpacks_it() {
    let (app, _folder) = with_files().await;
    let path = "/assets/page-e3b0c44298fc1c14.js";
    let cases = [
        ("gzip, deflate, br", Some("br"), "brotli"),
        ("gzip", Some("gzip"), "gzip"),
        ("br;q=0, gzip", Some("gzip"), "gzip"),
        ("identity", None, "export {}"),
    ];
    for (accepted, encoding, text) in cases {
        let answer = app
            .call(Method::GET, path, &[("accept-encoding", accepted)])
            .await;
        assert_eq!(
            (answer.header("content-encoding"), answer.bytes.as_slice()),
            (encoding, text.as_bytes())
        );
        assert_eq!(
            answer.header("content-type"),
            Some("text/javascript; charset=utf-8")
        );
        assert_eq!(answer.header("vary"), Some("Accept-Encoding"));
    }
}

#[tokio::test]
async fn nothing_outside_the_folder_is_served_and_nothing_inside_changed() {
    let (app, folder) = with_files().await;
    fs::write(folder.path().join(".secret"), "x").unwrap();
    for path in [
        "/../Cargo.toml",
        "/..%2fCargo.toml",
        "/.secret",
        "/assets",
        "/assets/",
        "//etc/passwd",
        "/assets/../index.html",
        "/nope.js",
    ] {
        assert_eq!(app.get(path).await.code(), (404, "not_found"), "{path}");
    }
    let answer = app.call(Method::DELETE, "/sw.js", &[]).await;
    assert_eq!(
        (answer.code(), answer.header("allow")),
        ((405, "method_not_allowed"), Some("GET, HEAD"))
    );
}
