//! Nobody is shut out: axe finds nothing on any screen, targets fit a finger, and nothing scrolls sideways on a narrow
//! phone, in both themes and all languages.

use crate::harness::{Device, Engine, World, story};
use anyhow::{Context, Result, bail};
use std::rc::Rc;
use thirtyfour::Key;

const ROUTES: [&str; 10] = [
    "/",
    "/history",
    "/settings",
    "/goal",
    "/about",
    "/welcome",
    "/sync",
    "/account",
    "/data",
    "/report",
];
/// More than any screen with a short history has.
const TARGETS_MAX: usize = 60;
/// A phone, and the narrowest one.
const WIDTHS: [u32; 2] = [412, 320];

#[tokio::test]
async fn no_screen_has_a_barrier_in_any_language_and_theme() -> Result<()> {
    story("access", Engine::Chromium, every_screen).await
}

#[tokio::test]
async fn an_entry_is_made_and_mended_by_keyboard_alone() -> Result<()> {
    story("keyboard", Engine::Chromium, by_keyboard).await
}

async fn by_keyboard(world: Rc<World>) -> Result<()> {
    let one = world.device("one").await?;
    one.open("/history").await?;
    walk_to(&one, "log-weight").await?;
    one.press(Key::Enter).await?;
    assert_eq!(one.focused().await?, "weight-input", "ready to type");
    one.press("78.2").await?;
    one.press(Key::Enter).await?;
    one.text("saved-toast").await?;
    walk_to(&one, "row-edit").await?;
    one.press(Key::Enter).await?;
    one.press("77.9").await?;
    one.press(Key::Enter).await?;
    one.rows_when(
        "it is mended",
        |rows| matches!(rows, [row] if row.weight_g == 77_900),
    )
    .await?;
    walk_to(&one, "row-delete").await?;
    one.press(Key::Enter).await?;
    one.rows_when("it is gone", <[_]>::is_empty).await.map(drop)
}

/// Tab by Tab, as often as a screen has targets.
async fn walk_to(one: &Device, mark: &str) -> Result<()> {
    for _ in 0..TARGETS_MAX {
        if one.focused().await? == mark {
            return Ok(());
        }
        one.press(Key::Tab).await?;
    }
    bail!("no way to {mark} by keyboard")
}

async fn every_screen(world: Rc<World>) -> Result<()> {
    let axe = std::env::var("TIDEMARK_E2E_AXE").context("the path of axe-core")?;
    let axe = std::fs::read_to_string(axe)?;
    let one = world.device("one").await?;
    one.open("/").await?;
    let mut found = Vec::new();
    look(&one, &axe, "first run", &mut found).await?;
    fill(&one).await?;
    for (language, themes) in [
        ("en", ["light", "dark"]),
        ("tr", ["dark", "light"]),
        ("de", ["light", "dark"]),
    ] {
        for theme in themes {
            one.open("/settings").await?;
            one.choose("language", language).await?;
            one.choose("theme", theme).await?;
            for width in WIDTHS {
                one.resize(width, 844).await?;
                for route in ROUTES {
                    one.open(route).await?;
                    // Colours and names do not depend on the width.
                    let axe = if width == WIDTHS[0] { axe.as_str() } else { "" };
                    let place = format!("{route} {language} {theme} {width}");
                    look(&one, axe, &place, &mut found).await?;
                    let inner = inner_views(&one, route).await?;
                    for view in inner {
                        one.tap_or_choose(view).await?;
                        look(&one, axe, &format!("{place} {view}"), &mut found).await?;
                    }
                }
            }
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
    Ok(())
}

/// Two entries, a height, a goal and a second person: enough that each screen has something to show.
async fn fill(one: &Device) -> Result<()> {
    one.open("/settings").await?;
    one.type_into("height-input", "178").await?;
    one.log_weight("78.2").await?;
    one.log_weight("78.4").await?;
    one.open("/goal").await?;
    one.type_into("goal-weight", "75").await?;
    one.tap("save-goal").await?;
    one.text("goal-outlook").await.map(drop)
}

/// What else a screen shows at a tap.
async fn inner_views(one: &Device, route: &str) -> Result<&'static [&'static str]> {
    Ok(match route {
        "/" => {
            one.text("chart").await?;
            &["measure-1", "log-weight"]
        }
        "/history" => &["history-view-1", "history-view-2"],
        "/settings" => &["add-person", "erase"],
        "/welcome" => &["next-step"],
        _ => &[],
    })
}

async fn look(one: &Device, axe: &str, place: &str, found: &mut Vec<String>) -> Result<()> {
    if !axe.is_empty() {
        found.extend(
            one.barriers(axe)
                .await?
                .iter()
                .map(|line| format!("{place}: {line}")),
        );
    }
    found.extend(
        one.misfits()
            .await?
            .iter()
            .map(|line| format!("{place}: {line}")),
    );
    Ok(())
}
