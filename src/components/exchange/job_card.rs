//! What is going on: how far it is, and how to break it off.

use crate::i18n::exchange::count;
use crate::i18n::{Texts, numbers};
use crate::state::{Job, Outcome, use_app, use_exchange};
use leptos::prelude::*;

/// Bytes of a tenth of a megabyte.
const TENTH_BYTES: u64 = 100_000;

/// The card of a job; nothing while the screen shows something else.
#[component]
pub fn JobCard() -> impl IntoView {
    let (app, exchange) = (use_app(), use_exchange());
    let title = move || {
        let texts = app.texts().exchange;
        exchange.job.with(|job| match job {
            Job::Adding => texts.adding,
            Job::Undoing => texts.undoing,
            _ => texts.reading,
        })
    };
    let reading = Memo::new(move |_| match exchange.job.get() {
        Job::Reading { done, total } => Some((done, total)),
        _ => None,
    });
    let far = move || {
        reading
            .get()
            .map(|(done, total)| far_words(app.texts(), done, total))
    };
    let note = move || {
        let texts = app.texts().exchange;
        exchange.job.with(|job| match job {
            Job::Reading { .. } => Some(texts.nothing_written),
            Job::Adding => Some(texts.keep_using),
            _ => None,
        })
    };
    view! {
        <section class="job-card" data-testid="import-job" aria-busy="true">
            <div class="section-head">
                <h2 class="section-title">{title}</h2>
                <p class="section-note">{far}</p>
            </div>
            // Without a value the bar says only that something goes on.
            <progress
                class="job-bar"
                aria-label=title
                max="1000"
                value=move || reading.get().map(|(done, total)| thousandths(done, total))
            ></progress>
            <div class="job-foot">
                <p class="plain-text">{note}</p>
                <Show when=move || reading.with(Option::is_some)>
                    <button
                        type="button"
                        class="button"
                        data-kind="quiet"
                        data-testid="import-cancel"
                        on:click=move |_| exchange.cancel()
                    >
                        {app.words(|t| t.cancel)}
                    </button>
                </Show>
            </div>
        </section>
    }
}

fn far_words(texts: &Texts, done: u64, total: u64) -> String {
    let megabytes = |bytes: u64| {
        let tenths = u32::try_from(bytes / TENTH_BYTES).unwrap_or(u32::MAX);
        numbers::tenths(texts, tenths)
    };
    (texts.exchange.megabytes)(&megabytes(done), &megabytes(total))
}

fn thousandths(done: u64, total: u64) -> String {
    (done.saturating_mul(1000) / total.max(1)).to_string()
}

/// What came of the last job, said aloud when it comes.
#[component]
pub fn OutcomeWords() -> impl IntoView {
    let (app, exchange) = (use_app(), use_exchange());
    let words = move || {
        exchange
            .outcome
            .get()
            .map(|outcome| outcome_words(app.texts(), &outcome))
    };
    let kind = move || {
        exchange.outcome.with(|outcome| match outcome {
            None => "none",
            Some(Outcome::Failed(_)) => "failed",
            Some(Outcome::Cancelled) => "cancelled",
            Some(Outcome::Taken(_)) => "taken",
            Some(Outcome::Undone(_)) => "undone",
            Some(Outcome::Exported(_)) => "exported",
        })
    };
    view! {
        <p class="job-outcome" role="status" data-testid="import-outcome" data-outcome=kind>{words}</p>
    }
}

fn outcome_words(texts: &Texts, outcome: &Outcome) -> String {
    let words = texts.exchange;
    match outcome {
        Outcome::Taken(number) => (words.taken)(*number, &count(texts, *number)),
        Outcome::Undone(number) => (words.undone)(*number, &count(texts, *number)),
        Outcome::Cancelled => words.cancelled.to_owned(),
        Outcome::Exported(file) => (words.exported)(file),
        Outcome::Failed(problem) => (words.problem)(*problem).to_owned(),
    }
}
