//! Pictures of every screen, on a phone and on a desk, light and dark, with a believable history. `cargo xtask shots` puts
//! the README's among them into `docs/shots`; all of them lie with the artifacts.

use crate::harness::{Device, Engine, World, story};
use anyhow::{Context, Result};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::json;
use std::path::Path;
use std::rc::Rc;
use tempfile::TempDir;

/// Five months of mornings, some left out, made up; the last is yesterday's.
pub const HISTORY: &str = "const day = 86400000, lines = ['Date,Weight (kg)'];
    for (let ago = 150; ago > 0; ago--) {
        if ((ago * 7) % 11 === 3) continue;
        const at = new Date(Date.now() - ago * day).toISOString().slice(0, 10);
        const weight = 77.9 + ago * 0.034 + 0.7 * Math.sin(ago / 13) + 0.5 * Math.sin(ago * 2.3) + 0.25 * Math.sin(ago * 5.1);
        lines.push(`${at} 07:${10 + (ago * 17) % 45},${weight.toFixed(1)}`);
    }
    return lines.join('\\n') + '\\n';";

const SIZES: [Size; 2] = [
    Size {
        name: "phone",
        width: 390,
        height: 844,
        scale: 2,
    },
    Size {
        name: "desk",
        width: 1280,
        height: 800,
        scale: 1,
    },
];

struct Size {
    name: &'static str,
    width: u32,
    height: u32,
    scale: u32,
}

const SCREENS: [(&str, &str); 10] = [
    ("/", "home"),
    ("/history", "history"),
    ("/settings", "settings"),
    ("/goal", "goal"),
    ("/sync", "sync"),
    ("/account", "account"),
    ("/data", "data"),
    ("/report", "report"),
    ("/about", "about"),
    ("/welcome", "welcome"),
];

#[tokio::test]
async fn every_screen_has_its_picture() -> Result<()> {
    story("shots", Engine::Chromium, every_picture).await
}

async fn every_picture(world: Rc<World>) -> Result<()> {
    let folder = world.shots()?;
    let one = world.device("one").await?;
    the_same_each_time(&one).await?;
    one.open("/").await?;
    for size in &SIZES {
        dress(&one, size, "light").await?;
        shoot(&one, &folder, &format!("first-run-{}-light", size.name)).await?;
    }
    live(&one).await?;
    let mut taken = 0;
    for theme in ["light", "dark"] {
        one.open("/settings").await?;
        one.choose("theme", theme).await?;
        for size in &SIZES {
            dress(&one, size, theme).await?;
            for (route, name) in SCREENS {
                one.open(route).await?;
                one.all_there().await?;
                let name = format!("{name}-{}-{theme}", size.name);
                shoot(&one, &folder, &name).await?;
                taken += 1;
            }
            one.open("/").await?;
            one.tap("log-weight").await?;
            shoot(&one, &folder, &format!("log-{}-{theme}", size.name)).await?;
        }
    }
    assert_eq!(taken, SCREENS.len() * 4);
    Ok(())
}

/// Chromium makes its offer to install when it likes, and a window that is narrower than its picture gets bars to scroll.
async fn the_same_each_time(one: &Device) -> Result<()> {
    let quiet =
        "addEventListener('beforeinstallprompt', (event) => event.stopImmediatePropagation());";
    one.devtools(
        "Page.addScriptToEvaluateOnNewDocument",
        json!({ "source": quiet }),
    )
    .await?;
    one.devtools("Emulation.setScrollbarsHidden", json!({ "hidden": true }))
        .await
        .map(drop)
}

/// Five months of entries, a height, a name and a goal.
async fn live(one: &Device) -> Result<()> {
    let file = TempDir::new()?;
    let path = file.path().join("weights.csv");
    let history = one.script(HISTORY).await?;
    std::fs::write(&path, history.as_str().context("a text")?)?;
    one.open_files().await?;
    one.choose_file(&path).await?;
    one.preview().await?;
    one.confirm_import().await?;
    one.open("/settings").await?;
    one.type_into("profile-name", "Elif").await?;
    one.type_into("height-input", "178").await?;
    one.log_weight("78.0").await?;
    one.open("/goal").await?;
    one.type_into("goal-weight", "75").await?;
    one.tap("save-goal").await?;
    one.text("goal-outlook").await.map(drop)
}

async fn dress(one: &Device, size: &Size, theme: &str) -> Result<()> {
    let metrics = json!({ "width": size.width, "height": size.height, "deviceScaleFactor": size.scale, "mobile": size.scale > 1 });
    one.devtools("Emulation.setDeviceMetricsOverride", metrics)
        .await?;
    let scheme = json!({ "features": [{ "name": "prefers-color-scheme", "value": theme }] });
    one.devtools("Emulation.setEmulatedMedia", scheme)
        .await
        .map(drop)
}

/// WebP, as the browser makes it: small enough for a repository.
async fn shoot(one: &Device, folder: &Path, name: &str) -> Result<()> {
    one.stand_still().await?;
    let wanted = json!({ "format": "webp", "quality": 80 });
    let answer = one.devtools("Page.captureScreenshot", wanted).await?;
    let data = answer["data"].as_str().context("a picture")?;
    std::fs::write(
        folder.join(format!("{name}.webp")),
        BASE64_STANDARD.decode(data)?,
    )?;
    Ok(())
}
