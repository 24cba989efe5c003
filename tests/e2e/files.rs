//! Files in and out: what comes in is previewed, counted once, and can be taken back; what goes out comes back the same.

use crate::harness::{
    Device, Engine, World, fixture, stopwatch, story, told_apart_by_content_only, written,
};
use anyhow::{Context, Result};
use std::fmt::Write;
use std::path::Path;
use std::rc::Rc;
use tempfile::TempDir;

/// Two good lines, one that stands twice, one without a weight, one that is not readable.
const TABLE: &str = "Date,Weight (kg),Note\n2026-02-20 07:12,78.2,\n2026-02-21 07:15,78.0,after a run\n\
    2026-02-21 07:15,78.0,after a run\n2026-02-22 07:10,,forgot\n2026-02-23 07:09,12 stones or so,\n";
/// Rows of the large file.
const MANY: usize = 11_000;

#[tokio::test]
async fn a_table_is_previewed_taken_in_once_and_taken_back_in_chromium() -> Result<()> {
    story("files", Engine::Chromium, table_twice).await
}

#[tokio::test]
async fn a_table_is_previewed_taken_in_once_and_taken_back_in_firefox() -> Result<()> {
    story("files", Engine::Firefox, table_twice).await
}

async fn table_twice(world: Rc<World>) -> Result<()> {
    let folder = TempDir::new()?;
    let file = written(&folder, "weights.csv", TABLE)?;
    let one = world.device("one").await?;
    one.open("/").await?;
    one.wait_until_offline_ready().await?;
    one.go_offline().await?;

    one.open_files().await?;
    one.choose_file(&file).await?;
    assert_eq!(one.preview().await?, "2", "two are new");
    world.picture(&one, "preview").await?;
    let refused = one.make_file("save-refused").await?;
    assert!(refused.contains("12 stones or so"), "{refused}");
    assert_eq!(one.rows().await?, [], "nothing is written yet");

    import(&one, &file).await?;
    let rows = one
        .rows_when("both are there", |rows| rows.len() == 2)
        .await?;
    assert_eq!((rows[0].weight_g, rows[1].weight_g), (78_000, 78_200));

    one.open_files().await?;
    one.choose_file(&file).await?;
    assert_eq!(one.preview().await?, "0", "the same file again");
    assert!(!one.is_enabled("import-confirm").await?);

    one.log_weight("77.7").await?;
    one.open_files().await?;
    one.click("import-undo").await?;
    one.outcome("undone").await?;
    let left = one.rows_when("the import is gone", |rows| rows.len() == 1);
    assert_eq!(left.await?[0].weight_g, 77_700, "what was logged stays");

    one.go_online().await?;
    one.come_back().await?;
    one.chip_when("it is all on the server", |chip| chip.pending == 0)
        .await?;
    let two = world.device("two").await?;
    two.open("/").await?;
    two.rows_when("the other device agrees", |rows| rows.len() == 1)
        .await?;
    Ok(())
}

/// Imports a file on a screen opened anew.
async fn import(device: &Device, file: &Path) -> Result<()> {
    device.open_files().await?;
    device.choose_file(file).await?;
    device.preview().await?;
    device.confirm_import().await
}

