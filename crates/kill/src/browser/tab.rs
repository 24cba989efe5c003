//! One window with the app in one tab, whichever way its engine can be driven.

use crate::arguments::Victim;
use anyhow::{Context, Result};
use serde_json::Value;
use std::path::Path;
use thirtyfour::WebDriver;
use tidemark_harness::{Browser, Display, Engine, Inspected, InspectedPage};

/// The processes of a browser.
pub enum Window {
    /// Behind a driver.
    Driven(Browser),
    /// Behind its remote inspector.
    Inspected(Inspected),
}

/// Its one tab.
pub enum Tab {
    /// Behind a driver.
    Driven(WebDriver),
    /// Behind the remote inspector.
    Inspected(Box<InspectedPage>),
}

impl Window {
    /// Starts the browser on a profile and goes to an address.
    pub async fn start(
        victim: Victim,
        display: &Display,
        folder: &Path,
        address: &str,
    ) -> Result<(Self, Tab)> {
        let (profile, log) = (folder.join("profile"), folder.join("browser.log"));
        let engine = match victim {
            Victim::Webkit | Victim::Server => {
                let window = Inspected::start(&profile, display, address, &log)?;
                let page = window.page().await?;
                return Ok((Self::Inspected(window), Tab::Inspected(Box::new(page))));
            }
            Victim::Chromium => Engine::Chromium,
            Victim::Firefox => Engine::Firefox,
        };
        let browser = Browser::start(engine, &profile, &log).await?;
        let driver = browser.driver.clone();
        match driver.goto(address).await {
            Ok(()) => Ok((Self::Driven(browser), Tab::Driven(driver))),
            Err(error) => {
                browser.kill().await?;
                Err(error).context("the browser shows its own error page")
            }
        }
    }

    /// Kills all processes of it.
    pub async fn kill(self) -> Result<()> {
        match self {
            Self::Driven(browser) => browser.kill().await,
            Self::Inspected(window) => window.kill().await,
        }
    }
}

impl Tab {
    /// Runs the body of a function and returns its value.
    pub async fn execute(&mut self, script: &str) -> Result<Value> {
        match self {
            Self::Driven(driver) => Ok(driver.execute(script, Vec::new()).await?.json().clone()),
            Self::Inspected(page) => page.execute(script).await,
        }
    }

    /// Runs the body of a function with one argument and a second one, a function that it calls with its value.
    pub async fn execute_async(&mut self, script: &str, argument: Value) -> Result<Value> {
        match self {
            Self::Driven(driver) => {
                let returned = driver.execute_async(script, vec![argument]).await?;
                Ok(returned.json().clone())
            }
            Self::Inspected(page) => page.execute_async(script, &argument).await,
        }
    }
}
