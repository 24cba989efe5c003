//! An entry from the first tap to the stored row: how many taps and how long, what is asked, what is refused, and an
//! entry of another day.

use crate::harness::{Device, Engine, World, story};
use anyhow::{Context, Result};
use serde_json::json;
use std::rc::Rc;
use tidemark_harness::eventually;

/// Logs as soon as the page lets it, without the time that fingers take. It counts its taps and keys.
const ROBOT: &str = "
    const of = (mark) => document.querySelector(`[data-testid='${mark}']`);
    const until = (found) => new Promise((go) => {
      const look = () => { const it = found(); if (it) go(it); else requestAnimationFrame(look); };
      look();
    });
    const robot = async () => {
      let [taps, keys] = [0, 0];
      const tap = (it) => { taps += 1; it.click(); };
      tap(await until(() => of('log-weight')));
      const input = await until(() => of('weight-input'));
      await until(() => document.activeElement === input);
      const ready = performance.now();
      for (const key of '78.4') {
        keys += 1;
        input.value += key;
        input.dispatchEvent(new Event('input', { bubbles: true }));
      }
      tap(of('save-entry'));
      await until(() => of('saved-toast'));
      window.robot = { taps, keys, ready, saved: performance.now() };
    };
    addEventListener('DOMContentLoaded', robot);";

#[tokio::test]
async fn an_entry_takes_two_taps_and_its_digits_from_a_cold_start() -> Result<()> {
    story("cold_start", Engine::Chromium, |world| async move {
        let one = world.device("one").await?;
        one.open("/").await?;
        one.log_weight("78.2").await?;
        one.wait_until_offline_ready().await?;
        one.chip_when("it is sent", |chip| chip.state == "synced")
            .await?;
        one.leave().await?;
        one.go_offline().await?;
        one.devtools("Page.addScriptToEvaluateOnNewDocument", json!({ "source": ROBOT }))
            .await?;
        one.open("/").await?;
        let told = one
            .run_until("it is saved", "return window.robot;")
            .await?;
        let number = |name: &str| told[name].as_f64().with_context(|| format!("{told}"));
        println!(
            "from a cold start: {} taps and {} digits; ready to type after {:.2} s, saved after {:.2} s",
            number("taps")?,
            number("keys")?,
            number("ready")? / 1000.0,
            number("saved")? / 1000.0
        );
        assert_eq!(told["taps"], 2);
        one.rows_when("both are there", |rows| {
            rows.len() == 2 && rows[0].weight_g == 78_400
        })
        .await
        .map(drop)
    })
    .await
}

#[tokio::test]
async fn what_is_improbable_is_asked_and_what_cannot_be_is_refused_in_the_persons_unit()
-> Result<()> {
    story("questions", Engine::Chromium, questions).await
}

async fn questions(world: Rc<World>) -> Result<()> {
    let one = world.device("one").await?;
    one.open("/").await?;
    one.log_weight("78.2").await?;

    // The manifest's shortcut opens the sheet, with the last value as its hint and steps of a tenth from there.
    one.open("/?log=1").await?;
    one.text("weight-input").await?;
    says(&one, "placeholder", "78.2").await?;
    for (label, shown) in [("more", "78.3"), ("less", "78.2")] {
        let press = format!("document.querySelector('.step-button[aria-label$={label}]').click();");
        one.script(&press).await?;
        says(&one, "value", shown).await?;
    }

    for (typed, words) in [("700", "650.0 kg"), ("1", "2.0 kg"), ("seventy", "")] {
        refused(&one, typed, words).await?;
    }
    in_unit(&one, "172.4").await?;
    refused(&one, "1500", "1433.0 lb").await?;
    in_unit(&one, "78.2").await?;

    // A digit was lost, pounds were typed, or it is far from what it was.
    for (typed, meant) in [("7.8", "78.0"), ("172.4", "78.2")] {
        one.type_into("weight-input", typed).await?;
        one.tap("save-entry").await?;
        one.tap("question-use").await?;
        says(&one, "value", meant).await?;
    }
    one.type_into("weight-input", "90").await?;
    one.tap("save-entry").await?;
    one.tap("question-keep").await?;
    one.text("saved-toast").await?;
    one.rows_when("what is kept is kept", |rows| {
        rows.len() == 2 && rows[0].weight_g == 90_000
    })
    .await
    .map(drop)
}

/// Goes through the units until the hint is that of the wanted one: the button moves as they change.
async fn in_unit(one: &Device, hint: &str) -> Result<()> {
    let is_so = format!(
        "return document.querySelector('[data-testid=weight-input]').placeholder === '{hint}';"
    );
    eventually("the sheet is in the wanted unit", async || {
        if one.run(&is_so).await? == true {
            return Ok(Some(()));
        }
        one.tap("unit-button").await?;
        Ok(None)
    })
    .await
}

/// Saves what can't be taken, and waits for the words below the number.
async fn refused(one: &Device, typed: &str, words: &str) -> Result<()> {
    one.type_into("weight-input", typed).await?;
    one.tap("save-entry").await?;
    let script = format!(
        "return document.querySelector('#sheet-note .log-refused')?.textContent.replaceAll('\\u00a0', ' ').includes('{words}');"
    );
    let what = format!("{typed} is refused with {words:?}");
    one.run_until(&what, &script).await.map(drop)
}

async fn says(one: &Device, property: &str, shown: &str) -> Result<()> {
    let script = format!(
        "return document.querySelector('[data-testid=weight-input]').{property} === '{shown}';"
    );
    let what = format!("the {property} is {shown}");
    one.run_until(&what, &script).await.map(drop)
}

#[tokio::test]
async fn an_entry_of_another_day_has_its_time_and_note_on_every_device() -> Result<()> {
    story("back_dated", Engine::Chromium, back_dated).await
}

async fn back_dated(world: Rc<World>) -> Result<()> {
    let one = world.device("one").await?;
    // Clocks went forward in the night before: what is typed is the wall clock of that day.
    one.devtools(
        "Emulation.setTimezoneOverride",
        json!({ "timezoneId": "Europe/Berlin" }),
    )
    .await?;
    one.open("/").await?;
    one.log_weight("78.2").await?;
    one.type_weight("79.1").await?;
    one.fill_in("entry-time", "2026-03-29T23:45").await?;
    one.type_into("entry-note", "after the holidays").await?;
    one.save().await?;
    let rows = one
        .rows_when("both are sent", |rows| {
            rows.len() == 2 && rows.iter().all(|row| row.status == "synced")
        })
        .await?;
    let old = rows.last().context("a row")?;
    assert_eq!(old.weight_g, 79_100, "the older one is below: {rows:?}");

    let two = world.device("two").await?;
    two.devtools(
        "Emulation.setTimezoneOverride",
        json!({ "timezoneId": "America/New_York" }),
    )
    .await?;
    two.open("/").await?;
    two.rows_when("both arrive", |rows| rows.len() == 2).await?;
    two.row_action(&old.id, "row-edit").await?;
    let script = "const of = (mark) => document.querySelector(`[data-testid='${mark}']`)?.value;
        return of('entry-time') === '2026-03-29T23:45' && of('entry-note') === 'after the holidays';";
    two.run_until(
        "day, time and note are those of where it was measured",
        script,
    )
    .await
    .map(drop)
}
