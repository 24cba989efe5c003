//! A person's device: the app in a browser, spoken to in a person's words and found by its `data-testid`s.

mod account;
mod around;
mod screen;

use anyhow::{Context, Result, bail};
use serde_json::Value;
use std::net::SocketAddr;
use std::path::Path;
use thirtyfour::{By, WebElement};
use tidemark_harness::{Browser, Engine, Proxy, eventually};

/// One row of the history as the screen shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The metric's id.
    pub id: String,
    /// `pending`, `synced` or `failed`.
    pub status: String,
    /// Weight in grams.
    pub weight_g: u32,
}

/// What the sync chip shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chip {
    /// `local`, `pending`, `syncing`, `offline`, `synced`, `error` or `signed-out`.
    pub state: String,
    /// Entries that are not sent yet.
    pub pending: u32,
}

/// A browser with a network of its own.
pub struct Device {
    name: String,
    browser: Browser,
    proxy: Proxy,
}

/// A press may land beside its button where the screen just grew: after so many looks at what should be there, it is
/// pressed again.
const LOOKS_OF_A_MISS: u32 = 40;

impl Device {
    /// Starts a browser behind a proxy; the app is not opened yet.
    pub async fn start(
        name: &str,
        engine: Engine,
        server: SocketAddr,
        profile: &Path,
        log: &Path,
    ) -> Result<Self> {
        let proxy = Proxy::start(server).await?;
        let browser = Browser::start(engine, profile, log).await?;
        Ok(Self {
            name: name.to_owned(),
            browser,
            proxy,
        })
    }

    /// As the story calls it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Opens a screen of the app by its address, as a typed address or a bookmark would, and waits until it is drawn.
    pub async fn open(&self, route: &str) -> Result<()> {
        let address = format!("http://localhost:{}{route}", self.proxy.port());
        self.browser
            .driver
            .goto(&address)
            .await
            .with_context(|| format!("{} opens {route}", self.name))?;
        self.wait_for_screen().await
    }

    /// Closes the app; the browser stays open.
    pub async fn leave(&self) -> Result<()> {
        Ok(self.browser.driver.goto("about:blank").await?)
    }

    /// Reloads the page, as a person does. The driver's own reload would not do: Firefox's goes past the service worker.
    pub async fn reload(&self) -> Result<()> {
        let script = "window.isOldPage = true; location.reload();";
        self.browser.driver.execute(script, Vec::new()).await?;
        eventually(&format!("{} reloads", self.name), async || {
            let script = "return window.isOldPage === true;";
            let is_old = self.browser.driver.execute(script, Vec::new()).await?;
            Ok((is_old.json() == &Value::Bool(false)).then_some(()))
        })
        .await?;
        self.wait_for_screen().await
    }

    /// The app is there when its header is.
    async fn wait_for_screen(&self) -> Result<()> {
        eventually(&format!("{} shows the app", self.name), async || {
            let chips = self
                .browser
                .driver
                .find_all(By::Testid("sync-chip"))
                .await?;
            Ok((!chips.is_empty()).then_some(()))
        })
        .await
    }

    /// Waits until the service worker holds everything that a start without a network needs.
    pub async fn wait_until_offline_ready(&self) -> Result<()> {
        let script = "const done = arguments[arguments.length - 1];
            navigator.serviceWorker.getRegistration().then((found) => done(found?.active?.state ?? 'none'), done);";
        eventually(
            &format!("{} has its service worker", self.name),
            async || {
                let state = self
                    .browser
                    .driver
                    .execute_async(script, Vec::new())
                    .await?;
                Ok((state.json().as_str() == Some("activated")).then_some(()))
            },
        )
        .await
    }

    /// Cuts the network, for the page and for the service worker alike.
    pub async fn go_offline(&self) -> Result<()> {
        self.proxy.cut();
        self.browser.emulate_network(false).await
    }

    /// Brings the network back.
    pub async fn go_online(&self) -> Result<()> {
        self.proxy.mend();
        self.browser.emulate_network(true).await
    }

