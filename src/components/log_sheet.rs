//! The entry sheet: a native dialog for logging and editing. It closes when the entry is stored, not
//! before.

use super::weight_field::WeightField;
use super::{Icon, Mark, fault_words};
use crate::forms::{EntryDraft, EntryErrors, changes, height_error_words, mass_error_words};
use crate::i18n::{dates, numbers};
use crate::state::{App, Fault, Intent, LogForm, Reply, use_app};
use leptos::{html, prelude::*};
use tidemark_domain::improbable::{Improbable, Known, improbable};
use tidemark_domain::mass::Grams;
use tidemark_engine::view::Entry;

/// The sheet's state and its doors. A handle: copying it copies no data.
#[derive(Clone, Copy)]
pub struct SheetHandle {
    app: App,
    /// What is typed.
    pub draft: RwSignal<EntryDraft>,
    /// What of it can't be taken.
    pub errors: RwSignal<EntryErrors>,
    /// The first field, focused when the sheet opens.
    pub input: NodeRef<html::Input>,
    dialog: NodeRef<html::Dialog>,
    /// The wall clock that an edited entry was opened with.
    opened_with: RwSignal<String>,
    question: RwSignal<Option<(Grams, Improbable)>>,
    fault: RwSignal<Option<Fault>>,
    is_saving: RwSignal<bool>,
    asks_height: RwSignal<bool>,
}

impl SheetHandle {
    /// A closed sheet.
    pub fn new(app: App) -> Self {
        let draft = untrack(|| EntryDraft::new(app.mass_unit(), app.length_unit()));
        Self {
            app,
            draft: RwSignal::new(draft),
            errors: RwSignal::new(EntryErrors::default()),
            input: NodeRef::new(),
            dialog: NodeRef::new(),
            opened_with: RwSignal::new(String::new()),
            question: RwSignal::new(None),
            fault: RwSignal::new(None),
            is_saving: RwSignal::new(false),
            asks_height: RwSignal::new(false),
        }
    }

    /// Opens the sheet for a new entry.
    pub fn open_new(self) {
        untrack(|| {
            let person = self.app.person();
            let has_height = person.is_some_and(|person| person.user.height.is_some());
            self.asks_height.set(!has_height);
            self.opened_with.set(String::new());
            self.open(EntryDraft::new(self.app.mass_unit(), self.app.length_unit()));
        });
    }

    /// Opens the sheet for an entry that exists.
    pub fn open_edit(self, entry: &Entry) {
        untrack(|| {
            let (app, at) = (self.app, self.app.local_of(entry));
            let separator = app.texts().decimal_separator;
            self.asks_height.set(true);
            self.opened_with.set(at.field_text());
            self.open(EntryDraft::of(entry, at, app.mass_unit(), app.length_unit(), separator));
        });
    }

    /// What was refused or asked is typed over.
    pub fn forget_refusals(self) {
        self.errors.set(EntryErrors::default());
        self.question.set(None);
        self.fault.set(None);
    }

    /// Shows and focuses in the same turn as the tap: phones open their keypad for nothing else.
    fn open(self, draft: EntryDraft) {
        self.draft.set(draft);
        self.is_saving.set(false);
        self.forget_refusals();
        let Some(dialog) = self.dialog.get() else { return };
        // It refuses only if it is open already, and then it is where it should be.
        let _ = dialog.show_modal();
        self.focus_weight();
    }

    fn focus_weight(self) {
        if let Some(input) = self.input.get_untracked() {
            let _ = input.focus();
            input.select();
        }
    }

    fn close(self) {
        if let Some(dialog) = self.dialog.get_untracked() {
            dialog.close();
        }
    }

    /// Checks, asks where a weight is improbable and was not confirmed, then stores.
    fn save(self, confirmed: bool) {
        let app = self.app;
        let now = app.now_exactly();
        let parsed = self.draft.with_untracked(|draft| draft.parse(now, |at| app.offset_at(at)));
        let form = match parsed {
            Ok(form) => form,
            Err(errors) => {
                self.errors.set(errors);
                if errors.weight.is_some() {
                    self.focus_weight();
                }
                return;
            }
        };
        let doubt = untrack(|| improbable(form.weight, &self.known(&form)));
        if let (Some(doubt), false) = (doubt, confirmed) {
            self.question.set(Some((form.weight, doubt)));
            return;
        }
        self.send(form);
    }

