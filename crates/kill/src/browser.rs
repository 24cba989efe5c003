//! A browser's lives: a person logs, changes and deletes weights through the app, the whole browser is killed, opens again
//! on the same profile, and must show all that it had shown as saved, once.
//!
//! What is compared comes from the device alone: the network is cut while the app opens. At a life's end the server must hold
//! the same.

mod ledger;
mod page;

use crate::chance::Chance;
use crate::client::Client;
use crate::figures::Figures;
use anyhow::{Context, Result, ensure};
use ledger::{Ledger, Row};
use page::Deed;
use std::cell::Cell;
use std::time::Duration;
use tempfile::TempDir;
use thirtyfour::WebDriver;
use tidemark_harness::{Browser, Engine, Proxy, Server, eventually};

/// Some ten deeds fit into it.
const KILL_AFTER_MAX: Duration = Duration::from_millis(2500);
/// So many rows the history draws at once.
const LIVING_MAX: usize = 110;
const FIRST_WEIGHT: u32 = 60_000;
/// The app shows weights to a hundredth of a kilogram.
const WEIGHT_STEP: u32 = 10;

/// One profile, and the server that it syncs with.
struct Life {
    engine: Engine,
    folder: TempDir,
    server: Server,
    proxy: Proxy,
    ledger: Ledger,
    next_weight: u32,
    chance: Chance,
}

/// Plays one life with so many kills.
///
/// # Errors
/// What was lost, doubled or torn.
pub async fn life(engine: Engine, seed: u64, kills: u64, figures: &mut Figures) -> Result<()> {
    let mut life = Life::begin(engine, seed).await?;
    let outcome = life.play(kills, figures).await;
    if outcome.is_err() {
        let kept = life.folder.keep();
        eprintln!("  profile, database and logs: {}", kept.display());
    }
    outcome
}

impl Life {
    async fn begin(engine: Engine, seed: u64) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let server = Server::start(folder.path(), &folder.path().join("server.log")).await?;
        Ok(Self {
            engine,
            proxy: Proxy::start(server.address()).await?,
            server,
            folder,
            ledger: Ledger::default(),
            next_weight: FIRST_WEIGHT,
            chance: Chance::new(seed),
        })
    }

    async fn play(&mut self, kills: u64, figures: &mut Figures) -> Result<()> {
        for kill in 0..kills {
            let browser = self.start_browser().await?;
            self.open(&browser.driver, kill > 0, figures).await?;
            if kill == 0 {
                page::wait_for_worker(&browser.driver).await?;
            }
            if self.chance.one_in(2) {
                self.proxy.mend();
            } else {
                self.proxy.cut();
            }
            self.write_and_kill(browser, figures).await?;
        }
        let browser = self.start_browser().await?;
        self.open(&browser.driver, true, figures).await?;
        self.proxy.mend();
        page::wait_until_synced(&browser.driver).await?;
        self.compare_with_server().await?;
        browser.kill().await
    }

    async fn start_browser(&self) -> Result<Browser> {
        let profile = self.folder.path().join("profile");
        let log = self.folder.path().join("driver.log");
        Browser::start(self.engine, &profile, &log).await
    }

    /// Opens the app and compares. With the network cut nothing can come from the server; a browser that was killed
    /// before it kept the service worker needs the network to open the app at all.
    async fn open(
        &mut self,
        driver: &WebDriver,
        is_again: bool,
        figures: &mut Figures,
    ) -> Result<()> {
        if is_again {
            self.proxy.cut();
        }
        let port = self.proxy.port();
        if page::open(driver, port).await.is_err() {
            self.proxy.mend();
            figures.with_network += 1;
            page::open(driver, port).await?;
        }
        figures.unheard += self.compare(driver).await?;
        Ok(())
    }

    /// Waits until the list shows what was shown as saved, the same twice.
    async fn compare(&mut self, driver: &WebDriver) -> Result<u64> {
        let mut last: Vec<Row> = Vec::new();
        let settled = eventually("the list shows what was shown as saved", async || {
            let rows = page::rows(driver).await?;
            let is_steady = rows == std::mem::replace(&mut last, rows.clone());
            let mut ledger = self.ledger.clone();
            let unheard = ledger.settle(&rows)?;
            Ok(is_steady.then_some((ledger, unheard)))
        });
        let settled = settled.await;
        let (ledger, unheard) = settled.with_context(|| format!("the list shows {last:?}"))?;
        self.ledger = ledger;
        Ok(unheard)
    }

    /// The person does one thing after the other until the browser is killed.
    async fn write_and_kill(&mut self, browser: Browser, figures: &mut Figures) -> Result<()> {
        let kill_after = self.chance.duration(KILL_AFTER_MAX);
        let driver = browser.driver.clone();
        let is_killed = Cell::new(false);
        let kill = async {
            tokio::time::sleep(kill_after).await;
            is_killed.set(true);
            browser.kill().await
        };
        let write = async {
            loop {
                let deed = self.next_deed();
                self.note(&deed);
                match page::perform(&driver, &deed).await {
                    Ok(()) => self.ledger.shown_as_saved(),
                    Err(_) if is_killed.get() => return Ok(()),
                    Err(error) => return Err(error),
                }
                figures.acknowledged += 1;
            }
        };
        tokio::try_join!(kill, write)?;
        figures.kills += 1;
        figures.amid_a_write += u64::from(self.ledger.has_begun());
        Ok(())
    }

    fn next_deed(&mut self) -> Deed {
        let ids = self.ledger.ids();
        let is_full = self.ledger.living() >= LIVING_MAX;
        let id = (!ids.is_empty()).then(|| (*self.chance.pick(&ids)).to_owned());
        let weight = self.next_weight;
        self.next_weight += WEIGHT_STEP;
        match (id, self.chance.below(10)) {
            (Some(id), 0) => Deed::Delete(id),
            (Some(id), 1..=3) => Deed::Edit(id, weight),
            (Some(id), _) if is_full => Deed::Delete(id),
            _ => Deed::Log(weight),
        }
    }

    fn note(&mut self, deed: &Deed) {
        match deed {
            Deed::Log(weight) => self.ledger.begin_new(*weight),
            Deed::Edit(id, weight) => self.ledger.begin_change(id, Some(*weight)),
            Deed::Delete(id) => self.ledger.begin_change(id, None),
        }
    }

    /// What syncing made of all this.
    async fn compare_with_server(&mut self) -> Result<()> {
        let (rows, _) = Client::new(self.server.address())?.pull_all().await?;
        let rows: Vec<Row> = rows
            .iter()
            .map(|row| Row {
                id: row.id.to_string(),
                weight: row.weight.get(),
            })
            .collect();
        self.ledger.settle(&rows).context("on the server")?;
        ensure!(
            rows.len() == self.ledger.living(),
            "the server holds {rows:?}"
        );
        Ok(())
    }
}
