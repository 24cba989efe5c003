//! What reads bytes that others wrote, under libFuzzer: no input may panic, and the laws hold for every input.
//!
//! One program for all targets, so that it is linked once; `TIDEMARK_FUZZ_TARGET` names the target. It runs on the stable
//! compiler: the coverage that guides libFuzzer comes from flags that `cargo xtask fuzz` gives. Without them it is blind,
//! but works. Each target has a corpus in `corpus/`, whose files every run plays first.
#![no_main]

mod answers;
mod cursor;
mod import;
mod merge;
mod push;
mod server;
mod stored;

use libfuzzer_sys::fuzz_target;
use std::sync::OnceLock;

type Target = fn(&[u8]);

const TARGETS: [(&str, Target); 6] = [
    ("push", push::run),
    ("answers", answers::run),
    ("cursor", cursor::run),
    ("import", import::run),
    ("stored", stored::run),
    ("merge", merge::run),
];

static CHOSEN: OnceLock<Target> = OnceLock::new();

fuzz_target!(|data: &[u8]| CHOSEN.get_or_init(chosen)(data));

fn chosen() -> Target {
    let name = std::env::var("TIDEMARK_FUZZ_TARGET").unwrap_or_default();
    let target = TARGETS.iter().find(|(known, _)| *known == name);
    let names = TARGETS.map(|(name, _)| name).join(" ");
    target
        .unwrap_or_else(|| panic!("TIDEMARK_FUZZ_TARGET must be one of: {names}"))
        .1
}
