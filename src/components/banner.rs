//! A message in the flow of the page, never over content.

use crate::state::{Intent, use_app};
use leptos::prelude::*;
use tidemark_protocol::User;

/// Asks who is who before this device's person is sent for the first time.
#[component]
pub fn PersonBanner() -> impl IntoView {
    let app = use_app();
    let question = Memo::new(move |_| {
        app.overview.with(|overview| {
            overview
                .as_ref()
                .and_then(|overview| overview.question.clone())
        })
    });
    let answer = move |same_as: Option<User>, words: String| {
        view! {
            <button
                type="button"
                class="button"
                data-kind="quiet"
                on:click=move |_| app.send(Intent::AnswerQuestion(same_as.clone()))
            >
                {words}
            </button>
        }
    };
    view! {
        <div class="banner-place" role="status">
            {move || question.get().map(|question| {
                let texts = app.texts();
                let name = |user: &User| user.name.clone().unwrap_or_else(|| texts.person_without_name.to_owned());
                let ours = name(&question.ours);
                let known = question.theirs.iter().map(|user| answer(Some(user.clone()), (texts.same_as)(&name(user))));
                view! {
                    <div class="banner" data-testid="person-question">
                        <p class="banner-words">{(texts.who_is)(&ours)}</p>
                        {known.collect_view()}
                        {answer(None, texts.someone_new.to_owned())}
                    </div>
                }
            })}
        </div>
    }
}

/// Offers a new version of the app. It never reloads by itself: a half-filled form would be gone.
#[component]
pub fn UpdateBanner() -> impl IntoView {
    let app = use_app();
    let is_dismissed = RwSignal::new(false);
    view! {
        <div class="banner-place" role="status">
            <Show when=move || app.is_update_ready.get() && !is_dismissed.get()>
                <div class="banner" data-testid="update-banner">
                    <p class="banner-words">{app.words(|t| t.update_ready)}</p>
                    <button
                        type="button"
                        class="button"
                        data-kind="link"
                        on:click=move |_| is_dismissed.set(true)
                    >
                        {app.words(|t| t.update_later)}
                    </button>
                    <button
                        type="button"
                        class="button"
                        data-kind="quiet"
                        data-testid="update-apply"
                        on:click=move |_| app.send(Intent::ApplyUpdate)
                    >
                        {app.words(|t| t.update_apply)}
                    </button>
                </div>
            </Show>
        </div>
    }
}
