//! Whose entries a file's are: one choice for each of its people.

use crate::i18n::exchange::count;
use crate::state::{App, use_app, use_exchange};
use leptos::prelude::*;
use tidemark_exchange::message::{FilePerson, Target};
use tidemark_protocol::EntityId;

/// The value of the choice for somebody new.
const NEW: &str = "new";

/// The choices. Where nobody is here yet there is nothing to choose, unless the file names people.
#[component]
pub fn Whose(
    /// The file's people.
    people: Vec<FilePerson>,
) -> impl IntoView {
    let app = use_app();
    let is_plain = people.len() == 1 && people[0].name.is_none();
    let has_choice = move || {
        let here = app.profile.with(|profile| {
            profile
                .as_ref()
                .is_some_and(|profile| !profile.people.is_empty())
        });
        here || !is_plain
    };
    let people = StoredValue::new(people);
    view! {
        <Show when=has_choice>
            <fieldset class="import-whose">
                <legend class="section-label">{app.words(|t| t.exchange.whose)}</legend>
                {people.with_value(|people| people
                    .iter()
                    .enumerate()
                    .map(|(index, person)| view! { <Choice index person=person.clone()/> })
                    .collect_view())}
            </fieldset>
        </Show>
    }
}

#[component]
fn Choice(index: usize, person: FilePerson) -> impl IntoView {
    let (app, exchange) = (use_app(), use_exchange());
    let id = format!("whose-{index}");
    let rows = person.rows;
    let name = person.name.clone();
    let label = move || {
        let texts = app.texts();
        (texts.exchange.whose_is)(name.as_deref(), rows, &count(texts, rows))
    };
    let chosen = move || {
        let target = exchange.targets.with(|targets| targets.get(index).copied());
        value_of(target.unwrap_or(Target::New))
    };
    let options = move || {
        let mut options = people_here(app);
        options.push((NEW.to_owned(), app.texts().exchange.somebody_new.to_owned()));
        options
            .into_iter()
            .map(|(value, words)| {
                let is_chosen = value == chosen();
                view! { <option value=value selected=is_chosen>{words}</option> }
            })
            .collect_view()
    };
    view! {
        <div class="card-row">
            <label class="card-words" for=id.clone()>{label}</label>
            <select
                id=id
                class="choice"
                data-testid="import-person"
                on:change=move |event| exchange.choose(index, target_of(&event_target_value(&event)))
            >
                {options}
            </select>
        </div>
    }
}

fn people_here(app: App) -> Vec<(String, String)> {
    let unnamed = app.texts().person_without_name;
    app.profile.with(|profile| {
        let people = profile.iter().flat_map(|profile| &profile.people);
        people
            .map(|person| {
                let name = person.user.name.clone();
                (
                    person.user.id.to_string(),
                    name.unwrap_or_else(|| unnamed.to_owned()),
                )
            })
            .collect()
    })
}

fn value_of(target: Target) -> String {
    match target {
        Target::Known(id) => id.to_string(),
        Target::New => NEW.to_owned(),
    }
}

fn target_of(value: &str) -> Target {
    EntityId::parse(value).map_or(Target::New, Target::Known)
}
