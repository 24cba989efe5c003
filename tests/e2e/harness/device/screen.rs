//! What a person does on a screen besides logging, and what is wrong with a screen for those who use it otherwise.

use super::Device;
use anyhow::{Context, Result, bail};
use serde_json::{Value, json};
use thirtyfour::{By, TypingData};
use tidemark_harness::eventually;

/// Functions of the page: `still` waits until nothing moves any more, and what begins to move meanwhile is waited for
/// too. What never ends or has been paused does not count.
const STILL: &str = "
    const moving = () => document.getAnimations().filter((each) =>
        each.playState === 'running' && each.effect?.getComputedTiming().endTime !== Infinity);
    const frame = () => new Promise((go) => requestAnimationFrame(go));
    const still = async () => {
      await frame();
      while (moving().length > 0) { await Promise.allSettled(moving().map((each) => each.finished)); await frame(); }
    };
    const done = arguments[arguments.length - 1];";

/// Runs axe on the whole page, and answers what it finds, in a line for each. Where something began to move while axe
/// looked, it looks again.
const AXE: &str = "
    let moved = true;
    const begins = () => { moved = true; };
    for (const name of ['animationstart', 'transitionrun']) document.addEventListener(name, begins);
    const look = async () => {
      let found;
      while (moved) {
        await still();
        moved = false;
        found = await axe.run(document, { resultTypes: ['violations'] });
      }
      for (const name of ['animationstart', 'transitionrun']) document.removeEventListener(name, begins);
      return found.violations.map((one) => `${one.id}: ${one.help}: ${one.nodes.map((node) => node.target.join(' ')).join(', ')}`);
    };
    look().then(done, (error) => done([`${error}`]));";

/// What is too small for a finger, and what makes the page scroll sideways.
const MEASURES: &str = "const found = [];
    const place = document.querySelector('dialog[open]') ?? document;
    for (const each of place.querySelectorAll('a[href], button, select, input, [role=slider]')) {
      const box = (each.closest('label') ?? each).getBoundingClientRect();
      const own = each.getBoundingClientRect();
      const shown = each.checkVisibility({ visibilityProperty: true }) && own.width > 1 && !each.matches('.skip-link');
      let [width, height] = [Math.max(box.width, own.width), Math.max(box.height, own.height)];
      const around = getComputedStyle(each, '::after'); // it may reach further than what is drawn
      if (around.position === 'absolute') height += Math.max(0, -parseFloat(around.top)) + Math.max(0, -parseFloat(around.bottom));
      if (shown && (width < 43.5 || height < 43.5)) found.push(`${each.outerHTML.slice(0, 90)} is ${width}x${height}`);
      if (shown && each.tabIndex < 0 && !each.closest('[aria-hidden]')) found.push(`${each.outerHTML.slice(0, 90)} is out of reach by keyboard`);
    }
    for (const each of place.querySelectorAll('.range-words, .button, .dock-tab > span, .header-title')) {
      const chip = each.closest('.range-chip') ?? each; // words that are wider than their place run into others
      if (each.checkVisibility() && each.scrollWidth > chip.clientWidth + 1) found.push(`${each.outerHTML.slice(0, 90)} is too wide`);
    }
    for (const each of [document.documentElement, document.querySelector('.screen')]) {
      if (each.scrollWidth > each.clientWidth) {
        const wide = [...each.querySelectorAll('*')].filter((one) => one.getBoundingClientRect().right > each.clientWidth + 0.5);
        const names = wide.slice(0, 4).map((one) => one.outerHTML.slice(0, 60)).join(', ');
        found.push(`${each.className || 'page'} is ${each.scrollWidth} wide in ${each.clientWidth}: ${names}`);
      }
    }
    return found;";

impl Device {
    /// Taps what bears this mark.
    pub async fn tap(&self, mark: &str) -> Result<()> {
        self.click(mark).await
    }

    /// Types into the field that bears this mark, in place of what is in it.
    pub async fn type_into(&self, mark: &str, text: &str) -> Result<()> {
        self.fill(mark, text).await
    }

    /// Fills in a day or a time, whose keys differ from browser to browser.
    pub async fn fill_in(&self, mark: &str, value: &str) -> Result<()> {
        self.visible(mark).await?;
        let script = "const [mark, value] = arguments;
            const input = document.querySelector(`[data-testid='${mark}']`);
            input.value = value;
            for (const name of ['input', 'change']) input.dispatchEvent(new Event(name, { bubbles: true }));";
        let arguments = vec![json!(mark), json!(value)];
        self.browser.driver.execute(script, arguments).await?;
        Ok(())
    }

