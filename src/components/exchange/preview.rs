//! What a file holds, by what it would be here. Nothing is written before the person says so.

use super::whose::Whose;
use crate::components::{Icon, Mark};
use crate::i18n::exchange::count;
use crate::i18n::{LocalTime, Texts, dates, numbers};
use crate::state::{App, Job, use_app, use_exchange};
use leptos::prelude::*;
use tidemark_domain::mass::Grams;
use tidemark_exchange::message::{Export, Preview, Refusal, Sample, Unit};

/// Every reason for which a line is refused, to word them in the file of refused lines.
const REFUSALS: [Refusal; 9] = [
    Refusal::DateMissing,
    Refusal::DateUnreadable,
    Refusal::DateOutOfRange,
    Refusal::WeightUnreadable,
    Refusal::WeightOutOfRange,
    Refusal::TooManyColumns,
    Refusal::UnclosedQuote,
    Refusal::TooLong,
    Refusal::Malformed,
];

/// The bar's length, the least length of a part, and what parts it from the next.
const BAR_WIDTH: u64 = 1000;
const SLIVER: u64 = 14;
const GAP: u64 = 6;

/// The preview of the file that was read.
#[component]
pub fn ImportPreview() -> impl IntoView {
    let exchange = use_exchange();
    let preview = Memo::new(move |_| match exchange.job.get() {
        Job::Preview(preview) => Some(*preview),
        _ => None,
    });
    view! {
        {move || preview.get().map(|preview| view! {
            <section class="import-preview" data-testid="import-preview">
                <FileHead preview=preview.clone()/>
                <Sum preview=preview.clone()/>
                <Counts preview=preview.clone()/>
                <Ends preview=preview.clone()/>
                <Guess preview=preview.clone()/>
                <Whose people=preview.people/>
                <Actions/>
            </section>
        })}
    }
}

#[component]
fn FileHead(preview: Preview) -> impl IntoView {
    let app = use_app();
    let lines = preview.records;
    let about = move || {
        let texts = app.texts();
        let lines = (texts.exchange.lines)(lines, &count(texts, lines));
        match &preview.app {
            Some(app) => format!("{app} · {lines}"),
            None => lines,
        }
    };
    view! {
        <div class="file-head">
            <span class="file-badge"><Icon mark=Mark::FILE size=24/></span>
            <div class="file-words">
                <h2 class="file-name">{preview.name}</h2>
                <p class="plain-text">{about}</p>
            </div>
        </div>
    }
}

/// How many entries are new, in large, from when to when.
#[component]
fn Sum(preview: Preview) -> impl IntoView {
    let (app, exchange) = (use_app(), use_exchange());
    let number = move || {
        exchange.to_add().map_or_else(
            || app.texts().no_value.to_owned(),
            |number| count(app.texts(), number),
        )
    };
    let unit = move || (app.texts().exchange.new_entries)(exchange.to_add().unwrap_or_default());
    let span = move || {
        let texts = app.texts();
        preview.ends.map(|(first, last)| {
            let day = |sample: Sample| (texts.day_month_year)(local(app, sample).date);
            (texts.exchange.span)(&day(first), &day(last))
        })
    };
    view! {
        <div>
            <p class="import-sum">
                <span class="import-number" data-testid="import-new">{number}</span>
                " "
                <span class="import-unit">{unit}</span>
            </p>
            <p class="plain-text">{span}</p>
        </div>
    }
}

fn local(app: App, sample: Sample) -> LocalTime {
    let offset = sample
        .utc_offset
        .unwrap_or_else(|| app.offset_at(sample.at));
    LocalTime::at(sample.at, offset)
}

/// A line of the counts: what it is, its colour, how many.
struct Line {
    kind: &'static str,
    words: &'static str,
    number: u64,
}

fn lines(texts: &Texts, preview: &Preview, here: tidemark_exchange::message::Counts) -> Vec<Line> {
    let words = texts.exchange;
    let refused = preview.refused.iter().map(|(_, count)| count).sum();
    let line = |kind, words, number| Line {
        kind,
        words,
        number,
    };
    let mut lines = vec![
        line("new", words.count_new, here.fresh),
        line("new", words.count_newer, here.newer),
        line("known", words.count_known, here.known),
        line("known", words.count_deleted, here.deleted),
        line("known", words.count_twice, preview.duplicates),
        line("known", words.count_without, preview.without_weight),
        line("refused", words.count_refused, refused),
    ];
    lines.retain(|line| line.number > 0 || line.words == words.count_new);
    lines
}

#[component]
fn Counts(preview: Preview) -> impl IntoView {
    let (app, exchange) = (use_app(), use_exchange());
    let preview = StoredValue::new(preview);
    let shown = move || {
        let here = exchange.counts.get().unwrap_or_default();
        preview.with_value(|preview| lines(app.texts(), preview, here))
    };
    let bar = move || bar(&shown());
    let rows = move || {
        let rows = shown().into_iter().map(|line| count_row(app, &line));
        rows.collect_view()
    };
    let details = move || preview.with_value(|preview| details(app.texts(), preview));
    view! {
        <div>
            <svg class="import-bar" viewBox="0 0 1000 12" preserveAspectRatio="none" aria-hidden="true">{bar}</svg>
            <ul class="import-counts">{rows}</ul>
            {details}
        </div>
    }
}

/// The counts as lengths of one bar; what is there is at least a sliver.
fn bar(lines: &[Line]) -> impl IntoView + use<> {
    let total: u64 = lines.iter().map(|line| line.number).sum();
    let mut left = 0;
    lines
        .iter()
        .filter(|line| line.number > 0)
        .map(|line| {
            let width = (line.number * BAR_WIDTH / total.max(1)).max(SLIVER);
            let x = left;
            left += width;
            view! {
                <rect data-kind=line.kind x=x.to_string() y=0 width=(width - GAP).to_string() height=12></rect>
            }
        })
        .collect_view()
}

