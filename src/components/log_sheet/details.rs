//! Time, note and height of an entry.

use super::use_sheet;
use crate::components::{HeightField, Icon, Mark};
use crate::forms::height_error_words;
use crate::state::use_app;
use leptos::prelude::*;
use tidemark_domain::ranges::{NOTE_CHARACTERS_MAX, NoteError};

/// Time, note and height: quiet until wanted.
#[component]
pub fn Details() -> impl IntoView {
    let sheet = use_sheet();
    view! {
        <div class="log-details">
            <TimeDetail/>
            <NoteDetail/>
        </div>
        <Show when=move || sheet.asks_height()>
            <HeightDetail/>
        </Show>
    }
}

#[component]
fn TimeDetail() -> impl IntoView {
    let sheet = use_sheet();
    let app = use_app();
    let now_text = move || app.local(app.now.get()).field_text();
    let value = move || {
        sheet
            .draft
            .with(|draft| draft.time.clone())
            .unwrap_or_else(now_text)
    };
    let change = move |event| {
        sheet
            .draft
            .update(|draft| draft.time = Some(event_target_value(&event)));
        sheet.forget_refusals();
    };
    view! {
        <label
            class="detail"
            data-refused=move || sheet.errors.with(|errors| errors.is_time_bad).then_some("")
        >
            <Icon mark=Mark::CLOCK size=20/>
            <span class="unseen">{app.words(|t| t.time)}</span>
            <input
                class="detail-time"
                type="datetime-local"
                data-testid="entry-time"
                prop:value=value
                on:input=change
            />
        </label>
        <Show when=move || sheet.errors.with(|errors| errors.is_time_bad)>
            <p class="log-refused detail-wide">{app.words(|t| t.error_time)}</p>
        </Show>
    }
}

#[component]
fn NoteDetail() -> impl IntoView {
    let sheet = use_sheet();
    let app = use_app();
    let note_words = move || {
        let error = sheet.errors.with(|errors| errors.note)?;
        Some(match error {
            NoteError::TooLong => (app.texts().error_note_long)(NOTE_CHARACTERS_MAX),
            NoteError::NulCharacter => app.texts().error_note_character.to_owned(),
        })
    };
    let change = move |event| {
        sheet
            .draft
            .update(|draft| draft.note = event_target_value(&event));
        sheet.forget_refusals();
    };
    view! {
        <label class="detail" data-refused=move || note_words().is_some().then_some("")>
            <Icon mark=Mark::NOTE size=20/>
            <span class="unseen">{app.words(|t| t.note)}</span>
            <input
                class="detail-note"
                type="text"
                autocomplete="off"
                data-testid="entry-note"
                placeholder=app.words(|t| t.add_note)
                prop:value=move || sheet.draft.with(|draft| draft.note.clone())
                on:input=change
            />
        </label>
        <p class="log-refused detail-wide">{note_words}</p>
    }
}

#[component]
fn HeightDetail() -> impl IntoView {
    let sheet = use_sheet();
    let app = use_app();
    let unit = Memo::new(move |_| sheet.draft.with(|draft| draft.height.unit));
    let error = move || {
        let error = sheet.errors.with(|errors| errors.height)?;
        Some(height_error_words(app.texts(), unit.get(), error))
    };
    view! {
        <HeightField
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
