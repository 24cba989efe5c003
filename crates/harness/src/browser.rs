//! Starting a browser through its driver, each with a profile of its own.

use super::inspected::Display;
use super::process::{Process, free_port};
use super::wait::eventually;
use anyhow::{Context, Result};
use http::Method;
use serde_json::{Map, Value, json};
use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use std::process::Command;
use thirtyfour::common::command::FormatRequestData;
use thirtyfour::{RequestData, SessionId, WebDriver};
use tokio::net::TcpStream;

/// Which browser a story runs in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// Chromium through chromedriver.
    Chromium,
    /// Firefox through geckodriver.
    Firefox,
    /// WebKitGTK through its own driver, in a window that forgets everything when it is closed.
    Webkit,
}

/// A browser session and the driver process that holds it.
pub struct Browser {
    /// The session.
    pub driver: WebDriver,
    /// Which browser it is.
    pub engine: Engine,
    process: Process,
    /// WebKit can't do without.
    _display: Option<Display>,
}

impl Browser {
    /// Starts the driver and one session on a profile, a new one or one that an earlier session left. A phone's size, so
    /// that tests see the app as most people do.
    pub async fn start(engine: Engine, profile: &Path, log: &Path) -> Result<Self> {
        std::fs::create_dir_all(profile)?;
        // A killed Firefox leaves the port of its last session behind, and the driver would believe it.
        let _ = std::fs::remove_file(profile.join("MarionetteActivePort"));
        let port = free_port()?;
        let mut command = Command::new(engine.driver());
        command.arg(format!("--port={port}"));
        if engine == Engine::Firefox {
            command.arg("--allow-system-access"); // scripts in the browser itself
        }
        let display = match engine {
            Engine::Webkit => Some(Display::start(&log.with_extension("display.log")).await?),
            _ => None,
        };
        if let Some(display) = &display {
            command
                .env("DISPLAY", display.name())
                .env("LANGUAGE", "en_GB");
        }
        let process = Process::start(&mut command, log)?;
        eventually("the driver listens", async || {
            Ok(TcpStream::connect((Ipv4Addr::LOCALHOST, port))
                .await
                .is_ok()
                .then_some(()))
        })
        .await?;
        let capabilities = engine.capabilities(profile);
        let driver = WebDriver::new(format!("http://127.0.0.1:{port}"), capabilities).await;
        let driver = driver.with_context(|| format!("no session, see {}", log.display()))?;
        driver.set_window_rect(0, 0, 412, 915).await?;
        Ok(Self {
            driver,
            engine,
            process,
            _display: display,
        })
    }

    /// Kills driver and browser, all processes of them, as a dying battery would. The profile stays.
    pub async fn kill(self) -> Result<()> {
        let killed = self.process.kill_tree().await;
        self.driver.leak()?; // nobody is there any more to be told that the session ends
        killed
    }

    /// Makes the browser believe what the cable says: `navigator.onLine`, and the events that go with it.
    pub async fn emulate_network(&self, online: bool) -> Result<()> {
        match self.engine {
            Engine::Chromium => {
                let cdp = self.driver.cdp();
                cdp.send_raw("Network.enable", json!({})).await?; // without it only onLine would change
                let conditions = json!({ "offline": !online, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1 });
                cdp.send_raw("Network.emulateNetworkConditions", conditions)
                    .await?;
            }
            Engine::Firefox => {
                let script = format!("Services.io.offline = {};", !online);
                self.driver.cmd(ScriptsRunIn("chrome")).await?;
                let done = self.driver.execute(script, Vec::new()).await;
                self.driver.cmd(ScriptsRunIn("content")).await?;
                done?;
            }
            // It asks the system, which knows nothing of the cable: `onLine` is a hint that may be wrong.
            Engine::Webkit => {}
        }
        Ok(())
    }
}

/// Firefox's own command: whether scripts run in the page (`content`) or in the browser itself (`chrome`).
#[derive(Debug)]
struct ScriptsRunIn(&'static str);

impl FormatRequestData for ScriptsRunIn {
    fn format_request(&self, session: &SessionId) -> RequestData {
        RequestData::new(Method::POST, format!("session/{session}/moz/context"))
            .add_body(json!({ "context": self.0 }))
    }
}

impl Engine {
    fn driver(self) -> PathBuf {
        match self {
            Self::Chromium => PathBuf::from("chromedriver"),
            Self::Firefox => std::env::var_os("TIDEMARK_E2E_GECKODRIVER")
                .map_or_else(|| PathBuf::from("geckodriver"), PathBuf::from),
            Self::Webkit => PathBuf::from("WebKitWebDriver"),
        }
    }

    /// The language is one whose people weigh themselves in kilograms: the stories type them. What the app gives to save
    /// lies in the profile, not among the files of whoever runs the tests.
    fn capabilities(self, profile: &Path) -> Map<String, Value> {
        let saved = profile.join("saved");
        let capabilities = match self {
            Self::Chromium => json!({
                "browserName": "chrome",
                "goog:loggingPrefs": { "browser": "ALL" },
                "goog:chromeOptions": { "args": [
                    "--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--no-first-run",
                    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--lang=en-GB", "--accept-lang=en-GB",
                    format!("--user-data-dir={}", profile.display()),
                ], "prefs": { "download.default_directory": saved } },
            }),
            Self::Firefox => json!({
                "browserName": "firefox",
                "moz:firefoxOptions": {
                    "args": ["-headless", "-profile", profile],
                    "prefs": {
                        "browser.shell.checkDefaultBrowser": false, "intl.accept_languages": "en-GB",
                        "browser.download.folderList": 2, "browser.download.dir": saved,
                    },
                },
            }),
            Self::Webkit => json!({ "browserName": "MiniBrowser" }),
        };
        match capabilities {
            Value::Object(map) => map,
            _ => Map::new(),
        }
    }
}
