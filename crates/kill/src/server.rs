//! The server's lives: devices push, the server is killed in the middle, starts on the database it left, and must hold all
//! that it acknowledged, once.

mod device;
mod file;

use crate::chance::Chance;
use crate::client::Client;
use crate::figures::Figures;
use anyhow::{Result, ensure};
use device::Device;
use futures_util::future::try_join_all;
use std::collections::{BTreeMap, HashMap};
use std::time::Duration;
use tempfile::TempDir;
use tidemark_harness::Server;
use tidemark_protocol::{EntityId, Metric, RowsDigest};

const DEVICES: usize = 3;
/// A large batch takes some tens of milliseconds.
const KILL_AFTER_MAX: Duration = Duration::from_millis(80);
/// Opening the database takes some ten milliseconds.
const KILL_START_AFTER_MAX: Duration = Duration::from_millis(30);

/// One database and the devices that write to it.
struct Life {
    server: Server,
    folder: TempDir,
    client: Client,
    user: String,
    /// The account's change counter before the devices wrote anything.
    head_at_first: u64,
    devices: Vec<Device>,
    chance: Chance,
}

/// Plays one life with so many kills.
///
/// # Errors
/// What was lost, doubled or torn.
pub async fn life(seed: u64, kills: u64, figures: &mut Figures) -> Result<()> {
    let mut life = Life::begin(seed).await?;
    for _ in 0..kills {
        life.write_and_kill(figures).await?;
        life.start_again(figures).await?;
        life.compare(figures).await?;
    }
    life.server.kill();
    file::check(&life.folder.path().join("server.db")).await
}

impl Life {
    async fn begin(seed: u64) -> Result<Self> {
        let chance = Chance::new(seed);
        let folder = tempfile::tempdir()?;
        let server = Server::start(folder.path(), &folder.path().join("server.log")).await?;
        let client = Client::new(server.address())?;
        let user = client.make_user().await?;
        let (_, head_at_first) = client.pull_all().await?;
        let devices = (0..DEVICES)
            .map(|number| Device::new(number, &user, chance.fork()))
            .collect();
        Ok(Self {
            server,
            folder,
            client,
            user,
            head_at_first,
            devices,
            chance,
        })
    }

    /// All devices push at once, until the kill ends it.
    async fn write_and_kill(&mut self, figures: &mut Figures) -> Result<()> {
        let before = self.effective();
        let kill_after = self.chance.duration(KILL_AFTER_MAX);
        let server = &self.server;
        let kill = async {
            tokio::time::sleep(kill_after).await;
            server.kill();
            Ok(())
        };
        let client = &self.client;
        let writing = try_join_all(
            self.devices
                .iter_mut()
                .map(|device| device.write_until_cut(client)),
        );
        tokio::try_join!(kill, writing)?;
        figures.kills += 1;
        figures.amid_a_write += u64::from(self.devices.iter().any(Device::waits));
        figures.acknowledged += self.effective() - before;
        Ok(())
    }

    /// Starts it on what it left; now and then it is killed once more while it opens its database.
    async fn start_again(&self, figures: &mut Figures) -> Result<()> {
        if self.chance.one_in(4) {
            self.server.launch()?;
            tokio::time::sleep(self.chance.duration(KILL_START_AFTER_MAX)).await;
            self.server.kill();
            figures.kills += 1;
        }
        self.server.start_again().await
    }

    async fn compare(&mut self, figures: &mut Figures) -> Result<()> {
        let (rows, _) = self.client.pull_all().await?;
        let rows = by_id(rows)?;
        for device in &mut self.devices {
            let took_effect = device.compare(&rows)?;
            figures.unheard += device.replay(&self.client, took_effect).await?;
        }
        let (rows, head) = self.client.pull_all().await?;
        let effective = self.effective();
        ensure!(
            head == self.head_at_first + effective,
            "{effective} events moved the change counter from {} to {head}",
            self.head_at_first
        );
        let rows = by_id(rows)?;
        for device in &self.devices {
            device.compare(&rows)?;
        }
        let living = self.known().filter(|known| known.1.weight.is_some());
        ensure!(
            living.count() == rows.len(),
            "there are rows that nobody wrote"
        );
        self.compare_digests().await
    }

    async fn compare_digests(&self) -> Result<()> {
        let mut months: BTreeMap<String, (u64, RowsDigest)> = BTreeMap::new();
        for (id, known) in self.known().filter(|known| known.1.weight.is_some()) {
            let month = known.created_at.to_rfc3339()[..7].to_owned();
            let (rows, digest) = months.entry(month).or_default();
            *rows += 1;
            digest.add(id, known.version);
        }
        let answered = self.client.digests(&self.user).await?.months;
        let answered = answered
            .into_iter()
            .map(|month| (month.month, (month.rows, month.digest)));
        let ours = months
            .into_iter()
            .map(|(month, (rows, digest))| (month, (rows, digest.to_hex())));
        ensure!(
            answered.eq(ours),
            "the digests differ from what was acknowledged"
        );
        Ok(())
    }

    fn known(&self) -> impl Iterator<Item = (EntityId, device::Known)> {
        let records = self.devices.iter().flat_map(|device| &device.known);
        records.map(|(id, known)| (*id, *known))
    }

    fn effective(&self) -> u64 {
        self.devices.iter().map(|device| device.effective).sum()
    }
}

/// Rows by id; no id and no version comes twice.
fn by_id(rows: Vec<Metric>) -> Result<HashMap<EntityId, Metric>> {
    let mut found = HashMap::with_capacity(rows.len());
    let mut last = 0;
    for row in rows {
        ensure!(
            row.version > last,
            "version {} came after {last}",
            row.version
        );
        last = row.version;
        let id = row.id;
        ensure!(found.insert(id, row).is_none(), "{id} came twice");
    }
    Ok(found)
}
