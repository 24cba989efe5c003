//! Cursors, pages, deletions, times.

use crate::app::{Answer, EPOCH, TestApp, at, delete, id, new_metric, upsert};
use axum::http::Method;
use serde_json::{Value, json};
use tidemark_protocol::{MetricsPage, PACKED_MEDIA_TYPE, PackedPage};

async fn with_metrics(count: u128) -> TestApp {
    let app = TestApp::with_users(1).await;
    let events: Vec<_> = (1..=count)
        .map(|number| new_metric(number, &json!({})))
        .collect();
    app.push("a", &events).await;
    app
}

fn ids(page: &Value) -> Vec<String> {
    let rows = page["metrics"].as_array().unwrap();
    rows.iter()
        .map(|row| row["id"].as_str().unwrap().to_owned())
        .collect()
}

fn numbered(numbers: impl IntoIterator<Item = u128>) -> Vec<String> {
    numbers.into_iter().map(id).collect()
}

async fn pull(app: &TestApp, query: &str) -> Value {
    let answer = app.get(&format!("/v1/metrics?{query}")).await;
    assert_eq!(answer.status, 200, "{query}: {}", answer.body);
    answer.body
}

#[tokio::test]
async fn an_empty_account_answers_an_empty_page_whose_cursor_works() {
    let app = TestApp::start().await;
    let page = pull(&app, "").await;
    let expected = json!({
        "metrics": [], "cursor": page["cursor"], "has_more": false, "head": 0, "epoch": EPOCH, "server_time": app.now(),
    });
    assert_eq!(page, expected);
    app.post("/v1/users", &json!({})).await;
    app.push_one("a", new_metric(1, &json!({}))).await;
    let cursor = page["cursor"].as_str().unwrap();
    assert_eq!(
        ids(&pull(&app, &format!("since={cursor}")).await),
        numbered([1])
    );
}

#[tokio::test]
async fn rows_come_in_version_order_page_by_page_and_a_changed_row_moves() {
    let app = with_metrics(5).await;
    app.push_one(
        "b",
        upsert(2, &json!({"base_version": 3}), &json!({"weight": 90})),
    )
    .await;
    let first = pull(&app, "limit=2").await;
    assert_eq!(
        (ids(&first), &first["has_more"], &first["head"]),
        (numbered([1, 3]), &json!(true), &json!(7))
    );
    // A row that changes while the client is between pages comes again, later.
    app.push_one(
        "b",
        upsert(1, &json!({"base_version": 2}), &json!({"weight": 91})),
    )
    .await;
    let cursor = first["cursor"].as_str().unwrap();
    let second = pull(&app, &format!("limit=2&since={cursor}")).await;
    assert_eq!(ids(&second), numbered([4, 5]));
    let cursor = second["cursor"].as_str().unwrap();
    let third = pull(&app, &format!("limit=2&since={cursor}")).await;
    assert_eq!(
        (ids(&third), &third["has_more"]),
        (numbered([2, 1]), &json!(false))
    );
    let cursor = third["cursor"].as_str().unwrap();
    let nothing = pull(&app, &format!("since={cursor}")).await;
    assert_eq!(
        (ids(&nothing), &nothing["cursor"]),
        (Vec::new(), &third["cursor"])
    );
}

#[tokio::test]
async fn a_page_that_is_exactly_full_has_no_more() {
    let app = with_metrics(4).await;
    let page = pull(&app, "limit=4").await;
    assert_eq!((ids(&page).len(), &page["has_more"]), (4, &json!(false)));
}

#[tokio::test]
async fn a_first_pull_leaves_out_what_was_deleted_before_it_began_on_all_its_pages() {
    let app = with_metrics(6).await;
    app.push(
        "a",
        &[
            delete(2, &json!({}), &json!({})),
            delete(5, &json!({}), &json!({})),
        ],
    )
    .await;
    let first = pull(&app, "limit=2").await;
    assert_eq!(ids(&first), numbered([1, 3]));
    // Deleted while the first pull is under way: the client may hold it by now.
    app.push_one("a", delete(1, &json!({}), &json!({}))).await;
    let mut seen = Vec::new();
    let mut page = first;
    while page["has_more"] == true {
        let cursor = page["cursor"].as_str().unwrap().to_owned();
        page = pull(&app, &format!("limit=1&since={cursor}")).await;
        seen.extend(ids(&page));
    }
    assert_eq!(seen, numbered([4, 6, 1]));
    assert!(page["metrics"][0]["deleted_at"].is_string());
    // Afterwards deletions come like any other change.
    app.push_one("a", delete(6, &json!({}), &json!({}))).await;
    let cursor = page["cursor"].as_str().unwrap();
    assert_eq!(
        ids(&pull(&app, &format!("since={cursor}")).await),
        numbered([6])
    );
}

