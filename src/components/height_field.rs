//! A height with its unit: one field, or two for feet and inches.

use super::Field;
use crate::i18n::numbers;
use crate::state::use_app;
use leptos::prelude::*;
use tidemark_domain::length::LengthUnit;

/// The labelled height, on the entry sheet and in the settings.
#[component]
pub fn HeightField(
    /// The first input's id.
    id: &'static str,
    /// The unit of the fields.
    #[prop(into)]
    unit: Signal<LengthUnit>,
    /// Centimetres or feet.
    first: Signal<String>,
    /// Inches.
    second: Signal<String>,
    /// Called with another text.
    on_first: impl Fn(String) + Send + Sync + Clone + 'static,
    /// Called with another text.
    on_second: impl Fn(String) + Send + Sync + Clone + 'static,
    /// Why it can't be taken.
    error: Signal<Option<String>>,
    /// A quiet sentence below.
    #[prop(into, optional)]
    hint: MaybeProp<String>,
) -> impl IntoView {
    let app = use_app();
    let is_imperial = move || unit.get() == LengthUnit::FootInch;
    let symbol = move || numbers::height_symbol(unit.get());
    view! {
        <Field id label=app.words(|t| t.height) error hint>
            <input
                id=id
                class="text-input"
                type="text"
                inputmode="decimal"
                autocomplete="off"
                data-testid="height-input"
                aria-describedby=format!("{id}-note")
                aria-invalid=move || error.get().is_some().to_string()
                prop:value=first
                on:input=move |event| on_first(event_target_value(&event))
            />
            <span class="field-unit">{symbol}</span>
            <Show when=is_imperial>
                {
                    let on_second = on_second.clone();
                    view! {
                        <input
                            class="text-input"
                            type="text"
                            inputmode="decimal"
                            autocomplete="off"
                            data-testid="height-inches-input"
                            aria-label=app.words(|t| t.inches)
                            prop:value=second
                            on:input=move |event| on_second(event_target_value(&event))
                        />
                        <span class="field-unit">{numbers::INCH}</span>
                    }
                }
            </Show>
        </Field>
    }
}