    /// What was known before the entry that is typed.
    fn known(self, form: &LogForm) -> Known {
        let editing = self.draft.with_untracked(|draft| draft.editing);
        self.app.history.with(|history| {
            let before = history.entries().iter().find(|entry| Some(entry.metric.id) != editing);
            let days_since = before.map_or(0, |entry| {
                let days = form.created_at.millis_since(entry.metric.created_at) / 86_400_000;
                i32::try_from(days).unwrap_or(i32::MAX)
            });
            let trend = self.app.trend.with(crate::state::TrendView::now);
            Known { last: before.map(|entry| entry.metric.weight), trend, days_since }
        })
    }

    fn send(self, form: LogForm) {
        if self.is_saving.get_untracked() {
            return;
        }
        let editing = self.draft.with_untracked(|draft| draft.editing);
        let reply: Reply = Box::new(move |outcome| {
            self.is_saving.set(false);
            match outcome {
                Ok(()) => self.close(),
                Err(fault) => self.fault.set(Some(fault)),
            }
        });
        self.is_saving.set(true);
        let Some(id) = editing else {
            return self.app.send(Intent::Log(form, reply));
        };
        let patch = untrack(|| self.app.entry(id)).and_then(|entry| {
            let typed = self.draft.with_untracked(|draft| draft.time.clone());
            changes(&entry, &form, &self.opened_with.get_untracked(), typed.as_deref())
        });
        match patch {
            Some(patch) => self.app.send(Intent::Edit(id, patch, reply)),
            None => reply(Ok(())),
        }
    }
}

/// The sheet's handle, from anywhere below the root.
pub fn use_sheet() -> SheetHandle {
    use_context().expect("the root provides the sheet's handle before it draws anything")
}

/// The sheet itself, once in the page.
#[component]
pub fn LogSheet() -> impl IntoView {
    let app = use_app();
    let sheet = use_sheet();
    let title = move || {
        let is_edit = sheet.draft.with(|draft| draft.editing.is_some());
        if is_edit { app.texts().sheet_edit } else { app.texts().sheet_new }
    };
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        sheet.save(sheet.question.get_untracked().is_some());
    };
    view! {
        <dialog node_ref=sheet.dialog class="log-sheet" aria-labelledby="sheet-title" data-testid="log-sheet">
            <form class="log-form" novalidate on:submit=submit>
                <header class="log-head">
                    <h2 class="section-title" id="sheet-title">{title}</h2>
                    <button type="button" class="button" data-kind="plain" on:click=move |_| sheet.close()>
                        {move || app.texts().cancel}
                    </button>
                </header>
                <WeightField sheet/>
                <Note sheet/>
                <Details sheet/>
                <button
                    type="submit"
                    class="button log-save"
                    data-kind="primary"
                    data-testid="save-entry"
                    disabled=move || sheet.is_saving.get()
                >
                    {move || app.texts().save}
                </button>
            </form>
        </dialog>
    }
}

/// The line below the number: the last value, or what is wrong, or a soft question.
#[component]
fn Note(sheet: SheetHandle) -> impl IntoView {
    let app = use_app();
    let refused = move || {
        let unit = sheet.draft.with(|draft| draft.weight.unit);
        let words = |error| mass_error_words(app.texts(), unit, error);
        let fault = sheet.fault.get().map(|fault| fault_words(app.texts(), fault).to_owned());
        fault.or_else(|| sheet.errors.with(|errors| errors.weight).map(words))
    };
    view! {
        <div class="log-note" id="sheet-note" aria-live="polite">
            {move || match (refused(), sheet.question.get()) {
                (Some(words), _) => view! { <p class="log-refused">{words}</p> }.into_any(),
                (None, Some((weight, doubt))) => question(sheet, weight, doubt).into_any(),
                (None, None) => view! { <p class="log-hint">{hint(app)}</p> }.into_any(),
            }}
        </div>
    }
}

fn hint(app: App) -> String {
    let (texts, unit) = (app.texts(), app.mass_unit());
    let (Some(last), Some(trend)) = (app.newest(), app.trend.with(crate::state::TrendView::now)) else {
        return texts.first_hint.to_owned();
    };
    (texts.last_and_trend)(
        &numbers::weight(texts, last.metric.weight, unit),
        &dates::day_inside(texts, app.local_of(&last), app.today()),
        &numbers::weight(texts, trend, unit),
    )
}

