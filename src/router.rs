//! Which screen an address means, and links that change the address without loading the page anew.
//!
//! A few fixed addresses need no more than this; a router library costs a tenth of what a phone downloads.

use leptos::{ev, prelude::*};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, MouseEvent};

/// The screens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Screen {
    /// `/`
    Home,
    /// `/history`
    History,
    /// `/sync`
    Sync,
    /// `/settings`
    Settings,
    /// `/account`
    Account,
    /// `/data`
    Data,
    /// `/report`
    Report,
    /// `/goal`
    Goal,
    /// `/about`
    About,
    /// `/welcome`
    Welcome,
    /// Any other address.
    NotFound,
}

impl Screen {
    /// The screen of a path; a slash at its end does not matter.
    pub fn of(path: &str) -> Self {
        match path.trim_end_matches('/') {
            "" => Self::Home,
            "/history" => Self::History,
            "/sync" => Self::Sync,
            "/settings" => Self::Settings,
            "/account" => Self::Account,
            "/data" => Self::Data,
            "/report" => Self::Report,
            "/goal" => Self::Goal,
            "/about" => Self::About,
            "/welcome" => Self::Welcome,
            _ => Self::NotFound,
        }
    }
}

/// The current screen. A handle: copying it copies no data.
#[derive(Clone, Copy)]
pub struct Router {
    screen: RwSignal<Screen>,
}

impl Router {
    /// Reads the address and follows links, Back and Forward from now on.
    pub fn start() -> Self {
        let screen = RwSignal::new(current());
        let clicks = window_event_listener(ev::click, move |event| follow(&event, screen));
        let moves = window_event_listener(ev::popstate, move |_| screen.set(current()));
        on_cleanup(move || {
            clicks.remove();
            moves.remove();
        });
        Self { screen }
    }

    /// The current screen.
    pub fn screen(self) -> Screen {
        self.screen.get()
    }

    /// Goes to a screen by itself, as a link would.
    pub fn go(self, path: &str) {
        go(path, true);
        self.screen.set(Screen::of(path));
    }

    /// The value of `aria-current` for a link to `screen`.
    pub fn current(self, screen: Screen) -> Option<&'static str> {
        (self.screen.get() == screen).then_some("page")
    }
}

/// The router, from anywhere below the root.
pub fn use_router() -> Router {
    use_context().expect("the root provides the router before it draws anything")
}

/// Whether the address carries this word after its question mark; then it is taken off, so that loading
/// the page anew does not find it again.
pub fn take_query(word: &str) -> bool {
    let location = window().location();
    let query = location.search().unwrap_or_default();
    let is_there = query
        .trim_start_matches('?')
        .split('&')
        .any(|part| part == word);
    if is_there {
        let path = location.pathname().unwrap_or_default();
        go(&path, false);
    }
    is_there
}

/// The screen of the address as it stands.
pub fn current() -> Screen {
    Screen::of(&window().location().pathname().unwrap_or_default())
}

/// A plain click on a link of ours changes the address here; everything else is the browser's.
fn follow(event: &MouseEvent, screen: RwSignal<Screen>) {
    let is_plain = event.button() == 0
        && !(event.default_prevented() || event.ctrl_key() || event.meta_key())
        && !(event.shift_key() || event.alt_key());
    let target = event
        .target()
        .and_then(|target| target.dyn_into::<Element>().ok());
    let link = target.and_then(|target| target.closest("a[href^='/']").ok().flatten());
    let (Some(link), true) = (link, is_plain) else {
        return;
    };
    let path = link.get_attribute("href").unwrap_or_default();
    event.prevent_default();
    if screen.get_untracked() != Screen::of(&path) {
        go(&path, true);
        screen.set(Screen::of(&path));
    }
}

/// Writes the address, as a new step of the browser's history or in place of the current one.
fn go(path: &str, is_new_step: bool) {
    if let Ok(history) = window().history() {
        // It refuses only addresses of other origins, and a path is none.
        let _ = if is_new_step {
            history.push_state_with_url(&JsValue::NULL, "", Some(path))
        } else {
            history.replace_state_with_url(&JsValue::NULL, "", Some(path))
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_address_has_its_screen_and_an_unknown_one_says_so() {
        for (path, screen) in [
            ("/", Screen::Home),
            ("", Screen::Home),
            ("/history", Screen::History),
            ("/history/", Screen::History),
            ("/sync", Screen::Sync),
            ("/settings", Screen::Settings),
            ("/account", Screen::Account),
            ("/data", Screen::Data),
            ("/report", Screen::Report),
            ("/goal", Screen::Goal),
            ("/about", Screen::About),
            ("/welcome", Screen::Welcome),
            ("/nowhere", Screen::NotFound),
        ] {
            assert_eq!(Screen::of(path), screen, "{path}");
        }
    }
}
