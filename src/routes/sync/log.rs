//! The log of attempts: when, set off by what, sent, received, how it ended, how long it took.

use crate::components::{CopyButton, Segments};
use crate::i18n::{Texts, dates, numbers};
use crate::state::{App, LogFilter, use_app};
use leptos::prelude::*;
use tidemark_engine::state::SyncLogLine;

/// Lines drawn at first, and more with each press.
const LINES_STEP: usize = 50;

/// The section.
#[component]
pub fn Log() -> impl IntoView {
    let app = use_app();
    let filter = RwSignal::new(0_usize);
    let shown = RwSignal::new(LINES_STEP);
    let chosen = move || {
        LogFilter::ALL
            .get(filter.get())
            .copied()
            .unwrap_or_default()
    };
    let count = Memo::new(move |_| {
        let filter = chosen();
        app.sync_log
            .with(|log| log.iter().filter(|line| filter.shows(line)).count())
    });
    let rows = move || {
        let filter = chosen();
        app.sync_log.with(|log| {
            let lines = log.iter().filter(|line| filter.shows(line));
            let lines = lines.take(shown.get());
            lines.map(|line| log_row(app, line)).collect_view()
        })
    };
    view! {
        <section>
            <div class="section-head">
                <h2 class="section-label">{app.words(|t| t.sync_log)}</h2>
                <CopyButton mark="copy-log" text=|app, told| told(log_text(app))/>
            </div>
            <p class="section-note">{app.words(|t| t.sync_log_note)}</p>
            <Segments
                name="log-filter"
                label=app.words(|t| t.sync.log_filter)
                words=Signal::derive(move || app.texts().sync.log_filters.to_vec())
                chosen=filter.into()
                on_choose=Callback::new(move |index| filter.set(index))
            />
            <ul class="rows log-rows" data-testid="sync-log">{rows}</ul>
            <Show when=move || count.get() == 0>
                <p class="plain-text">{app.words(|t| t.sync_log_empty)}</p>
            </Show>
            <Show when=move || { count.get() > shown.get() }>
                <button
                    type="button"
                    class="button"
                    data-kind="quiet"
                    on:click=move |_| shown.update(|shown| *shown += LINES_STEP)
                >
                    {app.words(|t| t.sync.show_more)}
                </button>
            </Show>
        </section>
    }
}

/// All lines, newest first.
fn log_text(app: App) -> String {
    app.sync_log.with_untracked(|log| {
        let lines: Vec<String> = log.iter().map(SyncLogLine::to_text).collect();
        lines.join("\n")
    })
}

fn log_row(app: App, line: &SyncLogLine) -> impl IntoView + use<> {
    let texts = app.texts();
    let trigger =
        (texts.log_trigger)(&line.trigger).map_or_else(|| line.trigger.clone(), str::to_owned);
    view! {
        <li class="log-row" data-outcome=line.outcome.clone()>
            <span class="log-at">{dates::moment_short(texts, app.local(line.at), app.today())}</span>
            <span class="log-about"><b>{trigger}</b> " · " {outcome(texts, line)}</span>
            <span class="log-took">{seconds(texts, line.duration_ms)}</span>
        </li>
    }
}

fn outcome(texts: &Texts, line: &SyncLogLine) -> String {
    match line.outcome.as_str() {
        "ok" => (texts.log_outcome)(line.sent, line.received),
        "healed" => texts.sync.log_healed.to_owned(),
        code => (texts.waiting_reason)(code).map_or_else(|| code.to_owned(), str::to_owned),
    }
}

fn seconds(texts: &Texts, duration_ms: u32) -> String {
    let tenths = duration_ms.div_ceil(100);
    (texts.seconds)(&numbers::tenths(texts, tenths))
}
