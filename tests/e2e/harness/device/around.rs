//! What happens around the app on a device: its network's weather, its tabs, whether somebody looks, scripts.

use super::Device;
use anyhow::Result;
use serde_json::Value;
use thirtyfour::WindowHandle;
use tidemark_harness::{Weather, eventually};

impl Device {
    /// Changes what happens to the device's connections; the browser is told nothing.
    pub fn weather(&self, weather: Weather) {
        self.proxy.set(weather);
    }

    /// Runs JavaScript in the page and answers what it returns, a promise awaited.
    pub async fn run(&self, script: &str) -> Result<Value> {
        let script = format!(
            "const done = arguments[arguments.length - 1];
             (async () => {{ {script} }})().then(done, (error) => done('error: ' + error));"
        );
        let answer = self
            .browser
            .driver
            .execute_async(script, Vec::new())
            .await?;
        Ok(answer.json().clone())
    }

    /// Waits until JavaScript in the page returns something true.
    pub async fn run_until(&self, what: &str, script: &str) -> Result<Value> {
        eventually(&format!("{}: {what}", self.name), async || {
            let answer = self.run(script).await?;
            let is_so = !matches!(answer, Value::Null | Value::Bool(false)) && answer != 0;
            Ok(is_so.then_some(answer))
        })
        .await
    }

    /// Opens another tab and goes on in it. Answers the tab before.
    pub async fn open_tab(&self) -> Result<WindowHandle> {
        let driver = &self.browser.driver;
        let before = driver.window().await?;
        let tab = driver.new_tab().await?;
        driver.switch_to_window(tab).await?;
        Ok(before)
    }

    /// Goes on in another tab. Answers the tab before.
    pub async fn switch_tab(&self, tab: WindowHandle) -> Result<WindowHandle> {
        let driver = &self.browser.driver;
        let before = driver.window().await?;
        driver.switch_to_window(tab).await?;
        Ok(before)
    }

    /// The person puts the browser away; the page runs on, unseen.
    pub async fn hide(&self) -> Result<()> {
        self.browser.driver.minimize_window().await?;
        let script = "return document.visibilityState === 'hidden';";
        self.run_until("the page is hidden", script).await?;
        Ok(())
    }

    /// The person looks at the browser again.
    pub async fn unhide(&self) -> Result<()> {
        self.browser.driver.set_window_rect(0, 0, 412, 915).await?;
        let script = "return document.visibilityState === 'visible';";
        self.run_until("the page is visible", script).await?;
        Ok(())
    }

    /// Sends a command of the `DevTools` protocol, which only Chromium speaks.
    pub async fn devtools(&self, command: &str, parameters: Value) -> Result<Value> {
        Ok(self
            .browser
            .driver
            .cdp()
            .send_raw(command, parameters)
            .await?)
    }

    /// Waits until a request comes through this device's network.
    pub async fn next_request(&self) -> Result<()> {
        self.proxy.next_connection().await
    }

    /// The origin of the app on this device.
    pub fn origin(&self) -> String {
        format!("http://localhost:{}", self.proxy.port())
    }
}
