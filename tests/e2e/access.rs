//! Nobody is shut out: axe finds nothing on any screen, targets fit a finger, and nothing scrolls sideways on a narrow
//! phone, in both themes and all languages.

use crate::harness::{Device, Engine, Row, World, story};
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
/// A phone, the narrowest one, and a desk.
const WIDTHS: [u32; 3] = [412, 320, 1280];

#[tokio::test]
async fn no_screen_has_a_barrier_in_either_theme_in_english() -> Result<()> {
    story("access-en", Engine::Chromium, |world| {
        every_screen(world, "en", ["light", "dark"])
    })
    .await
}

#[tokio::test]
async fn no_screen_has_a_barrier_in_either_theme_in_turkish() -> Result<()> {
    story("access-tr", Engine::Chromium, |world| {
        every_screen(world, "tr", ["dark", "light"])
    })
    .await
}

#[tokio::test]
async fn no_screen_has_a_barrier_in_either_theme_in_german() -> Result<()> {
    story("access-de", Engine::Chromium, |world| {
        every_screen(world, "de", ["light", "dark"])
    })
    .await
}

#[tokio::test]
async fn the_first_button_is_in_sight_on_the_smallest_phone() -> Result<()> {
    story("smallest", Engine::Chromium, |world| async move {
        let one = world.device("one").await?;
        one.resize(320, 640).await?;
        for language in ["en", "tr", "de"] {
            dress(&one, language, "light").await?;
            one.open("/").await?;
            // Its lower edge once lay behind the dock. A message about to go may hide it for a moment.
            let script = "const button = document.querySelector('[data-testid=log-weight]');
                if (!button) return false;
                const { left, width, bottom } = button.getBoundingClientRect();
                return button.contains(document.elementFromPoint(left + width / 2, bottom - 2));";
            let what = format!("it is in sight in {language}");
            one.run_until(&what, script).await?;
        }
        Ok(())
    })
    .await
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
    ready_to_type(&one).await?;
    one.press("78.2").await?;
    one.press(Key::Enter).await?;
    one.text("saved-toast").await?;
    walk_to(&one, "row-edit").await?;
    one.press(Key::Enter).await?;
    ready_to_type(&one).await?;
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

/// Waits until the sheet is open and takes what is typed.
async fn ready_to_type(one: &Device) -> Result<()> {
    let script = "return document.activeElement?.dataset.testid === 'weight-input';";
    one.run_until("ready to type", script).await.map(drop)
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

async fn every_screen(world: Rc<World>, language: &str, themes: [&str; 2]) -> Result<()> {
    let axe = std::env::var("TIDEMARK_E2E_AXE").context("the path of axe-core")?;
    let axe = std::fs::read_to_string(axe)?;
    let one = world.device("one").await?;
    one.open("/").await?;
    let mut found = Vec::new();
    look(&one, &axe, "first run", &mut found).await?;
    fill(&one).await?;
    for theme in themes {
        dress(&one, language, theme).await?;
        look_at_snack(&one, &axe, &format!("snack {language} {theme}"), &mut found).await?;
        // What fits on a desk does so in either theme.
        let widths = if theme == "light" {
            &WIDTHS[..]
        } else {
            &WIDTHS[..2]
        };
        for width in widths.iter().copied() {
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
    assert!(found.is_empty(), "{}", found.join("\n"));
    Ok(())
}

/// Chooses, and waits until it is stored: a page that ends earlier leaves it to the next one, which says so.
async fn dress(one: &Device, language: &str, theme: &str) -> Result<()> {
    one.open("/settings").await?;
    one.choose("language", language).await?;
    one.choose("theme", theme).await?;
    let script = format!(
        "const root = document.documentElement; return root.lang === '{language}' && root.dataset.theme === '{theme}';"
    );
    one.run_until("it is as chosen", &script).await.map(drop)
}

/// The message with its way back, held by the focus: else it would leave while axe looks.
async fn look_at_snack(
    one: &Device,
    axe: &str,
    place: &str,
    found: &mut Vec<String>,
) -> Result<()> {
    let two = |rows: &[Row]| rows.len() == 2;
    let rows = one.rows_when("both are there", two).await?;
    one.delete(&rows[0].id).await?;
    one.text("undo").await?;
    one.script("document.querySelector('[data-testid=undo]').focus();")
        .await?;
    look(one, axe, place, found).await?;
    one.tap("undo").await?;
    one.text("restored-toast").await?;
    one.rows_when("it is back", two).await.map(drop)
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

/// A desk of 1280 x 800 points at 200 %, and one of 1280 x 1024 at 400 %, which is what a magnified page is laid out in.
const MAGNIFIED: [(u32, u32); 2] = [(640, 400), (320, 256)];

#[tokio::test]
async fn a_magnified_page_keeps_everything_in_reach() -> Result<()> {
    story("zoom", Engine::Chromium, magnified).await
}

async fn magnified(world: Rc<World>) -> Result<()> {
    let one = world.device("one").await?;
    one.open("/").await?;
    fill(&one).await?;
    let mut found = Vec::new();
    for (width, height) in MAGNIFIED {
        one.resize(width, height).await?;
        for route in ROUTES {
            one.open(route).await?;
            look(&one, "", &format!("{route} {width}"), &mut found).await?;
        }
        one.log_weight("78.3").await?;
        let rows = one.rows_when("it is there", |rows| rows.len() > 2).await?;
        one.edit_weight(&rows[0].id, "78.1").await?;
        one.delete(&rows[0].id).await?;
        one.rows_when("it is gone", |rows| rows.len() == 2).await?;
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
    Ok(())
}
