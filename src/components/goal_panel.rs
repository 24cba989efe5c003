//! The goal on home: how far, when, and the way to change it.

use crate::i18n::numbers;
use crate::state::{App, goal_sentences, use_app};
use leptos::prelude::*;

/// The goal's section. Without a goal it is one quiet line, and nothing before there is a trend.
#[component]
pub fn GoalPanel() -> impl IntoView {
    let app = use_app();
    view! {
        <section class="goal-panel" data-testid="goal-panel">
            <div class="section-head">
                <h2 class="section-title">{app.words(|t| t.goal.title)}</h2>
                <a href="/goal" class="button" data-kind="link" data-testid="goal-link">
                    {move || if app.goal().is_some() { app.texts().goal.change } else { app.texts().goal.set }}
                </a>
            </div>
            {move || body(app)}
        </section>
    }
}

fn body(app: App) -> AnyView {
    let texts = app.texts();
    let Some(goal) = app.goal() else {
        return view! { <p class="plain-text">{texts.goal.invitation}</p> }.into_any();
    };
    let weight = numbers::weight(texts, goal.weight, app.weights());
    let sentences = goal_sentences(app, goal).into_iter();
    let sentences = sentences.map(|words| view! { <p class="plain-text">{words}</p> });
    view! {
        <p class="goal-weight">{weight}</p>
        {sentences.collect_view()}
    }
    .into_any()
}