#[tokio::test]
async fn since_takes_a_time_and_repeats_rather_than_skips() {
    let app = with_metrics(2).await;
    app.wait(300_000);
    app.push_one("a", new_metric(3, &json!({}))).await;
    app.push_one("a", delete(1, &json!({}), &json!({}))).await;
    app.wait(300_000);
    app.push_one("a", new_metric(4, &json!({}))).await;
    let cases = [
        (at(-1), numbered([2, 3, 1, 4])),
        ("1999-01-01T00:00:00Z".to_owned(), numbered([2, 3, 1, 4])),
        (at(60_000), numbered([2, 3, 1, 4])),
        (at(60_001), numbered([3, 1, 4])),
        (at(300_000), numbered([3, 1, 4])),
        (at(360_001), numbered([4])),
        (at(600_000), numbered([4])),
        ("2999-01-01T00:00:00Z".to_owned(), numbered([4])),
        ("2999-01-01T00:00:00%2B03:00".to_owned(), numbered([4])),
        ("2999-01-01T00:00:00+03:00".to_owned(), numbered([4])),
    ];
    for (since, expected) in cases {
        assert_eq!(
            ids(&pull(&app, &format!("since={since}")).await),
            expected,
            "{since}"
        );
    }
    app.wait(300_000);
    let page = pull(&app, "since=2999-01-01T00:00:00Z").await;
    assert!(ids(&page).is_empty());
    app.push_one("a", new_metric(5, &json!({}))).await;
    let cursor = page["cursor"].as_str().unwrap();
    assert_eq!(
        ids(&pull(&app, &format!("since={cursor}")).await),
        numbered([5])
    );
}

#[tokio::test]
async fn a_pull_by_time_goes_on_by_cursor() {
    let app = with_metrics(3).await;
    app.push_one("a", delete(1, &json!({}), &json!({}))).await;
    let page = pull(&app, "since=1999-01-01T00:00:00Z&limit=2").await;
    assert_eq!(
        (ids(&page), &page["has_more"]),
        (numbered([2, 3]), &json!(true))
    );
    let cursor = page["cursor"].as_str().unwrap();
    assert_eq!(
        ids(&pull(&app, &format!("since={cursor}")).await),
        numbered([1])
    );
}

#[tokio::test]
async fn a_clock_that_goes_back_makes_no_pull_by_time_skip_a_row() {
    let app = with_metrics(1).await;
    app.wait(-3_600_000);
    app.push_one("a", new_metric(2, &json!({}))).await;
    app.wait(3_600_000);
    assert_eq!(
        ids(&pull(&app, &format!("since={}", at(0))).await),
        numbered([1, 2])
    );
}

#[tokio::test]
async fn empty_parameters_count_as_absent_and_bad_ones_are_told() {
    let app = with_metrics(2).await;
    assert_eq!(ids(&pull(&app, "since=&limit=").await).len(), 2);
    for limit in ["1", "1000"] {
        assert_eq!(
            app.get(&format!("/v1/metrics?limit={limit}")).await.status,
            200
        );
    }
    for limit in ["0", "1001", "-1", "x", "1.5", "99999999999999999999"] {
        for path in ["metrics", "users"] {
            let answer = app.get(&format!("/v1/{path}?limit={limit}")).await;
            assert_eq!(answer.code(), (400, "bad_request"), "{limit}");
        }
    }
}

#[tokio::test]
async fn a_cursor_that_is_not_this_feeds_is_bad() {
    let app = with_metrics(2).await;
    let metrics = pull(&app, "").await["cursor"].as_str().unwrap().to_owned();
    let users = app.get("/v1/users").await.body["cursor"]
        .as_str()
        .unwrap()
        .to_owned();
    let mut forged = metrics.replace(".3.", ".2.");
    assert_ne!(forged, metrics);
    for bad in [
        "x",
        "0",
        "41",
        "null",
        "2026-02-20",
        &users,
        &forged,
        &metrics[1..],
        &metrics[..metrics.len() - 1],
    ] {
        let answer = app.get(&format!("/v1/metrics?since={bad}")).await;
        assert_eq!(answer.code(), (400, "bad_cursor"), "{bad}");
    }
    forged = metrics.clone();
    assert_eq!(
        app.get(&format!("/v1/users?since={forged}")).await.code(),
        (400, "bad_cursor")
    );
    assert_eq!(
        app.get(&format!("/v1/users?since={users}")).await.status,
        200
    );
}

