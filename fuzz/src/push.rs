//! A batch's body, as it comes in over the network.

use crate::server::Server;
use tidemark_protocol::validate::read_batch;
use tidemark_protocol::{BatchResponse, EventStatus};

/// The server answers each event, every answer can be read by a client, and the same body again takes no effect twice.
pub fn run(data: &[u8]) {
    let Ok(request) = read_batch(data) else {
        return;
    };
    let server = Server::new();
    let first = server.push(&request);
    assert_eq!(
        first.results.len(),
        request.events.len(),
        "one result for each event"
    );
    let text = serde_json::to_string(&first).expect("an answer can be written");
    let read: BatchResponse = serde_json::from_str(&text).expect("a client can read the answer");
    assert_eq!(read.results.len(), first.results.len());
    check_rows(&server);

    let second = server.push(&request);
    let is_settled = |status| !matches!(status, EventStatus::Rejected | EventStatus::Retry);
    for (once, again) in first.results.iter().zip(&second.results) {
        let is_right = !is_settled(once.status) || again.status == EventStatus::Duplicate;
        assert!(is_right, "{once:?} took effect again: {again:?}");
    }
    if first.results.iter().all(|result| is_settled(result.status)) {
        assert_eq!(first.head, second.head, "a replay moves nothing");
    }
}

/// Rows come in version order, each once, and a client can read them.
fn check_rows(server: &Server) {
    let page = server
        .pull(None, 1000)
        .expect("a first pull is always possible");
    let text = serde_json::to_string(&page).expect("a page can be written");
    let read: tidemark_protocol::MetricsPage =
        serde_json::from_str(&text).expect("a client can read the page");
    assert_eq!(read, page, "what is read is what was written");
    assert!(
        page.metrics
            .is_sorted_by(|one, next| one.version < next.version)
    );
    assert!(page.metrics.iter().all(|row| row.version <= page.head));
}
