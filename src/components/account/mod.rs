//! The parts of the account's screen: the form, the recovery code, the devices, the ways out.

mod code_card;
mod devices;
mod end;
mod entrance;
mod refusal;
mod sign_out;

pub use code_card::CodeCard;
pub use devices::Devices;
pub use end::{DeleteAccount, LeaveErased};
pub use entrance::EntranceForm;
pub use refusal::RefusalWords;
pub use sign_out::SignOut;

use crate::state::{AccountIntent, AccountStep, App, Intent};
use leptos::prelude::*;

/// Asks for something with the account.
fn ask(app: App, intent: AccountIntent) {
    app.send(Intent::Account(intent));
}

/// Whether the server is being asked: nothing can be pressed meanwhile.
fn is_busy(app: App) -> Signal<bool> {
    Signal::derive(move || app.account.with(|view| view.step == AccountStep::Busy))
}

/// Entries that are not on the server yet.
fn unsent(app: App) -> u32 {
    app.overview.with(|overview| {
        let unsent = overview
            .as_ref()
            .map_or(0, |overview| overview.pending + overview.parked);
        u32::try_from(unsent).unwrap_or(u32::MAX)
    })
}
