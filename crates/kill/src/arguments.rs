//! The command line.

use clap::{Parser, ValueEnum};

/// After so many failed lives a run says nothing new.
pub const LOSSES_MAX: usize = 10;

/// Kills servers and browsers in the middle of their work and looks for what is lost.
#[derive(Clone, Debug, Parser)]
#[command(name = "cargo xtask kill")]
pub struct Arguments {
    /// Kills of each victim.
    #[arg(long, default_value_t = 20)]
    pub times: u64,
    /// Seed of the first life; each later life takes the next one.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Only this victim.
    #[arg(long)]
    pub engine: Option<Victim>,
}

/// What is killed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Victim {
    /// The server, over SQLite.
    Server,
    /// The app in Chromium.
    Chromium,
    /// The app in Firefox.
    Firefox,
    /// The app in WebKitGTK.
    Webkit,
}

impl Arguments {
    /// Whom to kill, in order.
    pub fn victims(&self) -> Vec<Victim> {
        match self.engine {
            Some(victim) => vec![victim],
            None => Victim::value_variants().to_vec(),
        }
    }
}

impl Victim {
    /// Kills before it begins anew with nothing stored.
    pub fn kills_per_life(self) -> u64 {
        match self {
            Self::Server => 25,
            Self::Chromium | Self::Firefox | Self::Webkit => 10,
        }
    }

    /// As on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Server => "server",
            Self::Chromium => "chromium",
            Self::Firefox => "firefox",
            Self::Webkit => "webkit",
        }
    }
}
