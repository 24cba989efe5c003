//! Welcome: a minute to set the app up, in three steps that can each be skipped. What is chosen is stored at once, so
//! leaving loses nothing.

use super::goal::{GOAL_FORM, GoalForm};
use crate::components::{Header, LanguageRow, PersonFields, ThemeRow, UnitsRow, save_settings};
use crate::router::use_router;
use crate::state::{App, use_app};
use leptos::prelude::*;
use tidemark_protocol::{AppModelPatch, Patch};

const STEPS: u32 = 3;

/// The screen.
#[component]
pub fn WelcomeScreen() -> impl IntoView {
    let app = use_app();
    let router = use_router();
    let step = RwSignal::new(0_u32);
    let leave = move || {
        finish(app);
        router.go("/");
    };
    let is_last = move || step.get() + 1 == STEPS;
    // The last step's button sends the form of the goal.
    let next = move |event: leptos::ev::MouseEvent| {
        if !untrack(is_last) {
            event.prevent_default();
            step.update(|step| *step += 1);
        }
    };
    let title = move || app.texts().people.steps[step.get() as usize];
    view! {
        <Header title=app.words(|t| t.people.welcome)/>
        <div class="screen-body welcome" data-testid="welcome">
            <p class="plain-text">{app.words(|t| t.people.welcome_why)}</p>
            <section class="welcome-step">
                <p class="section-note">{move || (app.texts().people.step_of)(step.get() + 1, STEPS)}</p>
                <h2 class="section-title">{title}</h2>
                {move || match step.get() {
                    0 => view! { <div class="card"><LanguageRow/><UnitsRow/><ThemeRow/></div> }.into_any(),
                    1 => view! {
                        <div class="card"><PersonFields/></div>
                        <p class="field-note">{app.words(|t| t.people.about_why)}</p>
                    }.into_any(),
                    _ => view! { <GoalForm on_done=Callback::new(move |()| leave())/> }.into_any(),
                }}
            </section>
            <div class="welcome-actions">
                <button
                    type="button"
                    class="button"
                    data-kind="link"
                    data-testid="skip-onboarding"
                    on:click=move |_| leave()
                >
                    {app.words(|t| t.people.skip)}
                </button>
                <Show when=move || { step.get() > 0 }>
                    <button type="button" class="button" data-kind="quiet" on:click=move |_| step.update(|step| *step -= 1)>
                        {app.words(|t| t.people.back)}
                    </button>
                </Show>
                <button
                    type="submit"
                    form=GOAL_FORM
                    class="button"
                    data-kind="primary"
                    data-testid="next-step"
                    on:click=next
                >
                    {move || if is_last() { app.texts().people.done } else { app.texts().people.next }}
                </button>
            </div>
        </div>
    }
}

/// Done or skipped is the same: nobody is asked again, on any device.
fn finish(app: App) {
    let patch = AppModelPatch {
        is_complete_onboard: Patch::Set(true),
        ..AppModelPatch::default()
    };
    save_settings(app, patch);
}
