//! Every kind of file through the screen: what other apps write, a table that nobody knows, the same file on two devices,
//! and our own files back again.

use crate::harness::{Device, Engine, World, fixture, story, written};
use anyhow::{Context, Result};
use std::path::Path;
use std::rc::Rc;
use tempfile::TempDir;

/// Files as other apps write them, with how many entries each holds.
const FILES: [(&str, &str); 14] = [
    ("openscale.csv", "2"),
    ("openscale-old.csv", "2"),
    ("libra-v5.csv", "2"),
    ("libra-v6.csv", "4"),
    ("libra-2026.csv", "1"),
    ("withings.csv", "2"),
    ("withings-fr-lb.csv", "1"),
    ("fitbit.csv", "1"),
    ("fitbit.zip", "2"),
    ("garmin.csv", "3"),
    ("garmin-de.csv", "2"),
    ("apple.xml", "2"),
    ("apple.zip", "2"),
    ("body_metrics-early.db", "1"),
];

#[tokio::test]
async fn files_of_other_apps_are_read_as_they_are() -> Result<()> {
    story("formats", Engine::Chromium, |world| async move {
        let one = world.device("one").await?;
        one.open_files().await?;
        let mut wrong = Vec::new();
        for (name, entries) in FILES {
            one.choose_file(&fixture(name)?).await?;
            let found = preview(&one).await.with_context(|| name.to_owned())?;
            if found != entries {
                wrong.push(format!("{name}: {found}, not {entries}"));
            }
            one.tap("import-dismiss").await?;
            one.outcome("cancelled").await?;
        }
        assert!(wrong.is_empty(), "{wrong:?}");
        assert_eq!(one.rows().await?, [], "nothing is written by looking");
        Ok(())
    })
    .await
}

/// Waits for the preview. A file that does not say its unit is asked about first: it is in pounds.
async fn preview(one: &Device) -> Result<String> {
    let script = "const there = (mark) => document.querySelector(`[data-testid='${mark}']`);
        return (there('import-question') && 'question') || (there('import-preview') && 'preview');";
    if one.run_until("a question or a preview", script).await? == "question" {
        one.choose("import-unit", "lb").await?;
        one.tap("import-answer").await?;
    }
    one.preview().await
}

const NOBODYS: &str = "wann;was;wieviel\n03/02/2026;x;171,5\n04/02/2026;y;171,9\n";

#[tokio::test]
async fn a_table_that_nobody_knows_is_read_as_the_person_says() -> Result<()> {
    story("columns", Engine::Chromium, |world| async move {
        let folder = TempDir::new()?;
        let one = world.device("one").await?;
        one.open_files().await?;
        one.choose_file(&written(&folder, "table.csv", NOBODYS)?)
            .await?;
        choose_columns(&one).await?;
        one.tap("import-answer").await?;
        assert_eq!(one.preview().await?, "2");
        // Read as kilograms, which was only likely.
        one.tap("import-ask").await?;
        choose_columns(&one).await?;
        one.choose("import-unit", "lb").await?;
        one.tap("import-answer").await?;
        let gone = "return !document.querySelector('[data-testid=import-question]');";
        one.run_until("it is answered", gone).await?;
        assert_eq!(one.preview().await?, "2");
        one.confirm_import().await?;
        let rows = one
            .rows_when("both are there", |rows| rows.len() == 2)
            .await?;
        let pounds: Vec<_> = rows.iter().map(|row| row.weight_g).collect();
        assert_eq!(pounds, [77_973, 77_791], "171.9 lb and 171.5 lb");
        Ok(())
    })
    .await
}

/// A day, something to keep as a note, a weight.
async fn choose_columns(one: &Device) -> Result<()> {
    one.text("import-question").await?;
    for (index, column) in ["date", "note", "weight"].into_iter().enumerate() {
        let choose = format!(
            "const select = document.querySelector('#column-{index}');
             select.value = '{column}'; select.dispatchEvent(new Event('change', {{ bubbles: true }}));"
        );
        one.script(&choose).await?;
    }
    Ok(())
}

#[tokio::test]
async fn the_same_file_on_two_devices_and_our_own_files_add_nothing_twice() -> Result<()> {
    story("same_file", Engine::Chromium, same_file).await
}

async fn same_file(world: Rc<World>) -> Result<()> {
    let folder = TempDir::new()?;
    let file = fixture("withings.csv")?;
    let (one, two) = (world.device("one").await?, world.device("two").await?);
    one.open("/").await?;
    one.log_weight("78.2").await?;
    one.chip_when("the person is known", |chip| chip.state == "synced")
        .await?;
    two.open("/").await?;
    two.rows_when("and here", |rows| rows.len() == 1).await?;
    two.wait_until_offline_ready().await?;
    two.go_offline().await?;

    // Both take it in; the second while it can't know that the first has.
    for device in [&one, &two] {
        take_in(device, &file, "2").await?;
    }
    one.chip_when("the first is sent", |chip| {
        chip.pending == 0 && chip.state == "synced"
    })
    .await?;
    two.go_online().await?;
    two.come_back().await?;
    two.chip_when("the second is sent", |chip| {
        chip.pending == 0 && chip.state == "synced"
    })
    .await?;
    let on_two = two.rows_when("each once", |rows| rows.len() == 3).await?;
    one.come_back().await?;
    let on_one = one.rows_when("each once", |rows| rows == on_two).await?;
    assert_eq!(on_one.len(), 3);

    // Now both know, and what went out comes back as nothing new.
    for device in [&one, &two] {
        device.open_files().await?;
        device.choose_file(&file).await?;
        assert_eq!(device.preview().await?, "0", "the same file again");
    }
    one.tap("import-dismiss").await?;
    for (mark, name) in [("export", "weights.csv"), ("export-backup", "backup.json")] {
        let text = one.make_file(mark).await?;
        one.choose_file(&written(&folder, name, &text)?).await?;
        assert_eq!(one.preview().await?, "0", "our own {name}");
        one.tap("import-dismiss").await?;
    }
    the_report_has_every_month(&one).await
}

async fn take_in(device: &Device, file: &Path, entries: &str) -> Result<()> {
    device.open_files().await?;
    device.choose_file(file).await?;
    assert_eq!(device.preview().await?, entries);
    device.confirm_import().await
}

/// Chart and table, ready to be printed.
async fn the_report_has_every_month(one: &Device) -> Result<()> {
    one.tap("export-report").await?;
    one.text_when("report", |text| text.contains("February 2026"))
        .await?;
    let print = "window.print = () => { window.isPrinted = true; };
        document.querySelector('[data-testid=report-print]').click();
        const paper = document.querySelector('[data-testid=report]');
        return window.isPrinted && paper.querySelector('.chart-line') !== null;";
    one.run_until("it is printed with its chart", print)
        .await
        .map(drop)
}
