//! What the first screen does not need: all other screens and the entry sheet. In the app as it is shipped they come in a
//! wasm of their own, fetched as soon as the first screen stands (`boot`); nobody else knows where they come from.

use crate::components::LogSheet;
use crate::router::Screen;
use crate::routes::{
    AboutScreen, AccountScreen, DataScreen, GoalScreen, HistoryScreen, ReportScreen,
    SettingsScreen, SyncScreen, WelcomeScreen,
};
use leptos::prelude::*;
use std::rc::Rc;

/// What draws them. Only this names them, so that nothing of the first wasm does.
#[derive(Clone, Copy)]
pub struct Views {
    /// The screen of an address; nothing for those that come with the first wasm.
    pub screen: fn(Screen) -> AnyView,
    /// The entry sheet.
    pub sheet: fn() -> AnyView,
}

impl Views {
    /// All of them.
    pub fn all() -> Self {
        Self {
            screen: draw_screen,
            sheet: || view! { <LogSheet/> }.into_any(),
        }
    }
}

fn draw_screen(screen: Screen) -> AnyView {
    match screen {
        Screen::History => view! { <HistoryScreen/> }.into_any(),
        Screen::Sync => view! { <SyncScreen/> }.into_any(),
        Screen::Settings => view! { <SettingsScreen/> }.into_any(),
        Screen::Account => view! { <AccountScreen/> }.into_any(),
        Screen::Data => view! { <DataScreen/> }.into_any(),
        Screen::Report => view! { <ReportScreen/> }.into_any(),
        Screen::Goal => view! { <GoalScreen/> }.into_any(),
        Screen::About => view! { <AboutScreen/> }.into_any(),
        Screen::Welcome => view! { <WelcomeScreen/> }.into_any(),
        Screen::Home | Screen::NotFound => ().into_any(),
    }
}

/// Whether they are here.
#[derive(Clone, Copy)]
pub enum Arrival {
    /// They are on their way.
    Awaited,
    /// They are here.
    Here(Views),
    /// They could not be loaded.
    Missing,
}

/// What comes later, as the screens see it. A handle: copying it copies no data.
#[derive(Clone, Copy)]
pub struct Later {
    arrival: RwSignal<Arrival>,
    /// Whether the sheet may be built, in a task of its own.
    has_sheet: RwSignal<bool>,
    load: StoredValue<Rc<dyn Fn(Self)>, LocalStorage>,
}

impl Later {
    /// Nothing is here yet; `load` sees to it that [`Self::arrive`] follows.
    pub fn new(load: impl Fn(Self) + 'static) -> Self {
        Self {
            arrival: RwSignal::new(Arrival::Awaited),
            has_sheet: RwSignal::new(false),
            load: StoredValue::new_local(Rc::new(load)),
        }
    }

    /// Loads it, again where that failed before.
    pub fn load(self) {
        self.arrival.set(Arrival::Awaited);
        (self.load.get_value())(self);
    }

    /// It is here, or (none) could not be loaded.
    pub fn arrive(self, views: Option<Views>) {
        self.arrival
            .set(views.map_or(Arrival::Missing, Arrival::Here));
    }

    /// The screen has had its turn: now the sheet.
    pub fn let_sheet_in(self) {
        self.has_sheet.set(true);
    }

    /// The entry sheet, once it is here and it is its turn.
    pub fn sheet(self) -> Option<fn() -> AnyView> {
        let views = self.views()?;
        self.has_sheet.get().then_some(views.sheet)
    }

    /// The views, once they are here.
    pub fn views(self) -> Option<Views> {
        match self.arrival.get() {
            Arrival::Here(views) => Some(views),
            Arrival::Awaited | Arrival::Missing => None,
        }
    }

    /// Whether it is on its way.
    pub fn is_awaited(self) -> bool {
        matches!(self.arrival.get(), Arrival::Awaited)
    }

    /// Whether the last try failed.
    pub fn is_missing(self) -> bool {
        matches!(self.arrival.get(), Arrival::Missing)
    }
}

/// What comes later, from anywhere below the root.
pub fn use_later() -> Later {
    use_context().expect("the root provides it before it draws anything")
}
