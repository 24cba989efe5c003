//! `tidemark-kill`: kills real processes with SIGKILL at seeded moments, starts them again, and compares what is there with
//! what had been acknowledged (by the server) or shown as saved (by the app).
//!
//! It looks at the programs only from outside: over HTTP, and through what a person sees.

mod arguments;
mod browser;
mod chance;
mod client;
mod figures;
mod server;

use arguments::{Arguments, LOSSES_MAX, Victim};
use clap::Parser;
use figures::Figures;
use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime needs nothing that a running program lacks");
    let all: Vec<Figures> = arguments
        .victims()
        .into_iter()
        .map(|victim| runtime.block_on(play(victim, &arguments)))
        .collect();
    if figures::report(&all) {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// All kills of one victim, in lives: each starts with an empty database or profile and ends at the latest after so many
/// kills that what was stored is still quickly compared.
async fn play(victim: Victim, arguments: &Arguments) -> Figures {
    let mut figures = Figures::new(victim);
    let mut seed = arguments.seed;
    while figures.kills < arguments.times && figures.losses.len() < LOSSES_MAX {
        let kills = (arguments.times - figures.kills).min(victim.kills_per_life());
        let outcome = match victim {
            Victim::Server => server::life(seed, kills, &mut figures).await,
            browser => browser::life(browser, seed, kills, &mut figures).await,
        };
        if let Err(error) = outcome {
            figures.lose(seed, &error);
        }
        figures.show_progress();
        seed += 1;
    }
    figures
}
