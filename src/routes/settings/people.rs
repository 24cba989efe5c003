//! The people of this device: whose entries are shown, and somebody new.

use crate::components::{Icon, Mark, avatar};
use crate::forms::check_name;
use crate::i18n::numbers;
use crate::state::{App, Fault, Intent, Snack, use_app};
use leptos::{html, prelude::*};
use tidemark_engine::view::Person;
use tidemark_protocol::UserPatch;

/// A card for each person, and one more to add somebody.
#[component]
pub fn People() -> impl IntoView {
    let app = use_app();
    let is_adding = RwSignal::new(false);
    let cards = move || {
        app.profile.with(|profile| {
            let profile = profile.as_ref()?;
            let shown = profile.active().map(|person| person.user.id);
            let card = |person: &Person| card(app, person, Some(person.user.id) == shown);
            Some(profile.people.iter().map(card).collect_view())
        })
    };
    view! {
        <section>
            <h2 class="section-label">{app.words(|t| t.people.title)}</h2>
            <ul class="people" data-testid="people">
                {cards}
                <li class="people-item">
                    <button
                        type="button"
                        class="person-card person-add"
                        data-testid="add-person"
                        aria-label=app.words(|t| t.people.add)
                        aria-expanded=move || is_adding.get().to_string()
                        on:click=move |_| is_adding.update(|adding| *adding = !*adding)
                    >
                        <Icon mark=Mark::PLUS size=24/>
                    </button>
                </li>
            </ul>
            <Show when=move || is_adding.get()>
                <NewPerson is_adding/>
            </Show>
        </section>
    }
}

fn card(app: App, person: &Person, is_shown: bool) -> impl IntoView + use<> {
    let texts = app.texts();
    let (id, name) = (person.user.id, app.name_of(Some(person)));
    let weight = if is_shown {
        app.newest().map(|entry| entry.metric.weight)
    } else {
        app.others.with(|others| {
            let found = others.iter().find(|(other, _)| *other == id);
            found.map(|(_, weight)| *weight)
        })
    };
    let weight = weight.map_or_else(
        || texts.people.no_entry.to_owned(),
        |weight| numbers::weight(texts, weight, app.weights()),
    );
    let picture = avatar(person.user.avatar.as_deref(), &name);
    view! {
        <li class="people-item">
            <button
                type="button"
                class="person-card"
                data-testid="person-card"
                aria-pressed=is_shown.to_string()
                on:click=move |_| app.send(Intent::ShowPerson(id))
            >
                <span class="person-head">
                    {picture}
                    {is_shown.then(|| view! { <Icon mark=Mark::TICK size=20/> })}
                </span>
                <span class="person-title">{name}</span>
                <span class="person-weight">{weight}</span>
            </button>
        </li>
    }
}

/// A name is all it takes; the rest stands in the fields below.
#[component]
fn NewPerson(is_adding: RwSignal<bool>) -> impl IntoView {
    let app = use_app();
    let input = NodeRef::<html::Input>::new();
    Effect::new(move |_| {
        if let Some(input) = input.get() {
            // A field that can't be focused can still be tapped.
            let _ = input.focus();
        }
    });
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let typed = input
            .get_untracked()
            .map(|input| input.value())
            .unwrap_or_default();
        let Ok(name) = check_name(&typed) else {
            return;
        };
        let patch = UserPatch {
            name,
            ..UserPatch::default()
        };
        let told = Box::new(move |outcome: Result<(), Fault>| match outcome {
            Ok(()) => is_adding.set(false),
            Err(fault) => app.snack.set(Some(Snack::Failed(fault))),
        });
        app.send(Intent::AddPerson(patch, told));
    };
    view! {
        <form class="new-person" on:submit=submit>
            <label class="field-label" for="new-person">{app.words(|t| t.name)}</label>
            <input
                node_ref=input
                id="new-person"
                class="text-input"
                type="text"
                autocomplete="off"
                maxlength=tidemark_protocol::limits::NAME_CHARS_MAX
                data-testid="new-person-name"
            />
            <button type="submit" class="button" data-kind="quiet" data-testid="save-person">
                {app.words(|t| t.people.add)}
            </button>
        </form>
    }
}
