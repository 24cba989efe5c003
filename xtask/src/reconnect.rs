//! `cargo xtask reconnect [--times N]`: how long it takes, in real browsers, from the network's return until the server and
//! another device have everything that waited; and from a `sync` event, every page closed, to the worker's first byte.
//!
//! The trials are stories in `tests/e2e`; here their figures are put together.

use crate::house::House;
use crate::test::stories;
use anyhow::{Context, Result, bail};
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::process::Stdio;

const TIMES: &str = "20";
/// The stories.
const STORIES: [&str; 2] = ["reconnect::", "closed_page::the_workers_last_chance"];
/// The word that begins a line of figures.
const MARK: &str = "reconnect ";
/// And that of the worker's first byte.
const FIRST_BYTE: &str = "first-byte ";

/// Milliseconds of each trial.
#[derive(Default)]
struct Figures {
    /// To the server and to the other screen, by engine and by whether the browser was told of the network's return.
    returns: BTreeMap<String, Vec<(u64, u64)>>,
    /// From the event to the first byte.
    first_bytes: Vec<u64>,
}

/// Runs the trials, each engine so many times, and prints median, p99 and maximum.
pub fn command(house: &House, arguments: &[String]) -> Result<()> {
    let times = match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => TIMES,
        ["--times", times] if times.parse::<u32>().is_ok() => times,
        _ => bail!("reconnect takes --times and a number"),
    };
    let mut trials = stories(house)?;
    trials
        .args(["--", "--nocapture", "--test-threads", "1"])
        .args(STORIES);
    trials.env("TIDEMARK_RECONNECT_TIMES", times);
    let mut child = trials.stdout(Stdio::piped()).spawn()?;
    let output = child.stdout.take().context("the output is piped")?;
    let mut figures = Figures::default();
    for line in BufReader::new(output).lines() {
        let line = line?;
        println!("{line}");
        note(&line, &mut figures);
    }
    let status = child.wait()?;
    report(&figures);
    if !status.success() {
        bail!("a trial failed: {status}");
    }
    Ok(())
}

/// Takes the figures of a line, if it has any: engine, told or untold, milliseconds to the server, to the other screen.
fn note(line: &str, figures: &mut Figures) {
    // The runner's own words may stand before the mark in the line.
    if let Some((_, words)) = line.split_once(FIRST_BYTE) {
        figures.first_bytes.extend(words.trim().parse::<u64>());
    }
    let Some((_, words)) = line.split_once(MARK) else {
        return;
    };
    let words: Vec<&str> = words.split_whitespace().collect();
    if let [engine, how, server, screen] = words[..]
        && let (Ok(server), Ok(screen)) = (server.parse(), screen.parse())
    {
        let of_kind = figures
            .returns
            .entry(format!("{engine}, {how}"))
            .or_default();
        of_kind.push((server, screen));
    }
}

fn report(figures: &Figures) {
    println!(
        "\n{:<20} {:>7}  {:>26}  {:>26}",
        "", "trials", "to the server", "to the other screen"
    );
    println!(
        "{:<20} {:>7}  {:>26}  {:>26}",
        "", "", "median, p99, max (ms)", "median, p99, max (ms)"
    );
    for (kind, trials) in &figures.returns {
        let of = |pick: fn(&(u64, u64)) -> u64| spread(trials.iter().map(pick));
        let (server, screen) = (of(|trial| trial.0), of(|trial| trial.1));
        println!("{kind:<20} {:>7}  {server:>26}  {screen:>26}", trials.len());
    }
    if !figures.first_bytes.is_empty() {
        println!(
            "\nfrom the sync event to the worker's first byte, {} trials: median, p99, max {} ms",
            figures.first_bytes.len(),
            spread(figures.first_bytes.iter().copied())
        );
    }
}

/// Median, p99 and maximum.
fn spread(figures: impl Iterator<Item = u64>) -> String {
    let mut sorted: Vec<u64> = figures.collect();
    sorted.sort_unstable();
    let at = |share: usize| sorted[(sorted.len() * share).div_ceil(100).max(1) - 1];
    format!("{} {} {}", at(50), at(99), at(100))
}

#[cfg(test)]
mod tests {
    use super::{Figures, note};

    #[test]
    fn only_lines_of_figures_count() {
        let mut figures = Figures::default();
        for line in [
            "running 2 tests",
            "test x ... reconnect Chromium told 410 903",
            "reconnect Chromium told 500 1000",
            "reconnect Firefox untold 1500 2000",
            "reconnect Firefox untold soon 2000",
            "test y ... first-byte 143",
            "first-byte late",
        ] {
            note(line, &mut figures);
        }
        assert_eq!(figures.returns["Chromium, told"], [(410, 903), (500, 1000)]);
        assert_eq!(figures.returns["Firefox, untold"], [(1500, 2000)]);
        assert_eq!(figures.first_bytes, [143]);
    }
}
