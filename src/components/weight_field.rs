//! The large number of the entry sheet with its steps and its unit.

use super::{Icon, Mark, use_sheet};
use crate::i18n::{Shown, numbers};
use crate::state::{Intent, use_app};
use leptos::{html, prelude::*};
use tidemark_domain::mass::MassUnit;
use tidemark_protocol::{AppModelPatch, Patch, Units};

/// −, the number, its unit, +. Steps start at the last weight where nothing is typed.
#[component]
pub fn WeightField() -> impl IntoView {
    let sheet = use_sheet();
    let app = use_app();
    let step = move |tenths: i32| {
        let last = app.newest().map(|entry| entry.metric.weight);
        let separator = app.texts().decimal_separator;
        sheet
            .draft
            .update(|draft| draft.weight = draft.weight.stepped(tenths, last, separator));
        sheet.forget_refusals();
    };
    let step_words = move || {
        let unit = sheet.draft.with(|draft| draft.weight.unit);
        numbers::step(app.texts(), unit)
    };
    view! {
        <div class="weight-field" data-refused=move || sheet.errors.with(|errors| errors.weight.is_some()).then_some("")>
            <button
                type="button"
                class="step-button"
                aria-label=move || (app.texts().less)(&step_words())
                on:click=move |_| step(-1)
            >
                <Icon mark=Mark::MINUS size=24/>
            </button>
            <div class="weight-box">
                <Inputs/>
                <UnitButton/>
            </div>
            <button
                type="button"
                class="step-button"
                aria-label=move || (app.texts().more)(&step_words())
                on:click=move |_| step(1)
            >
                <Icon mark=Mark::PLUS size=24/>
            </button>
        </div>
    }
}

/// One field, or two for stones and pounds.
#[component]
fn Inputs() -> impl IntoView {
    let sheet = use_sheet();
    let app = use_app();
    let is_stone = Memo::new(move |_| {
        sheet
            .draft
            .with(|draft| draft.weight.unit == MassUnit::Stone)
    });
    let hint = Memo::new(move |_| {
        let unit = sheet.draft.with(|draft| draft.weight.unit);
        let newest = app.newest();
        let shown = Shown {
            unit,
            ..app.weights()
        };
        newest.map(|entry| numbers::weight_parts(app.texts(), entry.metric.weight, shown))
    });
    let hint_at = move |place: usize| {
        hint.with(|parts| {
            parts
                .as_ref()
                .and_then(|parts| parts.get(place))
                .map(|part| part.number.clone())
        })
    };
    let label = move || {
        if is_stone.get() {
            app.texts().stones
        } else {
            app.texts().weight
        }
    };
    let first = move |text| {
        sheet.draft.update(|draft| draft.weight.first = text);
        sheet.forget_refusals();
    };
    let second = move |text| {
        sheet.draft.update(|draft| draft.weight.second = text);
        sheet.forget_refusals();
    };
    view! {
        <NumberInput
            node=sheet.input id="sheet-weight" test_id="weight-input" label=Signal::derive(label)
            value=Signal::derive(move || sheet.draft.with(|draft| draft.weight.first.clone()))
            hint=Signal::derive(move || hint_at(0)) on_text=first
        />
        <Show when=move || is_stone.get()>
            <span class="weight-unit">{numbers::STONE}</span>
            <NumberInput
                id="sheet-pounds" test_id="weight-pounds-input" label=app.words(|t| t.pounds)
                value=Signal::derive(move || sheet.draft.with(|draft| draft.weight.second.clone()))
                hint=Signal::derive(move || hint_at(1)) on_text=second
            />
        </Show>
    }
}

#[component]
fn NumberInput(
    #[prop(optional)] node: NodeRef<html::Input>,
    id: &'static str,
    test_id: &'static str,
    label: Signal<&'static str>,
    value: Signal<String>,
    hint: Signal<Option<String>>,
    on_text: impl Fn(String) + 'static,
) -> impl IntoView {
    let size = move || {
        let typed = value.with(|value| value.chars().count());
        let room = if typed == 0 {
            hint.with(|hint| hint.as_ref().map_or(4, String::len))
        } else {
            typed
        };
        room.clamp(2, 7)
    };
    view! {
        <input
            node_ref=node
            id=id
            class="weight-input"
            type="text"
            inputmode="decimal"
            enterkeyhint="done"
            autocomplete="off"
            data-testid=test_id
            aria-label=label
            aria-describedby="sheet-note"
            placeholder=hint
            size=size
            data-size=size
            prop:value=value
            on:input=move |event| on_text(event_target_value(&event))
        />
    }
}

/// The unit as a button: the next of the three. The choice stays for the whole app.
#[component]
fn UnitButton() -> impl IntoView {
    let sheet = use_sheet();
    let app = use_app();
    let symbol = move || numbers::typed_symbol(sheet.draft.with(|draft| draft.weight.unit));
    let change = move |_| {
        let next = match app.units() {
            Units::Metric => Units::Imperial,
            Units::Imperial => Units::Stone,
            Units::Stone => Units::Metric,
        };
        let separator = app.texts().decimal_separator;
        sheet.draft.update(|draft| {
            draft.weight = draft.weight.in_unit(numbers::mass_unit(next), separator);
            draft.height = draft.height.in_unit(numbers::length_unit(next), separator);
        });
        let patch = AppModelPatch {
            units: Patch::Set(next),
            ..AppModelPatch::default()
        };
        app.send(Intent::SaveSettings(patch, Box::new(|_| ())));
    };
    view! {
        <button
            type="button"
            class="unit-button"
            data-testid="unit-button"
            aria-label=move || (app.texts().change_unit)(symbol())
            on:click=change
        >
            {symbol} <Icon mark=Mark::CHEVRON_DOWN size=16/>
        </button>
    }
}
