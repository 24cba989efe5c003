//! Import and export: bringing entries in, taking imports back, taking entries out.

use crate::components::{
    FileQuestion, Header, ImportPreview, JobCard, OutcomeWords, PastImports, TakeOut,
};
use crate::state::{Job, use_app, use_exchange};
use leptos::{html, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;

/// The screen.
#[component]
pub fn DataScreen() -> impl IntoView {
    let (app, exchange) = (use_app(), use_exchange());
    exchange.open();
    on_cleanup(move || exchange.close());
    let part = Memo::new(move |_| {
        exchange.job.with(|job| match job {
            Job::Idle => Part::Doors,
            Job::Asking(_) => Part::Question,
            Job::Preview(_) => Part::Preview,
            Job::Reading { .. } | Job::Adding | Job::Undoing => Part::Work,
        })
    });
    // What was pressed is gone with the step before: the next begins at its top, for eyes and keyboard alike.
    let body = NodeRef::<html::Div>::new();
    Effect::new(move |before: Option<Part>| {
        let part = part.get();
        if let Some(body) = body.get_untracked()
            && before.is_some_and(|before| before != part)
        {
            body.scroll_into_view();
            // An element that is drawn takes the focus.
            let _ = body.focus();
        }
        part
    });
    view! {
        <Header title=app.words(|t| t.exchange.title)/>
        <div node_ref=body class="screen-body exchange" tabindex="-1">
            <OutcomeWords/>
            {move || match part.get() {
                Part::Doors => view! { <ChooseFile/><PastImports/><TakeOut/> }.into_any(),
                Part::Question => view! { <FileQuestion/> }.into_any(),
                Part::Preview => view! { <ImportPreview/> }.into_any(),
                Part::Work => view! { <JobCard/> }.into_any(),
            }}
        </div>
    }
}

/// What the screen shows.
#[derive(Clone, Copy, PartialEq)]
enum Part {
    Doors,
    Question,
    Preview,
    Work,
}

#[component]
fn ChooseFile() -> impl IntoView {
    let (app, exchange) = (use_app(), use_exchange());
    let choose = move |event: leptos::ev::Event| {
        let input = event
            .target()
            .and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
        let file = input
            .as_ref()
            .and_then(HtmlInputElement::files)
            .and_then(|files| files.get(0));
        if let Some(file) = file {
            exchange.read(file.name(), &file);
        }
    };
    view! {
        <section class="import-door">
            <h2 class="section-title">{app.words(|t| t.exchange.import_title)}</h2>
            <p class="plain-text">{app.words(|t| t.exchange.import_hint)}</p>
            <label class="button file-button" data-kind="primary">
                <input type="file" class="file-input" data-testid="import-file" on:change=choose/>
                {app.words(|t| t.exchange.choose_file)}
            </label>
        </section>
    }
}
