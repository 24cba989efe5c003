//! The line below the number: the last value, what is wrong, or a soft question.

use super::handle::Concern;
use super::use_sheet;
use crate::components::fault_words;
use crate::forms::{WeightDraft, mass_error_words};
use crate::i18n::{dates, numbers};
use crate::state::{App, TrendView, use_app};
use leptos::prelude::*;
use tidemark_domain::improbable::Improbable;
use tidemark_domain::mass::Grams;

/// The line below the number: the last value, or what is wrong, or a soft question.
#[component]
pub fn Note() -> impl IntoView {
    let sheet = use_sheet();
    let app = use_app();
    let refused = move || {
        let unit = sheet.draft.with(|draft| draft.weight.unit);
        let error = sheet.errors.with(|errors| errors.weight)?;
        Some(mass_error_words(app.texts(), unit, error))
    };
    view! {
        <div class="log-note" id="sheet-note" aria-live="polite">
            {move || match (refused(), sheet.concern.get()) {
                (Some(words), _) => view! { <p class="log-refused">{words}</p> }.into_any(),
                (None, Some(Concern::Fault(fault))) => {
                    view! { <p class="log-refused">{fault_words(app.texts(), fault)}</p> }.into_any()
                }
                (None, Some(Concern::Doubt(weight, doubt))) => question(weight, doubt).into_any(),
                (None, None) => view! { <p class="log-hint">{hint(app)}</p> }.into_any(),
            }}
        </div>
    }
}

fn hint(app: App) -> String {
    let (texts, unit) = (app.texts(), app.weights());
    let (Some(last), Some(trend)) = (app.newest(), app.trend.with(TrendView::now)) else {
        return texts.first_hint.to_owned();
    };
    (texts.last_and_trend)(
        &numbers::weight(texts, last.metric.weight, unit),
        &dates::day_inside(texts, app.local_of(&last), app.today()),
        &numbers::weight(texts, trend, unit),
    )
}

/// "7.8 kg? Last time it was 78.2." with what was probably meant, and what was typed.
fn question(weight: Grams, doubt: Improbable) -> impl IntoView {
    let (app, sheet) = (use_app(), use_sheet());
    let (texts, unit) = (app.texts(), app.mass_unit());
    let typed = numbers::weight(texts, weight, unit);
    let last = app
        .newest()
        .map(|entry| numbers::weight_number(texts, entry.metric.weight, unit));
    let words = last.map_or_else(
        || (texts.soft_question_alone)(&typed),
        |last| (texts.soft_question)(&typed, &last),
    );
    let meant = meant(weight, doubt).map(|meant| {
        let take = move |_| {
            let separator = app.texts().decimal_separator;
            sheet.draft.update(|draft| {
                draft.weight = WeightDraft::of(meant, draft.weight.unit, separator);
            });
            sheet.forget_refusals();
            sheet.focus_weight();
        };
        view! {
            <button type="button" class="button" data-kind="link" data-testid="question-use" on:click=take>
                {(texts.use_instead)(&numbers::weight(texts, meant, unit))}
            </button>
        }
    });
    view! {
        <p class="log-question">{words}</p>
        <p class="log-answers">
            {meant}
            <button
                type="button"
                class="button"
                data-kind="link"
                data-testid="question-keep"
                on:click=move |_| sheet.save(true)
            >
                {(texts.keep)(&typed)}
            </button>
        </p>
    }
}

/// What a known slip was probably meant to be, to a tenth of a kilogram.
fn meant(weight: Grams, doubt: Improbable) -> Option<Grams> {
    let factor = match doubt {
        Improbable::TenTimes => 0.1,
        Improbable::ATenth => 10.0,
        Improbable::PoundsAsKilograms => 0.453_592_37,
        Improbable::KilogramsAsPounds => 1.0 / 0.453_592_37,
        Improbable::FarFromTrend | Improbable::Unusual => return None,
    };
    Some(Grams::nearest(
        (f64::from(weight.get()) * factor / 100.0).round() * 100.0,
    ))
}
