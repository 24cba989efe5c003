//! What is around: the account's devices, the rule for conflicts, storage, and a clock that is wrong.

use crate::components::{Icon, Mark};
use crate::i18n::numbers;
use crate::state::{AccountPlace, AccountStep, App, Mend, use_app};
use leptos::prelude::*;
use tidemark_engine::conflicts::Policy;
use tidemark_protocol::{DeviceId, DeviceInfo};

/// Where the devices will stand.
const DEVICES_PLACE: &str = "sync-devices-place";

/// The sections; devices only where there is an account.
#[component]
pub fn Around() -> impl IntoView {
    let app = use_app();
    let devices = Memo::new(move |_| app.devices());
    let policy = Memo::new(move |_| {
        app.overview.with(|overview| {
            overview
                .as_ref()
                .map(|overview| overview.state.policy.clone())
        })
    });
    let are_to_come = Memo::new(move |_| {
        use AccountPlace::{Off, SignedIn, Unknown};
        app.overview.with(|overview| {
            let state = overview.as_ref().map(|overview| &overview.state);
            matches!(
                AccountPlace::of(state, &AccountStep::Idle),
                Unknown | Off | SignedIn
            )
        })
    });
    let storage = Memo::new(move |_| storage_words(app));
    let section = move || {
        let devices = devices.get();
        let texts = app.texts();
        if devices.is_empty() {
            // They come with the server's first answers; where those are still to come, what stands below keeps its place.
            return are_to_come
                .get()
                .then(|| view! { <div class=DEVICES_PLACE></div> }.into_any());
        }
        let rule = policy
            .get()
            .map(|policy| policy_rows(app, &policy, &devices));
        let rows = devices
            .into_iter()
            .map(|(device, has_all)| device_row(app, &device, has_all));
        Some(
            view! {
                <section>
                    <h2 class="section-label">{texts.sync.devices}</h2>
                    <ul class="card" data-testid="devices">{rows.collect_view()}</ul>
                </section>
                {rule}
            }
            .into_any(),
        )
    };
    view! {
        <section>
            <h2 class="section-label">{app.words(|t| t.sync.storage)}</h2>
            <div class="sync-storage" data-testid="sync-storage">
                <p>{move || storage.with(|words| words.as_ref().map(|words| words.0.clone()))}</p>
                <p class="plain-text">{move || storage.with(|words| words.as_ref().map(|words| words.1))}</p>
            </div>
            <p class="plain-text" data-testid="sync-clock">{move || app.clock_words()}</p>
        </section>
        {section}
    }
}

fn device_row(app: App, device: &DeviceInfo, has_all: bool) -> impl IntoView + use<> {
    let texts = app.texts();
    let name = device
        .name
        .clone()
        .unwrap_or_else(|| app.device_name(&device.device_id));
    let state = if has_all {
        texts.sync.up_to_date
    } else {
        texts.sync.lags
    };
    let seen = (texts.sync.seen)(&app.moment_words(device.last_seen_at));
    view! {
        <li class="card-row" data-testid="device-row" data-has-all=has_all.then_some("")>
            <Icon mark=Mark::PHONE size=20/>
            <span class="card-words">{name} <small class="card-why">{format!("{state} · {seen}")}</small></span>
        </li>
    }
}

/// The rules to choose from: each other device may be the one that is right.
fn policy_rows(app: App, chosen: &Policy, devices: &[(DeviceInfo, bool)]) -> impl IntoView + use<> {
    let words = &app.texts().sync;
    let prefer = |device: &DeviceId| {
        let name = app.device_name(device);
        (Policy::Prefer(device.clone()), (words.policy_prefer)(&name))
    };
    let mut rules = vec![(Policy::LatestEdit, words.policy_latest.to_owned())];
    rules.extend(devices.iter().map(|(device, _)| prefer(&device.device_id)));
    rules.push((Policy::AskMe, words.policy_ask.to_owned()));
    let options = rules.iter().map(|(policy, words)| {
        view! { <option selected=policy == chosen>{words.clone()}</option> }
    });
    let options = options.collect_view();
    let choose = move |event: leptos::ev::Event| {
        let said = event_target_value(&event);
        let rule = rules.iter().find(|(_, words)| *words == said);
        if let Some((policy, _)) = rule {
            app.mend(Mend::ChoosePolicy(policy.clone()));
        }
    };
    view! {
        <section>
            <h2 class="section-label" id="policy-label">{words.policy}</h2>
            <select class="choice policy-choice" aria-labelledby="policy-label" data-testid="conflict-policy" on:change=choose>
                {options}
            </select>
            <p class="section-note">{words.policy_note}</p>
        </section>
    }
}

/// How safely, in how much room, and what that means.
fn storage_words(app: App) -> Option<(String, &'static str)> {
    let (state, texts) = (app.storage.get()?, app.texts());
    let (title, text) = match state.is_kept {
        Some(true) => texts.device.kept,
        Some(false) => texts.device.not_kept,
        None => texts.device.kept_unknown,
    };
    let used = state
        .usage_bytes
        .map(|bytes| numbers::megabytes(texts, bytes));
    let used = used.map_or_else(String::new, |used| format!(" · {used}"));
    Some((format!("{title}{used}"), text))
}
