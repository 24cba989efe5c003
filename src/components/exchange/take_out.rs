//! Imports that can be taken back, and files to take away.

use crate::components::{Icon, Mark};
use crate::i18n::dates;
use crate::i18n::exchange::count;
use crate::state::{App, use_app, use_exchange};
use leptos::prelude::*;
use tidemark_exchange::message::{Export, PastImport};

/// The imports that can be taken back, each with its button.
#[component]
pub fn PastImports() -> impl IntoView {
    let (app, exchange) = (use_app(), use_exchange());
    let rows = move || {
        exchange
            .past
            .get()
            .into_iter()
            .map(|import| past_row(app, import))
            .collect_view()
    };
    view! {
        <Show when=move || exchange.past.with(|past| !past.is_empty())>
            <section>
                <h2 class="section-label">{app.words(|t| t.exchange.past_title)}</h2>
                <ul class="card">{rows}</ul>
            </section>
        </Show>
    }
}

fn past_row(app: App, import: PastImport) -> impl IntoView {
    let exchange = use_exchange();
    let texts = app.texts();
    let when = dates::moment(texts, app.local(import.at), app.today());
    let about = (texts.exchange.past_line)(import.rows, &count(texts, import.rows), &when);
    let name = format!("{}: {}", texts.exchange.undo_import, import.label);
    view! {
        <li class="card-row take-row">
            <span class="card-words take-words">
                <span>{import.label}</span>
                <span class="take-hint">{about}</span>
            </span>
            <button
                type="button"
                class="button"
                data-kind="quiet"
                data-testid="import-undo"
                aria-label=name
                on:click=move |_| exchange.undo(import.id)
            >
                <Icon mark=Mark::UNDO size=16/>
                {texts.exchange.undo_import}
            </button>
        </li>
    }
}

/// Table, backup and report.
#[component]
pub fn TakeOut() -> impl IntoView {
    let (app, exchange) = (use_app(), use_exchange());
    let csv_hint = move || {
        let name = app.person().and_then(|person| person.user.name);
        (app.texts().exchange.csv_hint)(name.as_deref())
    };
    let csv = move |_| {
        if let Some(person) = untrack(|| app.person()) {
            exchange.export(Export::Csv(person.user.id));
        }
    };
    let is_empty = move || app.is_first_run();
    view! {
        <section>
            <h2 class="section-label">{app.words(|t| t.exchange.out_title)}</h2>
            <div class="card">
                <button
                    type="button"
                    class="card-row card-link take-row"
                    data-testid="export"
                    disabled=is_empty
                    on:click=csv
                >
                    <Icon mark=Mark::FILE size=20/>
                    <span class="card-words take-words">
                        <span>{app.words(|t| t.exchange.csv)}</span>
                        <span class="take-hint">{csv_hint}</span>
                    </span>
                </button>
                <button
                    type="button"
                    class="card-row card-link take-row"
                    data-testid="export-backup"
                    on:click=move |_| exchange.export(Export::Backup)
                >
                    <Icon mark=Mark::BUOY size=20/>
                    <span class="card-words take-words">
                        <span>{app.words(|t| t.exchange.backup)}</span>
                        <span class="take-hint">{app.words(|t| t.exchange.backup_hint)}</span>
                    </span>
                </button>
                <a href="/report" class="card-row card-link take-row" data-testid="export-report">
                    <Icon mark=Mark::HISTORY size=20/>
                    <span class="card-words take-words">
                        <span>{app.words(|t| t.exchange.report)}</span>
                        <span class="take-hint">{app.words(|t| t.exchange.report_hint)}</span>
                    </span>
                    <Icon mark=Mark::CHEVRON size=16/>
                </a>
            </div>
        </section>
    }
}
