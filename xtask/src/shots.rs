//! `cargo xtask shots`: pictures of every screen, taken by the story of that name. The README's among them are laid into
//! `docs/shots`, so that they stay true; all of them lie with the story's artifacts.

use crate::house::House;
use crate::test::stories;
use anyhow::{Context, Result, bail};
use std::path::Path;

/// What the repository keeps; the README shows the first four.
const KEPT: [&str; 6] = [
    "home-phone-light",
    "home-phone-dark",
    "log-phone-light",
    "history-phone-light",
    "home-desk-light",
    "home-desk-dark",
];
/// Bytes that all of them may take.
const BYTES_MAX: u64 = 1_000_000;

/// Takes the pictures.
pub fn command(house: &House, arguments: &[String]) -> Result<()> {
    if !arguments.is_empty() {
        bail!("shots takes no arguments");
    }
    let status = stories(house)?.args(["shots::"]).status()?;
    if !status.success() {
        bail!("the pictures could not be taken: {status}");
    }
    let taken = house.target.join("e2e/shots-chromium/screens");
    let bytes = keep(&taken, &house.root.join("docs/shots"))?;
    println!(
        "docs/shots: {} pictures, {bytes} bytes; all: {}",
        KEPT.len(),
        taken.display()
    );
    Ok(())
}

/// Copies what is kept; answers how many bytes it takes.
fn keep(taken: &Path, kept: &Path) -> Result<u64> {
    std::fs::create_dir_all(kept)?;
    let mut bytes = 0;
    for name in KEPT {
        let file = format!("{name}.webp");
        bytes += std::fs::copy(taken.join(&file), kept.join(&file))
            .with_context(|| format!("no picture {file}"))?;
    }
    if bytes > BYTES_MAX {
        bail!("the pictures take {bytes} bytes, more than {BYTES_MAX}");
    }
    Ok(bytes)
}
