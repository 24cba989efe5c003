//! About: what the app is, how it works things out and from which sources, and its licence.

use crate::components::Header;
use crate::state::{App, use_app};
use leptos::prelude::*;

/// The screen.
#[component]
pub fn AboutScreen() -> impl IntoView {
    let app = use_app();
    view! {
        <Header title=app.words(|t| t.about.title)/>
        <div class="screen-body about">{move || body(app)}</div>
    }
}

fn body(app: App) -> impl IntoView {
    let texts = &app.texts().about;
    let paragraphs = |all: &'static [&'static str]| {
        let paragraph = |words: &&'static str| view! { <p class="plain-text">{*words}</p> };
        all.iter().map(paragraph).collect_view()
    };
    let rule = |(name, words, source): &(&'static str, &'static str, &'static str)| {
        view! {
            <div class="about-rule">
                <dt class="about-name">{*name}</dt>
                <dd class="plain-text">{*words}</dd>
                {(!source.is_empty()).then(|| view! { <dd class="field-note">{*source}</dd> })}
            </div>
        }
    };
    view! {
        <section class="about-part">
            {paragraphs(texts.what)}
            <p class="field-note">{(texts.version)(env!("CARGO_PKG_VERSION"))}</p>
        </section>
        <section>
            <h2 class="section-title">{texts.formulas}</h2>
            <dl class="about-rules">{texts.rules.iter().map(rule).collect_view()}</dl>
        </section>
        <section class="about-part">
            <h2 class="section-title">{texts.privacy}</h2>
            {paragraphs(texts.privacy_text)}
        </section>
        <section class="about-part">
            <h2 class="section-title">{texts.licence}</h2>
            <p class="plain-text">{texts.licence_text}</p>
        </section>
    }
}
