//! Settings: the profile, units, theme and language. Every choice is stored as it is made.

use crate::components::{Choice, Field, Header, HeightField, Icon, Mark};
use crate::forms::{HeightDraft, PersonError, check_birth_date, check_name, height_error_words};
use crate::i18n::LANGUAGES;
use crate::state::{App, Fault, Intent, Reply, Snack, use_app};
use leptos::{ev, html, prelude::*};
use tidemark_protocol::{AppModelPatch, Gender, Patch, Theme, Units, UserPatch, limits};
use wasm_bindgen::JsCast;

/// The screen.
#[component]
pub fn SettingsScreen() -> impl IntoView {
    let app = use_app();
    view! {
        <Header title=app.words(|t| t.settings_title)/>
        <div class="screen-body">
            <section>
                <h2 class="section-label">{app.words(|t| t.profile)}</h2>
                <div class="card">
                    <NameField/>
                    <ProfileHeight/>
                    <GenderField/>
                    <BirthDateField/>
                </div>
            </section>
            <section>
                <h2 class="section-label">{app.words(|t| t.this_app)}</h2>
                <div class="card">
                    <UnitsRow/>
                    <ThemeRow/>
                    <LanguageRow/>
                </div>
            </section>
            <section>
                <h2 class="section-label">{app.words(|t| t.your_data)}</h2>
                <div class="card">
                    <LinkRow href="/sync" mark=Mark::CLOUD_TICK words=app.words(|t| t.sync_and_log)/>
                    <LinkRow href="/data" mark=Mark::EXCHANGE words=app.words(|t| t.exchange.settings_row)/>
                    <LinkRow href="/account" mark=Mark::PERSON words=app.words(|t| t.nav_account)/>
                </div>
            </section>
        </div>
    }
}

/// Stores a change of the profile; a failure is said at the bottom.
fn save_person(app: App, patch: UserPatch) {
    app.send(Intent::SavePerson(patch, report(app)));
}

fn save_settings(app: App, patch: AppModelPatch) {
    app.send(Intent::SaveSettings(patch, report(app)));
}

fn report(app: App) -> Reply {
    Box::new(move |outcome: Result<(), Fault>| {
        if let Err(fault) = outcome {
            app.snack.set(Some(Snack::Failed(fault)));
        }
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
                prop:value=move || app.person().and_then(|person| person.user.name).unwrap_or_default()
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
        <Row id="profile-gender" words=app.words(|t| t.gender)>
            <Choice
                id="profile-gender"
                test_id="profile-gender"
                options=Signal::derive(options)
                chosen=Signal::derive(chosen)
                on_choose=choose
            />
        </Row>
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
                prop:value=move || app.person().and_then(|person| person.user.birth_date).unwrap_or_default()
                on:change=save
            />
        </Field>
    }
}

#[component]
fn UnitsRow() -> impl IntoView {
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
        <Row mark=Mark::SCALE id="units" words=app.words(|t| t.units)>
            <Choice id="units" test_id="units" options=Signal::derive(options) chosen=Signal::derive(chosen) on_choose=choose/>
        </Row>
    }
}

#[component]
fn ThemeRow() -> impl IntoView {
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
        <Row mark=Mark::MOON id="theme" words=app.words(|t| t.theme)>
            <Choice id="theme" test_id="theme" options=Signal::derive(options) chosen=Signal::derive(chosen) on_choose=choose/>
        </Row>
    }
}

#[component]
fn LanguageRow() -> impl IntoView {
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
        <Row mark=Mark::GLOBE id="language" words=app.words(|t| t.language)>
            <Choice
                id="language"
                test_id="language"
                options=Signal::derive(options)
                chosen=app.words(|t| t.tag)
                on_choose=choose
            />
        </Row>
    }
}

/// A row of a card: icon, label, control.
#[component]
fn Row(
    #[prop(optional, into)] mark: Option<Mark>,
    id: &'static str,
    words: Signal<&'static str>,
    children: Children,
) -> impl IntoView {
    view! {
        <div class="card-row">
            {mark.map(|mark| view! { <Icon mark=mark size=20/> })}
            <label class="card-words" for=id>{words}</label>
            {children()}
        </div>
    }
}

#[component]
fn LinkRow(href: &'static str, mark: Mark, words: Signal<&'static str>) -> impl IntoView {
    view! {
        <a href=href class="card-row card-link">
            <Icon mark=mark size=20/>
            <span class="card-words">{words}</span>
            <Icon mark=Mark::CHEVRON size=16/>
        </a>
    }
}
