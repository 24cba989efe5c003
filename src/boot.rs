//! The composition root.

/// Starts the page.
pub fn start() {}
