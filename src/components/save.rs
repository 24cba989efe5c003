//! Storing what a row or a field says, with a word at the bottom where it fails.

use crate::state::{App, Fault, Intent, Reply, Snack};
use leptos::prelude::*;
use tidemark_protocol::{AppModelPatch, UserPatch};

/// Stores a change of the profile; a failure is said at the bottom.
pub fn save_person(app: App, patch: UserPatch) {
    app.send(Intent::SavePerson(patch, report(app)));
}

/// Stores a change of the settings; a failure is said at the bottom.
pub fn save_settings(app: App, patch: AppModelPatch) {
    app.send(Intent::SaveSettings(patch, report(app)));
}

fn report(app: App) -> Reply {
    Box::new(move |outcome: Result<(), Fault>| {
        if let Err(fault) = outcome {
            app.snack.set(Some(Snack::Failed(fault)));
        }
    })
}
