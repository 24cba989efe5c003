//! Account: says honestly what this server and this version can do.

use crate::components::Header;
use crate::state::use_app;
use leptos::prelude::*;
use tidemark_protocol::AuthMode;

/// The screen.
#[component]
pub fn AccountScreen() -> impl IntoView {
    let app = use_app();
    let words = move || {
        let auth = app
            .overview
            .with(|overview| overview.as_ref().and_then(|overview| overview.state.auth));
        match auth {
            Some(AuthMode::Off) => app.texts().account_off,
            Some(AuthMode::Required) => app.texts().account_required,
            None => app.texts().account_unknown,
        }
    };
    view! {
        <Header title=app.words(|t| t.account_title)/>
        <div class="screen-body">
            <section class="sync-words">
                <h2 class="sync-sentence">{move || words().0}</h2>
                <p class="plain-text">{move || words().1}</p>
            </section>
        </div>
    }
}
