//! Sync that can be seen and trusted: how far an entry has come, why it waits, whether both sides hold the same, and what
//! can be told to somebody who helps.

use crate::harness::{Device, Engine, Row, World, story};
use anyhow::{Context, Result};
use std::rc::Rc;

fn synced(rows: &[Row], count: usize) -> bool {
    rows.len() == count && rows.iter().all(|row| row.status == "synced")
}

#[tokio::test]
async fn a_receipt_climbs_from_this_device_to_the_server_to_the_other_device() -> Result<()> {
    story("receipt", Engine::Chromium, |world| async move {
        let (one, two) = (world.device("one").await?, world.device("two").await?);
        for device in [&one, &two] {
            device.open("/").await?;
            device.wait_until_offline_ready().await?;
        }
        one.go_offline().await?;
        one.log_weight("78.2").await?;
        one.go("/sync").await?;
        let offline = "return document.querySelector('[data-testid=waiting-row]')?.dataset.why === 'no_network';";
        one.run_until("it waits for the network", offline).await?;
        open_details(&one).await?;
        assert_eq!(step(&one).await?, "1");
        let why = one.text("why-waiting").await?;
        assert!(why.starts_with("No network."), "{why}");
        close_details(&one).await?;

        one.go_online().await?;
        one.rows_when("it is sent", |rows| synced(rows, 1)).await?;
        two.come_back().await?;
        two.rows_when("it arrives", |rows| synced(rows, 1)).await?;
        for _ in 0..20 {
            two.come_back().await?; // says with its cursor what it holds
            two.go("/sync").await?;
            two.tap("sync-now").await?;
            one.go("/sync").await?;
            one.tap("sync-now").await?;
            open_details(&one).await?;
            if step(&one).await? == "3" {
                return world.picture(&one, "everywhere").await;
            }
            close_details(&one).await?;
        }
        anyhow::bail!("the receipt never reached the other device")
    })
    .await
}

async fn open_details(device: &Device) -> Result<()> {
    device.go("/history").await?;
    device.tap("row-edit").await?;
    device.tap("entry-whereabouts").await
}

async fn close_details(device: &Device) -> Result<()> {
    device.tap("entry-whereabouts").await?;
    let close = "document.querySelector('dialog[open]').close();";
    device.script(close).await.map(drop)
}

async fn step(device: &Device) -> Result<String> {
    let script = "return document.querySelector('.receipt-ladder')?.dataset.step;";
    let step = device.run_until("the receipt is shown", script).await?;
    Ok(step.as_str().context("no step")?.to_owned())
}

/// Right by its form, so that only a comparison finds it.
const OLD_ROW: &str = "a row is old";

/// Runs `change` on every page of every database of the app.
fn corruption(change: &str) -> String {
    format!(
        "for (const {{ name }} of await indexedDB.databases()) {{
           const database = await new Promise((done) => {{ const open = indexedDB.open(name); open.onsuccess = () => done(open.result); }});
           if (database.objectStoreNames.contains('pages')) {{
             await new Promise((done, failed) => {{
               const transaction = database.transaction('pages', 'readwrite');
               transaction.oncomplete = done; transaction.onerror = failed;
               transaction.objectStore('pages').openCursor().onsuccess = ({{ target }}) => {{
                 const cursor = target.result;
                 if (cursor) {{ {change} cursor.continue(); }}
               }};
             }});
           }}
           database.close();
         }}
         return true;"
    )
}

#[tokio::test]
async fn a_month_that_was_corrupted_in_the_browsers_storage_is_found_and_healed() -> Result<()> {
    story("healed", Engine::Chromium, |world| async move {
        let one = world.device("one").await?;
        one.open("/").await?;
        for weight in ["78.2", "78.3", "78.4"] {
            one.log_weight(weight).await?;
        }
        let before = one
            .rows_when("all are sent", |rows| synced(rows, 3))
            .await?;
        one.go("/sync").await?;
        one.tap("sync-now").await?;
        one.text_when("sync-proof", |text| text.contains("identical"))
            .await?;
        let changes = [
            ("a whole month is gone", "cursor.delete();"),
            (
                OLD_ROW,
                "const page = cursor.value; page.versions[0] = 1; cursor.update(page);",
            ),
            (
                "a month can't be read",
                "const page = cursor.value; page.grams = 'torn'; cursor.update(page);",
            ),
        ];
        for (times, (what, change)) in (1..).zip(changes) {
            let done = one.run(&corruption(change)).await?;
            assert_eq!(done, true, "{what}");
            heal(&one, times).await.context(what)?;
            if what == OLD_ROW {
                // Only this one waits for somebody who asks; the others are seen as soon as the pages are read.
                one.text_when("sync-proof", |text| text.contains("fetched again"))
                    .await?;
            }
            let after = one
                .rows_when("all are back", |rows| synced(rows, 3))
                .await?;
            assert_eq!(after, before, "{what}");
        }
        one.go("/sync").await?;
        one.text_when("set-aside", |text| text.contains("could not be read"))
            .await?;
        world.picture(&one, "healed").await
    })
    .await
}

/// Starts anew and asks for a sync, until something was healed so many times in all.
///
/// The log says so, whoever was first: the sync of the start, or the one that is asked for, which then finds all well.
async fn heal(device: &Device, times: usize) -> Result<()> {
    device.reload().await?;
    device.go("/sync").await?;
    device.tap("sync-now").await?;
    let healed = format!(
        "return document.querySelectorAll('[data-testid=sync-log] [data-outcome=healed]').length === {times};"
    );
    device.run_until("it is healed", &healed).await?;
    device
        .text_when("sync-proof", |text| text.contains("identical"))
        .await
        .map(drop)
}

#[tokio::test]
async fn the_log_and_the_support_report_are_copied_and_hold_no_value() -> Result<()> {
    story("report", Engine::Chromium, report).await
}

async fn report(world: Rc<World>) -> Result<()> {
    let one = world.device("one").await?;
    one.open("/").await?;
    one.tap("log-weight").await?;
    one.type_into("weight-input", "123.4").await?;
    one.type_into("entry-note", "Kanarienvogel").await?;
    one.tap("save-entry").await?;
    one.rows_when("it is sent", |rows| synced(rows, 1)).await?;
    one.go("/sync").await?;
    one.tap("sync-now").await?;
    one.text_when("sync-log", |text| text.contains("Sync now"))
        .await?;
    let keep = "navigator.clipboard.writeText = (text) => { window.copied = text; return Promise.resolve(); }; return true;";
    one.run(keep).await?;
    for (mark, expected) in [("copy-report", "unsent: 0"), ("copy-log", "\tmanual\t")] {
        one.script("window.copied = undefined;").await?;
        one.tap(mark).await?;
        let copied = one
            .run_until("it is copied", "return window.copied;")
            .await?;
        let copied = copied.as_str().context("no text")?;
        assert!(copied.contains(expected), "{copied}");
        for value in ["Kanarienvogel", "123.4", "123,4", "123400"] {
            assert!(!copied.contains(value), "{value} in {copied}");
        }
    }
    Ok(())
}
