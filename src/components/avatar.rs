//! A person's picture: one of a few built-in marks, else the first letter of the name.

use super::{Icon, Mark};
use leptos::prelude::*;

/// Names as they are stored, with their marks, in the order in which they are offered.
pub const AVATARS: [(&str, Mark); 8] = [
    ("wave", Mark::WAVE),
    ("sun", Mark::SUN),
    ("moon", Mark::MOON),
    ("leaf", Mark::LEAF),
    ("mountain", Mark::MOUNTAIN),
    ("star", Mark::STAR),
    ("bird", Mark::BIRD),
    ("boat", Mark::BOAT),
];

/// The picture, never read aloud: the name stands beside it.
pub fn avatar(picture: Option<&str>, name: &str) -> AnyView {
    let mark = AVATARS.iter().find(|(known, _)| Some(*known) == picture);
    let inside = match mark {
        Some((_, mark)) => view! { <Icon mark=*mark size=20/> }.into_any(),
        None => name.chars().next().map(String::from).into_any(),
    };
    view! { <span class="avatar" aria-hidden="true">{inside}</span> }.into_any()
}
