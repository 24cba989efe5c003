//! A row of the history: an entry with its state, and the ways to change or delete it.

use super::{Icon, Mark, Receipt, use_sheet};
use crate::i18n::{LocalTime, Texts, dates, numbers};
use crate::state::{App, Intent, use_app};
use chrono::Datelike;
use leptos::prelude::*;
use leptos::web_sys::{Element, HtmlElement, MouseEvent};
use tidemark_domain::mass::MassChange;
use tidemark_engine::outbox::LastError;
use tidemark_engine::view::{Entry, SyncStatus};
use wasm_bindgen::JsCast;

/// An entry of the history.
#[component]
pub fn HistoryRow(
    /// The entry; it may change while its row stays.
    entry: Signal<Option<Entry>>,
    /// When, where it was measured.
    at: LocalTime,
    /// Its change against the one before it.
    change: Signal<Option<MassChange>>,
) -> impl IntoView {
    let app = use_app();
    let status = move || {
        let entry = entry.get()?;
        Some(match has_copy(app, &entry) {
            Some(true) => "copied",
            Some(false) => "unsaved",
            None => entry.status.as_str(),
        })
    };
    let id = move || entry.with(|entry| entry.as_ref().map(|entry| entry.metric.id.to_string()));
    let grams = move || entry.with(|entry| entry.as_ref().map(|entry| entry.metric.weight.get()));
    let change = move || {
        change
            .get()
            .map(|change| numbers::change_signed(app.texts(), change, app.weights()))
    };
    view! {
        <li
            class="history-row"
            tabindex="-1"
            data-testid="history-row"
            data-id=id
            data-status=status
            data-weight-g=grams
        >
            <span class="history-date">
                <span class="history-day">{at.date.day()}</span>
                <span class="history-weekday">{move || (app.texts().weekday_short)(at.date)}</span>
            </span>
            <span class="history-about">
                <span class="history-time">{dates::clock(at)}</span>
                {move || note(entry)}
                {move || state(app, entry)}
            </span>
            <span class="history-change">{change}</span>
            <span class="history-value">{move || value(app, entry)}</span>
            <Actions entry at/>
        </li>
    }
}

fn note(entry: Signal<Option<Entry>>) -> Option<impl IntoView> {
    let note = entry.with(|entry| entry.as_ref().and_then(|entry| entry.metric.note.clone()));
    note.map(|note| view! { <span class="history-note">{note}</span> })
}

fn value(app: App, entry: Signal<Option<Entry>>) -> Option<impl IntoView> {
    let weight = entry.with(|entry| entry.as_ref().map(|entry| entry.metric.weight))?;
    let parts = numbers::weight_parts(app.texts(), weight, app.weights());
    let part = |part: numbers::Part| {
        view! {
            {part.number} <small class="entry-unit">"\u{a0}" {part.unit} " "</small>
        }
    };
    Some(parts.into_iter().map(part).collect_view())
}

/// How far the entry has come; nothing where it is everywhere, or where nothing is meant to leave.
fn state(app: App, entry: Signal<Option<Entry>>) -> Option<AnyView> {
    let (texts, entry) = (app.texts(), entry.get()?);
    if let Some(has_copy) = has_copy(app, &entry) {
        return Some(not_saved(texts, has_copy).into_any());
    }
    match entry.status {
        // Said only until the devices that are around have it too.
        SyncStatus::Synced => {
            let receipt = app.receipt(&entry)?;
            receipt.is_under_way.then(|| {
                view! {
                    <span class="history-state"><Receipt reached=2/> {texts.sync.on_server}</span>
                }
                .into_any()
            })
        }
        SyncStatus::Pending { .. } => Some(
            view! {
                <span class="history-state"><Receipt reached=1/> {texts.on_this_device}</span>
            }
            .into_any(),
        ),
        SyncStatus::Failed { error } => Some(
            view! {
                <span class="history-refused"><Icon mark=Mark::ALERT size=16/> {texts.not_accepted}</span>
                <span class="history-reason">{refusal_words(app, &error)}</span>
            }
            .into_any(),
        ),
    }
}

/// Whether there is an emergency copy of an entry that is not saved; none where it is saved.
pub fn has_copy(app: App, entry: &Entry) -> Option<bool> {
    app.not_saved.with(|not_saved| {
        let edit = not_saved.of_metric(entry.metric.id)?;
        Some(edit.has_copy)
    })
}

/// That an entry is not saved, beside an empty receipt.
pub fn not_saved(texts: &Texts, has_copy: bool) -> impl IntoView + use<> {
    let words = if has_copy {
        texts.emergency_copy
    } else {
        texts.not_saved_yet
    };
    view! {
        <span class="not-saved" data-alarm=(!has_copy).then_some("")>
            <Receipt reached=0/> {words}
        </span>
    }
}

/// Why the server did not take it.
pub fn refusal_words(app: App, error: &LastError) -> String {
    crate::forms::refusal_words(app.texts(), app.mass_unit(), app.length_unit(), error)
}

/// Moves the focus from the row that goes to the one that takes its place, else to the one before, else to the screen.
/// To the row and not to its button: a key held down would delete that one too.
fn focus_beside(event: &MouseEvent) {
    let button: Option<Element> = event.current_target().and_then(|it| it.dyn_into().ok());
    let row = button.and_then(|button| button.closest(ROW).ok()?);
    let beside = row.and_then(|row| beside(&row));
    let beside = beside.or_else(|| document().get_element_by_id(SCREEN));
    if let Some(beside) = beside.and_then(|it| it.dyn_into::<HtmlElement>().ok()) {
        // An element that can't take the focus leaves it where it is.
        let _ = beside.focus();
    }
}

fn beside(row: &Element) -> Option<Element> {
    let in_month = row.next_element_sibling();
    let in_month = in_month.or_else(|| row.previous_element_sibling());
    in_month.or_else(|| {
        let month = row.closest(MONTH).ok()??;
        let other = month.next_element_sibling();
        let other = other.or_else(|| month.previous_element_sibling())?;
        other.query_selector(ROW).ok()?
    })
}

/// A month of the history.
const MONTH: &str = ".history-month";
/// A row of it.
const ROW: &str = ".history-row";
/// The place of the screens, which can take the focus.
const SCREEN: &str = "screen";

#[component]
fn Actions(entry: Signal<Option<Entry>>, at: LocalTime) -> impl IntoView {
    let app = use_app();
    let sheet = use_sheet();
    let name = move || {
        let texts = app.texts();
        let weight = entry.with(|entry| entry.as_ref().map(|entry| entry.metric.weight));
        let weight = weight.map(|weight| numbers::weight(texts, weight, app.weights()));
        (texts.day_at)(
            &weight.unwrap_or_default(),
            &dates::moment_inside(texts, at, app.today()),
        )
    };
    let edit = move |_| {
        if let Some(entry) = entry.get_untracked() {
            sheet.open_edit(&entry);
        }
    };
    let delete = move |event: MouseEvent| {
        if let Some(entry) = entry.get_untracked() {
            focus_beside(&event);
            app.send(Intent::Delete(entry.metric.id));
        }
    };
    view! {
        <span class="history-actions">
            <button
                type="button"
                class="icon-button"
                data-testid="row-edit"
                aria-label=move || (app.texts().edit_entry)(&name())
                on:click=edit
            >
                <Icon mark=Mark::PENCIL size=20/>
            </button>
            <button
                type="button"
                class="icon-button"
                data-testid="row-delete"
                aria-label=move || (app.texts().delete_entry)(&name())
                on:click=delete
            >
                <Icon mark=Mark::BIN size=20/>
            </button>
        </span>
    }
}
