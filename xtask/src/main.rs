//! The house's commands, from a fresh clone: `cargo xtask run | test | ci | dist | setup | tidy`.
//!
//! Each command is a file. What a command needs and the machine lacks, `setup` installs. Nothing here is part of the
//! app, and nothing in the app knows of it.

mod bench;
mod ci;
mod command;
mod dist;
mod fuzz;
mod house;
mod kill;
mod lighthouse;
mod load;
mod measure;
mod reconnect;
mod run;
mod setup;
mod shots;
mod sim;
mod size;
mod test;
mod tidy;

use anyhow::{Result, bail};
use house::House;

const USAGE: &str = "\
cargo xtask run [server arguments]  build, and serve app and API on http://localhost:8787
cargo xtask test [part ...]         run every test, or only the parts named
cargo xtask ci                      test, and the docs with warnings denied
cargo xtask dist [--quick]          build the app into dist/ (--quick: not optimised)
cargo xtask setup [--trunk] [--deny] install what the other commands need, and Trunk and cargo-deny if asked
cargo xtask sim [--seeds N ...]     play seeds in the simulator; --help says more
cargo xtask fuzz [TARGET ...]       give made-up bytes to all that reads; --help says more
cargo xtask lighthouse [ROUTE ...]  what Lighthouse says of every screen on a slow phone
cargo xtask load [--seconds N ...]  drive the server as hard as it goes; --help says more
cargo xtask reconnect [--times N]   measure how soon everything is everywhere after a network's return
cargo xtask bench [--harness DIR]   make the peer of a benchmark of local-first stacks, and run it
cargo xtask measure                 what engine, merge, domain, wire and server cost, beside baselines
cargo xtask shots                   take the pictures of every screen
cargo xtask kill [--times N ...]    kill servers and browsers, look for losses; --help says more
cargo xtask size                    what is downloaded, by file and crate, into docs/SIZE.md
cargo xtask tidy                    check sizes, purity, comments
";

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let Err(error) = House::find().and_then(|house| dispatch(&house, &arguments)) {
        eprintln!("error: {error:#}");
        std::process::exit(1);
    }
}

fn dispatch(house: &House, arguments: &[String]) -> Result<()> {
    let (name, rest) = arguments
        .split_first()
        .map_or(("help", &[][..]), |(name, rest)| (name.as_str(), rest));
    match name {
        "run" => run::run(house, rest),
        "test" => test::test(house, rest),
        "ci" => ci::ci(house),
        "dist" => dist::command(house, rest),
        "bench" => bench::command(house, rest),
        "reconnect" => reconnect::command(house, rest),
        "setup" => setup::command(house, rest),
        "fuzz" => fuzz::command(house, rest),
        "kill" => kill::command(house, rest),
        "lighthouse" => lighthouse::command(house, rest),
        "measure" => measure::command(house, rest),
        "load" => load::command(house, rest),
        "shots" => shots::command(house, rest),
        "sim" => sim::command(house, rest),
        "size" => size::command(house, rest),
        "tidy" => tidy::command(house),
        "help" | "--help" | "-h" => {
            print!("{USAGE}");
            Ok(())
        }
        other => bail!("there is no command `{other}`\n{USAGE}"),
    }
}
