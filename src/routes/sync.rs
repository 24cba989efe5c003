//! Sync: where the entries are, what waits and why, what was decided between devices, and what happened so far.

mod around;
mod conflicts;
mod log;
mod waiting;

use crate::components::{CopyButton, Header, Icon, Mark, OutcomeWords};
use crate::state::{AccountPlace, AccountStep, App, Intent, Mend, use_app, use_exchange};
use around::Around;
use conflicts::Conflicts;
use leptos::prelude::*;
use log::Log;
use tidemark_engine::risk::LossRisk;
use tidemark_engine::view::ChipState;
use waiting::Waiting;

/// The screen.
#[component]
pub fn SyncScreen() -> impl IntoView {
    let (app, exchange) = (use_app(), use_exchange());
    app.send(Intent::ShowSyncDetails(true));
    app.send(Intent::LookAtStorage);
    on_cleanup(move || {
        app.send(Intent::ShowSyncDetails(false));
        exchange.close();
    });
    view! {
        <Header title=app.words(|t| t.sync_title)/>
        <div class="screen-body sync-screen">
            // Shown or not as before the app was there, so that nothing moves when it comes.
            <p class="plain-text first-paint-new">{app.words(|t| t.sync.lead)}</p>
            <State/>
            <Risk/>
            <Conflicts/>
            <Waiting/>
            <Around/>
            <Report/>
            <Log/>
        </div>
    }
}

#[component]
fn State() -> impl IntoView {
    let app = use_app();
    let words = Memo::new(move |_| app.sync_state_words().unwrap_or_default());
    let mark = move || match app.chip_state() {
        None | Some(ChipState::Local) => Mark::PHONE,
        Some(ChipState::Pending | ChipState::Syncing) => Mark::CLOUD_UP,
        Some(ChipState::Offline) => Mark::CLOUD_OFF,
        Some(ChipState::Synced) => Mark::CLOUD_TICK,
        Some(ChipState::Error) => Mark::CLOUD_ALERT,
        Some(ChipState::SignedOut) => Mark::BUOY,
    };
    view! {
        <section class="sync-state">
            <span class="sync-badge"><Icon mark=Signal::derive(mark) size=24/></span>
            <div class="sync-words">
                // A heading without words would be announced as one.
                <h2 class="sync-sentence" hidden=move || words.with(|words| words.0.is_empty())>
                    {move || words.with(|words| words.0.clone())}
                </h2>
                <p class="plain-text">{move || words.with(|words| words.1.clone())}</p>
                <p class="plain-text" data-testid="sync-proof">{move || app.proof_words()}</p>
                <p class="plain-text" data-testid="set-aside">{move || app.set_aside_words()}</p>
            </div>
            <button
                type="button"
                class="button"
                data-kind="quiet"
                data-testid="sync-now"
                on:click=move |_| app.send(Intent::SyncNow)
            >
                <span class="sync-icon" data-turning=move || app.is_syncing.get().then_some("")>
                    <Icon mark=Mark::CYCLE size=20/>
                </span>
                {app.words(|t| t.sync_now)}
            </button>
            <Show when=move || needs_sign_in(app)>
                <a href="/account" class="button" data-kind="link" data-testid="to-account">
                    {app.words(|t| t.account.sign_in)}
                </a>
            </Show>
        </section>
    }
}

/// Whether signing in would let what waits go.
fn needs_sign_in(app: App) -> bool {
    use AccountPlace::{Again, Erased, Local, SomebodyElse};
    let place = app.overview.with(|overview| {
        let state = overview.as_ref().map(|overview| &overview.state);
        AccountPlace::of(state, &AccountStep::Idle)
    });
    matches!(place, Again | Erased | Local | SomebodyElse)
}

/// What would be lost with this device, and the file against it.
#[component]
fn Risk() -> impl IntoView {
    let (app, exchange) = (use_app(), use_exchange());
    let risk = Memo::new(move |_| app.risk_words());
    let banner = move || {
        let (risk, words) = risk.get()?;
        let kind = (risk == LossRisk::High).then_some("buoy");
        Some(view! {
            <section class="banner" data-kind=kind data-testid="loss-risk" data-risk=format!("{risk:?}")>
                <Icon mark=if risk == LossRisk::High { Mark::ALERT } else { Mark::PHONE } size=20/>
                <p class="banner-words">{words}</p>
                <button
                    type="button"
                    class="button"
                    data-kind="outline"
                    data-testid="rescue"
                    on:click=move |_| exchange.rescue(|| {})
                >
                    {app.texts().sync.rescue}
                </button>
            </section>
        })
    };
    view! { {banner} <OutcomeWords/> }
}

/// Versions, states and counts, to be pasted where somebody helps.
#[component]
fn Report() -> impl IntoView {
    let app = use_app();
    view! {
        <section>
            <div class="section-head">
                <h2 class="section-label">{app.words(|t| t.sync.report)}</h2>
                <CopyButton mark="copy-report" text=|app, told| app.mend(Mend::Report(told))/>
            </div>
            <p class="plain-text">{app.words(|t| t.sync.report_note)}</p>
        </section>
    }
}
