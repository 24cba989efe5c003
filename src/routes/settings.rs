//! Settings: people, how the app shows things, and what becomes of the data. Every choice is stored as it is made.

mod people;
mod your_data;

use crate::components::{
    CardRow, Choice, Header, LanguageRow, LinkRow, Mark, PersonFields, SwitchRow, ThemeRow,
    UnitsRow,
};
use crate::i18n::numbers;
use crate::state::{Intent, use_app};
use leptos::prelude::*;
use people::People;
use your_data::YourData;

/// The screen.
#[component]
pub fn SettingsScreen() -> impl IntoView {
    let app = use_app();
    view! {
        <Header title=app.words(|t| t.settings_title)/>
        <div class="screen-body">
            <People/>
            <Person/>
            <section>
                <h2 class="section-label">{app.words(|t| t.this_app)}</h2>
                <div class="card">
                    <LanguageRow/>
                    <UnitsRow/>
                    <ThemeRow/>
                    <HideRow/>
                </div>
            </section>
            <YourData/>
            <section>
                <div class="card">
                    <LinkRow href="/about" mark=Mark::INFO words=app.words(|t| t.about.title)/>
                </div>
            </section>
        </div>
    }
}

/// The person shown: who they are, their goal, and how their BMI is read.
#[component]
fn Person() -> impl IntoView {
    let app = use_app();
    let name = move || app.name_of(app.person().as_ref());
    let goal = move || {
        let goal = app.goal()?;
        Some(numbers::weight(app.texts(), goal.weight, app.weights()))
    };
    let is_known = move || app.person().is_some();
    view! {
        <section>
            <h2 class="section-label">{name}</h2>
            <div class="card">
                <PersonFields/>
                <LinkRow href="/goal" mark=Mark::FLAG words=app.words(|t| t.goal.title) now=Signal::derive(goal)/>
                <Thresholds/>
            </div>
            <p class="field-note">{app.words(|t| t.device.thresholds_why)}</p>
            <Show when=is_known>
                <button
                    type="button"
                    class="button"
                    data-kind="link"
                    data-testid="remove-person"
                    on:click=move |_| app.send(Intent::RemovePerson)
                >
                    {move || (app.texts().people.remove)(&name())}
                </button>
            </Show>
        </section>
    }
}

#[component]
fn Thresholds() -> impl IntoView {
    let app = use_app();
    let options = move || {
        let texts = &app.texts().device;
        vec![
            ("usual", texts.thresholds_usual),
            ("lower", texts.thresholds_lower),
        ]
    };
    let chosen = move || {
        if app.memory.with(|memory| memory.uses_lower_thresholds) {
            "lower"
        } else {
            "usual"
        }
    };
    let choose = move |value: String| {
        app.remember(move |memory| memory.uses_lower_thresholds = value == "lower");
    };
    view! {
        <CardRow mark=Mark::SCALE id="thresholds" words=app.words(|t| t.device.thresholds)>
            <Choice
                id="thresholds"
                test_id="thresholds"
                options=Signal::derive(options)
                chosen=Signal::derive(chosen)
                on_choose=Callback::new(choose)
            />
        </CardRow>
    }
}

#[component]
fn HideRow() -> impl IntoView {
    let app = use_app();
    view! {
        <SwitchRow
            id="hide-numbers"
            mark=Mark::HIDDEN
            words=app.words(|t| t.device.hide_numbers)
            why=app.words(|t| t.device.hide_numbers_why)
            is_on=Signal::derive(move || app.memory.with(|memory| memory.hides_numbers))
            on_switch=Callback::new(move |on| app.remember(move |memory| memory.hides_numbers = on))
        />
    }
}
