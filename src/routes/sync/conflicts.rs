//! What was decided between devices: both values, whose and when, what was kept, and the taps that decide it otherwise.

use crate::i18n::{dates, numbers};
use crate::state::{App, Choice, Mend, use_app};
use leptos::prelude::*;
use tidemark_engine::conflicts::{Decision, Side};
use tidemark_protocol::{DeviceId, Metric, Timestamp};

/// The section; nothing where nothing was decided.
#[component]
pub fn Conflicts() -> impl IntoView {
    let app = use_app();
    let rows = move || {
        let decisions = app.decisions.get();
        if decisions.is_empty() {
            return None;
        }
        let texts = app.texts();
        let rows = decisions
            .into_iter()
            .map(|decision| conflict_row(app, decision));
        Some(view! {
            <section>
                <h2 class="section-label">{texts.sync.conflicts}</h2>
                <p class="plain-text">{texts.sync.conflicts_note}</p>
                <ul class="conflict-list">{rows.collect_view()}</ul>
            </section>
        })
    };
    view! { {rows} }
}

fn conflict_row(app: App, decision: Decision) -> impl IntoView {
    let texts = app.texts();
    let row = &decision.row;
    let day = dates::moment(texts, app.local(row.created_at), app.today());
    let kept = side(
        app,
        texts.sync.kept,
        &Side::Row(Box::new(row.clone())),
        row.updated_by.as_ref(),
        Some(row.updated_at),
    );
    let other = side(
        app,
        texts.sync.not_kept,
        &decision.other,
        decision.by.as_ref(),
        decision.at,
    );
    let take = match &decision.other {
        Side::Row(other) => Some((texts.sync.take)(&value(app, other))),
        Side::Deleted => Some(texts.delete.to_owned()),
        Side::Unknown => None,
    };
    let is_row = matches!(decision.other, Side::Row(_));
    let decide = move |choice: Choice, mark: &'static str, words: String| {
        let decision = decision.clone();
        let decide = move |_| app.mend(Mend::Decide(Box::new(decision.clone()), choice));
        view! { <button type="button" class="button" data-kind="outline" data-testid=mark on:click=decide>{words}</button> }
    };
    view! {
        <li class="card conflict-row" data-testid="conflict-row">
            <p class="conflict-day">{day}</p>
            <div class="conflict-sides">{kept}{other}</div>
            <div class="conflict-answers">
                {take.map(|words| decide(Choice::TakeOther, "conflict-take", words))}
                {is_row.then(|| decide(Choice::KeepBoth, "conflict-both", texts.sync.keep_both.to_owned()))}
                {decide(Choice::LetStand, "conflict-stand", texts.sync.let_stand.to_owned())}
            </div>
        </li>
    }
}

/// One side: what it says, whose it is, since when.
fn side(
    app: App,
    label: &'static str,
    side: &Side,
    by: Option<&DeviceId>,
    at: Option<Timestamp>,
) -> impl IntoView + use<> {
    let texts = app.texts();
    let words = match side {
        Side::Row(row) => value(app, row),
        Side::Deleted => texts.sync.deleted.to_owned(),
        Side::Unknown => texts.sync.unknown.to_owned(),
    };
    let who = by.map(|by| app.device_name(by));
    let when = at.map(|at| app.moment_words(at));
    let about: Vec<String> = [who, when].into_iter().flatten().collect();
    view! {
        <div class="conflict-side" data-kept=(label == texts.sync.kept).then_some("")>
            <small>{label}</small>
            <b>{words}</b>
            <small>{about.join(" · ")}</small>
        </div>
    }
}

/// What a row says, as far as two devices may differ in it.
fn value(app: App, row: &Metric) -> String {
    let texts = app.texts();
    let weight = numbers::weight(texts, row.weight, app.weights());
    match &row.note {
        Some(note) => format!("{weight} · {note}"),
        None => weight,
    }
}
