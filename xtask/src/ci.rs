//! `cargo xtask ci`: the gates. All tests, and the documentation with warnings denied.

use crate::house::House;
use crate::test;
use anyhow::Result;

/// Runs every gate.
pub fn ci(house: &House) -> Result<()> {
    test::everything(house, &[], true)
}
