//! What is seen of a history of months: the chart by pointer, key, sentence and table, averages, BMI, a forecast.

use crate::harness::{Device, Engine, World, story};
use crate::shots::HISTORY;
use anyhow::{Context, Result};
use std::rc::Rc;
use tempfile::TempDir;
use thirtyfour::Key;

#[tokio::test]
async fn a_history_is_read_as_picture_words_and_table_by_keys_too() -> Result<()> {
    story("seeing", Engine::Chromium, seeing).await
}

async fn seeing(world: Rc<World>) -> Result<()> {
    let one = world.device("one").await?;
    take_in_history(&one).await?;
    one.open("/").await?;
    one.text_when("trend-weight", |text| text.contains("78"))
        .await?;

    // Arrow keys go from reading to reading, and each is said.
    let newest = read_by(&one, Key::End).await?;
    let before = read_by(&one, Key::Left).await?;
    assert_ne!(newest, before);
    assert!(before.contains("trend"), "{before}");
    let first = read_by(&one, Key::Home).await?;
    assert_ne!(first, before);

    // Each range has its own sentence, and the table holds as many rows as the chart has readings.
    one.choose("chart-range-0", "").await?;
    let week = one
        .run_until(
            "a sentence",
            "return document.querySelector('.home-sentence').textContent;",
        )
        .await?;
    one.choose("chart-range-4", "").await?;
    let other = format!(
        "const said = document.querySelector('.home-sentence').textContent; return said.startsWith('Down') && said !== {week};"
    );
    one.run_until("the sentence of all", &other).await?;
    one.script("document.querySelector('.home-table').click();")
        .await?;
    let same = "const rows = document.querySelectorAll('.reading-table tbody tr').length;
        return rows > 100 && rows === Number(document.querySelector('[data-testid=chart]').ariaValueMax);";
    one.run_until("the table says the same", same).await?;

    one.go("/history").await?;
    one.choose("history-view-1", "").await?;
    for (period, rows) in [("period-1", 5), ("period-2", 1)] {
        one.choose(period, "").await?;
        let script = format!(
            "return document.querySelectorAll('.averages-table tbody tr').length >= {rows};"
        );
        one.run_until("averages", &script).await?;
    }
    the_bmi_follows_age_and_choice(&one).await?;
    a_goal_is_forecast_as_a_range(&one).await
}

/// Imports five months of mornings on the way down.
async fn take_in_history(one: &Device) -> Result<()> {
    let folder = TempDir::new()?;
    let file = folder.path().join("weights.csv");
    one.open_files().await?;
    let history = one.script(HISTORY).await?;
    std::fs::write(&file, history.as_str().context("a text")?)?;
    one.choose_file(&file).await?;
    one.preview().await?;
    one.confirm_import().await
}

/// Presses a key on the chart; answers what is said then.
async fn read_by(one: &Device, key: Key) -> Result<String> {
    let script = "const chart = document.querySelector('[data-testid=chart]'); chart.focus(); return chart.ariaValueNow;";
    one.script(script).await?;
    one.press(key).await?;
    let said = one
        .run_until(
            "a reading is said",
            "const said = document.querySelector('[data-testid=chart]').ariaValueText; return said.includes('·') && said;",
        )
        .await?;
    Ok(said.as_str().unwrap_or_default().to_owned())
}

async fn the_bmi_follows_age_and_choice(one: &Device) -> Result<()> {
    one.go("/settings").await?;
    one.type_into("height-input", "178").await?;
    one.fill_in("profile-birth-date", "1990-05-01").await?;
    one.go("/").await?;
    one.text_when("bmi-class", |text| text.contains("Normal"))
        .await?;
    one.choose("measure-1", "").await?;
    let said = "return document.querySelector('.home-sentence').textContent.startsWith('BMI');";
    one.run_until("the sentence of the BMI", said).await?;
    one.go("/settings").await?;
    one.choose("thresholds", "lower").await?;
    one.go("/").await?;
    one.text_when("bmi-class", |text| text.contains("ncreased"))
        .await?;
    one.go("/settings").await?;
    let young = "const day = new Date(Date.now() - 15 * 365 * 86400000); return day.toISOString().slice(0, 10);";
    let young = one.script(young).await?;
    one.fill_in("profile-birth-date", young.as_str().context("a day")?)
        .await?;
    one.go("/").await?;
    let script = "const of = (mark) => document.querySelector(`[data-testid='${mark}']`)?.textContent;
        return of('bmi-class') === '' && of('bmi-value').startsWith('24') && !document.querySelector('.staff');";
    one.run_until("under twenty: a number and no adult class", script)
        .await
        .map(drop)
}

async fn a_goal_is_forecast_as_a_range(one: &Device) -> Result<()> {
    one.tap("goal-link").await?;
    one.type_into("goal-weight", "77").await?;
    one.tap("save-goal").await?;
    one.text_when("goal-outlook", |text| text.contains("between"))
        .await?;
    one.choose("goal-kind-2", "").await?; // to gain, while it goes down
    one.type_into("goal-weight", "85").await?;
    one.tap("save-goal").await?;
    one.text_when("goal-outlook", |text| !text.contains("between"))
        .await
        .map(drop)
}
