//! The golden tables and laws of the domain. One binary, one module per concept.

mod averages;
mod bmi;
mod calendar;
mod decimal;
mod goal;
mod improbable;
mod length;
mod mass;
mod mass_text;
mod ranges;
mod trend;

use tidemark_domain::length::Millimetres;
use tidemark_domain::mass::Grams;

/// A weight that a test knows to be in range.
fn grams(grams: u32) -> Grams {
    Grams::new(grams).expect("a weight in range")
}

/// A height that a test knows to be in range.
fn millimetres(millimetres: u32) -> Millimetres {
    Millimetres::new(millimetres).expect("a height in range")
}
