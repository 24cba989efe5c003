//! What home shows before the first entry: a ghost of the chart and one invitation.

use super::{BrandMark, Icon, Mark, SyncChip, use_sheet};
use crate::state::use_app;
use leptos::prelude::*;

/// The places of the ghost's hollow dots.
const DOTS: &str = "M24 70h0M48 94h0M70 48h0M98 83h0M122 54h0M146 118h0M172 94h0M198 142h0M224 91h0M250 110h0M276 88h0M304 144h0M330 131h0";

const GRID: &str = "M0 14h390M0 80h390M0 146h390M0 212h390";
const TREND: &str = "M0 88C40 88 50 58 88 58C130 58 150 118 190 118C220 118 230 101 258 101C300 101 330 156 390 154";
/// How far the waters lie below the line.
const DEPTHS: [u32; 3] = [0, 24, 56];

/// The first screen of a new device. It is the product, not a tour: it can be left by logging.
#[component]
pub fn FirstRun() -> impl IntoView {
    let app = use_app();
    let sheet = use_sheet();
    view! {
        <section class="first-run">
            <header class="header">
                <span class="first-run-brand">
                    <BrandMark size=30/>
                    {app.words(|t| t.app_name)}
                </span>
                <SyncChip/>
            </header>
            <Ghost/>
            <div class="first-run-words">
                <h1 class="first-run-title">{app.words(|t| t.first_run_title)}</h1>
                <p class="plain-text">{app.words(|t| t.first_run_text)}</p>
            </div>
            <div class="first-run-actions">
                <button
                    type="button"
                    class="button"
                    data-kind="primary"
                    data-testid="log-weight"
                    on:click=move |_| sheet.open_new()
                >
                    <Icon mark=Mark::PLUS size=20/>
                    {app.words(|t| t.log_first_weight)}
                </button>
                <Show when=move || !app.is_onboarded()>
                    <a href="/welcome" class="button" data-kind="link" data-testid="set-up-first">
                        {app.words(|t| t.set_up_first)}
                    </a>
                </Show>
            </div>
        </section>
    }
}

#[component]
fn Ghost() -> impl IntoView {
    view! {
        <svg class="ghost" viewBox="0 0 390 280" preserveAspectRatio="none" aria-hidden="true">
            <defs>
                <linearGradient id="ghost-fade" x1="0" y1="0" x2="0" y2="1">
                    <stop class="ghost-water" offset=0.3 stop-opacity=1/>
                    <stop class="ghost-water" offset=1 stop-opacity=0/>
                </linearGradient>
            </defs>
            <path class="ghost-line" d=GRID/>
            {DEPTHS.map(|depth| view! {
                <path fill="url(#ghost-fade)" transform=format!("translate(0 {depth})") d=format!("{TREND}V280H0Z")/>
            })}
            <path class="ghost-trend" d=TREND/>
            <path class="ghost-dot" d=DOTS/>
            <path class="ghost-hole" d=DOTS/>
        </svg>
    }
}
