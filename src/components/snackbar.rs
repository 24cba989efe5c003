//! The one short message at the bottom: what happened, and a way back where there is one.

use super::{Icon, Mark};
use crate::i18n::{Texts, numbers};
use crate::state::{App, Fault, Intent, Snack, use_app};
use leptos::prelude::*;
use tidemark_engine::view::Entry;

/// The snackbar. Its thin line runs out for 8 s and pauses under pointer and focus; its end dismisses
/// the message, so that no timer can disagree with what is drawn.
#[component]
pub fn Snackbar() -> impl IntoView {
    let app = use_app();
    let dismiss = move |_| app.snack.set(None);
    view! {
        <div class="snack-place" role="status" aria-live="polite">
            {move || app.snack.get().map(|snack| view! {
                <div class="snack">
                    <p class="snack-words" data-testid=test_id(&snack)>{words(app, &snack)}</p>
                    {undo(app, snack)}
                    <span class="snack-line" on:animationend=dismiss></span>
                </div>
            })}
        </div>
    }
}

fn undo(app: App, snack: Snack) -> Option<impl IntoView> {
    if !matches!(snack, Snack::Deleted(_) | Snack::PersonRemoved(_)) {
        return None;
    }
    let take_back = move |_| match &snack {
        Snack::Deleted(entry) => app.send(Intent::Restore(Entry::clone(entry))),
        Snack::PersonRemoved(user) => app.send(Intent::RestorePerson(user.clone())),
        _ => {}
    };
    Some(view! {
        <button type="button" class="snack-action" data-testid="undo" on:click=take_back>
            <Icon mark=Mark::UNDO size=16/>
            {app.texts().undo}
        </button>
    })
}

fn test_id(snack: &Snack) -> &'static str {
    match snack {
        Snack::Saved => "saved-toast",
        Snack::Deleted(_) => "deleted-toast",
        Snack::Restored(_) => "restored-toast",
        Snack::PersonRemoved(_) => "removed-toast",
        Snack::Failed(_) => "failed-toast",
    }
}

fn words(app: App, snack: &Snack) -> String {
    let (texts, unit) = (app.texts(), app.weights());
    match snack {
        Snack::Saved => texts.saved_toast.to_owned(),
        Snack::Deleted(entry) => {
            (texts.deleted_toast)(&numbers::weight(texts, entry.metric.weight, unit))
        }
        Snack::Restored(weight) => (texts.restored_toast)(&numbers::weight(texts, *weight, unit)),
        Snack::PersonRemoved(user) => {
            let name = user.name.as_deref().unwrap_or(texts.person_without_name);
            (texts.people.removed)(name)
        }
        Snack::Failed(fault) => fault_words(texts, *fault).to_owned(),
    }
}

/// What a person can do about a failed save.
pub fn fault_words(texts: &Texts, fault: Fault) -> &'static str {
    match fault {
        Fault::NotSaved => texts.fault_not_saved,
        Fault::NoRoom => texts.fault_no_room,
        Fault::NewerData => texts.fault_newer_data,
        Fault::OtherTab => texts.fault_other_tab,
        Fault::Unreadable => texts.fault_unreadable,
    }
}