fn count_row(app: App, line: &Line) -> impl IntoView + use<> {
    let exchange = use_exchange();
    let texts = app.texts();
    let save = (line.kind == "refused").then(|| {
        let words = move || {
            let texts = app.texts().exchange;
            REFUSALS
                .map(|refusal| (refusal, (texts.refusal)(refusal).to_owned()))
                .to_vec()
        };
        view! {
            <button
                type="button"
                class="button"
                data-kind="link"
                data-testid="save-refused"
                on:click=move |_| exchange.export(Export::Refused(untrack(words)))
            >
                {texts.exchange.save_refused}
            </button>
        }
    });
    view! {
        <li class="import-count" data-kind=line.kind>
            <span class="import-mark" data-kind=line.kind></span>
            <span class="import-words">{line.words}</span>
            {save}
            <span class="import-value">{count(texts, line.number)}</span>
        </li>
    }
}

/// Why lines were refused, and what was changed in those that were not.
fn details(texts: &Texts, preview: &Preview) -> impl IntoView + use<> {
    let words = texts.exchange;
    let mut rows: Vec<(&'static str, Option<u64>)> = preview
        .refused
        .iter()
        .map(|(refusal, count)| ((words.refusal)(*refusal), Some(*count)))
        .collect();
    let changed = [
        (words.values_left_out, preview.values_left_out),
        (words.notes_cut, preview.notes_cut),
    ];
    rows.extend(
        changed
            .into_iter()
            .filter(|(_, count)| *count > 0)
            .map(|(words, count)| (words, Some(count))),
    );
    rows.extend(
        preview
            .may_lack_newest
            .then_some((words.may_lack_newest, None)),
    );
    let rows: Vec<_> = rows
        .into_iter()
        .map(|(words, number)| {
            let number = number.map(|number| count(texts, number));
            view! { <li class="import-detail"><span>{words}</span><span>{number}</span></li> }
        })
        .collect();
    (!rows.is_empty()).then(|| view! { <ul class="import-details">{rows}</ul> })
}

/// The first and the last measurement, to see at a glance whether dates and units are right.
#[component]
fn Ends(preview: Preview) -> impl IntoView {
    let app = use_app();
    let row = move |sample: Sample| {
        let texts = app.texts();
        let at = local(app, sample);
        let weight = Grams::new(sample.weight_g)
            .map(|grams| numbers::weight(texts, grams, app.weights()))
            .unwrap_or_default();
        view! {
            <li class="import-end">
                <span>{(texts.day_month_year)(at.date)} " " <span class="import-unit">{dates::clock(at)}</span></span>
                <span class="import-value">{weight}</span>
            </li>
        }
    };
    let ends = preview.ends;
    view! {
        {move || ends.map(|(first, last)| view! {
            <div>
                <h3 class="section-label">{app.texts().exchange.first_and_last}</h3>
                <ul>{row(first)}{(last != first).then(|| row(last))}</ul>
            </div>
        })}
    }
}

/// What was only likely, and the way to say otherwise.
#[component]
fn Guess(preview: Preview) -> impl IntoView {
    let (app, exchange) = (use_app(), use_exchange());
    let (unit, is_guess) = (preview.unit, preview.is_guess);
    let words = move || {
        let texts = app.texts();
        let read_as = texts.exchange.read_as;
        match unit {
            Some(Unit::Kilogram) => read_as(texts.exchange.kilograms),
            Some(Unit::Pound) => read_as(texts.pounds),
            Some(Unit::Stone) => read_as(texts.stones),
            None => texts.exchange.columns_guessed.to_owned(),
        }
    };
    (unit.is_some() || is_guess).then(|| {
        view! {
            <div class="job-foot">
                <p class="plain-text">{words}</p>
                <button
                    type="button"
                    class="button"
                    data-kind="outline"
                    data-testid="import-ask"
                    on:click=move |_| exchange.ask_again()
                >
                    {app.words(|t| t.exchange.change)}
                </button>
            </div>
        }
    })
}

#[component]
fn Actions() -> impl IntoView {
    let (app, exchange) = (use_app(), use_exchange());
    let has_deleted = move || {
        exchange
            .counts
            .with(|counts| counts.is_some_and(|counts| counts.deleted > 0))
    };
    let words = move || {
        let texts = app.texts();
        match exchange.to_add() {
            Some(0) => texts.exchange.nothing_new.to_owned(),
            number => {
                let number = number.unwrap_or_default();
                (texts.exchange.add)(number, &count(texts, number))
            }
        }
    };
    let is_nothing = move || exchange.to_add().is_none_or(|number| number == 0);
    view! {
        <Show when=has_deleted>
            <label class="import-back">
                <input
                    type="checkbox"
                    data-testid="import-bring-back"
                    prop:checked=move || exchange.brings_back.get()
                    on:change=move |event| exchange.brings_back.set(event_target_checked(&event))
                />
                <span>{app.words(|t| t.exchange.bring_back)}</span>
            </label>
        </Show>
        <div class="import-actions">
            <button
                type="button"
                class="button"
                data-kind="primary"
                data-testid="import-confirm"
                disabled=is_nothing
                on:click=move |_| exchange.confirm()
            >
                {words}
            </button>
            <button
                type="button"
                class="button"
                data-kind="quiet"
                data-testid="import-dismiss"
                on:click=move |_| exchange.cancel()
            >
                {app.words(|t| t.cancel)}
            </button>
        </div>
    }
}
