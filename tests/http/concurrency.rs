//! Many at once: commit order is version order, and nobody's rows fall through a cursor.

use crate::app::{TestApp, id, new_metric, upsert};
use serde_json::json;
use std::collections::BTreeSet;
use std::sync::Arc;

const WRITERS: u128 = 8;
const BATCHES: u128 = 12;
const EVENTS: u128 = 5;

async fn write(app: Arc<TestApp>, writer: u128) {
    let device = format!("device-{writer}");
    for batch in 0..BATCHES {
        let number = |event| writer * 10_000 + batch * 100 + event;
        let mut events: Vec<_> = (0..EVENTS)
            .map(|event| new_metric(number(event), &json!({})))
            .collect();
        events.push(upsert(
            1,
            &json!({}),
            &json!({"note": format!("{device} {batch}")}),
        ));
        app.push(&device, &events).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_reader_that_follows_the_cursor_misses_nothing_of_eight_writers() {
    let app = Arc::new(TestApp::with_users(1).await);
    app.push_one("a", new_metric(1, &json!({}))).await;
    let writers: Vec<_> = (1..=WRITERS)
        .map(|writer| tokio::spawn(write(Arc::clone(&app), writer)))
        .collect();

    let (mut seen, mut versions, mut since) = (BTreeSet::new(), Vec::new(), String::new());
    let expected = 1 + usize::try_from(WRITERS * BATCHES * EVENTS).unwrap();
    while seen.len() < expected || !writers.iter().all(tokio::task::JoinHandle::is_finished) {
        let page = app
            .get(&format!("/v1/metrics?limit=7&since={since}"))
            .await
            .body;
        since = page["cursor"].as_str().unwrap().to_owned();
        for row in page["metrics"].as_array().unwrap() {
            versions.push(row["version"].as_u64().unwrap());
            seen.insert(row["id"].as_str().unwrap().to_owned());
        }
        let is_done =
            page["has_more"] == false && writers.iter().all(tokio::task::JoinHandle::is_finished);
        assert!(
            !is_done
                || seen.len() == expected
                || app.get(&format!("/v1/metrics?since={since}")).await.body["metrics"]
                    != json!([])
        );
    }
    for writer in writers {
        writer.await.unwrap();
    }
    assert_eq!(seen.len(), expected);
    assert!(seen.contains(&id(1)));
    assert!(
        versions.is_sorted_by(|left, right| left < right),
        "versions only rise along a cursor"
    );
    let head = app.get("/v1/metrics").await.body["head"].as_u64().unwrap();
    let edits = u64::try_from(WRITERS * BATCHES).unwrap();
    assert_eq!(
        head,
        1 + u64::try_from(expected).unwrap() + edits,
        "one version for each change"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_same_batch_sent_by_many_at_once_takes_effect_once() {
    let app = Arc::new(TestApp::with_users(1).await);
    let senders: Vec<_> = (0..8)
        .map(|_| {
            let app = Arc::clone(&app);
            tokio::spawn(async move {
                let event = upsert(
                    1,
                    &json!({"op_id": id(900)}),
                    &json!({"user_id": 1, "weight": 80, "created_at": "2026-02-20T10:22:33Z"}),
                );
                app.push_one("a", event).await["status"]
                    .as_str()
                    .unwrap()
                    .to_owned()
            })
        })
        .collect();
    let mut statuses = Vec::new();
    for sender in senders {
        statuses.push(sender.await.unwrap());
    }
    statuses.sort();
    assert_eq!(
        (statuses[0].as_str(), statuses[7].as_str()),
        ("applied", "duplicate")
    );
    assert_eq!(
        statuses
            .iter()
            .filter(|status| *status == "applied")
            .count(),
        1
    );
    assert_eq!(app.get("/v1/metrics").await.body["head"], 2);
}
