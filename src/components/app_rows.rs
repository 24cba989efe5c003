//! How the app shows things: units, theme, language. Every choice is stored as it is made and holds at once.

use super::{CardRow, Choice, Mark, save_settings};
use crate::i18n::LANGUAGES;
use crate::state::use_app;
use leptos::prelude::*;
use tidemark_protocol::{AppModelPatch, Patch, Theme, Units};

/// In which units quantities are shown.
#[component]
pub fn UnitsRow() -> impl IntoView {
    let app = use_app();
    let chosen = move || match app.units() {
        Units::Metric => "metric",
        Units::Imperial => "imperial",
        Units::Stone => "stone",
    };
    let options = move || {
        let texts = app.texts();
        vec![
            ("metric", texts.units_metric),
            ("imperial", texts.units_imperial),
            ("stone", texts.units_stone),
        ]
    };
    let choose = move |value: String| {
        let units = match value.as_str() {
            "imperial" => Units::Imperial,
            "stone" => Units::Stone,
            _ => Units::Metric,
        };
        save_settings(
            app,
            AppModelPatch {
                units: Patch::Set(units),
                ..AppModelPatch::default()
            },
        );
    };
    view! {
        <CardRow mark=Mark::SCALE id="units" words=app.words(|t| t.units)>
            <Choice id="units" test_id="units" options=Signal::derive(options) chosen=Signal::derive(chosen) on_choose=Callback::new(choose)/>
        </CardRow>
    }
}

/// Light, dark, or what the device says.
#[component]
pub fn ThemeRow() -> impl IntoView {
    let app = use_app();
    let chosen = move || match app.theme() {
        Theme::System => "system",
        Theme::Light => "light",
        Theme::Dark => "dark",
    };
    let options = move || {
        let texts = app.texts();
        vec![
            ("system", texts.theme_system),
            ("light", texts.theme_light),
            ("dark", texts.theme_dark),
        ]
    };
    let choose = move |value: String| {
        let theme = match value.as_str() {
            "light" => Theme::Light,
            "dark" => Theme::Dark,
            _ => Theme::System,
        };
        save_settings(
            app,
            AppModelPatch {
                theme: Patch::Set(theme),
                ..AppModelPatch::default()
            },
        );
    };
    view! {
        <CardRow mark=Mark::MOON id="theme" words=app.words(|t| t.theme)>
            <Choice id="theme" test_id="theme" options=Signal::derive(options) chosen=Signal::derive(chosen) on_choose=Callback::new(choose)/>
        </CardRow>
    }
}

/// The language, by its own name.
#[component]
pub fn LanguageRow() -> impl IntoView {
    let app = use_app();
    let options = || LANGUAGES.map(|texts| (texts.tag, texts.own_name)).to_vec();
    let choose = move |tag: String| {
        save_settings(
            app,
            AppModelPatch {
                language: Patch::Set(tag),
                ..AppModelPatch::default()
            },
        );
    };
    view! {
        <CardRow mark=Mark::GLOBE id="language" words=app.words(|t| t.language)>
            <Choice
                id="language"
                test_id="language"
                options=Signal::derive(options)
                chosen=app.words(|t| t.tag)
                on_choose=Callback::new(choose)
            />
        </CardRow>
    }
}
