//! What a weight, a height and a BMI are, in which ranges they lie, how people write them, and what follows from them.
//!
//! Quantities are whole numbers (grams, millimetres, hundredths of a BMI point), so that every unit survives
//! storing and showing. Every function is total: no input makes it panic.
//!
//! This crate must not know where values come from or go to: no input or output, no clock, no randomness, no
//! wire or row format, no language of the screen.

pub mod averages;
pub mod bmi;
pub mod calendar;
pub mod decimal;
pub mod goal;
pub mod improbable;
pub mod length;
pub mod mass;
pub mod ranges;
pub mod trend;
