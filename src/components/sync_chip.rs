//! The sync chip: where the entries are, in a few words, on every screen.

use super::{Icon, Mark};
use crate::state::{ChipWords, use_app};
use leptos::prelude::*;
use tidemark_engine::view::ChipState;

/// The chip. It opens the sync screen.
#[component]
pub fn SyncChip() -> impl IntoView {
    let app = use_app();
    let chip = Memo::new(move |_| app.chip());
    let state = move || chip.with(|chip| chip.as_ref().map(|chip| chip.state));
    view! {
        <a
            href="/sync"
            class="sync-chip"
            data-testid="sync-chip"
            data-state=move || state().map(ChipState::as_str)
            data-pending=move || {
                chip.with(|chip| chip.as_ref().map(|chip| chip.pending.to_string()))
            }
            data-needs-person=move || {
                chip.with(|chip| chip.as_ref().is_some_and(|chip| chip.needs_person)).then_some("")
            }
        >
            <Icon mark=Signal::derive(move || mark(state())) size=20/>
            <span class="sync-chip-words">{move || chip.with(|chip| words(chip.as_ref()))}</span>
        </a>
    }
}

/// The chip's words for those who can't see it, in one place that outlives the screens.
#[component]
pub fn SyncNews() -> impl IntoView {
    let app = use_app();
    let chip = Memo::new(move |_| app.chip());
    // What counts down or up is not news each second: only another state or number is read out.
    let news = Memo::new(move |before: Option<&ChipNews>| {
        chip.with(|chip| {
            let key = chip.as_ref().map(|chip| (chip.state, chip.pending));
            match before {
                Some(before) if before.key == key => before.clone(),
                _ => ChipNews {
                    key,
                    words: words(chip.as_ref()),
                },
            }
        })
    });
    view! { <p class="unseen" role="status" aria-live="polite">{move || news.with(|news| news.words.clone())}</p> }
}

#[derive(Clone, PartialEq)]
struct ChipNews {
    key: Option<(ChipState, usize)>,
    words: String,
}

fn words(chip: Option<&ChipWords>) -> String {
    chip.map(|chip| chip.words.clone()).unwrap_or_default()
}

fn mark(state: Option<ChipState>) -> Mark {
    match state {
        None | Some(ChipState::Local) => Mark::PHONE,
        Some(ChipState::Pending | ChipState::Syncing) => Mark::CLOUD_UP,
        Some(ChipState::Offline) => Mark::CLOUD_OFF,
        Some(ChipState::Synced) => Mark::CLOUD_TICK,
        Some(ChipState::Error) => Mark::CLOUD_ALERT,
        Some(ChipState::SignedOut) => Mark::BUOY,
    }
}
