//! What a client says about where it stands: `since` and `limit`.

use crate::server::Server;
use std::cell::OnceCell;
use tidemark_protocol::validate::read_batch;
use tidemark_server::sync::SyncError;

/// So many rows lie on the server.
const ROWS: usize = 6;

thread_local! {
    static SERVER: OnceCell<Server> = const { OnceCell::new() };
}

/// A cursor is taken or refused, never a failure of the server; from one that is taken the pull reaches the head.
pub fn run(data: &[u8]) {
    let Some((limit, since)) = data.split_first() else {
        return;
    };
    let Ok(since) = str::from_utf8(since) else {
        return;
    };
    let limit = usize::from(*limit % 8) + 1;
    SERVER.with(|server| check(server.get_or_init(filled), since, limit));
}

fn check(server: &Server, since: &str, limit: usize) {
    let mut since = since.to_owned();
    for _ in 0..=ROWS {
        match server.pull(Some(since), limit) {
            Ok(page) => {
                assert!(page.metrics.len() <= limit);
                if !page.has_more {
                    return;
                }
                since = page.cursor.0;
            }
            Err(SyncError::BadCursor | SyncError::ResyncRequired { .. }) => return,
            Err(error) => panic!("{error}"),
        }
    }
    panic!("the pull does not end");
}

fn filled() -> Server {
    let server = Server::new();
    let events: Vec<String> = (0..ROWS).map(event).collect();
    let body = format!(r#"{{"device_id":"fuzz","events":[{}]}}"#, events.join(","));
    let request = read_batch(body.as_bytes()).expect("a batch of ours");
    assert_eq!(server.push(&request).results.len(), ROWS);
    server
}

fn event(number: usize) -> String {
    format!(
        r#"{{"local_id":{number},"type":"UPSERT_METRIC","payload":{{"user_id":1,"weight":70.{number},
        "created_at":"2026-02-0{}T10:00:00Z"}}}}"#,
        number + 1
    )
}
