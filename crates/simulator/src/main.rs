//! `tidemark-sim`: plays seeds and reports. `cargo xtask sim` hands its arguments on to here.

mod arguments;
mod sets;

use arguments::Arguments;
use mimalloc::MiMalloc;
use std::process::ExitCode;

/// A seed is hundreds of thousands of small allocations.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let arguments = match Arguments::parse(&words) {
        Ok(arguments) => arguments,
        Err(what) => {
            eprintln!("error: {what}\n{}", arguments::USAGE);
            return ExitCode::from(2);
        }
    };
    let well = match arguments.bugs {
        true => sets::catch_bugs(&arguments),
        false if arguments.trace => sets::show(&arguments),
        false => sets::play(&arguments),
    };
    if well {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}
