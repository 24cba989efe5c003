//! `cargo xtask reconnect [--times N]`: how long it takes, in real browsers, from the network's return until the server and
//! another device have everything that waited.
//!
//! The trials are the story of that name in `tests/e2e`; here their figures are put together.

use crate::house::House;
use crate::test::stories;
use anyhow::{Context, Result, bail};
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::process::Stdio;

const TIMES: &str = "20";
/// The word that begins a line of figures.
const MARK: &str = "reconnect ";

/// Milliseconds of each trial, by engine and by whether the browser was told of the network's return.
type Figures = BTreeMap<String, Vec<(u64, u64)>>;

/// Runs the trials, each engine so many times, and prints median, p99 and maximum.
pub fn command(house: &House, arguments: &[String]) -> Result<()> {
    let times = match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => TIMES,
        ["--times", times] if times.parse::<u32>().is_ok() => times,
        _ => bail!("reconnect takes --times and a number"),
    };
    let mut trials = stories(house)?;
    trials.args(["reconnect::", "--", "--nocapture", "--test-threads", "1"]);
    trials.env("TIDEMARK_RECONNECT_TIMES", times);
    let mut child = trials.stdout(Stdio::piped()).spawn()?;
    let output = child.stdout.take().context("the output is piped")?;
    let mut figures = Figures::new();
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
    let Some((_, words)) = line.split_once(MARK) else {
        return;
    };
    let words: Vec<&str> = words.split_whitespace().collect();
    if let [engine, how, server, screen] = words[..]
        && let (Ok(server), Ok(screen)) = (server.parse(), screen.parse())
    {
        let of_kind = figures.entry(format!("{engine}, {how}")).or_default();
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
    for (kind, trials) in figures {
        let of = |pick: fn(&(u64, u64)) -> u64| {
            let mut sorted: Vec<u64> = trials.iter().map(pick).collect();
            sorted.sort_unstable();
            let at = |share: usize| sorted[(sorted.len() * share).div_ceil(100).max(1) - 1];
            format!("{} {} {}", at(50), at(99), at(100))
        };
        let (server, screen) = (of(|trial| trial.0), of(|trial| trial.1));
        println!("{kind:<20} {:>7}  {server:>26}  {screen:>26}", trials.len());
    }
}

#[cfg(test)]
mod tests {
    use super::{Figures, note};

    #[test]
    fn only_lines_of_figures_count() {
        let mut figures = Figures::new();
        for line in [
            "running 2 tests",
            "test x ... reconnect Chromium told 410 903",
            "reconnect Chromium told 500 1000",
            "reconnect Firefox untold 1500 2000",
            "reconnect Firefox untold soon 2000",
        ] {
            note(line, &mut figures);
        }
        assert_eq!(figures["Chromium, told"], [(410, 903), (500, 1000)]);
        assert_eq!(figures["Firefox, untold"], [(1500, 2000)]);
    }
}