#[tokio::test]
async fn a_cursor_of_another_life_of_the_database_asks_for_a_resync() {
    let app = with_metrics(2).await;
    let cursor = pull(&app, "").await["cursor"].as_str().unwrap().to_owned();
    let other_life = cursor.replace(EPOCH, "0190c0de-0000-7000-8000-0000000000ff");
    let answer = app.get(&format!("/v1/metrics?since={other_life}")).await;
    assert_eq!(answer.code(), (410, "resync_required"));
    // Nothing of that life is here, whatever it came to after the cursor: each of its versions is lost.
    let lost = &answer.body["lost"];
    assert_eq!(
        (&answer.body["reason"], &lost[0][0]),
        (&json!("epoch"), &json!(1))
    );
    assert!(lost[0][1].as_u64().is_some_and(|last| last >= 3), "{lost}");
}

#[tokio::test]
async fn the_cursor_that_comes_back_is_what_the_device_surely_holds() {
    let app = with_metrics(3).await;
    let device = [("tidemark-device", "phone")];
    let cursor = pull(&app, "limit=2").await["cursor"]
        .as_str()
        .unwrap()
        .to_owned();
    app.call(Method::GET, "/v1/metrics", &device).await;
    let path = format!("/v1/metrics?since={cursor}");
    app.call(Method::GET, &path, &device).await;
    let devices = app.get("/v1/devices").await.body["devices"].clone();
    let expected = |name: &str, acknowledged: u64| json!({"device_id": name, "name": null, "created_at": at(0), "last_seen_at": at(0), "acknowledged_version": acknowledged});
    assert_eq!(devices, json!([expected("a", 0), expected("phone", 3)]));
    // An older cursor takes nothing back, and the time of the last visit moves on.
    app.wait(120_000);
    let first = app.get("/v1/metrics?limit=1").await.body["cursor"]
        .as_str()
        .unwrap()
        .to_owned();
    app.call(Method::GET, &format!("/v1/metrics?since={first}"), &device)
        .await;
    let phone = app.get("/v1/devices").await.body["devices"][1].clone();
    assert_eq!(
        (&phone["acknowledged_version"], &phone["last_seen_at"]),
        (&json!(3), &json!(at(120_000)))
    );
}

async fn packed(app: &TestApp, query: &str) -> (Answer, MetricsPage) {
    let accept = format!("text/html, {PACKED_MEDIA_TYPE}, application/json");
    let headers = [("accept", accept.as_str())];
    let path = format!("/v1/metrics?{query}");
    let answer = app.call(Method::GET, &path, &headers).await;
    let page: PackedPage = serde_json::from_slice(&answer.bytes).expect("columns");
    let unpacked = page.unpack().expect("columns that fit");
    assert!(unpacked.is_whole);
    (answer, unpacked.page)
}

#[tokio::test]
async fn who_accepts_columns_gets_the_same_page_in_columns() {
    let app = with_metrics(5).await;
    let (_, all) = packed(&app, "").await;
    app.push_one("b", delete(3, &json!({"base_version": 4}), &json!({})))
        .await;
    let deletion = format!("since={}", all.cursor.0);
    for query in ["", "limit=2", "limit=1000&since=", &deletion] {
        let rows: MetricsPage = serde_json::from_value(pull(&app, query).await).unwrap();
        let (answer, columns) = packed(&app, query).await;
        assert_eq!(columns, rows, "{query}");
        assert_eq!(answer.header("content-type"), Some(PACKED_MEDIA_TYPE));
        assert_eq!(answer.header("vary"), Some("accept"));
    }
    let (_, deleted) = packed(&app, &deletion).await;
    assert!(deleted.metrics.len() == 1 && deleted.metrics[0].deleted_at.is_some());
}

#[tokio::test]
async fn who_does_not_name_columns_gets_rows() {
    let app = with_metrics(1).await;
    for accept in [
        "application/json",
        "*/*",
        "application/*",
        "application/vnd.tidemark.columns",
    ] {
        let headers = [("accept", accept)];
        let answer = app.call(Method::GET, "/v1/metrics", &headers).await;
        assert_eq!(answer.header("content-type"), Some("application/json"));
        assert_eq!(ids(&answer.body), numbered([1]), "{accept}");
    }
}
