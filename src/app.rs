//! The page's frame: contexts, routes, and what stands around every screen.

use crate::components::{
    ConflictBanner, Dock, MissingBanner, NewerVersion, PersonBanner, SheetHandle, Snackbar,
    StorageBanner, SyncNews, UpdateBanner,
};
use crate::later::{Later, use_later};
use crate::router::{Router, Screen, use_router};
use crate::routes::HomeScreen;
use crate::state::{App, Exchange, Fault, use_app};
use leptos::{html, prelude::*};
use tidemark_protocol::Theme;

/// Everything below the document's body.
#[component]
pub fn Root(
    /// The page's signals.
    app: App,
    /// Files in and out.
    exchange: Exchange,
    /// The other screens and the sheet.
    later: Later,
) -> impl IntoView {
    provide_context(app);
    provide_context(exchange);
    provide_context(later);
    provide_context(SheetHandle::new(app));
    dress_document(app);
    provide_context(Router::start());
    view! {
        <a class="skip-link" href="#screen">{app.words(|t| t.skip_to_content)}</a>
        <Frame/>
        {move || later.sheet().map(|sheet| sheet())}
        <Snackbar/>
        <SyncNews/>
    }
}

/// Navigation and the current screen, which scrolls beside it and never below it: by the arrow keys too, so it
/// takes the focus.
#[component]
fn Frame() -> impl IntoView {
    let (app, router, later) = (use_app(), use_router(), use_later());
    let is_newer = Memo::new(move |_| app.fault.get() == Some(Fault::NewerData));
    let place = NodeRef::<html::Main>::new();
    // Each screen begins at its top. The first one does by itself, and asking for it would cost a layout before the paint.
    Effect::new(move |before: Option<Screen>| {
        let screen = router.screen();
        if before.is_some_and(|before| before != screen)
            && let Some(place) = place.get_untracked()
        {
            place.set_scroll_top(0);
        }
        screen
    });
    view! {
        <div class="shell">
            <Dock/>
            <main node_ref=place class="screen" id="screen" tabindex="0">
                <StorageBanner/>
                <MissingBanner/>
                <PersonBanner/>
                <ConflictBanner/>
                <UpdateBanner/>
                {move || match router.screen() {
                    _ if is_newer.get() => view! { <NewerVersion/> }.into_any(),
                    Screen::Home => view! { <HomeScreen/> }.into_any(),
                    Screen::NotFound => view! { <NotFound/> }.into_any(),
                    screen => later.views().map_or_else(|| ().into_any(), |views| (views.screen)(screen)),
                }}
            </main>
        </div>
    }
}

/// Theme and language belong to the document's root element, outside of what is drawn here.
fn dress_document(app: App) {
    Effect::new(move |_| {
        let Some(root) = document().document_element() else {
            return;
        };
        // Setting an attribute of a living element with a plain name cannot fail.
        let _ = root.set_attribute("lang", app.texts().tag);
        if app.profile.with(Option::is_none) {
            return; // `start.js` has set the theme that was noted
        }
        let _ = match app.theme() {
            Theme::System => root.remove_attribute("data-theme"),
            Theme::Light => root.set_attribute("data-theme", "light"),
            Theme::Dark => root.set_attribute("data-theme", "dark"),
        };
        colour_frame(app.theme());
    });
}

/// The paper's colours for the browser's own frame, light and dark; the style sheet's `--paper`.
const PAPER: [&str; 2] = ["#f9f5ef", "#0d171e"];

/// A chosen theme holds for the browser's frame too, whatever the system prefers.
fn colour_frame(theme: Theme) {
    let [light, dark] = match theme {
        Theme::System => PAPER,
        Theme::Light => [PAPER[0]; 2],
        Theme::Dark => [PAPER[1]; 2],
    };
    for (scheme, colour) in [("light", light), ("dark", dark)] {
        let meta = format!("meta[name=theme-color][media*={scheme}]");
        if let Ok(Some(meta)) = document().query_selector(&meta) {
            let _ = meta.set_attribute("content", colour);
        }
    }
}

#[component]
fn NotFound() -> impl IntoView {
    let app = use_app();
    view! {
        <div class="screen-body not-found">
            <h1 class="header-title">{app.words(|t| t.not_found)}</h1>
            <a href="/">{app.words(|t| t.to_start)}</a>
        </div>
    }
}