    /// Opens the entry sheet and types a weight, without saving it.
    pub async fn type_weight(&self, typed: &str) -> Result<()> {
        self.go_home().await?;
        self.click("log-weight").await?;
        let mut looks = 0;
        eventually(&format!("{} types into the sheet", self.name), async || {
            if let Some(input) = self.visible_now("weight-input").await? {
                input.clear().await?;
                input.send_keys(typed).await?;
                return Ok(Some(()));
            }
            looks += 1;
            if looks % LOOKS_OF_A_MISS == 0 {
                self.click("log-weight").await?;
            }
            Ok(None)
        })
        .await
    }

    /// Saves what was typed, and waits for the word that it is saved.
    pub async fn save(&self) -> Result<()> {
        self.click("save-entry").await?;
        self.visible("saved-toast").await?;
        Ok(())
    }

    /// The person comes back to this device. An app that nobody looks at need not ask the server often.
    pub async fn come_back(&self) -> Result<()> {
        let script = "window.dispatchEvent(new Event('focus'));";
        self.browser.driver.execute(script, Vec::new()).await?;
        Ok(())
    }

    /// Logs a weight, typed as given, and waits for the word that it is saved.
    pub async fn log_weight(&self, typed: &str) -> Result<()> {
        self.type_weight(typed).await?;
        let saved = self.save().await;
        saved.with_context(|| format!("{} saves {typed}", self.name))
    }

    /// Changes the weight of a row through its edit form.
    pub async fn edit_weight(&self, id: &str, typed: &str) -> Result<()> {
        self.row_action(id, "row-edit").await?;
        self.fill("weight-input", typed).await?;
        self.click("save-entry").await?;
        eventually(&format!("{} shows the edit", self.name), async || {
            Ok(self
                .visible_now("weight-input")
                .await?
                .is_none()
                .then_some(()))
        })
        .await
    }

    /// Deletes a row and waits until it is gone from the list.
    pub async fn delete(&self, id: &str) -> Result<()> {
        self.row_action(id, "row-delete").await?;
        eventually(&format!("{} shows no row {id}", self.name), async || {
            Ok(self
                .rows_now()
                .await?
                .iter()
                .all(|row| row.id != id)
                .then_some(()))
        })
        .await
    }

    /// Presses a button of a row of the history.
    pub async fn row_action(&self, id: &str, button: &str) -> Result<()> {
        self.show("/history").await?;
        let row = format!("[data-testid=history-row][data-id='{id}']");
        let selector = format!("{row} [data-testid={button}]");
        eventually(&format!("{} clicks {button}", self.name), async || {
            self.browser
                .driver
                .find(By::Css(&selector))
                .await?
                .click()
                .await?;
            Ok(Some(()))
        })
        .await
    }

    /// The rows of the history, as shown, top to bottom.
    pub async fn rows(&self) -> Result<Vec<Row>> {
        self.show("/history").await?;
        self.rows_now().await
    }

    /// Waits until the history is as the condition wants it, and returns it.
    pub async fn rows_when(&self, what: &str, is_so: impl Fn(&[Row]) -> bool) -> Result<Vec<Row>> {
        self.show("/history").await?;
        let mut last = Vec::new();
        let found = eventually(&format!("{}: {what}", self.name), async || {
            last = self.rows_now().await?;
            Ok(is_so(&last).then(|| last.clone()))
        })
        .await;
        found.with_context(|| format!("{} shows {last:?}", self.name))
    }

    async fn rows_now(&self) -> Result<Vec<Row>> {
        let script = "return [...document.querySelectorAll('[data-testid=history-row]')].map((row) => row.dataset)
            .map((data) => ({ id: data.id, status: data.status, weight: data.weightG }));";
        let answer = self.browser.driver.execute(script, Vec::new()).await?;
        let Value::Array(rows) = answer.json() else {
            bail!("no list of rows")
        };
        rows.iter().map(row).collect()
    }

    /// What the sync chip says now.
    pub async fn chip(&self) -> Result<Chip> {
        let chip = self.browser.driver.find(By::Testid("sync-chip")).await?;
        let state = chip.attr("data-state").await?.context("no data-state")?;
        let pending = chip
            .attr("data-pending")
            .await?
            .context("no data-pending")?
            .parse()?;
        Ok(Chip { state, pending })
    }

