//! One of the last entries on home: day, time, change and value. It leads to the history.

use super::Receipt;
use super::history_row::{has_copy, not_saved};
use crate::i18n::{dates, numbers};
use crate::state::{App, use_app};
use leptos::prelude::*;
use tidemark_domain::mass::MassChange;
use tidemark_engine::view::{Entry, SyncStatus};

/// A row of "Last entries".
#[component]
pub fn EntryRow(
    /// The entry.
    entry: Entry,
    /// Its change against the one before it.
    change: Option<MassChange>,
) -> impl IntoView {
    let app = use_app();
    view! {
        <a href="/history" class="entry-row">
            {move || parts(app, &entry, change)}
        </a>
    }
}

fn parts(app: App, entry: &Entry, change: Option<MassChange>) -> impl IntoView + use<> {
    let (texts, unit) = (app.texts(), app.weights());
    let at = app.local_of(entry);
    let parts = numbers::weight_parts(texts, entry.metric.weight, unit);
    let state = match &entry.status {
        SyncStatus::Synced => None,
        SyncStatus::Pending { .. } => Some(texts.on_this_device),
        SyncStatus::Failed { .. } => Some(texts.not_accepted),
    };
    let not_saved = has_copy(app, entry).map(|has_copy| not_saved(texts, has_copy));
    let state = state.filter(|_| not_saved.is_none());
    let is_local_only = app.overview.with(|overview| {
        overview
            .as_ref()
            .is_none_or(|overview| overview.state.owner.is_none())
    });
    view! {
            <span class="entry-when">
                <span class="entry-day">{dates::day(texts, at, app.today())}</span>
                <span class="entry-time">
                    {dates::clock(at)}
                    {not_saved.map(|words| view! { " · " {words} })}
                    {state.filter(|_| !is_local_only).map(|words| view! {
                        <span class="entry-state">" · " <Receipt reached=1/> {words}</span>
                    })}
                </span>
            </span>
            <span class="entry-change">
                {change.map(|change| numbers::change_signed(texts, change, unit))}
            </span>
            <span class="entry-value">
                {parts.into_iter().map(|part| view! {
                    {part.number} <small class="entry-unit">"\u{a0}" {part.unit} " "</small>
                }).collect_view()}
            </span>
    }
}
