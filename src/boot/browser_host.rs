//! The browser around the page: adapters, timers, events, service worker.

use super::databases::{Databases, engine_over};
use super::exchange_worker::ExchangeWorker;
use super::first_paint;
use super::here::{now, utc_offset};
use super::live::Live;
use super::rest;
use crate::app::Root;
use crate::router::{self, Screen};
use crate::state::{App, Exchange, Host, Install, StorageState, SyncService, device_name};
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use tidemark_browser::events::{self, Listener};
use tidemark_browser::install::{self, Offer};
use tidemark_browser::service_worker::{self, Registration};
use tidemark_browser::timer::{self, Timer};
use tidemark_browser::{
    BrowserNetwork, BrowserPlatform, Changes, FetchTransport, IdbStore, clipboard, storage,
};
use tidemark_engine::outbox::EntryDraft;
use tidemark_engine::{Network, Request, Trigger};
use tidemark_protocol::{AccountId, OpId};

/// The service worker's address: at the root, so that it serves every screen.
const WORKER: &str = "/sw.js";
/// The word to other tabs and the worker.
const CHANGED: &str = "changed";
/// The word to other tabs that another database is current.
const SWITCHED: &str = "switched";
/// How often a page that stays open looks for a new version, in milliseconds.
const UPDATE_MS: u32 = 3_600_000;

/// How often a page that has to load anew looks whether its form is closed, in milliseconds.
const RELOAD_MS: u32 = 500;
/// What holds something typed that is not saved yet.
const BEING_TYPED: &str = "dialog[open], input:focus, textarea:focus";

/// The service of this page.
pub type Service = SyncService<BrowserPlatform, Rc<Browser>>;

/// Builds everything and mounts the page. It happens inside the mount, where signals have their owner and
/// futures their executor. An address whose screen comes later keeps the frame in the HTML until that is here.
pub fn start() {
    leptos::mount::mount_to_body(|| {
        let (app, service) = compose();
        let later = rest::later(&service);
        later.load();
        first_paint::note(app);
        let exchange = Exchange::new(app);
        exchange.work_at(ExchangeWorker::new(exchange));
        let comes_first = matches!(router::current(), Screen::Home | Screen::NotFound);
        let is_shown =
            Memo::new(move |before| before == Some(&true) || comes_first || !later.is_awaited());
        move || {
            is_shown.get().then(|| {
                first_paint::take_away();
                view! { <Root app exchange later/> }
            })
        }
    });
}

fn compose() -> (App, Rc<Service>) {
    // Asked once and held as long as the page lives.
    let language = window().navigator().language().unwrap_or_default().leak();
    let app = App::new(utc_offset, now, language, first_paint::was_new());
    app.is_online.set(BrowserNetwork.online_hint());
    let store = IdbStore::new();
    let browser = Rc::new(Browser::over(store.clone()));
    let engine = engine_over(store.clone());
    let service = SyncService::start(engine, Rc::clone(&browser), app);
    browser.listeners.replace(listen(&service, &browser));
    let superseded = Rc::downgrade(&service);
    store.on_superseded(move || {
        if let Some(service) = superseded.upgrade() {
            service.hear_superseded();
        }
    });
    hear_install_offers(&browser, app);
    spawn_local(register_worker(browser, app));
    (app, service)
}

/// What lives as long as the page does.
pub struct Browser {
    databases: Databases,
    changes: Changes,
    listeners: RefCell<Vec<Listener>>,
    registration: RefCell<Option<Registration>>,
    update_timer: RefCell<Option<Timer>>,
    live: RefCell<Option<Live>>,
    leaving: RefCell<Option<Listener>>,
    offer: Offer,
    is_keeping_asked: Cell<bool>,
    is_controlled: Cell<bool>,
    is_reloading: Cell<bool>,
    is_wake_wanted: Cell<bool>,
}

impl Host for Rc<Browser> {
    type Timer = Timer;
    type Databases = Databases;

    fn after(&self, ms: u32, work: Box<dyn FnOnce()>) -> Timer {
        timer::after(ms, work)
    }

    async fn breathe(&self) {
        timer::sleep(0).await;
    }

    fn is_visible(&self) -> bool {
        events::is_visible()
    }

