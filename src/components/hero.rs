//! The trend weight in large, and the three facts below it.

use super::{Icon, Mark};
use crate::i18n::{ChangeDirection, dates, numbers};
use crate::state::use_app;
use leptos::prelude::*;
use tidemark_domain::mass::MassChange;
use tidemark_domain::trend::ChangeWindow;

/// The trend's last value, the screen's one large number.
#[component]
pub fn Hero() -> impl IntoView {
    let app = use_app();
    let parts = Memo::new(move |_| {
        let now = app.trend.with(crate::state::TrendView::now)?;
        Some(numbers::weight_parts(app.texts(), now, app.weights()))
    });
    view! {
        <div class="hero">
            <h1 class="hero-label">{app.words(|t| t.trend_weight)}</h1>
            <p class="hero-value" data-testid="trend-weight">
                {move || match parts.get() {
                    None => view! { <span class="hero-number hero-none">{app.texts().no_value}</span> }.into_any(),
                    Some(parts) => parts
                        .into_iter()
                        .map(|part| view! {
                            <span class="hero-number">{part.number}</span>
                            <span class="hero-unit">"\u{a0}" {part.unit} " "</span>
                        })
                        .collect_view()
                        .into_any(),
                }}
            </p>
        </div>
    }
}

/// Change per week, change in 30 days, and the last reading.
#[component]
pub fn Facts() -> impl IntoView {
    let app = use_app();
    let change = move |window| {
        let today = app.today().day;
        app.trend.with(|trend| trend.change(today, window))
    };
    let last = Memo::new(move |_| {
        let entry = app.newest()?;
        let value = numbers::weight(app.texts(), entry.metric.weight, app.weights());
        Some((
            value,
            dates::moment_inside(app.texts(), app.local_of(&entry), app.today()),
        ))
    });
    let last_value = move || {
        last.get()
            .map_or(app.texts().no_value.to_owned(), |last| last.0)
    };
    let last_when = move || last.get().map_or_else(String::new, |last| last.1);
    view! {
        <dl class="facts">
            <Change change=Signal::derive(move || change(ChangeWindow::Week)) label=app.words(|t| t.per_week)/>
            <Change change=Signal::derive(move || change(ChangeWindow::Month)) label=app.words(|t| t.in_30_days)/>
            <div class="fact">
                <dt class="fact-label">{last_when}</dt>
                <dd class="fact-value">{last_value}</dd>
            </div>
        </dl>
    }
}

#[component]
fn Change(change: Signal<Option<MassChange>>, label: Signal<&'static str>) -> impl IntoView {
    let app = use_app();
    let mark = move || match change.get().map(ChangeDirection::of) {
        Some(ChangeDirection::Down) => Mark::ARROW_DOWN,
        Some(ChangeDirection::Up) => Mark::ARROW_UP,
        Some(ChangeDirection::Level) | None => Mark::ARROW_LEVEL,
    };
    let value = move || {
        let (texts, unit) = (app.texts(), app.weights());
        change.get().map_or_else(
            || texts.no_value.to_owned(),
            |change| numbers::change_amount(texts, change, unit),
        )
    };
    let spoken = move || {
        change
            .get()
            .map(|change| (app.texts().direction)(ChangeDirection::of(change)))
    };
    view! {
        <div class="fact">
            <dt class="fact-label">{label}</dt>
            <dd class="fact-value">
                <Show when=move || change.get().is_some()>
                    <Icon mark=Signal::derive(mark) size=16/>
                    <span class="unseen">{spoken} " "</span>
                </Show>
                {value}
            </dd>
        </div>
    }
}
