//! Recently deleted: what was deleted on this device, and the way back.

use crate::i18n::{dates, numbers};
use crate::state::{App, DELETED_DAYS_MAX, Deleted, Intent, use_app};
use leptos::prelude::*;

/// The view.
#[component]
pub fn DeletedEntries() -> impl IntoView {
    let app = use_app();
    // Those of the person shown; the others have theirs when they are.
    let mine = Memo::new(move |_| {
        let person = app.person().map(|person| person.user.id);
        app.memory.with(|memory| {
            let of_person = |gone: &&Deleted| Some(gone.metric.user_id) == person;
            memory
                .deleted
                .iter()
                .filter(of_person)
                .cloned()
                .collect::<Vec<_>>()
        })
    });
    view! {
        <section class="deleted" data-testid="deleted">
            <p class="plain-text">{move || (app.texts().past.deleted_note)(DELETED_DAYS_MAX)}</p>
            <ul class="rows">{move || mine.with(|all| all.iter().map(|gone| row(app, gone)).collect_view())}</ul>
            <Show when=move || mine.with(Vec::is_empty)>
                <p class="plain-text">{app.words(|t| t.past.deleted_empty)}</p>
            </Show>
        </section>
    }
}

fn row(app: App, gone: &Deleted) -> impl IntoView + use<> {
    let texts = app.texts();
    let entry = gone.entry();
    let weight = numbers::weight(texts, entry.metric.weight, app.weights());
    let day = dates::moment(texts, app.local_of(&entry), app.today());
    let when = dates::moment_inside(texts, app.local(gone.at), app.today());
    let name = (texts.past.restore_entry)(&(texts.day_at)(&weight, &day));
    view! {
        <li class="deleted-row" data-testid="deleted-row">
            <span class="deleted-about">
                {day}
                <small class="card-why">{(texts.past.deleted_on)(&when)}</small>
            </span>
            <span class="history-value">{weight}</span>
            <button
                type="button"
                class="button"
                data-kind="link"
                data-testid="restore"
                aria-label=name
                on:click=move |_| app.send(Intent::Restore(entry.clone()))
            >
                {texts.past.restore}
            </button>
        </li>
    }
}