#[tokio::test]
async fn apple_health_and_body_metrics_come_in_as_they_are() -> Result<()> {
    story("other_apps", Engine::Chromium, |world| async move {
        let one = world.device("one").await?;
        one.open_files().await?;
        one.choose_file(&fixture("apple.xml")?).await?;
        assert_eq!(one.preview().await?, "2");
        one.confirm_import().await?;
        one.rows_when("Apple Health's entries", |rows| rows.len() == 2)
            .await?;

        one.open_files().await?;
        one.choose_file(&fixture("body_metrics.db")?).await?;
        one.preview().await?;
        world.picture(&one, "body-metrics").await?;
        one.confirm_import().await?;
        let people = one.make_file("export-backup").await?;
        let backup = told_apart_by_content_only(&people)?;
        let names: Vec<_> = backup["people"]
            .as_array()
            .context("people")?
            .iter()
            .filter_map(|person| person["name"].as_str())
            .collect();
        assert_eq!(names.len(), 2, "{names:?}");
        assert!(names.contains(&"Ada") && names.contains(&"Can"));
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_backup_in_a_fresh_profile_is_the_same_backup_again_without_a_network() -> Result<()> {
    story("backup", Engine::Chromium, |world| async move {
        let folder = TempDir::new()?;
        let (one, two) = (world.device("one").await?, world.device("two").await?);
        for device in [&one, &two] {
            device.open("/").await?;
            device.wait_until_offline_ready().await?;
            device.go_offline().await?;
        }
        one.log_weight("78.2").await?;
        one.log_weight("78.4").await?;
        import(&one, &fixture("body_metrics.db")?).await?;
        let rows = one.rows().await?;
        one.delete(&rows[0].id).await?;
        one.open_files().await?;
        let backup = one.make_file("export-backup").await?;

        let file = written(&folder, "backup.json", &backup)?;
        import(&two, &file).await?;
        let again = two.make_file("export-backup").await?;
        assert_eq!(
            told_apart_by_content_only(&again)?,
            told_apart_by_content_only(&backup)?
        );
        assert!(
            backup.contains("\"deleted_at\":\"20"),
            "the deleted row is kept"
        );
        assert_eq!(two.rows().await?.len(), one.rows().await?.len());
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_reading_that_is_cancelled_adds_nothing() -> Result<()> {
    story("cancel", Engine::Chromium, |world| async move {
        let folder = TempDir::new()?;
        let mut text = String::from("<HealthData locale=\"en\">\n");
        for minute in 0..1_000_000 {
            let _ = writeln!(
                text,
                "<Record type=\"HKQuantityTypeIdentifierHeartRate\" unit=\"count/min\" startDate=\"2026-02-20 07:{:02}:00 +0100\" value=\"61\"/>",
                minute % 60
            );
        }
        text.push_str("</HealthData>\n");
        let file = written(&folder, "export.xml", &text)?;
        let one = world.device("one").await?;
        one.open_files().await?;
        one.choose_file(&file).await?;
        one.click("import-cancel").await?;
        one.outcome("cancelled").await?;
        assert_eq!(one.rows().await?, []);
        import(&one, &written(&folder, "weights.csv", TABLE)?).await?;
        one.rows_when("another file goes on", |rows| rows.len() == 2)
            .await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn eleven_thousand_rows_leave_the_page_free() -> Result<()> {
    story("many_rows", Engine::Chromium, |world| async move {
        let folder = TempDir::new()?;
        let file = written(&folder, "many.csv", &many())?;
        let one = world.device("one").await?;
        one.open_files().await?;
        let since = stopwatch();
        one.choose_file(&file).await?;
        assert_eq!(one.preview().await?, "11,000");
        let previewed = since();
        let since = stopwatch();
        one.confirm_import().await?;
        let taken = since();
        println!(
            "11,000 rows: preview {previewed:.1?}, taken in {taken:.1?}, longest task {:.0} ms",
            one.longest_task_ms().await?
        );
        one.chip_when("all are on the server", |chip| chip.pending == 0)
            .await?;
        one.click("import-undo").await?;
        let since = stopwatch();
        one.outcome("undone").await?;
        println!(
            "taken back in {:.1?}, longest task since the start {:.0} ms",
            since(),
            one.longest_task_ms().await?
        );
        one.rows_when("nothing is left", <[_]>::is_empty).await?;
        Ok(())
    })
    .await
}

/// Thirty years of weigh-ins, made up.
fn many() -> String {
    let mut text = String::from("Date,Weight (kg)\n");
    for row in 0..MANY {
        let (year, day) = (1996 + row / 365, row % 365);
        let (month, day) = (day / 31 + 1, day % 28 + 1);
        let (hour, minute) = (6 + row % 3, row % 60);
        let grams = 70_000 + row * 37 % 9_000;
        let _ = writeln!(
            text,
            "{year}-{month:02}-{day:02} {hour:02}:{minute:02},{}.{:03}",
            grams / 1000,
            grams % 1000
        );
    }
    text
}