    fn tell_others(&self) {
        self.changes.post(CHANGED);
    }

    fn saved(&self) {
        self.found_unsent();
        if !self.is_keeping_asked.replace(true) {
            // Settings show the outcome; a refusal changes nothing here.
            spawn_local(async {
                storage::persist().await;
            });
        }
    }

    fn found_unsent(&self) {
        let browser = Rc::clone(self);
        spawn_local(async move { browser.ask_to_be_woken().await });
    }

    fn hand_over(&self, parting: Option<Request>) {
        if let Some(request) = parting {
            FetchTransport::new().send_parting(&request);
        }
        service_worker::tell_worker("KICK");
    }

    fn is_online(&self) -> bool {
        BrowserNetwork.online_hint()
    }

    fn listen_for(&self, account: Option<AccountId>, on_head: Rc<dyn Fn(u64)>) {
        let mut live = self.live.borrow_mut();
        match account {
            Some(account) if live.as_ref().is_some_and(|live| live.serves(account)) => {}
            Some(account) => *live = Live::open(account, move |head| on_head(head)),
            None => *live = None,
        }
    }

    fn recall(&self) -> Option<String> {
        self.databases.recall()
    }

    fn remember(&self, text: &str) {
        self.databases.remember(text);
    }

    fn look_at_storage(&self, told: Box<dyn FnOnce(StorageState)>) {
        spawn_local(async move {
            told(StorageState {
                is_kept: storage::is_persisted().await,
                usage_bytes: storage::estimate()
                    .await
                    .map(|estimate| estimate.usage_bytes),
            });
        });
    }

    fn browser_name(&self) -> String {
        window().navigator().user_agent().unwrap_or_default()
    }

    fn copy_text(&self, text: &str, told: Box<dyn FnOnce(bool)>) {
        let written = clipboard::write(text);
        spawn_local(async move { told(written.await) });
    }

    fn install(&self) {
        self.offer.show();
    }

    fn erase_device(&self, farewell: Option<Request>) {
        if let Some(request) = farewell {
            FetchTransport::new().send_parting(&request);
        }
        spawn_local(async {
            storage::erase().await;
            // The start is where somebody new begins; a page that can't be left goes on without data.
            let _ = window().location().replace("/");
        });
    }

    /// The waiting version takes over, and then every page of the old one loads anew, once.
    fn apply_update(&self) {
        if let Some(registration) = self.registration.borrow().as_ref() {
            registration.take_over();
        }
    }

    fn reload(&self) {
        // A page that can't be reloaded goes on as it is.
        let _ = window().location().reload();
    }

    fn copies(&self) -> Vec<EntryDraft> {
        self.databases.journal().copies()
    }

    fn copy(&self, edit: &EntryDraft) -> bool {
        self.databases.journal().copy(edit)
    }

    fn forget_copy(&self, op: OpId) {
        self.databases.journal().forget(op);
    }

    fn guard_leaving(&self, is_guarded: bool) {
        if self.leaving.borrow().is_some() != is_guarded {
            let guard = is_guarded.then(events::guard_leaving);
            self.leaving.replace(guard);
        }
    }

    fn device_name(&self) -> Option<String> {
        device_name(&window().navigator().user_agent().ok()?)
    }

    fn databases(&self) -> &Databases {
        &self.databases
    }

    async fn hold_database(&self) {
        self.databases.hold().await;
    }

    fn switch_database(&self, database: &str) {
        Databases::leave_for(database);
        self.changes.post(SWITCHED);
        // A page that can't be left shows what it showed, and sends nothing: the server is asked as its account.
        let _ = window().location().replace("/");
    }
}

impl Browser {
    fn over(store: IdbStore) -> Self {
        Self {
            databases: Databases::new(store),
            changes: Changes::default(),
            listeners: RefCell::default(),
            registration: RefCell::default(),
            update_timer: RefCell::default(),
            live: RefCell::default(),
            leaving: RefCell::default(),
            offer: Offer::default(),
            is_keeping_asked: Cell::default(),
            is_controlled: Cell::default(),
            is_reloading: Cell::default(),
            is_wake_wanted: Cell::default(),
        }
    }

