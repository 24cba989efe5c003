//! History: every entry, newest first, grouped by month, with edit, delete and each entry's state; beside them averages
//! and what was deleted lately.

mod averages;
mod deleted;

use crate::components::{Header, HistoryRow, Nothing, Segments};
use crate::i18n::{LocalTime, numbers};
use crate::state::{Month, changes_by_entry, months, use_app};
use averages::Averages;
use deleted::DeletedEntries;
use leptos::prelude::*;
use std::collections::HashMap;
use tidemark_domain::mass::MassChange;
use tidemark_engine::view::Entry;
use tidemark_protocol::EntityId;

/// Rows drawn at first, and more with each press.
const ROWS_STEP: usize = 120;

/// The screen.
#[component]
pub fn HistoryScreen() -> impl IntoView {
    let app = use_app();
    let view = RwSignal::new(0_usize);
    view! {
        <Header title=app.words(|t| t.history_title)/>
        <div class="screen-body">
            <Segments
                name="history-view"
                label=app.words(|t| t.past.view)
                words=Signal::derive(move || app.texts().past.views.to_vec())
                chosen=view.into()
                on_choose=Callback::new(move |index| view.set(index))
            />
            {move || match view.get() {
                0 => view! { <Entries/> }.into_any(),
                1 => view! { <Averages/> }.into_any(),
                _ => view! { <DeletedEntries/> }.into_any(),
            }}
        </div>
    }
}

#[component]
fn Entries() -> impl IntoView {
    let app = use_app();
    let shown = RwSignal::new(ROWS_STEP);
    let groups = Memo::new(move |_| {
        app.history
            .with(|history| months(history.entries(), |entry| app.offset_of(entry), shown.get()))
    });
    let count = move || app.history.with(|history| history.entries().len());
    let entries = Memo::new(move |_| app.history.with(|history| by_id(history.entries())));
    let changes = Memo::new(move |_| {
        app.history
            .with(|history| changes_by_entry(history.entries()))
    });
    let rest = move || count().saturating_sub(shown.get());
    view! {
        <Show when=move || app.is_first_run()>
            <Nothing words=app.words(|t| t.history_empty)/>
        </Show>
        <For each=move || groups.get() key=|month| month.index let:month>
            <MonthGroup groups index=month.index entries changes/>
        </For>
        <Show when=move || { rest() > 0 }>
            <button
                type="button"
                class="button"
                data-kind="quiet"
                data-testid="show-older"
                on:click=move |_| shown.update(|shown| *shown += ROWS_STEP)
            >
                {move || (app.texts().show_older)(rest().min(ROWS_STEP))}
            </button>
        </Show>
    }
}

fn by_id(entries: &[Entry]) -> HashMap<EntityId, Entry> {
    entries
        .iter()
        .map(|entry| (entry.metric.id, entry.clone()))
        .collect()
}

/// A month. It stays while its entries change, and each row stays while its entry does.
#[component]
fn MonthGroup(
    groups: Memo<Vec<Month>>,
    index: i32,
    entries: Memo<HashMap<EntityId, Entry>>,
    changes: Memo<HashMap<EntityId, MassChange>>,
) -> impl IntoView {
    let app = use_app();
    let month = Memo::new(move |_| {
        groups.with(|groups| groups.iter().find(|month| month.index == index).cloned())
    });
    let title = move || {
        month.with(|month| {
            month
                .as_ref()
                .map(|month| (app.texts().month_year)(month.date))
        })
    };
    let note = move || {
        month.with(|month| {
            let month = month.as_ref()?;
            let average = numbers::weight(app.texts(), month.average, app.weights());
            Some((app.texts().month_average)(&average, month.count))
        })
    };
    let rows = move || {
        month.with(|month| {
            month
                .as_ref()
                .map_or_else(Vec::new, |month| month.entries.clone())
        })
    };
    view! {
        <section class="history-month">
            <div class="section-head history-head">
                <h2 class="section-title">{title}</h2>
                <p class="section-note">{note}</p>
            </div>
            <ul class="rows">
                // An entry whose time was changed is another row: it stands elsewhere.
                <For each=rows key=|(id, at)| (*id, at.day, at.minute_of_day) let:row>
                    <Row row entries changes/>
                </For>
            </ul>
        </section>
    }
}

#[component]
fn Row(
    row: (EntityId, LocalTime),
    entries: Memo<HashMap<EntityId, Entry>>,
    changes: Memo<HashMap<EntityId, MassChange>>,
) -> impl IntoView {
    let (id, at) = row;
    let entry = Memo::new(move |_| entries.with(|entries| entries.get(&id).cloned()));
    let change = Memo::new(move |_| changes.with(|changes| changes.get(&id).copied()));
    view! { <HistoryRow entry=entry.into() at change=change.into()/> }
}
