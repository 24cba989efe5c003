//! Rows of a card: icon, label and control, or icon, label and the way to another screen.

use super::{Icon, Mark};
use leptos::prelude::*;

/// A row with a control.
#[component]
pub fn CardRow(
    /// What it looks like.
    #[prop(optional, into)]
    mark: Option<Mark>,
    /// The control's id.
    id: &'static str,
    /// The label.
    words: Signal<&'static str>,
    /// The control.
    children: Children,
) -> impl IntoView {
    view! {
        <div class="card-row">
            {mark.map(|mark| view! { <Icon mark=mark size=20/> })}
            <label class="card-words" for=id>{words}</label>
            {children()}
        </div>
    }
}

/// A row that leads somewhere, with what is there now.
#[component]
pub fn LinkRow(
    /// The address.
    href: &'static str,
    /// What it looks like.
    mark: Mark,
    /// The label.
    words: Signal<&'static str>,
    /// What is there now.
    #[prop(optional, into)]
    now: MaybeProp<String>,
) -> impl IntoView {
    view! {
        <a href=href class="card-row card-link">
            <Icon mark=mark size=20/>
            <span class="card-words">{words}</span>
            <span class="card-now">{move || now.get()}</span>
            <Icon mark=Mark::CHEVRON size=16/>
        </a>
    }
}
