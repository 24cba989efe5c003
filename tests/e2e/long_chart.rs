//! A chart of thirty years: how long it takes to be drawn, and how smoothly it is read under a moving finger. The figures
//! are printed; what is asserted is that every step reads another day.

use crate::harness::{Device, Engine, World, story};
use anyhow::{Context, Result};
use std::fmt::Write;
use std::rc::Rc;
use tempfile::TempDir;

/// Entries of the chart.
const ENTRIES: usize = 10_000;
/// How often the finger moves on.
const STEPS: usize = 60;

/// From the tap on "All" to the frame after the one that shows it.
const DRAW: &str = "
    const frame = () => new Promise((go) => requestAnimationFrame(go));
    await frame();
    const since = performance.now();
    document.querySelector('[data-testid=chart-range-4]').closest('label').click();
    await frame();
    await frame();
    return performance.now() - since;";

#[tokio::test]
async fn a_chart_of_ten_thousand_entries_follows_the_finger() -> Result<()> {
    story("long_chart", Engine::Chromium, long_chart).await
}

async fn long_chart(world: Rc<World>) -> Result<()> {
    let folder = TempDir::new()?;
    let file = folder.path().join("many.csv");
    std::fs::write(&file, table())?;
    let one = world.device("one").await?;
    one.open_files().await?;
    one.choose_file(&file).await?;
    one.preview().await?;
    one.confirm_import().await?;
    one.open("/").await?;
    one.chip_when("all are sent", |chip| {
        chip.state == "synced" && chip.pending == 0
    })
    .await?;
    one.text("chart").await?;
    one.watch_files().await?; // and the longest task
    let drawn = number(&one, DRAW).await?;
    one.stand_still().await?;
    let moved = one.run(&pan()).await?;
    let (readings, slowest) = (moved["readings"].as_u64(), moved["slowest"].as_f64());
    let middle = moved["middle"].as_f64().context("no frame time")?;
    assert!(readings.context("no count")? > STEPS as u64 / 2, "{moved}");
    println!(
        "chart of {ENTRIES}: drawn in {drawn:.0} ms; a frame takes {middle:.1} ms, at most {:.1} ms; longest task {:.0} ms",
        slowest.context("no slowest frame")?,
        one.longest_task_ms().await?
    );
    Ok(())
}

/// Moves a finger across the chart, a step for each frame, and notes how long each took and what was read.
fn pan() -> String {
    format!(
        "const chart = document.querySelector('[data-testid=chart]');
         const box = chart.getBoundingClientRect();
         const times = [], readings = new Set();
         const frame = () => new Promise((go) => requestAnimationFrame(go));
         let before = await frame();
         for (let step = 1; step <= {STEPS}; step += 1) {{
           chart.dispatchEvent(new PointerEvent('pointermove', {{
             bubbles: true, clientX: box.left + box.width * step / {}, clientY: box.top + box.height / 2 }}));
           const now = await frame();
           times.push(now - before);
           before = now;
           readings.add(chart.getAttribute('aria-valuetext') + chart.textContent);
         }}
         times.sort((one, other) => one - other);
         return {{ readings: readings.size, middle: times[times.length >> 1], slowest: times.at(-1) }};",
        STEPS + 1
    )
}

async fn number(one: &Device, script: &str) -> Result<f64> {
    one.run(script).await?.as_f64().context("no number")
}

/// One weigh-in a day, made up.
fn table() -> String {
    let mut text = String::from("Date,Weight (kg)\n");
    for row in 0..ENTRIES {
        let (year, day) = (1996 + row / 336, row % 336);
        let (month, day) = (day / 28 + 1, day % 28 + 1);
        let grams = 70_000 + row * 37 % 9_000;
        let _ = writeln!(
            text,
            "{year}-{month:02}-{day:02} 07:00,{}.{:03}",
            grams / 1000,
            grams % 1000
        );
    }
    text
}
