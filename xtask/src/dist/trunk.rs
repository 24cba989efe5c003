//! `trunk build` gives the same app: its hook replaces what Trunk staged by our files.

use super::{Quality, dist, site::walk};
use crate::house::House;
use anyhow::{Context, Result};
use std::env;
use std::fs;
use std::path::PathBuf;

/// Builds `dist/` if needed and puts a copy where Trunk will take it from. Trunk then moves it to its own place, which is
/// `dist/` again.
pub fn stage(house: &House) -> Result<()> {
    let stage = PathBuf::from(
        env::var_os("TRUNK_STAGING_DIR").context("only Trunk's hook calls --trunk-stage")?,
    );
    let is_release = env::var("TRUNK_PROFILE").is_ok_and(|profile| profile == "release");
    dist(
        house,
        if is_release {
            Quality::Ship
        } else {
            Quality::Quick
        },
    )?;
    for path in walk(&stage)? {
        fs::remove_file(&path).with_context(|| path.display().to_string())?;
    }
    for path in walk(&house.dist())? {
        let copy = stage.join(path.strip_prefix(house.dist())?);
        if let Some(folder) = copy.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::copy(&path, &copy).with_context(|| copy.display().to_string())?;
    }
    Ok(())
}
