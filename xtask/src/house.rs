//! Where things are: the repository, the build folder, the cache for tools.

use anyhow::{Context, Result};
use std::env;
use std::path::{Path, PathBuf};

/// The folders every command works with.
pub struct House {
    /// The repository.
    pub root: PathBuf,
    /// Cargo's build folder, `CARGO_TARGET_DIR` respected.
    pub target: PathBuf,
    /// Tools that are installed once for all clones.
    pub cache: PathBuf,
}

impl House {
    /// Finds the folders from the environment that `cargo xtask` runs in.
    pub fn find() -> Result<Self> {
        let manifest = env::var_os("CARGO_MANIFEST_DIR").context("run me as `cargo xtask`")?;
        let root = Path::new(&manifest)
            .parent()
            .context("xtask/ has no parent folder")?
            .to_path_buf();
        let target = env::var_os("CARGO_TARGET_DIR")
            .map_or_else(|| root.join("target"), |dir| root.join(dir));
        let cache = match env::var_os("XDG_CACHE_HOME") {
            Some(dir) => PathBuf::from(dir),
            None => PathBuf::from(
                env::var_os("HOME").context("neither XDG_CACHE_HOME nor HOME is set")?,
            )
            .join(".cache"),
        };
        Ok(Self {
            root,
            target,
            cache: cache.join("tidemark"),
        })
    }

    /// The programs that `cargo install` put into the cache.
    pub fn tool(&self, name: &str) -> PathBuf {
        self.cache.join("tools").join("bin").join(name)
    }

    /// The built app.
    pub fn dist(&self) -> PathBuf {
        self.root.join("dist")
    }

    /// The built simulator.
    pub fn simulator(&self) -> PathBuf {
        self.target
            .join("release")
            .join(format!("tidemark-sim{}", env::consts::EXE_SUFFIX))
    }

    /// The built server.
    pub fn server(&self) -> PathBuf {
        self.target
            .join("release")
            .join(format!("tidemark-server{}", env::consts::EXE_SUFFIX))
    }
}
