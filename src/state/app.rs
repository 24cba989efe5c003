//! Everything the screens may read, and the one way to ask for something. Knows no engine and no
//! browser: the service writes the signals and receives the intents.

use super::chip::{ChipWords, Clock, chip_words, not_saved_sentence, not_saved_words, state_words};
use super::{
    AccountView, Fault, History, Install, Intent, Measure, Memory, Mend, NotSaved, Quantity, Snack,
    StorageState, TrendView,
};
use crate::i18n::{LocalTime, Shown, Texts, numbers, texts_of};
use leptos::prelude::*;
use std::ops::Deref;
use std::rc::Rc;
use tidemark_domain::length::LengthUnit;
use tidemark_domain::mass::{Grams, MassUnit};
use tidemark_engine::conflicts::Decision;
use tidemark_engine::outbox::OutboxEntry;
use tidemark_engine::state::SyncLogLine;
use tidemark_engine::view::{ChipState, Entry, Overview, Person, Profile};
use tidemark_protocol::{EntityId, Goal, Theme, Timestamp, Units};

/// The device's time zone: minutes east of UTC at a moment.
pub type Zone = fn(Timestamp) -> i16;

/// Whoever carries out intents.
pub type Receiver = Rc<dyn Fn(Intent)>;

/// The page's signals, from everywhere in it. One word to copy: every closure of a view holds it.
#[derive(Clone, Copy)]
pub struct App(&'static Signals);

impl Deref for App {
    type Target = Signals;

    fn deref(&self) -> &Signals {
        self.0
    }
}

/// The signals of the page. They live as long as it does.
pub struct Signals {
    /// People and settings; none until they are read.
    pub profile: RwSignal<Option<Profile>>,
    /// The active person's entries.
    pub history: RwSignal<History>,
    /// Where syncing stands; none until it is read.
    pub overview: RwSignal<Option<Overview>>,
    /// Whether a sync runs.
    pub is_syncing: RwSignal<bool>,
    /// What the browser believes of the network.
    pub is_online: RwSignal<bool>,
    /// The outbox.
    pub outbox: RwSignal<Vec<OutboxEntry>>,
    /// What was decided between devices and nobody has looked at, newest first.
    pub decisions: RwSignal<Vec<Decision>>,
    /// The sync log, while a screen shows it.
    pub sync_log: RwSignal<Vec<SyncLogLine>>,
    /// Moves on with the clock, for words like "2 min ago".
    pub now: RwSignal<Timestamp>,
    /// The message at the bottom.
    pub snack: RwSignal<Option<Snack>>,
    /// Why what is stored can't be read, while it can't.
    pub fault: RwSignal<Option<Fault>>,
    /// What is not saved, while something is not.
    pub not_saved: RwSignal<NotSaved>,
    /// Whether a new version of the app waits.
    pub is_update_ready: RwSignal<bool>,
    /// What this device remembers for itself.
    pub memory: RwSignal<Memory>,
    /// What the browser promises about the data; none before somebody asked.
    pub storage: RwSignal<Option<StorageState>>,
    /// How the app can be installed here.
    pub install: RwSignal<Install>,
    /// The account, as far as its screen has asked.
    pub account: RwSignal<AccountView>,
    /// The last weight of everybody but the person shown.
    pub others: RwSignal<Vec<(EntityId, Grams)>>,
    /// The trend through the history.
    pub trend: Memo<TrendView>,
    today: Memo<LocalTime>,
    zone: Zone,
    clock: fn() -> Timestamp,
    /// The language and region the browser asks for, BCP 47.
    language: &'static str,
    /// Whether nothing was logged when the page was last shown.
    starts_new: bool,
    intents: StoredValue<Option<Receiver>, LocalStorage>,
}

impl App {
    /// Signals of a page that has read nothing yet.
    pub fn new(
        zone: Zone,
        clock: fn() -> Timestamp,
        language: &'static str,
        starts_new: bool,
    ) -> Self {
        let history = RwSignal::new(History::Loading);
        let trend = Memo::new(move |_| {
            history
                .with(|history| TrendView::new(history.entries(), |entry| offset_of(zone, entry)))
        });
        let now = RwSignal::new(clock());
        let today = Memo::new(move |_| {
            let now = now.get();
            LocalTime {
                minute_of_day: 0,
                ..LocalTime::at(now, zone(now))
            }
        });
        let signals = Signals {
            profile: RwSignal::new(None),
            history,
            overview: RwSignal::new(None),
            is_syncing: RwSignal::new(false),
            is_online: RwSignal::new(true),
            outbox: RwSignal::new(Vec::new()),
            decisions: RwSignal::new(Vec::new()),
            sync_log: RwSignal::new(Vec::new()),
            now,
            snack: RwSignal::new(None),
            fault: RwSignal::new(None),
            not_saved: RwSignal::new(NotSaved::default()),
            is_update_ready: RwSignal::new(false),
            memory: RwSignal::new(Memory::default()),
            storage: RwSignal::new(None),
            install: RwSignal::new(Install::None),
            account: RwSignal::default(),
            others: RwSignal::new(Vec::new()),
            today,
            trend,
            zone,
            clock,
            language,
            starts_new,
            intents: StoredValue::new_local(None),
        };
        Self(Box::leak(Box::new(signals)))
    }

    /// Names the receiver of all intents.
    pub fn receive(self, receiver: Receiver) {
        self.intents.set_value(Some(receiver));
    }

    /// Asks for something. Before a receiver is there nothing on the screen can ask.
    pub fn send(self, intent: Intent) {
        if let Some(receiver) = self.intents.get_value() {
            receiver(intent);
        }
    }

    /// Does something about what was refused or decided, or looks it up.
    pub fn mend(self, mend: Mend) {
        self.send(Intent::Mend(mend));
    }

    /// Changes what this device remembers for itself.
    pub fn remember(self, change: impl FnOnce(&mut Memory) + 'static) {
        self.send(Intent::Remember(Box::new(change)));
    }

    /// The words of the chosen language.
    pub fn texts(self) -> &'static Texts {
        self.profile.with(|profile| {
            let chosen = profile
                .as_ref()
                .and_then(|profile| profile.app_model.language.as_deref());
            texts_of(chosen, self.language)
        })
    }

    /// Words of the chosen language, following it. One signal type for all of them keeps the page small:
    /// each closure in a view is compiled anew with all that draws it.
    pub fn words(self, pick: fn(&'static Texts) -> &'static str) -> Signal<&'static str> {
        Signal::derive(move || pick(self.texts()))
    }

    /// How weights are written: in which unit, or not at all.
    pub fn weights(self) -> Shown {
        Shown {
            unit: self.mass_unit(),
            is_hidden: self.memory.with(|memory| memory.hides_numbers),
        }
    }

    /// What a chart of this measure shows, and how. BMI takes the person's height, else the last known one.
    pub fn quantity(self, measure: Measure) -> Quantity {
        let own = self.person().and_then(|person| person.user.height);
        let height = own.or_else(|| {
            self.history.with(|history| {
                let heights = history.entries().iter().map(|entry| entry.metric.height);
                heights.flatten().next()
            })
        });
        Quantity {
            measure: height.map_or(Measure::Weight, |_| measure),
            shown: self.weights(),
            height,
        }
    }

    /// The goal of the person shown.
    pub fn goal(self) -> Option<Goal> {
        self.profile
            .with(|profile| profile.as_ref().and_then(|profile| profile.app_model.goal))
    }

    /// The chosen units.
    pub fn units(self) -> Units {
        self.profile.with(|profile| {
            let chosen = profile.as_ref().and_then(|profile| profile.app_model.units);
            chosen.unwrap_or(numbers::usual_units(self.language))
        })
    }

    /// Whether the first minute is over on some device: done, or skipped.
    pub fn is_onboarded(self) -> bool {
        self.profile.with(|profile| {
            let told = profile
                .as_ref()
                .and_then(|profile| profile.app_model.is_complete_onboard);
            told == Some(true)
        })
    }

    /// The unit for weights.
    pub fn mass_unit(self) -> MassUnit {
        numbers::mass_unit(self.units())
    }

    /// The unit for heights.
    pub fn length_unit(self) -> LengthUnit {
        numbers::length_unit(self.units())
    }

    /// The chosen theme.
    pub fn theme(self) -> Theme {
        self.profile.with(|profile| {
            let chosen = profile.as_ref().and_then(|profile| profile.app_model.theme);
            chosen.unwrap_or(Theme::System)
        })
    }

    /// Who is shown.
    pub fn person(self) -> Option<Person> {
        self.profile
            .with(|profile| profile.as_ref().and_then(Profile::active).cloned())
    }

    /// What a person is called on the screen.
    pub fn name_of(self, person: Option<&Person>) -> String {
        let name = person.and_then(|person| person.user.name.clone());
        name.unwrap_or_else(|| self.texts().person_without_name.to_owned())
    }

    /// The newest living entry.
    pub fn newest(self) -> Option<Entry> {
        self.history
            .with(|history| history.entries().first().cloned())
    }

    /// The entry as it is now.
    pub fn entry(self, id: EntityId) -> Option<Entry> {
        self.history.with(|history| {
            history
                .entries()
                .iter()
                .find(|entry| entry.metric.id == id)
                .cloned()
        })
    }

    /// Whether nothing was ever logged; while that is being read, whether that was so when the page was last shown. Then what
    /// stood there before the app stays.
    pub fn is_first_run(self) -> bool {
        self.history.with(|history| match history {
            History::Loading => self.starts_new,
            known => known.is_empty(),
        })
    }

    /// Where an entry was measured, else here: minutes east of UTC.
    pub fn offset_of(self, entry: &Entry) -> i16 {
        offset_of(self.zone, entry)
    }

    /// Minutes east of UTC at a moment, here.
    pub fn offset_at(self, at: Timestamp) -> i16 {
        (self.zone)(at)
    }

    /// The device's clock at this very moment, for stamping what a person saves.
    pub fn now_exactly(self) -> Timestamp {
        (self.clock)()
    }

    /// The beginning of the day, here. Changes once a day, so that what reads it is drawn anew no more often.
    pub fn today(self) -> LocalTime {
        self.today.get()
    }

    /// The wall clock here at a moment.
    pub fn local(self, at: Timestamp) -> LocalTime {
        LocalTime::at(at, self.offset_at(at))
    }

    /// The wall clock where an entry was measured.
    pub fn local_of(self, entry: &Entry) -> LocalTime {
        LocalTime::at(entry.metric.created_at, self.offset_of(entry))
    }

    /// The chip's state; none until the device's own state is read.
    pub fn chip_state(self) -> Option<ChipState> {
        if self.not_saved.with(|not_saved| !not_saved.edits.is_empty()) {
            return Some(ChipState::Error);
        }
        let (syncing, online) = (self.is_syncing.get(), self.is_online.get());
        self.overview.with(|overview| {
            overview
                .as_ref()
                .map(|overview| overview.chip(syncing, online))
        })
    }

    /// The chip's words; none until the device's own state is read.
    pub fn chip(self) -> Option<ChipWords> {
        let not_saved = self.not_saved.with(|not_saved| not_saved.edits.len());
        if not_saved > 0 {
            return Some(not_saved_words(self.texts(), not_saved));
        }
        let state = self.chip_state()?;
        let (texts, clock) = (self.texts(), self.words_clock());
        self.overview.with(|overview| {
            overview
                .as_ref()
                .map(|overview| chip_words(texts, overview, state, clock))
        })
    }

    /// The sync screen's sentence and what stands below it.
    pub fn sync_state_words(self) -> Option<(String, String)> {
        let not_saved = self.not_saved.get();
        if !not_saved.edits.is_empty() {
            return Some(not_saved_sentence(self.texts(), &not_saved));
        }
        let (state, online) = (self.chip_state()?, self.is_online.get());
        let (texts, clock) = (self.texts(), self.words_clock());
        self.overview.with(|overview| {
            let overview = overview.as_ref()?;
            let network = overview.network(online);
            Some(state_words(texts, overview, state, network, clock))
        })
    }

    fn words_clock(self) -> Clock {
        let now = self.now.get();
        Clock {
            now,
            offset: self.offset_at(now),
        }
    }
}

fn offset_of(zone: Zone, entry: &Entry) -> i16 {
    entry
        .metric
        .utc_offset
        .unwrap_or_else(|| zone(entry.metric.created_at))
}

/// The page's signals, from anywhere below the root.
pub fn use_app() -> App {
    use_context().expect("the root provides `App` before it draws anything")
}
