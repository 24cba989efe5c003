//! From one build of the app to the next, and the way out.

use crate::harness::{Engine, NEXT, Row, World, build_without, next_build, story, way_out};
use anyhow::Result;
use serde_json::Value;
use std::rc::Rc;

/// The program files that this page was made of, by name.
const FILES: &str = "return performance.getEntriesByType('resource').map((entry) => entry.name)
    .concat([...document.scripts].map((script) => script.src)).filter((name) => name.includes('/assets/'));";

/// Whether a page is of the next build; it must not be of both.
fn is_next(files: &Value) -> bool {
    let names: Vec<&str> = files
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    let of_next = names.iter().filter(|name| name.contains(NEXT)).count();
    assert!(names.len() >= 2, "{names:?}");
    assert!(
        of_next == 0 || of_next == names.len(),
        "one page of two builds: {names:?}"
    );
    of_next > 0
}

#[tokio::test]
async fn an_update_waits_for_consent_and_for_an_open_form_in_chromium() -> Result<()> {
    story("update", Engine::Chromium, update).await
}

#[tokio::test]
async fn an_update_waits_for_consent_and_for_an_open_form_in_firefox() -> Result<()> {
    story("update", Engine::Firefox, update).await
}

async fn update(world: Rc<World>) -> Result<()> {
    let one = world.device("one").await?;
    one.open("/").await?;
    one.wait_until_offline_ready().await?;
    one.log_weight("70.1").await?;
    one.chip_when("it is sent", |chip| chip.pending == 0)
        .await?;
    one.type_weight("70.2").await?;

    let next = next_build(&world.server.build(), &world.folder("next"))?;
    world.server.deploy(&next).await?;
    let form = one.open_tab().await?;
    one.open("/").await?;
    assert!(
        !is_next(&one.run(FILES).await?),
        "what is open goes on as it is"
    );
    one.click("update-apply").await?;
    let is_loaded = format!(
        "const files = await (async () => {{ {FILES} }})(); return files.some((name) => name.includes('{NEXT}')) && document.querySelector('[data-testid=sync-chip]') !== null;"
    );
    one.run_until("the tab that agreed is new", &is_loaded)
        .await?;
    assert!(is_next(&one.run(FILES).await?));

    // The other tab holds a form: it goes on as it is until that is saved, old program, new worker.
    one.switch_tab(form).await?;
    assert!(!is_next(&one.run(FILES).await?));
    one.click("save-entry").await?;
    one.run_until("the tab with the form is new", &is_loaded)
        .await?;
    assert!(is_next(&one.run(FILES).await?));
    let both = |rows: &[Row]| rows.len() == 2 && rows.iter().all(|row| row.status == "synced");
    one.rows_when("what was typed is there, and sent", both)
        .await?;

    one.go_offline().await?;
    one.reload().await?;
    assert!(
        is_next(&one.run(FILES).await?),
        "the new build is whole without a network"
    );
    one.rows_when("with everything in it", |rows| rows.len() == 2)
        .await?;
    Ok(())
}

#[tokio::test]
async fn the_way_out_takes_caches_and_worker_and_leaves_what_was_logged() -> Result<()> {
    story("way_out", Engine::Chromium, |world| async move {
        let one = world.device("one").await?;
        one.open("/").await?;
        one.wait_until_offline_ready().await?;
        world.server.kill();
        one.log_weight("70.1").await?;
        let out = way_out(&world.server.build(), &world.folder("out"))?;
        world.server.deploy(&out).await?;
        one.run("(await navigator.serviceWorker.getRegistration()).update(); return null;").await?;
        let is_gone = "return !(await navigator.serviceWorker.getRegistration())
            && (await caches.keys()).length === 0 && document.querySelector('[data-testid=sync-chip]') !== null;";
        one.run_until("worker and caches are gone", is_gone).await?;
        one.run("window.stays = true; return null;").await?;
        let synced = |rows: &[Row]| rows.len() == 1 && rows[0].status == "synced";
        one.rows_when("what was logged is there, and sent", synced).await?;
        one.run_until("they stay gone", is_gone).await?;
        assert_eq!(one.run("return window.stays;").await?, true, "it loads anew only once");

        one.reload().await?;
        one.rows_when("the page works without them", synced).await?;
        one.run_until("and still there is none", is_gone).await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_missing_part_of_the_app_is_said_and_loaded_again_in_chromium() -> Result<()> {
    story("missing_part", Engine::Chromium, missing_part).await
}

#[tokio::test]
async fn a_missing_part_of_the_app_is_said_and_loaded_again_in_firefox() -> Result<()> {
    story("missing_part", Engine::Firefox, missing_part).await
}

/// The first screen stands without the rest; what was wanted meanwhile comes when the rest does.
async fn missing_part(world: Rc<World>) -> Result<()> {
    let whole = world.server.build();
    let torn = build_without(&whole, "assets/rest-", &world.folder("torn"))?;
    world.server.deploy(&torn).await?;
    let one = world.device("one").await?;
    one.open("/").await?;
    one.text_when("missing-part", |words| !words.is_empty())
        .await?;
    one.click("log-weight").await?;
    one.click("load-missing-part").await?;
    one.text_when("missing-part", |words| !words.is_empty())
        .await?;

    world.server.deploy(&whole).await?;
    one.click("load-missing-part").await?;
    one.run_until(
        "the sheet that was wanted opens",
        "return document.querySelector('[data-testid=log-sheet]')?.open === true;",
    )
    .await?;
    one.run_until(
        "nothing is missing any more",
        "return document.querySelector('[data-testid=missing-part]') === null;",
    )
    .await?;
    one.type_into("weight-input", "70.1").await?;
    one.click("save-entry").await?;
    let synced = |rows: &[Row]| rows.len() == 1 && rows[0].status == "synced";
    one.rows_when("what is typed then is sent", synced).await?;

    // The same on the way to another screen.
    world.server.deploy(&torn).await?;
    let two = world.device("two").await?;
    two.open("/").await?;
    two.text_when("missing-part", |words| !words.is_empty())
        .await?;
    two.run("document.querySelector('a[href=\"/settings\"]').click(); return null;")
        .await?;
    two.run_until("nothing stands in its place", "return location.pathname === '/settings' && document.querySelector('#screen h1') === null;")
        .await?;
    world.server.deploy(&whole).await?;
    two.click("load-missing-part").await?;
    two.run_until(
        "the screen is there",
        "return document.querySelector('#screen h1') !== null;",
    )
    .await?;
    Ok(())
}
