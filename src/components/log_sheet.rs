//! The entry sheet: a native dialog for logging and editing. It closes when the entry is stored, not
//! before.

mod details;
mod handle;
mod note;
mod whereabouts;

use super::weight_field::WeightField;
use crate::state::use_app;
use details::Details;
use handle::Concern;
pub use handle::{Mending, SheetHandle};
use leptos::prelude::*;
use note::Note;
use whereabouts::Whereabouts;

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
        if is_edit {
            app.texts().sheet_edit
        } else {
            app.texts().sheet_new
        }
    };
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        // Save pressed again below a question says that the weight is right.
        let doubt = sheet.concern.get_untracked();
        sheet.save(matches!(doubt, Some(Concern::Doubt(..))));
    };
    Effect::new(move |_| {
        if sheet.dialog.get().is_some() {
            sheet.drawn();
        }
    });
    view! {
        <dialog node_ref=sheet.dialog class="log-sheet" aria-labelledby="sheet-title" data-testid="log-sheet">
            <form class="log-form" novalidate on:submit=submit>
                <header class="log-head">
                    <h2 class="section-title" id="sheet-title">{title}</h2>
                    <button type="button" class="button" data-kind="plain" on:click=move |_| sheet.close()>
                        {app.words(|t| t.cancel)}
                    </button>
                </header>
                <p class="log-refused" role="alert" data-testid="refusal">{move || sheet.refusal.get()}</p>
                <p class="log-hint">{move || match sheet.entries_alike() {
                    0 => String::new(),
                    count => (app.texts().sync.goes_to_all)(count),
                }}</p>
                <WeightField/>
                <Note/>
                <Details/>
                <button
                    type="submit"
                    class="button log-save"
                    data-kind="primary"
                    data-testid="save-entry"
                    disabled=move || sheet.is_saving.get()
                >
                    {app.words(|t| t.save)}
                </button>
                <Whereabouts/>
            </form>
        </dialog>
    }
}