    /// Waits until the sync chip is as the condition wants it.
    pub async fn chip_when(&self, what: &str, is_so: impl Fn(&Chip) -> bool) -> Result<Chip> {
        eventually(&format!("{}: {what}", self.name), async || {
            let chip = self.chip().await?;
            Ok(is_so(&chip).then_some(chip))
        })
        .await
    }

    async fn go_home(&self) -> Result<()> {
        self.show("/").await
    }

    /// Goes to a screen by a link of the app, without loading the page anew.
    pub(super) async fn show(&self, route: &str) -> Result<()> {
        let link = format!("a[href='{route}']");
        // A press may land beside its link where the screen just grew: what counts is the address.
        eventually(&format!("{} goes to {route}", self.name), async || {
            if self.browser.driver.current_url().await?.path() == route {
                return Ok(Some(()));
            }
            for link in self.browser.driver.find_all(By::Css(&link)).await? {
                if link.is_displayed().await? {
                    link.click().await?;
                    break;
                }
            }
            Ok(None)
        })
        .await
    }

    /// Presses what carries this mark, once it can be seen.
    pub async fn click(&self, mark: &str) -> Result<()> {
        eventually(&format!("{} clicks {mark}", self.name), async || match self
            .visible_now(mark)
            .await?
        {
            Some(element) => Ok(Some(element.click().await?)),
            None => Ok(None),
        })
        .await
    }

    async fn fill(&self, mark: &str, text: &str) -> Result<()> {
        eventually(&format!("{} fills {mark}", self.name), async || {
            let Some(input) = self.visible_now(mark).await? else {
                return Ok(None);
            };
            input.clear().await?;
            input.send_keys(text).await?;
            Ok(Some(()))
        })
        .await
    }

    async fn visible(&self, mark: &str) -> Result<WebElement> {
        eventually(&format!("{} shows {mark}", self.name), async || {
            self.visible_now(mark).await
        })
        .await
    }

    async fn visible_now(&self, mark: &str) -> Result<Option<WebElement>> {
        for element in self.browser.driver.find_all(By::Testid(mark)).await? {
            if element.is_displayed().await? {
                return Ok(Some(element));
            }
        }
        Ok(None)
    }

    /// What a script in the page answers.
    pub async fn script(&self, script: &str) -> Result<Value> {
        let answer = self.browser.driver.execute(script, Vec::new()).await?;
        Ok(answer.json().clone())
    }

    /// The same for a script that answers later, through its last argument.
    pub async fn async_script(&self, script: &str) -> Result<Value> {
        let answer = self
            .browser
            .driver
            .execute_async(script, Vec::new())
            .await?;
        Ok(answer.json().clone())
    }

    /// All elements that are found so, seen or not.
    pub async fn elements(&self, by: By) -> Result<Vec<WebElement>> {
        Ok(self.browser.driver.find_all(by).await?)
    }

    /// A picture of the screen.
    pub async fn picture(&self, path: &Path) -> Result<()> {
        Ok(self.browser.driver.screenshot(path).await?)
    }

    /// What helps to understand a failure: a picture, the page's text, the console where the driver has it.
    pub async fn leave_evidence(&self, folder: &Path) {
        let _ = self
            .picture(&folder.join(format!("{}-failed.png", self.name)))
            .await;
        if let Ok(source) = self.browser.driver.source().await {
            let _ = std::fs::write(folder.join(format!("{}-failed.html", self.name)), source);
        }
        if self.browser.engine == Engine::Chromium
            && let Ok(entries) = self.browser.driver.browser_log().await
        {
            let _ = std::fs::write(
                folder.join(format!("{}-console.txt", self.name)),
                format!("{entries:#?}"),
            );
        }
    }

    /// Closes the browser. What stays in spite of it goes with the driver's process group.
    pub async fn quit(&self) {
        let _ = self.browser.driver.clone().quit().await;
    }
}

fn row(value: &Value) -> Result<Row> {
    let text = |name: &str| {
        value[name]
            .as_str()
            .with_context(|| format!("a row without {name}: {value}"))
    };
    Ok(Row {
        id: text("id")?.to_owned(),
        status: text("status")?.to_owned(),
        weight_g: text("weight")?.parse()?,
    })
}
