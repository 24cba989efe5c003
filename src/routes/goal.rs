//! Goal: what for, which weight, why not lower, and when.

use crate::components::{Field, Header, Segments};
use crate::forms::{GOAL_KINDS, GoalError, WeightDraft, mass_error_words, parse_goal};
use crate::i18n::numbers;
use crate::state::{App, Fault, Intent, Snack, goal_ground, goal_sentences, kind_of, use_app};
use leptos::prelude::*;
use tidemark_domain::goal::lowest_healthy;
use tidemark_domain::mass::MassUnit;
use tidemark_protocol::{AppModelPatch, Goal, Patch};

/// The screen.
#[component]
pub fn GoalScreen() -> impl IntoView {
    let app = use_app();
    view! {
        <Header title=app.words(|t| t.goal.title)/>
        <div class="screen-body">
            <Show when=move || app.goal().is_none()>
                <p class="plain-text">{app.words(|t| t.goal.invitation)}</p>
            </Show>
            <GoalForm/>
            {move || app.goal().map(|goal| outlook(app, goal))}
        </div>
    }
}

/// How far and when, for a goal that is set.
fn outlook(app: App, goal: Goal) -> impl IntoView + use<> {
    let sentences = goal_sentences(app, goal).into_iter();
    let sentences = sentences.map(|words| view! { <p class="plain-text">{words}</p> });
    view! {
        <section class="goal-outlook" data-testid="goal-outlook">
            {sentences.collect_view()}
            <p class="field-note">{app.texts().goal.why_range}</p>
        </section>
    }
}

/// The form's name in the page, for a button that stands outside of it.
pub const GOAL_FORM: &str = "goal-form";

/// The form, on its own screen and in the first minute. It begins anew with another goal from elsewhere.
#[component]
pub fn GoalForm(
    /// What follows in the first minute, whose button sends the form: without a weight at once, else once it is taken.
    #[prop(optional)]
    on_done: Option<Callback<()>>,
) -> impl IntoView {
    let app = use_app();
    let ground = Memo::new(move |_| (app.goal(), app.mass_unit(), app.texts().decimal_separator));
    view! { {move || {
        let (goal, unit, separator) = ground.get();
        let draft = goal.map_or_else(
            || WeightDraft::empty(unit),
            |goal| WeightDraft::of(goal.weight, unit, separator),
        );
        form(app, goal, draft, on_done)
    }} }
}

fn form(
    app: App,
    goal: Option<Goal>,
    draft: WeightDraft,
    on_done: Option<Callback<()>>,
) -> impl IntoView {
    let kind = RwSignal::new(kind_of(goal));
    let draft = RwSignal::new(draft);
    let refused = RwSignal::new(None::<GoalError>);
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let is_empty = draft.with_untracked(WeightDraft::is_empty);
        if let (Some(done), true) = (on_done, is_empty) {
            done.run(());
            return;
        }
        let ground = untrack(|| goal_ground(app));
        match draft.with_untracked(|draft| parse_goal(kind.get_untracked(), draft, ground)) {
            Ok(goal) => {
                save(app, Some(goal));
                if let Some(done) = on_done {
                    done.run(());
                }
            }
            Err(error) => refused.set(Some(error)),
        }
    };
    let kinds = move || {
        let texts = &app.texts().goal;
        vec![texts.lose, texts.keep, texts.gain]
    };
    let chosen = move || GOAL_KINDS.iter().position(|each| *each == kind.get());
    let choose = move |index: usize| {
        kind.set(
            GOAL_KINDS
                .get(index)
                .copied()
                .unwrap_or(kind.get_untracked()),
        );
        refused.set(None);
    };
    view! {
        <form id=GOAL_FORM class="goal-form" data-testid="goal-form" novalidate on:submit=submit>
            <Segments
                name="goal-kind"
                label=app.words(|t| t.goal.kind)
                words=Signal::derive(kinds)
                chosen=Signal::derive(move || chosen().unwrap_or_default())
                on_choose=Callback::new(choose)
            />
            <div class="card"><GoalWeight draft refused/></div>
            // Where the refusal says it, it is not said again.
            {move || match refused.get() {
                Some(GoalError::BelowFloor(_)) => None,
                _ => floor_words(app),
            }}
            {on_done.is_none().then(|| actions(app, goal))}
        </form>
    }
}