    /// Somebody else's database is current now, so this page ends as soon as nothing is typed in it.
    fn follow(self: &Rc<Self>) {
        if !self.is_reloading.replace(true) {
            reload_when_nothing_is_typed(self);
        }
    }

    /// Where the browser can, it will wake the worker when there is a network, also with no page open.
    async fn ask_to_be_woken(&self) {
        let registration = self.registration.borrow().clone();
        match registration {
            Some(registration) => {
                registration.wakes().when_online().await;
            }
            None => self.is_wake_wanted.set(true), // asked for when there is one
        }
    }
}

/// Everything that may mean "now there is something to do".
fn listen(service: &Rc<Service>, browser: &Rc<Browser>) -> Vec<Listener> {
    let with = |work: fn(&Rc<Service>)| {
        let service = Rc::clone(service);
        move || work(&service)
    };
    let (follower, woken) = (Rc::clone(browser), Rc::clone(service));
    let visible = move || {
        // A page that slept has not heard the word.
        if follower.databases.is_left() {
            follower.follow();
        }
        woken.kick(Trigger::Visible);
    };
    let hidden = with(Service::hear_hidden);
    let changed = with(Service::hear_change);
    let mut listeners = vec![
        events::on_online(with(|service| service.hear_network(true))),
        events::on_offline(with(|service| service.hear_network(false))),
        events::on_page_show(visible.clone()),
        events::on_focus(visible.clone()),
    ];
    listeners.extend(events::on_visibility(move |is_visible| {
        if is_visible {
            visible();
        } else {
            hidden();
        }
    }));
    let follower = Rc::clone(browser);
    listeners.extend(browser.changes.subscribe(move |word| {
        if word == SWITCHED {
            follower.follow();
        } else {
            changed();
        }
    }));
    listeners
}

/// The browser's offer to install the app, or that there is only the way by hand.
fn hear_install_offers(browser: &Browser, app: App) {
    if install::is_by_hand() {
        app.install.set(Install::ByHand);
    }
    let heard = browser.offer.listen(move |is_there| {
        app.install.set(if is_there {
            Install::Offer
        } else {
            Install::None
        });
    });
    browser
        .listeners
        .borrow_mut()
        .extend(heard.into_iter().flatten());
}

/// Registers the worker and watches for a new version: offered, never forced on anybody.
async fn register_worker(browser: Rc<Browser>, app: App) {
    browser.is_controlled.set(service_worker::is_controlled());
    // Without a worker the app works while there is a network; there is nothing to tell a person.
    let Ok(Some(registration)) = service_worker::register(WORKER).await else {
        return;
    };
    let mut listeners = vec![registration.on_waiting(move || app.is_update_ready.set(true))];
    let reloading = Rc::clone(&browser);
    listeners.extend(service_worker::on_controller_change(move || {
        // The first worker takes over a page of its own build; each later one comes by consent.
        if reloading.is_controlled.replace(true) && !reloading.is_reloading.replace(true) {
            reload_when_nothing_is_typed(&reloading);
        }
    }));
    browser.listeners.borrow_mut().extend(listeners);
    let wakes = registration.wakes();
    browser.registration.replace(Some(registration));
    look_for_update(&browser);
    if browser.is_wake_wanted.get() {
        wakes.when_online().await;
    }
    wakes.now_and_then().await;
}

/// Loads this page anew, with the version that another tab may have agreed to. Not over somebody's open form: it goes on
/// working as it is, and what it saves both versions can read.
fn reload_when_nothing_is_typed(browser: &Rc<Browser>) {
    if !matches!(document().query_selector(BEING_TYPED), Ok(Some(_))) {
        // A page that can't be reloaded goes on as it is.
        let _ = window().location().reload();
        return;
    }
    let next = Rc::clone(browser);
    let timer = timer::after(RELOAD_MS, move || reload_when_nothing_is_typed(&next));
    browser.update_timer.replace(Some(timer));
}

/// Now, and again each hour.
fn look_for_update(browser: &Rc<Browser>) {
    let registration = browser.registration.borrow().clone();
    if let Some(registration) = registration {
        spawn_local(async move { registration.look_for_update().await });
    }
    let next = Rc::clone(browser);
    let timer = timer::after(UPDATE_MS, move || look_for_update(&next));
    browser.update_timer.replace(Some(timer));
}
