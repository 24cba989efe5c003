//! One story's world: a server, its devices, and what is left to look at when it fails.

use super::device::Device;
use anyhow::{Context, Result, anyhow};
use std::cell::RefCell;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::rc::Rc;
use std::time::Duration;
use tempfile::TempDir;
use tidemark_harness::{Engine, Server};

const STORY_DEADLINE: Duration = Duration::from_mins(4);

/// A server and the devices that were started against it.
pub struct World {
    /// The server of this story.
    pub server: Server,
    engine: Engine,
    artifacts: PathBuf,
    folder: TempDir,
    devices: RefCell<Vec<Rc<Device>>>,
}

/// Runs a story in a world of its own. Whatever happens, browsers and server are gone afterwards; after a failure there
/// are pictures and logs.
pub async fn story<Fut>(
    name: &str,
    engine: Engine,
    body: impl FnOnce(Rc<World>) -> Fut,
) -> Result<()>
where
    Fut: Future<Output = Result<()>> + 'static,
{
    story_at(&["--auth", "off"], name, engine, body).await
}

/// The same with a server that was started with these arguments.
pub async fn story_at<Fut>(
    arguments: &[&str],
    name: &str,
    engine: Engine,
    body: impl FnOnce(Rc<World>) -> Fut,
) -> Result<()>
where
    Fut: Future<Output = Result<()>> + 'static,
{
    let world = Rc::new(World::start(arguments, name, engine).await?);
    let local = tokio::task::LocalSet::new();
    let task = local.spawn_local(body(Rc::clone(&world)));
    let outcome = local
        .run_until(tokio::time::timeout(STORY_DEADLINE, task))
        .await;
    drop(local); // with what is left of the story
    let failed = !matches!(outcome, Ok(Ok(Ok(()))));
    world.close(failed).await;
    match outcome {
        Ok(Ok(result)) => result.with_context(|| format!("see {}", world.artifacts.display())),
        Ok(Err(join)) => match join.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            Err(join) => Err(join.into()),
        },
        Err(_) => Err(anyhow!(
            "the story took more than {} s",
            STORY_DEADLINE.as_secs()
        )),
    }
}

impl World {
    async fn start(arguments: &[&str], name: &str, engine: Engine) -> Result<Self> {
        let artifacts = std::env::var_os("TIDEMARK_E2E_ARTIFACTS")
            .map_or_else(|| std::env::temp_dir().join("tidemark-e2e"), PathBuf::from)
            .join(format!("{name}-{engine:?}").to_lowercase());
        if artifacts.exists() {
            std::fs::remove_dir_all(&artifacts)?; // of the run before
        }
        std::fs::create_dir_all(&artifacts)?;
        let folder = tempfile::tempdir()?;
        let log = artifacts.join("server.log");
        let server = Server::start_with(folder.path(), &log, arguments).await?;
        Ok(Self {
            server,
            engine,
            artifacts,
            folder,
            devices: RefCell::new(Vec::new()),
        })
    }

    /// A new device: a browser with an empty profile and a network of its own, the app not yet opened.
    pub async fn device(&self, name: &str) -> Result<Rc<Device>> {
        self.device_at(name, self.server.address()).await
    }

    /// The same for what stands in the server's place.
    pub async fn device_at(&self, name: &str, server: SocketAddr) -> Result<Rc<Device>> {
        let profile = self.folder.path().join(name);
        let log = self.artifacts.join(format!("{name}-driver.log"));
        let device = Device::start(name, self.engine, server, &profile, &log).await;
        let device = Rc::new(device.with_context(|| format!("device {name}"))?);
        self.devices.borrow_mut().push(Rc::clone(&device));
        Ok(device)
    }

    /// A folder of this story's own, which goes with it.
    pub fn folder(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Keeps a picture of what a device shows.
    pub async fn picture(&self, device: &Device, title: &str) -> Result<()> {
        device
            .picture(
                &self
                    .artifacts
                    .join(format!("{}-{title}.png", device.name())),
            )
            .await
    }

    /// Where pictures of screens are laid.
    pub fn shots(&self) -> Result<PathBuf> {
        let folder = self.artifacts.join("screens");
        std::fs::create_dir_all(&folder)?;
        Ok(folder)
    }

    async fn close(&self, failed: bool) {
        let devices = self.devices.take();
        for device in devices {
            if failed {
                device.leave_evidence(&self.artifacts).await;
            }
            device.quit().await;
        }
        self.server.kill();
    }
}
