//! What may be told about the person shown: all of it optional, stored as it is typed.

use super::{AVATARS, CardRow, Choice, Field, HeightField, save_person};
use crate::forms::{HeightDraft, PersonError, check_birth_date, check_name, height_error_words};
use crate::state::{App, use_app};
use leptos::{ev, html, prelude::*};
use tidemark_protocol::{Gender, Patch, User, UserPatch, limits};
use wasm_bindgen::JsCast;

/// Name, picture, height, gender and birth date.
#[component]
pub fn PersonFields() -> impl IntoView {
    view! {
        <NameField/>
        <AvatarField/>
        <ProfileHeight/>
        <GenderField/>
        <BirthDateField/>
    }
}

/// A text of the person shown. It speaks only when it changes: whatever else becomes known of the person must not put
/// the stored text in the place of one that is being typed.
fn told(app: App, pick: fn(User) -> Option<String>) -> Memo<String> {
    Memo::new(move |_| {
        let text = app.person().and_then(|person| pick(person.user));
        text.unwrap_or_default()
    })
}

#[component]
fn NameField() -> impl IntoView {
    let app = use_app();
    let error = RwSignal::new(None::<PersonError>);
    let words = move || {
        error
            .get()
            .map(|_| (app.texts().error_name_long)(limits::NAME_CHARS_MAX))
    };
    let save = move |event| match check_name(&event_target_value(&event)) {
        Ok(name) => {
            error.set(None);
            save_person(
                app,
                UserPatch {
                    name,
                    ..UserPatch::default()
                },
            );
        }
        Err(refused) => error.set(Some(refused)),
    };
    view! {
        <Field id="profile-name" label=app.words(|t| t.name) error=Signal::derive(words)>
            <input
                id="profile-name"
                class="text-input"
                type="text"
                autocomplete="given-name"
                data-testid="profile-name"
                aria-describedby="profile-name-note"
                prop:value=told(app, |user| user.name)
                on:change=save
            />
        </Field>
    }
}

/// The height's field begins anew with another unit, or with another height from elsewhere.
#[component]
fn ProfileHeight() -> impl IntoView {
    let app = use_app();
    let stored = Memo::new(move |_| {
        let height = app.person().and_then(|person| person.user.height);
        HeightDraft::of(height, app.length_unit(), app.texts().decimal_separator)
    });
    view! { {move || height_field(app, stored.get())} }
}

/// Stored when the field is left, both halves of it, or with Enter: so no half-typed height is.
fn height_field(app: App, stored: HeightDraft) -> impl IntoView {
    let unit = stored.unit;
    let draft = RwSignal::new(stored);
    let error = move || {
        let error = draft.with(|draft| draft.parse().err())?;
        Some(height_error_words(app.texts(), unit, error))
    };
    let save = move || {
        let Ok(height) = draft.with_untracked(HeightDraft::parse) else {
            return;
        };
        let stored = untrack(|| app.person().and_then(|person| person.user.height));
        if height != stored {
            let height = Patch::from_option(height);
            save_person(
                app,
                UserPatch {
                    height,
                    ..UserPatch::default()
                },
            );
        }
    };
    let group = NodeRef::<html::Div>::new();
    let leaves = move |event: ev::FocusEvent| {
        let to = event
            .related_target()
            .and_then(|to| to.dyn_into::<web_sys::Node>().ok());
        let stays = group
            .get_untracked()
            .is_some_and(|group| group.contains(to.as_ref()));
        if !stays {
            save();
        }
    };
    let enters = move |event: ev::KeyboardEvent| {
        if event.key() == "Enter" {
            save();
        }
    };
    view! {
        <div node_ref=group on:focusout=leaves on:keydown=enters>
            <HeightField
                id="profile-height"
                unit=Signal::stored(unit)
                first=Signal::derive(move || draft.with(|draft| draft.first.clone()))
                second=Signal::derive(move || draft.with(|draft| draft.second.clone()))
                on_first=move |text| draft.update(|draft| draft.first = text)
                on_second=move |text| draft.update(|draft| draft.second = text)
                error=Signal::derive(error)
            />
        </div>
    }
}

#[component]
fn AvatarField() -> impl IntoView {
    let app = use_app();
    let stored = move || app.person().and_then(|person| person.user.avatar);
    let chosen = move || {
        let stored = stored();
        let known = AVATARS
            .iter()
            .find(|(name, _)| Some(*name) == stored.as_deref());
        known.map_or("", |(name, _)| *name)
    };
    let options = move || {
        let values = std::iter::once("").chain(AVATARS.map(|(name, _)| name));
        values.zip(app.texts().people.avatars).collect()
    };
    let choose = move |value: String| {
        let patch = UserPatch {
            avatar: Patch::from_option((!value.is_empty()).then_some(value)),
            ..UserPatch::default()
        };
        save_person(app, patch);
    };
    view! {
        <CardRow id="profile-avatar" words=app.words(|t| t.people.avatar)>
            <Choice
                id="profile-avatar"
                test_id="profile-avatar"
                options=Signal::derive(options)
                chosen=Signal::derive(chosen)
                on_choose=Callback::new(choose)
            />
        </CardRow>
    }
}

#[component]
fn GenderField() -> impl IntoView {
    let app = use_app();
    let chosen = move || match app.person().and_then(|person| person.user.gender) {
        None => "",
        Some(Gender::Male) => "male",
        Some(Gender::Female) => "female",
        Some(Gender::Other) => "other",
    };
    let options = move || {
        let texts = app.texts();
        vec![
            ("", texts.gender_unset),
            ("female", texts.gender_female),
            ("male", texts.gender_male),
            ("other", texts.gender_other),
        ]
    };
    let choose = move |value: String| {
        let gender = match value.as_str() {
            "male" => Patch::Set(Gender::Male),
            "female" => Patch::Set(Gender::Female),
            "other" => Patch::Set(Gender::Other),
            _ => Patch::Clear,
        };
        save_person(
            app,
            UserPatch {
                gender,
                ..UserPatch::default()
            },
        );
    };
    view! {
        <CardRow id="profile-gender" words=app.words(|t| t.gender)>
            <Choice
                id="profile-gender"
                test_id="profile-gender"
                options=Signal::derive(options)
                chosen=Signal::derive(chosen)
                on_choose=Callback::new(choose)
            />
        </CardRow>
    }
}

#[component]
fn BirthDateField() -> impl IntoView {
    let app = use_app();
    let error = RwSignal::new(None::<PersonError>);
    let save = move |event| {
        let today = untrack(|| app.today().date);
        match check_birth_date(&event_target_value(&event), today) {
            Ok(birth_date) => {
                error.set(None);
                save_person(
                    app,
                    UserPatch {
                        birth_date,
                        ..UserPatch::default()
                    },
                );
            }
            Err(refused) => error.set(Some(refused)),
        }
    };
    let words = move || error.get().map(|_| app.texts().error_birth_date.to_owned());
    view! {
        <Field id="profile-birth" label=app.words(|t| t.birth_date) error=Signal::derive(words)>
            <input
                id="profile-birth"
                class="text-input"
                type="date"
                autocomplete="bday"
                data-testid="profile-birth-date"
                aria-describedby="profile-birth-note"
                prop:value=told(app, |user| user.birth_date)
                on:change=save
            />
        </Field>
    }
}
