//! Asking until it is so. No test sleeps for a guessed time.

use anyhow::{Result, anyhow};
use std::time::{Duration, Instant};

/// How long anything may take before a story fails. Generous: a slow machine is no defect, a lost entry is.
const DEADLINE: Duration = Duration::from_secs(45);
const PAUSE: Duration = Duration::from_millis(50);

/// Asks until the answer is `Ok(Some(…))`.
///
/// # Errors
/// After the deadline: what was waited for, and what the last attempt said.
pub async fn eventually<T>(
    what: &str,
    mut ask: impl AsyncFnMut() -> Result<Option<T>>,
) -> Result<T> {
    let mut last = None;
    let asking = async {
        loop {
            match ask().await {
                Ok(Some(answer)) => return answer,
                Ok(None) => {}
                Err(error) => last = Some(error),
            }
            tokio::time::sleep(PAUSE).await;
        }
    };
    match tokio::time::timeout(DEADLINE, asking).await {
        Ok(answer) => Ok(answer),
        Err(_) => Err(last.unwrap_or_else(|| anyhow!("it did not happen")))
            .map_err(|error| error.context(format!("waited {} s for: {what}", DEADLINE.as_secs()))),
    }
}

/// Starts measuring; the returned call tells how long ago that was.
#[expect(
    clippy::disallowed_methods,
    reason = "a figure for the report; no test depends on it"
)]
pub fn stopwatch() -> impl Fn() -> Duration {
    let start = Instant::now();
    move || start.elapsed()
}
