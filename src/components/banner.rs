//! A message in the flow of the page, never over content.

use crate::later::use_later;
use crate::state::{Intent, use_app};
use leptos::prelude::*;
use tidemark_engine::conflicts::Policy;
use tidemark_protocol::User;

/// Says that the rest of the app could not be loaded, and loads it again.
#[component]
pub fn MissingBanner() -> impl IntoView {
    let (app, later) = (use_app(), use_later());
    view! {
        <div class="banner-place" role="alert">
            {move || later.is_missing().then(|| view! {
                <div class="banner" data-kind="buoy" data-testid="missing-part">
                    <p class="banner-words">{app.texts().missing_part}</p>
                    <button
                        type="button"
                        class="button"
                        data-kind="quiet"
                        data-testid="load-missing-part"
                        on:click=move |_| later.load()
                    >
                        {app.texts().try_again}
                    </button>
                </div>
            })}
        </div>
    }
}

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

/// Says that devices have changed the same entries, where the person wants to be asked about that.
#[component]
pub fn ConflictBanner() -> impl IntoView {
    let app = use_app();
    let count = Memo::new(move |_| {
        let asks = app.overview.with(|overview| {
            let overview = overview.as_ref();
            overview.is_some_and(|overview| overview.state.policy == Policy::AskMe)
        });
        if asks {
            app.decisions.with(Vec::len)
        } else {
            0
        }
    });
    view! {
        <div class="banner-place" role="status">
            <Show when=move || { count.get() > 0 }>
                <div class="banner" data-kind="buoy" data-testid="conflict-banner">
                    <p class="banner-words">{move || (app.texts().sync.conflict_asks)(count.get())}</p>
                    <a href="/sync" class="button" data-kind="quiet">{app.words(|t| t.nav_sync)}</a>
                </div>
            </Show>
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