    /// Chooses a value of a select by its mark, or a radio or switch by tapping its label.
    pub async fn choose(&self, mark: &str, value: &str) -> Result<()> {
        // A radio itself is out of sight behind its label.
        let what = format!("{} has {mark}", self.name);
        eventually(&what, async || {
            let found = self.elements(By::Testid(mark)).await?;
            Ok((!found.is_empty()).then_some(()))
        })
        .await?;
        let script = "const [mark, value] = arguments;
            const input = document.querySelector(`[data-testid='${mark}']`);
            if (input.tagName === 'SELECT') { input.value = value; input.dispatchEvent(new Event('change', { bubbles: true })); }
            else { input.closest('label').click(); }";
        let arguments = vec![json!(mark), json!(value)];
        self.browser.driver.execute(script, arguments).await?;
        Ok(())
    }

    /// Taps a button, or chooses a radio by its label.
    pub async fn tap_or_choose(&self, mark: &str) -> Result<()> {
        if mark.contains("view") || mark.contains("measure") {
            self.choose(mark, "").await
        } else {
            self.click(mark).await
        }
    }

    /// The text of what bears this mark, once it is there.
    pub async fn text(&self, mark: &str) -> Result<String> {
        Ok(self.visible(mark).await?.text().await?)
    }

    /// Waits until the text of what bears this mark is as the condition wants it.
    pub async fn text_when(&self, mark: &str, is_so: impl Fn(&str) -> bool) -> Result<String> {
        let mut last = String::new();
        let what = format!("{} at {mark}", self.name);
        let found = eventually(&what, async || {
            last = self.text(mark).await?;
            Ok(is_so(&last).then(|| last.clone()))
        });
        found.await.with_context(|| format!("it says {last:?}"))
    }

    /// The language that the document says it is in.
    pub async fn language(&self) -> Result<String> {
        let script = "return document.documentElement.lang;";
        let answer = self.browser.driver.execute(script, Vec::new()).await?;
        Ok(answer.json().as_str().unwrap_or_default().to_owned())
    }

    /// Goes to a screen by a link of the app that is on the screen now.
    pub async fn go(&self, route: &str) -> Result<()> {
        self.show(route).await
    }

    /// Makes the window as wide and high as a device.
    pub async fn resize(&self, width: u32, height: u32) -> Result<()> {
        let metrics =
            json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": true });
        let cdp = self.browser.driver.cdp();
        cdp.send_raw("Emulation.setDeviceMetricsOverride", metrics)
            .await?;
        Ok(())
    }

    /// Presses keys, as a hand does: they go to whatever has the focus when they arrive.
    pub async fn press(&self, keys: impl Into<TypingData>) -> Result<()> {
        let hand = self.browser.driver.action_chain().send_keys(keys);
        Ok(hand.perform().await?)
    }

    /// The mark of what has the focus.
    pub async fn focused(&self) -> Result<String> {
        let script = "return document.activeElement?.dataset.testid ?? '';";
        let mark = self.script(script).await?;
        Ok(mark.as_str().unwrap_or_default().to_owned())
    }

    /// Waits until nothing moves.
    pub async fn stand_still(&self) -> Result<()> {
        let script = format!("{STILL} still().then(() => done());");
        self.async_script(&script).await.map(drop)
    }

    /// Waits until the device's entries are read: until then a screen has nothing to show.
    pub async fn all_there(&self) -> Result<()> {
        self.chip_when("it is all there", |chip| chip.state == "synced")
            .await
            .map(drop)
    }

    /// What axe finds on the screen as it is.
    pub async fn barriers(&self, axe: &str) -> Result<Vec<String>> {
        self.browser.driver.execute(axe, Vec::new()).await?;
        // A colour that is half there is too pale for everybody.
        lines(&self.async_script(&format!("{STILL}{AXE}")).await?)
    }

    /// What is too small or too wide on the screen as it is.
    pub async fn misfits(&self) -> Result<Vec<String>> {
        self.stand_still().await?;
        let found = self.browser.driver.execute(MEASURES, Vec::new()).await?;
        lines(found.json())
    }
}

fn lines(value: &Value) -> Result<Vec<String>> {
    let Value::Array(found) = value else {
        bail!("no list: {value}")
    };
    let line = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    Ok(found.iter().map(line).collect())
}
