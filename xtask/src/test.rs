//! x
use crate::house::House;
use anyhow::Result;
/// x
pub fn test(_: &House, _: &[String]) -> Result<()> { Ok(()) }
/// x
pub fn everything(_: &House, _: &[String], _: bool) -> Result<()> { Ok(()) }
