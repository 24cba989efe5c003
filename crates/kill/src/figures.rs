//! What a run has seen, and its summary.

use crate::arguments::Victim;

/// Figures of one victim.
#[derive(Clone, Debug)]
pub struct Figures {
    /// Who was killed.
    pub victim: Victim,
    /// How often.
    pub kills: u64,
    /// How often something had been asked for that was not yet acknowledged.
    pub amid_a_write: u64,
    /// Writes that were acknowledged or shown as saved.
    pub acknowledged: u64,
    /// Writes that took effect though the kill came before their acknowledgement.
    pub unheard: u64,
    /// Comparisons that a browser could make only with its network, because its service worker was not there yet.
    pub with_network: u64,
    /// What was lost, doubled or torn, and whatever else ended a life early.
    pub losses: Vec<String>,
}

impl Figures {
    /// Nothing yet.
    pub fn new(victim: Victim) -> Self {
        Self {
            victim,
            kills: 0,
            amid_a_write: 0,
            acknowledged: 0,
            unheard: 0,
            with_network: 0,
            losses: Vec::new(),
        }
    }

    /// A life has failed.
    pub fn lose(&mut self, seed: u64, error: &anyhow::Error) {
        let name = self.victim.name();
        let line = format!("{name}, after {} kills: {error:#}", self.kills);
        let again = format!("cargo xtask kill --engine {name} --times 25 --seed {seed}");
        eprintln!("LOST {line}\n  the same writes and moments: {again}");
        self.losses.push(line);
    }

    /// One line now and then: a long run is watched.
    pub fn show_progress(&self) {
        eprintln!("  {}", self.line());
    }

    fn line(&self) -> String {
        let with_network = match self.with_network {
            0 => String::new(),
            count => format!("; {count} compared with the network on"),
        };
        format!(
            "{:<9} {:>6} kills, {} amid a write; {:>8} acknowledged writes, {} more took effect unheard; {} lost{with_network}",
            self.victim.name(),
            self.kills,
            self.amid_a_write,
            self.acknowledged,
            self.unheard,
            self.losses.len(),
        )
    }
}

/// Prints the summary; the last line is understood by `cargo xtask test`. Answers whether nothing was lost.
pub fn report(all: &[Figures]) -> bool {
    for loss in all.iter().flat_map(|figures| &figures.losses) {
        println!("LOST {loss}");
    }
    for figures in all {
        println!("{}", figures.line());
    }
    let failed = all.iter().filter(|figures| !figures.losses.is_empty());
    let failed = failed.count();
    let verdict = if failed == 0 { "ok" } else { "FAILED" };
    let passed = all.len() - failed;
    println!("test result: {verdict}. {passed} passed; {failed} failed");
    failed == 0
}