fn actions(app: App, goal: Option<Goal>) -> impl IntoView {
    view! {
            <div class="goal-actions">
                <button type="submit" class="button" data-kind="primary" data-testid="save-goal">
                    {app.words(|t| t.save)}
                </button>
                <Show when=move || goal.is_some()>
                    <button
                        type="button"
                        class="button"
                        data-kind="link"
                        data-testid="remove-goal"
                        on:click=move |_| save(app, None)
                    >
                        {app.words(|t| t.goal.remove)}
                    </button>
                </Show>
            </div>
    }
}

#[component]
fn GoalWeight(draft: RwSignal<WeightDraft>, refused: RwSignal<Option<GoalError>>) -> impl IntoView {
    let app = use_app();
    let unit = draft.with_untracked(|draft| draft.unit);
    let error = move || refused.get().map(|error| refusal(app, error));
    let is_stone = unit == MassUnit::Stone;
    let first_symbol = if is_stone {
        numbers::STONE
    } else {
        numbers::typed_symbol(unit)
    };
    let type_first = move |event| {
        draft.update(|draft| draft.first = event_target_value(&event));
        refused.set(None);
    };
    let type_second = move |event| {
        draft.update(|draft| draft.second = event_target_value(&event));
        refused.set(None);
    };
    view! {
        <Field id="goal-weight" label=app.words(|t| t.goal.weight) error=Signal::derive(error)>
            <input
                id="goal-weight"
                class="text-input"
                type="text"
                inputmode="decimal"
                autocomplete="off"
                data-testid="goal-weight"
                aria-describedby="goal-weight-note"
                aria-invalid=move || refused.get().is_some().to_string()
                prop:value=move || draft.with(|draft| draft.first.clone())
                on:input=type_first
            />
            <span class="field-unit">{first_symbol}</span>
            {is_stone.then(|| view! {
                <input
                    class="text-input"
                    type="text"
                    inputmode="decimal"
                    autocomplete="off"
                    aria-label=app.words(|t| t.pounds)
                    prop:value=move || draft.with(|draft| draft.second.clone())
                    on:input=type_second
                />
                <span class="field-unit">{numbers::typed_symbol(unit)}</span>
            })}
        </Field>
    }
}

/// Why a goal is not taken. A floor is explained, not only named.
fn refusal(app: App, error: GoalError) -> String {
    let (texts, unit) = (app.texts(), app.mass_unit());
    match error {
        GoalError::Weight(error) => mass_error_words(texts, unit, error),
        GoalError::BelowFloor(floor) => {
            (texts.goal.floor)(&numbers::weight_above(texts, floor, unit))
        }
        GoalError::NotBelow(trend) => {
            (texts.goal.must_be_below)(&numbers::weight(texts, trend, unit))
        }
        GoalError::NotAbove(trend) => {
            (texts.goal.must_be_above)(&numbers::weight(texts, trend, unit))
        }
    }
}

fn floor_words(app: App) -> Option<impl IntoView> {
    let floor = lowest_healthy(goal_ground(app).adult_height?);
    let lowest = numbers::weight_above(app.texts(), floor, app.mass_unit());
    Some(view! { <p class="field-note">{(app.texts().goal.floor)(&lowest)}</p> })
}

fn save(app: App, goal: Option<Goal>) {
    let patch = AppModelPatch {
        goal: Patch::from_option(goal),
        ..AppModelPatch::default()
    };
    let told = Box::new(move |outcome: Result<(), Fault>| {
        let snack = outcome.map_or_else(Snack::Failed, |()| Snack::Saved);
        app.snack.set(Some(snack));
    });
    app.send(Intent::SaveSettings(patch, told));
}
