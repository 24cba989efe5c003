//! Files in and out, in a person's words.

use super::Device;
use anyhow::{Context, Result};
use serde_json::Value;
use std::path::{Path, PathBuf};
use tempfile::TempDir;
use thirtyfour::By;
use tidemark_harness::eventually;

/// Keeps what the page makes a file of, and how long its longest task was.
const WATCH: &str = "window.made = [];
    const address = URL.createObjectURL.bind(URL);
    URL.createObjectURL = (blob) => { window.made.push(blob); return address(blob); };
    window.longest = 0;
    if (PerformanceObserver.supportedEntryTypes.includes('longtask')) {
        new PerformanceObserver((list) => {
            for (const task of list.getEntries()) { window.longest = Math.max(window.longest, task.duration); }
        }).observe({ type: 'longtask' });
    }";

impl Device {
    /// Opens the screen for files, and keeps an eye on what it makes.
    pub async fn open_files(&self) -> Result<()> {
        self.open("/").await?;
        self.show("/settings").await?;
        self.show("/data").await?;
        self.watch_files().await
    }

    /// Keeps what the page makes a file of from now on.
    pub async fn watch_files(&self) -> Result<()> {
        self.script(WATCH).await.map(drop)
    }

    /// Chooses a file to import.
    pub async fn choose_file(&self, path: &Path) -> Result<()> {
        let what = format!("{} chooses a file", self.name());
        eventually(&what, async || {
            let inputs = self.elements(By::Testid("import-file")).await?;
            let Some(input) = inputs.first() else {
                return Ok(None);
            };
            input.send_keys(path.to_string_lossy().as_ref()).await?;
            Ok(Some(()))
        })
        .await
    }

    /// Waits for the preview; answers how many entries are new, as shown.
    pub async fn preview(&self) -> Result<String> {
        let what = format!("{} shows a preview", self.name());
        eventually(&what, async || {
            let shown = self.text_if_there("import-new").await?;
            Ok(shown.filter(|text| text != "—"))
        })
        .await
    }

    /// Takes the file in, and waits for the word that it is.
    pub async fn confirm_import(&self) -> Result<()> {
        self.click("import-confirm").await?;
        self.outcome("taken").await.map(drop)
    }

    /// Waits until the last job has come to this; answers its words.
    pub async fn outcome(&self, outcome: &str) -> Result<String> {
        let wanted = format!("[data-testid=import-outcome][data-outcome={outcome}]");
        let what = format!("{}: the job is {outcome}", self.name());
        eventually(&what, async || {
            let found = self.elements(By::Css(&wanted)).await?;
            let Some(words) = found.first() else {
                return Ok(None);
            };
            Ok(Some(words.text().await?))
        })
        .await
    }

    /// The text of the file that the press of a button makes.
    pub async fn make_file(&self, mark: &str) -> Result<String> {
        self.script("window.made = [];").await?;
        self.click(mark).await?;
        self.outcome("exported").await?;
        let script = "const done = arguments[arguments.length - 1];
            Promise.resolve(window.made[0]?.text()).then(done, done);";
        let what = format!("{} makes a file", self.name());
        eventually(&what, async || {
            let text = self.async_script(script).await?;
            Ok(text.as_str().map(str::to_owned))
        })
        .await
    }

    /// The longest task of the page since the screen was opened, in milliseconds, where the browser measures it.
    pub async fn longest_task_ms(&self) -> Result<f64> {
        let longest = self.script("return window.longest;").await?;
        longest.as_f64().context("no number")
    }

    /// What an element shows, where it is there.
    async fn text_if_there(&self, mark: &str) -> Result<Option<String>> {
        match self.elements(By::Testid(mark)).await?.first() {
            Some(element) => Ok(Some(element.text().await?)),
            None => Ok(None),
        }
    }

    /// Whether a button can be pressed.
    pub async fn is_enabled(&self, mark: &str) -> Result<bool> {
        let found = self.elements(By::Testid(mark)).await?;
        let button = found.first().with_context(|| format!("no {mark}"))?;
        Ok(button.is_enabled().await?)
    }
}

/// A backup without what differs from device to device and from moment to moment.
pub fn told_apart_by_content_only(backup: &str) -> Result<Value> {
    let mut backup: Value = serde_json::from_str(backup)?;
    let lists = ["people", "metrics"];
    if let Some(backup) = backup.as_object_mut() {
        backup.remove("exported_at");
    }
    for list in lists {
        for row in backup[list].as_array_mut().context("no list")? {
            let row = row.as_object_mut().context("no record")?;
            for told_by_server in ["version", "number", "user_number", "updated_by"] {
                row.remove(told_by_server);
            }
        }
    }
    Ok(backup)
}

/// Writes a file that a story makes up.
pub fn written(folder: &TempDir, name: &str, text: &str) -> Result<PathBuf> {
    let path = folder.path().join(name);
    std::fs::write(&path, text)?;
    Ok(path)
}

/// A file as another app writes it. Drivers take whole paths only.
pub fn fixture(name: &str) -> Result<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/formats/tests/fixtures");
    Ok(folder.join(name).canonicalize()?)
}
