//! Home: the trend in one number, one picture and one sentence, then BMI and the last entries.

use crate::components::chart::range::ChartRange;
use crate::components::chart::{TrendChart, chart_sentence};
use crate::components::{
    BmiPanel, EntryRow, Facts, FirstRun, Hero, Icon, Mark, RangeChips, ReadingTable, SyncChip,
    use_sheet,
};
use crate::router::take_query;
use crate::state::{changes_by_entry, use_app};
use leptos::prelude::*;

/// Rows of "Last entries".
const LAST_ENTRIES_MAX: usize = 6;

/// The first screen.
#[component]
pub fn HomeScreen() -> impl IntoView {
    let app = use_app();
    open_sheet_on_request();
    Effect::new(move |_| document().set_title(app.texts().app_name));
    view! {
        <Show when=move || app.is_first_run() fallback=|| view! { <Today/> }>
            <FirstRun/>
        </Show>
    }
}

/// The manifest's shortcut leads to `/?log=1`: the sheet opens, and a reload does not open it again.
fn open_sheet_on_request() {
    let sheet = use_sheet();
    Effect::new(move |_| {
        if take_query("log=1") {
            sheet.open_new();
        }
    });
}

#[component]
fn Today() -> impl IntoView {
    let range = RwSignal::new(ChartRange::Quarter);
    view! {
        <div class="home">
            <section class="home-main">
                <div class="home-top">
                    <PersonLink/>
                    <SyncChip/>
                    <Hero/>
                    <Facts/>
                </div>
                <div class="home-range"><RangeChips range/></div>
                <div class="home-chart"><TrendChart range/></div>
                <Reading range/>
            </section>
            <aside class="home-side">
                <BmiPanel/>
                <LastEntries/>
            </aside>
        </div>
    }
}

#[component]
fn PersonLink() -> impl IntoView {
    let app = use_app();
    let name = Memo::new(move |_| {
        let name = app.person().and_then(|person| person.user.name);
        name.unwrap_or_else(|| app.texts().person_without_name.to_owned())
    });
    let initial = move || name.with(|name| name.chars().next().map(String::from));
    view! {
        <a
            href="/settings"
            class="person-link"
            aria-label=move || (app.texts().open_settings_of)(&name.get())
        >
            <span class="avatar" aria-hidden="true">{initial}</span>
            <span class="person-name">{name}</span>
            <Icon mark=Mark::CHEVRON size=16/>
        </a>
    }
}

/// The chart in one sentence, and as a table for who asks.
#[component]
fn Reading(range: RwSignal<ChartRange>) -> impl IntoView {
    let app = use_app();
    let is_open = RwSignal::new(false);
    let from = Signal::derive(move || {
        let today = app.today().day_fraction();
        range.get().days().map_or(f64::MIN, |days| today - days)
    });
    view! {
        <div class="home-reading">
            <p class="home-sentence">{move || chart_sentence(range.into())}</p>
            <button
                type="button"
                class="button home-table"
                data-kind="link"
                aria-expanded=move || is_open.get().to_string()
                on:click=move |_| is_open.update(|open| *open = !*open)
            >
                {move || if is_open.get() { app.texts().hide_table } else { app.texts().show_table }}
            </button>
            <Show when=move || is_open.get()>
                <ReadingTable from/>
            </Show>
        </div>
    }
}

#[component]
fn LastEntries() -> impl IntoView {
    let app = use_app();
    let rows = move || {
        app.history.with(|history| {
            let newest = history.entries();
            let newest = &newest[..newest.len().min(LAST_ENTRIES_MAX + 1)];
            let changes = changes_by_entry(newest);
            newest
                .iter()
                .take(LAST_ENTRIES_MAX)
                .map(|entry| {
                    let change = changes.get(&entry.metric.id).copied();
                    view! { <li><EntryRow entry=entry.clone() change/></li> }
                })
                .collect_view()
        })
    };
    view! {
        <section class="last-entries">
            <div class="section-head">
                <h2 class="section-title">{app.words(|t| t.last_entries)}</h2>
                <a href="/history" class="button" data-kind="link">{app.words(|t| t.all)}</a>
            </div>
            <ul class="rows">{rows}</ul>
        </section>
    }
}
