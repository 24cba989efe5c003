//! A browser's lives: a person logs, changes and deletes weights through the app, the whole browser is killed, opens again
//! on the same profile, and must show all that it had shown as saved, once.
//!
//! What is compared comes from the device alone: the network is cut while the app opens. At a life's end the server must hold
//! the same.

mod ledger;
mod page;
mod tab;

use crate::arguments::Victim;
use crate::chance::Chance;
use crate::client::Client;
use crate::figures::Figures;
use anyhow::{Context, Result, ensure};
use ledger::{Ledger, Row};
use page::Deed;
use std::cell::Cell;
use std::time::Duration;
use tab::{Tab, Window};
use tempfile::TempDir;
use tidemark_harness::{Display, Proxy, Server, eventually};

/// So many deeds at most are shown as saved before a kill.
const DEEDS_MAX: usize = 20;
/// The kill comes within this time after them: anywhere in the next one or two.
const KILL_AFTER_MAX: Duration = Duration::from_millis(250);
/// On a machine so slow that the deeds are not done until then, it comes all the same.
const KILL_AT_LAST: Duration = Duration::from_secs(20);
/// So many rows the history draws at once.
const LIVING_MAX: usize = 110;
const FIRST_WEIGHT: u32 = 60_000;
/// The app shows weights to a hundredth of a kilogram.
const WEIGHT_STEP: u32 = 10;

/// One profile, and the server that it syncs with.
struct Life {
    victim: Victim,
    display: Display,
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
pub async fn life(victim: Victim, seed: u64, kills: u64, figures: &mut Figures) -> Result<()> {
    let mut life = Life::begin(victim, seed).await?;
    let outcome = life.play(kills, figures).await;
    if outcome.is_err() {
        let kept = life.folder.keep();
        eprintln!("  profile, database and logs: {}", kept.display());
    }
    outcome
}

impl Life {
    async fn begin(victim: Victim, seed: u64) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let server = Server::start(folder.path(), &folder.path().join("server.log")).await?;
        Ok(Self {
            victim,
            display: Display::start(&folder.path().join("display.log")).await?,
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
            let (window, mut tab) = self.open(kill > 0, figures).await?;
            if kill == 0 {
                page::wait_for_worker(&mut tab).await?;
            }
            if self.chance.one_in(2) {
                self.proxy.mend();
            } else {
                self.proxy.cut();
            }
            self.write_and_kill(window, tab, figures).await?;
        }
        let (window, mut tab) = self.open(true, figures).await?;
        self.proxy.mend();
        page::wait_until_synced(&mut tab).await?;
        self.compare_with_server().await?;
        window.kill().await
    }

    /// Opens the app and compares. With the network cut nothing can come from the server; a browser that was killed
    /// before it kept the service worker needs the network to open the app at all.
    async fn open(&mut self, is_again: bool, figures: &mut Figures) -> Result<(Window, Tab)> {
        if is_again {
            self.proxy.cut();
        }
        let (window, mut tab) = match self.window().await {
            Ok(opened) => opened,
            Err(_) if is_again => {
                self.proxy.mend();
                figures.with_network += 1;
                self.window().await?
            }
            Err(error) => return Err(error),
        };
        match self.compare(&mut tab).await {
            Ok(unheard) => figures.unheard += unheard,
            Err(error) => {
                window.kill().await?;
                return Err(error);
            }
        }
        Ok((window, tab))
    }

    async fn window(&self) -> Result<(Window, Tab)> {
        let address = format!("http://localhost:{}/history", self.proxy.port());
        let folder = self.folder.path();
        let (window, mut tab) = Window::start(self.victim, &self.display, folder, &address).await?;
        match page::wait_until_drawn(&mut tab).await {
            Ok(()) => Ok((window, tab)),
            Err(error) => {
                window.kill().await?;
                Err(error)
            }
        }
    }

    /// Waits until the list shows what was shown as saved, the same twice.
    async fn compare(&mut self, tab: &mut Tab) -> Result<u64> {
        let mut last: Vec<Row> = Vec::new();
        let settled = eventually("the list shows what was shown as saved", async || {
            let rows = page::rows(tab).await?;
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
    async fn write_and_kill(
        &mut self,
        window: Window,
        mut tab: Tab,
        figures: &mut Figures,
    ) -> Result<()> {
        let mut deeds_left = self.chance.below(DEEDS_MAX + 1);
        let kill_after = self.chance.duration(KILL_AFTER_MAX);
        let (soon, told) = tokio::sync::oneshot::channel();
        let is_killed = Cell::new(false);
        let kill = async {
            let _ = tokio::time::timeout(KILL_AT_LAST, told).await; // told or not
            tokio::time::sleep(kill_after).await;
            is_killed.set(true);
            window.kill().await
        };
        let write = async {
            let mut soon = Some(soon);
            loop {
                if deeds_left == 0 {
                    soon.take().map(|soon| soon.send(()));
                }
                let deed = self.next_deed();
                self.note(&deed);
                match page::perform(&mut tab, &deed).await {
                    Ok(()) => self.ledger.shown_as_saved(),
                    Err(_) if is_killed.get() => return Ok(()),
                    Err(error) => return Err(error),
                }
                figures.acknowledged += 1;
                deeds_left = deeds_left.saturating_sub(1);
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