/// "7.8 kg? Last time it was 78.2." with what was probably meant, and what was typed.
fn question(sheet: SheetHandle, weight: Grams, doubt: Improbable) -> impl IntoView {
    let app = sheet.app;
    let (texts, unit) = (app.texts(), app.mass_unit());
    let typed = numbers::weight(texts, weight, unit);
    let last = app.newest().map(|entry| numbers::weight_number(texts, entry.metric.weight, unit));
    let words = last.map_or_else(
        || (texts.soft_question_alone)(&typed),
        |last| (texts.soft_question)(&typed, &last),
    );
    let meant = meant(weight, doubt).map(|meant| {
        let take = move |_| {
            let separator = app.texts().decimal_separator;
            sheet.draft.update(|draft| {
                draft.weight = crate::forms::WeightDraft::of(meant, draft.weight.unit, separator);
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
    Some(Grams::nearest((f64::from(weight.get()) * factor / 100.0).round() * 100.0))
}

/// Time, note and height: quiet until wanted.
#[component]
fn Details(sheet: SheetHandle) -> impl IntoView {
    view! {
        <div class="log-details">
            <TimeDetail sheet/>
            <NoteDetail sheet/>
        </div>
        <Show when=move || sheet.asks_height.get()>
            <HeightDetail sheet/>
        </Show>
    }
}

#[component]
fn TimeDetail(sheet: SheetHandle) -> impl IntoView {
    let app = use_app();
    let now_text = move || app.local(app.now.get()).field_text();
    let value = move || sheet.draft.with(|draft| draft.time.clone()).unwrap_or_else(now_text);
    let change = move |event| {
        sheet.draft.update(|draft| draft.time = Some(event_target_value(&event)));
        sheet.forget_refusals();
    };
    view! {
        <label
            class="detail"
            data-refused=move || sheet.errors.with(|errors| errors.is_time_bad).then_some("")
        >
            <Icon mark=Mark::Clock size=20/>
            <span class="unseen">{move || app.texts().time}</span>
            <input
                class="detail-time"
                type="datetime-local"
                data-testid="entry-time"
                prop:value=value
                on:input=change
            />
        </label>
        <Show when=move || sheet.errors.with(|errors| errors.is_time_bad)>
            <p class="log-refused detail-wide">{move || app.texts().error_time}</p>
        </Show>
    }
}

#[component]
fn NoteDetail(sheet: SheetHandle) -> impl IntoView {
    let app = use_app();
    let note_words = move || {
        let error = sheet.errors.with(|errors| errors.note)?;
        Some(match error {
            tidemark_domain::ranges::NoteError::TooLong => {
                (app.texts().error_note_long)(tidemark_domain::ranges::NOTE_CHARACTERS_MAX)
            }
            tidemark_domain::ranges::NoteError::NulCharacter => app.texts().error_note_character.to_owned(),
        })
    };
    let change = move |event| {
        sheet.draft.update(|draft| draft.note = event_target_value(&event));
        sheet.forget_refusals();
    };
    view! {
        <label class="detail" data-refused=move || note_words().is_some().then_some("")>
            <Icon mark=Mark::Note size=20/>
            <span class="unseen">{move || app.texts().note}</span>
            <input
                class="detail-note"
                type="text"
                autocomplete="off"
                data-testid="entry-note"
                placeholder=move || app.texts().add_note
                prop:value=move || sheet.draft.with(|draft| draft.note.clone())
                on:input=change
            />
        </label>
        <p class="log-refused detail-wide">{note_words}</p>
    }
}

#[component]
fn HeightDetail(sheet: SheetHandle) -> impl IntoView {
    let app = use_app();
    let unit = Memo::new(move |_| sheet.draft.with(|draft| draft.height.unit));
    let error = move || {
        let error = sheet.errors.with(|errors| errors.height)?;
        Some(height_error_words(app.texts(), unit.get(), error))
    };
    view! {
        <super::HeightField
            id="sheet-height"
            unit=unit
            first=Signal::derive(move || sheet.draft.with(|draft| draft.height.first.clone()))
            second=Signal::derive(move || sheet.draft.with(|draft| draft.height.second.clone()))
            on_first=move |text| sheet.draft.update(|draft| draft.height.first = text)
            on_second=move |text| sheet.draft.update(|draft| draft.height.second = text)
            error=Signal::derive(error)
            hint=Signal::derive(move || Some(app.texts().height_why.to_owned()))
        />
    }
}
