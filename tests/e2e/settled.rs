//! An app that has settled in: it offers to be installed, says where the data are and what it counts with, and a new
//! device looks like the old one.

use crate::harness::{Device, Engine, World, story};
use anyhow::Result;
use serde_json::json;
use std::rc::Rc;

#[tokio::test]
async fn the_hint_to_install_comes_with_the_third_entry_and_leaves_for_good() -> Result<()> {
    story("install", Engine::Chromium, install).await
}

async fn install(world: Rc<World>) -> Result<()> {
    let one = world.device("one").await?;
    one.open("/").await?;
    // Chromium makes its offer when it likes.
    one.script("window.dispatchEvent(new Event('beforeinstallprompt', { cancelable: true }));")
        .await?;
    for (weight, hints) in [("78.2", 0), ("78.3", 0), ("78.1", 1)] {
        one.log_weight(weight).await?;
        let script = format!(
            "return document.querySelectorAll('.last-entries li').length > 0
                && document.querySelectorAll('[data-testid=install-hint]').length === {hints};"
        );
        one.run_until("as many hints as there should be", &script)
            .await?;
    }
    // An iPhone has no offer, but words for its menu. What is put away stays away.
    let by_hand = "Object.defineProperty(navigator, 'standalone', { value: false });
        addEventListener('beforeinstallprompt', (event) => event.stopImmediatePropagation());";
    one.devtools(
        "Page.addScriptToEvaluateOnNewDocument",
        json!({ "source": by_hand }),
    )
    .await?;
    one.open("/").await?;
    one.text_when("install-hint", |text| text.contains("Share"))
        .await?;
    one.script("document.querySelector('[data-testid=install-hint] button').click();")
        .await?;
    let gone = "return !document.querySelector('[data-testid=install-hint]');";
    one.run_until("it is put away", gone).await?;
    one.reload().await?;
    one.text_when("trend-weight", |text| text.contains("78"))
        .await?;
    one.run_until("for good", gone).await.map(drop)
}

#[tokio::test]
async fn the_first_minute_is_offered_nowhere_once_it_is_over_on_one_device() -> Result<()> {
    story("onboarded", Engine::Chromium, |world| async move {
        let (one, two) = (world.device("one").await?, world.device("two").await?);
        one.open("/").await?;
        one.tap("set-up-first").await?;
        one.tap("skip-onboarding").await?;
        let gone = "return document.querySelector('.first-run [data-testid=log-weight]') !== null
            && document.querySelector('[data-testid=set-up-first]') === null;";
        one.run_until("it is not offered again", gone).await?;
        one.chip_when("all is sent", |chip| {
            chip.pending == 0 && chip.state == "synced"
        })
        .await?;
        two.open("/").await?;
        two.run_until("nor on another device", gone).await?;
        Ok(())
    })
    .await
}

/// What changes its look for longer than a blink, where somebody asked for calm.
const MOTIONS: &str = "return [...document.querySelectorAll('*')].filter((each) => {
        const style = getComputedStyle(each);
        return [style.transitionDuration, style.animationDuration].join().split(',').some((time) => parseFloat(time) > 0.08);
    }).map((each) => each.outerHTML.slice(0, 80));";

#[tokio::test]
async fn nothing_moves_where_motion_is_not_wanted() -> Result<()> {
    story("calm", Engine::Chromium, |world| async move {
        let one = world.device("one").await?;
        let calm = json!({ "features": [{ "name": "prefers-reduced-motion", "value": "reduce" }] });
        one.devtools("Emulation.setEmulatedMedia", calm).await?;
        one.open("/").await?;
        one.log_weight("78.2").await?;
        for route in ["/", "/history", "/settings", "/sync", "/data"] {
            one.open(route).await?;
            one.tap("log-weight").await?;
            one.text("weight-input").await?;
            assert_eq!(one.run(MOTIONS).await?, json!([]), "{route}");
        }
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_new_device_has_the_choices_of_the_old_one_and_paints_them_first() -> Result<()> {
    story("choices", Engine::Chromium, choices).await
}

async fn choices(world: Rc<World>) -> Result<()> {
    let (one, two) = (world.device("one").await?, world.device("two").await?);
    one.open("/welcome").await?;
    one.choose("language", "de").await?;
    one.choose("units", "imperial").await?;
    one.choose("theme", "dark").await?;
    one.tap("next-step").await?;
    one.type_into("profile-name", "Elif").await?;
    one.choose("profile-gender", "female").await?;
    one.tap("skip-onboarding").await?;
    one.log_weight("172,4").await?;
    one.go("/settings").await?;
    one.text_when("storage-state", |text| !text.is_empty())
        .await?;
    one.go("/about").await?;
    let about = "const about = document.querySelector('.about').textContent;
        return about.includes('WHO') && about.includes('MIT') && document.querySelectorAll('.about-rule .field-note').length > 3;";
    one.run_until("formulas, sources and licence", about)
        .await?;
    one.open("/goal").await?;
    one.type_into("goal-weight", "165").await?;
    one.tap("save-goal").await?;
    one.text("goal-outlook").await?;
    one.chip_when("all is sent", |chip| {
        chip.pending == 0 && chip.state == "synced"
    })
    .await?;

    two.open("/").await?;
    looks_like_the_old_one(&two).await?;
    two.text_when("goal-panel", |text| text.contains("165"))
        .await?;

    paints_early(&two).await
}

/// The next start paints theme and language before the app is there.
async fn paints_early(two: &Device) -> Result<()> {
    let early = "document.addEventListener('DOMContentLoaded', () => {
        const root = document.documentElement;
        window.early = [root.dataset.theme, root.lang, root.dataset.start,
            document.getElementById('first-paint') !== null].join(' '); });";
    two.devtools(
        "Page.addScriptToEvaluateOnNewDocument",
        json!({ "source": early }),
    )
    .await?;
    two.reload().await?;
    let painted = two
        .run_until("it is painted", "return window.early;")
        .await?;
    assert_eq!(painted, "dark de known true");
    looks_like_the_old_one(two).await?;
    let gone = "return document.getElementById('first-paint') === null;";
    two.run_until("the frame is gone", gone).await.map(drop)
}

async fn looks_like_the_old_one(two: &Device) -> Result<()> {
    two.text_when("trend-weight", |text| {
        text.contains("172,4") && text.contains("lb")
    })
    .await?;
    let script = "const root = document.documentElement; return root.lang === 'de' && root.dataset.theme === 'dark';";
    two.run_until("language and theme", script).await?;
    two.text_when("person-name", |text| text == "Elif")
        .await
        .map(drop)
}
