//! The account's devices, each with the way to sign it out.

use super::{ask, is_busy};
use crate::components::{Icon, Mark};
use crate::i18n::dates;
use crate::state::{AccountIntent, App, use_app};
use leptos::prelude::*;
use tidemark_protocol::DeviceInfo;

/// The list. This device is signed out by its own button.
#[component]
pub fn Devices() -> impl IntoView {
    let app = use_app();
    let rows = move || {
        app.account.with(|view| {
            let devices = view.devices.as_ref()?;
            Some(devices.iter().map(|device| row(app, device)).collect_view())
        })
    };
    let is_unknown = move || app.account.with(|view| view.devices.is_none());
    view! {
        <section>
            <h2 class="section-label">{app.words(|t| t.account.devices)}</h2>
            <ul class="card" data-testid="devices">{rows}</ul>
            <Show when=is_unknown>
                <p class="plain-text">{app.words(|t| t.account.devices_unknown)}</p>
            </Show>
        </section>
    }
}

fn row(app: App, device: &DeviceInfo) -> impl IntoView + use<> {
    let texts = app.texts();
    let id = device.device_id.clone();
    let is_this = app.overview.with(|overview| {
        overview
            .as_ref()
            .is_some_and(|overview| overview.state.device_id == id)
    });
    let name = device
        .name
        .clone()
        .unwrap_or_else(|| texts.account.unnamed_device.to_owned());
    let seen = dates::moment_inside(texts, app.local(device.last_seen_at), app.today());
    let about = if is_this {
        texts.account.this_device.to_owned()
    } else {
        (texts.account.last_seen)(&seen)
    };
    let sign_out = (!is_this).then(|| {
        view! {
            <button
                type="button"
                class="button"
                data-kind="quiet"
                data-testid="device-sign-out"
                aria-label=(texts.account.sign_device_out)(&name)
                disabled=is_busy(app)
                on:click=move |_| ask(app, AccountIntent::SignDeviceOut(id.clone()))
            >
                {texts.account.sign_out}
            </button>
        }
    });
    view! {
        <li class="card-row" data-testid="device-row" data-this=is_this.then_some("")>
            <Icon mark=Mark::PHONE size=20/>
            <span class="card-words">
                {name}
                <small class="card-why">{about}</small>
            </span>
            {sign_out}
        </li>
    }
}
