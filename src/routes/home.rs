//! Home: the trend in one number, one picture and one sentence, then BMI and the last entries.

use crate::components::chart::{TrendChart, chart_sentence};
use crate::components::{
    BmiPanel, EntryRow, Facts, FirstRun, GoalPanel, Hero, Icon, InstallHint, Mark, RangeChips,
    ReadingTable, Segments, SyncChip, avatar, use_sheet,
};
use crate::router::take_query;
use crate::state::{Measure, changes_by_entry, use_app};
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
    let app = use_app();
    let range = Signal::derive(move || app.memory.with(|memory| memory.range));
    let measure = RwSignal::new(Measure::Weight);
    view! {
        <div class="home">
            <section class="home-main">
                <div class="home-top">
                    <PersonLink/>
                    <SyncChip/>
                    <Hero/>
                    <Facts/>
                </div>
                <div class="home-range"><RangeChips/></div>
                <div class="home-chart"><TrendChart range measure/></div>
                <Reading measure/>
            </section>
            <aside class="home-side">
                <InstallHint/>
                <BmiPanel/>
                <GoalPanel/>
                <LastEntries/>
            </aside>
        </div>
    }
}

#[component]
fn PersonLink() -> impl IntoView {
    let app = use_app();
    let name = Memo::new(move |_| app.name_of(app.person().as_ref()));
    let picture = move || {
        let person = app.person();
        let picture = person
            .as_ref()
            .and_then(|person| person.user.avatar.as_deref());
        avatar(picture, &name.get())
    };
    view! {
        <a href="/settings" class="person-link">
            {picture}
            <span class="person-name" data-testid="person-name">{name}</span>
            <span class="unseen">{app.words(|t| t.settings_title)}</span>
            <Icon mark=Mark::CHEVRON size=16/>
        </a>
    }
}

/// The chart in one sentence, and as a table for who asks.
#[component]
fn Reading(measure: RwSignal<Measure>) -> impl IntoView {
    let app = use_app();
    let range = move || app.memory.with(|memory| memory.range);
    let is_open = RwSignal::new(false);
    let from = Signal::derive(move || {
        let today = app.today().day_fraction();
        range().days().map_or(f64::MIN, |days| today - days)
    });
    view! {
        <div class="home-reading">
            <MeasureChoice measure/>
            <p class="home-sentence">{move || chart_sentence(app, range(), measure.get())}</p>
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
                <ReadingTable from measure/>
            </Show>
        </div>
    }
}

/// Weight or BMI, where a height is known.
#[component]
fn MeasureChoice(measure: RwSignal<Measure>) -> impl IntoView {
    let app = use_app();
    let has_bmi = move || app.quantity(Measure::Bmi).measure == Measure::Bmi;
    let words = move || vec![app.texts().weight, app.texts().bmi];
    let choose = move |index| {
        measure.set(if index == 0 {
            Measure::Weight
        } else {
            Measure::Bmi
        });
    };
    view! {
        <Show when=has_bmi>
            <div class="home-measure">
                <Segments
                    name="measure"
                    label=app.words(|t| t.device.measure)
                    words=Signal::derive(words)
                    chosen=Signal::derive(move || usize::from(measure.get() == Measure::Bmi))
                    on_choose=Callback::new(choose)
                />
            </div>
        </Show>
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
