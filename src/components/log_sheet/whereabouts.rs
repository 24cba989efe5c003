//! Where an entry is, why it is not further, and what it said before. Closed until somebody asks.

use super::use_sheet;
use crate::components::Receipt;
use crate::i18n::{dates, numbers};
use crate::state::{App, Earlier, Intent, Mend, use_app};
use leptos::prelude::*;
use tidemark_engine::receipts::Step;
use tidemark_engine::view::Entry;
use tidemark_protocol::{EntityId, HistoryEntry, MetricPatch, Patch};

/// What was asked of the server.
#[derive(Clone, Default)]
enum Past {
    #[default]
    Unasked,
    Offline,
    Told(Earlier),
}

/// The part below Save.
#[component]
pub fn Whereabouts() -> impl IntoView {
    let (app, sheet) = (use_app(), use_sheet());
    let past = RwSignal::new_local(Past::default());
    let id = move || sheet.draft.with(|draft| draft.editing);
    let toggle = move |_| {
        let is_open = !sheet.looks.get_untracked();
        sheet.looks.set(is_open);
        if let Some(id) = id().filter(|_| is_open) {
            past.set(Past::Unasked);
            let told = move |earlier: Option<Earlier>| {
                past.set(earlier.map_or(Past::Offline, Past::Told));
            };
            app.mend(Mend::LookBack(id, Box::new(told)));
        }
    };
    let body = move || {
        let entry = app.entry(id().filter(|_| sheet.looks.get())?)?;
        Some(view! {
            <div class="whereabouts" data-testid="whereabouts">
                {ladder(app, &entry)}
                {why(app, entry.metric.id)}
                <h3 class="section-label">{app.texts().sync.earlier}</h3>
                {earlier(app, &past.get(), entry.metric.id)}
            </div>
        })
    };
    view! {
        {move || id().map(|_| view! {
            <button
                type="button"
                class="button"
                data-kind="link"
                data-testid="entry-whereabouts"
                aria-expanded=move || sheet.looks.get().to_string()
                on:click=toggle
            >
                {app.texts().sync.whereabouts}
            </button>
        })}
        {body}
    }
}

/// The three steps with what is known of each.
fn ladder(app: App, entry: &Entry) -> impl IntoView + use<> {
    let texts = app.texts();
    let receipt = app.receipt(entry);
    let reached = receipt
        .as_ref()
        .map_or(Step::ThisDevice, |receipt| receipt.step);
    let steps = [Step::ThisDevice, Step::Server, Step::Everywhere];
    let shown = if receipt.is_some() { steps.len() } else { 1 };
    let rows = steps.into_iter().zip(texts.sync.steps).take(shown);
    let rows = rows.map(|(step, words)| {
        let is_reached = step <= reached;
        let words = if is_reached {
            words.to_owned()
        } else {
            format!("{words}: {}", texts.sync.not_yet)
        };
        view! { <li data-reached=is_reached.then_some("")>{words}</li> }
    });
    let others = receipt.map(|receipt| receipt.others).unwrap_or_default();
    let others = others.into_iter().map(|(device, has_it)| {
        let name = app.device_name(&device.device_id);
        let seen = app.moment_words(device.last_seen_at);
        let words = if has_it {
            (texts.sync.device_has_it)(&name, &seen)
        } else {
            (texts.sync.device_lacks_it)(&name, &seen)
        };
        view! { <li class="receipt-device">{words}</li> }
    });
    view! {
        <div class="receipt-full">
            <Receipt reached=reached as u32/>
            <ol class="receipt-ladder" data-step=reached as u32>
                {rows.collect_view()}
                {others.collect_view()}
            </ol>
        </div>
    }
}

/// Why the first of its unsent edits waits.
fn why(app: App, id: EntityId) -> Option<impl IntoView> {
    let waiting = app.outbox.with(|outbox| {
        let mut edits = outbox.iter().filter(|entry| entry.entity_id == id);
        edits.next().cloned()
    })?;
    let (_, words) = app.why(&waiting)?;
    Some(view! { <p class="plain-text" data-testid="why-waiting">{words}</p> })
}

fn earlier(app: App, past: &Past, id: EntityId) -> AnyView {
    let texts = app.texts();
    match past {
        Past::Unasked => ().into_any(),
        Past::Offline => {
            view! { <p class="plain-text">{texts.sync.earlier_offline}</p> }.into_any()
        }
        Past::Told(entries) if entries.is_empty() => {
            view! { <p class="plain-text">{texts.sync.earlier_none}</p> }.into_any()
        }
        Past::Told(entries) => {
            let rows = entries
                .iter()
                .map(|(entry, patch)| earlier_row(app, entry, patch, id));
            view! { <ul class="rows">{rows.collect_view()}</ul> }.into_any()
        }
    }
}

/// What was replaced, when and by whom, and the way to say it again.
fn earlier_row(
    app: App,
    entry: &HistoryEntry,
    patch: &MetricPatch,
    id: EntityId,
) -> impl IntoView + use<> {
    let (texts, sheet) = (app.texts(), use_sheet());
    let by = entry.by.as_ref().map(|by| app.device_name(by));
    let until = app.moment_words(entry.at);
    let about = by.map_or(until.clone(), |by| (texts.sync.replaced)(&until, &by));
    let values = values_words(app, patch);
    let name = format!("{}: {values}", texts.sync.use_again);
    let patch = patch.clone();
    let again = move |_| {
        let close = Box::new(move |outcome: Result<(), _>| {
            if outcome.is_ok() {
                sheet.close();
            }
        });
        app.send(Intent::Edit(id, patch.clone(), close));
    };
    view! {
        <li class="deleted-row" data-testid="earlier-row">
            <span class="deleted-about">{values} <small class="card-why">{about}</small></span>
            <button
                type="button"
                class="button"
                data-kind="link"
                data-testid="use-again"
                aria-label=name
                on:click=again
            >
                {texts.sync.use_again}
            </button>
        </li>
    }
}

/// The values of an edit, in the order of the form.
fn values_words(app: App, patch: &MetricPatch) -> String {
    let texts = app.texts();
    let weight = patch
        .weight
        .map(|weight| numbers::weight(texts, weight, app.weights()));
    let height = set(&patch.height).map(|height| {
        format!(
            "{} {}",
            texts.height,
            numbers::height(texts, *height, app.length_unit())
        )
    });
    let at = patch
        .created_at
        .map(|at| dates::moment(texts, app.local(at), app.today()));
    let note = set(&patch.note).map(|note| format!("“{note}”"));
    let parts: Vec<String> = [weight, height, at, note].into_iter().flatten().collect();
    if parts.is_empty() {
        texts.no_value.to_owned()
    } else {
        parts.join(" · ")
    }
}

fn set<T>(patch: &Patch<T>) -> Option<&T> {
    match patch {
        Patch::Set(value) => Some(value),
        Patch::Keep | Patch::Clear => None,
    }
}
