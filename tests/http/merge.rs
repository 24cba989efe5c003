//! Stories of two devices, told over HTTP: the rule itself has its tables in `protocol`.

use crate::app::{TestApp, at, delete, id, new_metric, upsert};
use serde_json::{Value, json};

async fn begun() -> TestApp {
    let app = TestApp::with_users(1).await;
    let created = app
        .push_one("a", new_metric(1, &json!({"updated_at": at(-9000)})))
        .await;
    assert_eq!(created["version"], 2);
    app
}

fn told(result: &Value) -> (&str, bool, f64, bool) {
    let metric = &result["metric"];
    (
        result["status"].as_str().unwrap(),
        result["conflict"].as_bool().unwrap(),
        metric["weight"].as_f64().unwrap(),
        metric["deleted_at"].is_string(),
    )
}

#[tokio::test]
async fn edits_of_different_fields_on_the_same_base_both_live() {
    let app = begun().await;
    app.push_one(
        "a",
        upsert(
            1,
            &json!({"base_version": 2}),
            &json!({"weight": 81, "updated_at": at(-10)}),
        ),
    )
    .await;
    let result = app
        .push_one(
            "b",
            upsert(
                1,
                &json!({"base_version": 2}),
                &json!({"note": "b", "updated_at": at(-500)}),
            ),
        )
        .await;
    assert_eq!(told(&result), ("merged", false, 81.0, false));
    assert_eq!(result["metric"]["note"], "b");
}

#[tokio::test]
async fn of_two_edits_of_one_field_the_later_wins_and_the_loser_is_in_history() {
    for (second_at, winner, loser, by) in [(-100, 82.0, 81.0, "b"), (-900, 81.0, 82.0, "a")] {
        let app = begun().await;
        app.push_one(
            "a",
            upsert(
                1,
                &json!({"base_version": 2}),
                &json!({"weight": 81, "updated_at": at(-500)}),
            ),
        )
        .await;
        let edit = upsert(
            1,
            &json!({"base_version": 2}),
            &json!({"weight": 82, "updated_at": at(second_at)}),
        );
        let result = app.push_one("b", edit.clone()).await;
        assert_eq!(told(&result), ("merged", true, winner, false));
        let history = app
            .get(&format!("/v1/metrics/{}/history", id(1)))
            .await
            .body;
        let newest = &history["entries"][0];
        assert_eq!(
            (&newest["reason"], &newest["by"]),
            (&json!("conflict"), &json!(by))
        );
        assert_eq!(newest["values"], json!({"weight": loser}));
        let replay = app.push_one("b", edit).await;
        assert_eq!(told(&replay), ("duplicate", true, winner, false));
        assert_eq!(replay["first_status"], "merged");
    }
}

#[tokio::test]
async fn a_causally_newer_edit_wins_with_a_clock_a_year_behind() {
    let app = begun().await;
    app.push_one(
        "a",
        upsert(
            1,
            &json!({"base_version": 2}),
            &json!({"weight": 81, "updated_at": at(0)}),
        ),
    )
    .await;
    let year = 31_536_000_000;
    let result = app
        .push_one(
            "b",
            upsert(
                1,
                &json!({"base_version": 3}),
                &json!({"weight": 82, "updated_at": at(-year)}),
            ),
        )
        .await;
    assert_eq!(told(&result), ("applied", false, 82.0, false));
}

#[tokio::test]
async fn a_concurrent_edit_survives_a_delete_in_either_order() {
    let edit = upsert(
        1,
        &json!({"base_version": 2}),
        &json!({"weight": 81, "updated_at": at(-500)}),
    );
    let remove = delete(
        1,
        &json!({"base_version": 2}),
        &json!({"updated_at": at(-100)}),
    );

    let app = begun().await;
    app.push_one("b", edit.clone()).await;
    assert_eq!(
        told(&app.push_one("c", remove.clone()).await),
        ("superseded", true, 81.0, false)
    );

    let app = begun().await;
    assert_eq!(
        told(&app.push_one("c", remove).await),
        ("applied", false, 80.0, true)
    );
    assert_eq!(
        told(&app.push_one("b", edit).await),
        ("merged", true, 81.0, false)
    );
}

#[tokio::test]
async fn a_deleted_metric_comes_back_only_by_an_explicit_restore() {
    let app = begun().await;
    let removed = app
        .push_one(
            "a",
            delete(1, &json!({"base_version": 2}), &json!({"user_id": 1})),
        )
        .await;
    assert_eq!(told(&removed), ("applied", false, 80.0, true));
    assert_eq!(removed["metric"]["deleted_at"], app.now());
    let edit = app
        .push_one(
            "a",
            upsert(1, &json!({"base_version": 3}), &json!({"weight": 81})),
        )
        .await;
    assert_eq!(told(&edit), ("superseded", false, 80.0, true));
    let restore = app
        .push_one(
            "a",
            upsert(1, &json!({"base_version": 3}), &json!({"deleted_at": null})),
        )
        .await;
    assert_eq!(told(&restore), ("applied", false, 80.0, false));
    let entries = app
        .get(&format!("/v1/metrics/{}/history", id(1)))
        .await
        .body["entries"]
        .clone();
    let reasons: Vec<_> = entries
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| entry["reason"].as_str().unwrap())
        .collect();
    assert_eq!(reasons, ["replaced", "conflict", "deleted"]);
}

#[tokio::test]
async fn without_a_base_the_last_write_wins_the_whole_record() {
    let app = begun().await;
    let edit = |weight: i32, time: i64| {
        upsert(
            1,
            &json!({}),
            &json!({"weight": weight, "updated_at": at(time)}),
        )
    };
    assert_eq!(
        told(&app.push_one("b", edit(82, -100)).await),
        ("applied", true, 82.0, false)
    );
    assert_eq!(
        told(&app.push_one("c", edit(83, -200)).await),
        ("superseded", true, 82.0, false)
    );
    assert_eq!(
        told(&app.push_one("b", edit(84, -8000)).await),
        ("applied", false, 84.0, false),
        "its own"
    );
}

#[tokio::test]
async fn two_devices_that_pull_hold_the_same_rows_in_the_same_versions() {
    let app = begun().await;
    app.push("a", &[new_metric(3, &json!({})), new_metric(2, &json!({}))])
        .await;
    app.push(
        "b",
        &[
            new_metric(4, &json!({})),
            upsert(2, &json!({}), &json!({"note": "b"})),
        ],
    )
    .await;
    let all = app.get("/v1/metrics").await.body["metrics"].clone();
    let mut in_steps = Vec::new();
    let mut since = String::new();
    loop {
        let page = app
            .get(&format!("/v1/metrics?limit=1&since={since}"))
            .await
            .body;
        in_steps.extend(page["metrics"].as_array().unwrap().clone());
        since = page["cursor"].as_str().unwrap().to_owned();
        if page["has_more"] == false {
            break;
        }
    }
    assert_eq!(all, Value::Array(in_steps));
}
