//! What home shows before the first entry: a ghost of the chart and one invitation.

use super::{Icon, Mark, SyncChip, use_sheet};
use crate::state::use_app;
use leptos::prelude::*;

/// The places of the ghost's hollow dots.
const DOTS: [(u32, u32); 13] = [
    (24, 70),
    (48, 94),
    (70, 48),
    (98, 83),
    (122, 54),
    (146, 118),
    (172, 94),
    (198, 142),
    (224, 91),
    (250, 110),
    (276, 88),
    (304, 144),
    (330, 131),
];

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
                    <img src="/icons/mark.svg" alt="" width=30 height=30/>
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
                <a href="/welcome" class="button" data-kind="link" data-testid="set-up-first">
                    {app.words(|t| t.set_up_first)}
                </a>
            </div>
        </section>
    }
}

#[component]
fn Ghost() -> impl IntoView {
    let dots = DOTS.map(|(x, y)| view! { <circle class="ghost-dot" cx=x cy=y r="2.6"/> });
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
            {dots}
        </svg>
    }
}
