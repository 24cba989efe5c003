//! The sheet's state and its doors: opening, checking, storing.

use crate::forms::{EntryDraft, EntryErrors, changes};
use crate::state::{App, Fault, Intent, LogForm, Mend, Reply, TrendView};
use leptos::{html, prelude::*};
use tidemark_domain::improbable::{Improbable, Known, improbable};
use tidemark_domain::mass::Grams;
use tidemark_engine::view::Entry;
use tidemark_protocol::{EntityId, MetricPatch, OpId};
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

/// The sheet's state and its doors. A handle: copying it copies no data.
#[derive(Clone, Copy)]
pub struct SheetHandle {
    app: App,
    /// What is typed.
    pub draft: RwSignal<EntryDraft>,
    /// What of it can't be taken.
    pub errors: RwSignal<EntryErrors>,
    /// The first field, focused when the sheet opens.
    pub input: NodeRef<html::Input>,
    pub(super) dialog: NodeRef<html::Dialog>,
    pub(super) concern: RwSignal<Option<Concern>>,
    pub(super) is_saving: RwSignal<bool>,
    /// Why the entry was refused that is mended, in words.
    pub(super) refusal: RwSignal<Option<String>>,
    /// Whether the part that tells where the entry is stands open.
    pub(super) looks: RwSignal<bool>,
    opening: RwSignal<Opening>,
    /// Opened before it was drawn.
    is_wanted: StoredValue<bool>,
}

/// A refused edit that is mended.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mending {
    /// The edit.
    pub edit: Option<OpId>,
    /// The field that was refused.
    pub field: Option<String>,
    /// Why, in words.
    pub reason: String,
    /// Other entries that get what is set in the field.
    pub alike: Vec<EntityId>,
}

/// Why nothing was stored, besides what a field refuses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Concern {
    /// The weight is improbable and was not confirmed.
    Doubt(Grams, Improbable),
    /// The storage failed.
    Fault(Fault),
}

/// How the sheet was opened.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Opening {
    /// Whether it asks for the height.
    asks_height: bool,
    /// The wall clock that an edited entry had then.
    time: String,
    /// What is mended.
    mending: Mending,
}

impl SheetHandle {
    /// A closed sheet.
    pub fn new(app: App) -> Self {
        let draft = untrack(|| EntryDraft::new(app.mass_unit(), app.length_unit()));
        Self {
            app,
            draft: RwSignal::new(draft),
            errors: RwSignal::new(EntryErrors::default()),
            input: NodeRef::new(),
            dialog: NodeRef::new(),
            concern: RwSignal::new(None),
            is_saving: RwSignal::new(false),
            refusal: RwSignal::new(None),
            looks: RwSignal::new(false),
            opening: RwSignal::new(Opening::default()),
            is_wanted: StoredValue::new(false),
        }
    }

    /// Opens the sheet for a new entry.
    pub fn open_new(self) {
        untrack(|| {
            let person = self.app.person();
            let has_height = person.is_some_and(|person| person.user.height.is_some());
            self.opening.set(Opening {
                asks_height: !has_height,
                ..Opening::default()
            });
            self.open(EntryDraft::new(
                self.app.mass_unit(),
                self.app.length_unit(),
            ));
        });
    }

    /// Opens the sheet for an entry that exists.
    pub fn open_edit(self, entry: &Entry) {
        self.open_for(entry, Mending::default());
    }

    /// Opens the sheet for an entry that was refused, at the field that was.
    pub fn open_mend(self, entry: &Entry, mending: Mending) {
        let (field, reason) = (mending.field.clone(), mending.reason.clone());
        self.open_for(entry, mending);
        self.refusal.set(Some(reason));
        if let Some(field) = field.and_then(|field| self.field(&field)) {
            // An element that is drawn takes the focus.
            let _ = field.focus();
        }
    }

    fn field(self, name: &str) -> Option<HtmlElement> {
        let selector = match name {
            "height" => "#sheet-height",
            "note" => ".detail-note",
            "created_at" => ".detail-time",
            _ => return None,
        };
        let dialog = self.dialog.get_untracked()?;
        dialog.query_selector(selector).ok()??.dyn_into().ok()
    }

    fn open_for(self, entry: &Entry, mending: Mending) {
        untrack(|| {
            let (app, at) = (self.app, self.app.local_of(entry));
            let separator = app.texts().decimal_separator;
            self.opening.set(Opening {
                asks_height: true,
                time: at.field_text(),
                mending,
            });
            self.open(EntryDraft::of(
                entry,
                at,
                app.mass_unit(),
                app.length_unit(),
                separator,
            ));
        });
    }

    /// What was refused or asked is typed over.
    pub fn forget_refusals(self) {
        self.errors.set(EntryErrors::default());
        self.concern.set(None);
        self.refusal.set(None);
    }

    /// How many entries get what is set here.
    pub fn entries_alike(self) -> usize {
        self.opening
            .with(|opening| match opening.mending.alike.len() {
                0 => 0,
                others => others + 1,
            })
    }

    /// Whether the height is asked for: where the person has none, and to mend that of an entry.
    pub fn asks_height(self) -> bool {
        self.opening.with(|opening| opening.asks_height)
    }

    /// Shows and focuses in the same turn as the tap: phones open their keypad for nothing else.
    fn open(self, draft: EntryDraft) {
        self.draft.set(draft);
        self.is_saving.set(false);
        self.looks.set(false);
        self.forget_refusals();
        if self.dialog.get().is_none() {
            self.is_wanted.set_value(true);
            return;
        }
        self.show();
    }

    /// The sheet has been drawn: it shows itself, if somebody wanted it before.
    pub(super) fn drawn(self) {
        if self.is_wanted.try_update_value(std::mem::take) == Some(true) {
            self.show();
        }
    }

    fn show(self) {
        let Some(dialog) = self.dialog.get_untracked() else {
            return;
        };
        // It refuses only if it is open already, and then it is where it should be.
        let _ = dialog.show_modal();
        self.focus_weight();
    }

    pub(super) fn focus_weight(self) {
        if let Some(input) = self.input.get_untracked() {
            let _ = input.focus();
            input.select();
        }
    }

    pub(super) fn close(self) {
        if let Some(dialog) = self.dialog.get_untracked() {
            dialog.close();
        }
    }

    /// Checks, asks where a weight is improbable and was not confirmed, then stores.
    pub(super) fn save(self, confirmed: bool) {
        let app = self.app;
        let now = app.now_exactly();
        let parsed = self
            .draft
            .with_untracked(|draft| draft.parse(now, |at| app.offset_at(at)));
        let form = match parsed {
            Ok(form) => form,
            Err(errors) => {
                self.errors.set(errors);
                if errors.weight.is_some() {
                    self.focus_weight();
                }
                return;
            }
        };
        let doubt = untrack(|| improbable(form.weight, &self.known(&form)));
        if let (Some(doubt), false) = (doubt, confirmed) {
            self.concern.set(Some(Concern::Doubt(form.weight, doubt)));
            return;
        }
        self.send(form);
    }

    /// What was known before the entry that is typed.
    fn known(self, form: &LogForm) -> Known {
        let editing = self.draft.with_untracked(|draft| draft.editing);
        self.app.history.with(|history| {
            let before = history
                .entries()
                .iter()
                .find(|entry| Some(entry.metric.id) != editing);
            let days_since = before.map_or(0, |entry| {
                let days = form.created_at.millis_since(entry.metric.created_at) / 86_400_000;
                i32::try_from(days).unwrap_or(i32::MAX)
            });
            let trend = self.app.trend.with(TrendView::now);
            Known {
                last: before.map(|entry| entry.metric.weight),
                trend,
                days_since,
            }
        })
    }

    fn send(self, form: LogForm) {
        if self.is_saving.get_untracked() {
            return;
        }
        let editing = self.draft.with_untracked(|draft| draft.editing);
        let reply: Reply = Box::new(move |outcome| {
            self.is_saving.set(false);
            match outcome {
                Ok(()) => self.close(),
                Err(fault) => self.concern.set(Some(Concern::Fault(fault))),
            }
        });
        self.is_saving.set(true);
        let Some(id) = editing else {
            return self.app.send(Intent::Log(form, reply));
        };
        let opening = self.opening.get_untracked();
        let patch = untrack(|| self.app.entry(id)).and_then(|entry| {
            let typed = self.draft.with_untracked(|draft| draft.time.clone());
            changes(&entry, &form, &opening.time, typed.as_deref())
        });
        let Some(patch) = patch else {
            // Nothing of it is wrong after all: it goes again as it is.
            let edits: Vec<OpId> = opening.mending.edit.into_iter().collect();
            if !edits.is_empty() {
                self.app.mend(Mend::RetryRefused(edits));
            }
            return reply(Ok(()));
        };
        let shared = shared(&patch, opening.mending.field.as_deref());
        if shared != MetricPatch::default() {
            for other in opening.mending.alike {
                let unheard: Reply = Box::new(|_| {});
                self.app.send(Intent::Edit(other, shared.clone(), unheard));
            }
        }
        self.app.send(Intent::Edit(id, patch, reply));
    }
}

/// What of a mended entry goes to those that were refused for the same reason.
fn shared(patch: &MetricPatch, field: Option<&str>) -> MetricPatch {
    let nothing = MetricPatch::default();
    match field {
        Some("height") => MetricPatch {
            height: patch.height,
            ..nothing
        },
        Some("note") => MetricPatch {
            note: patch.note.clone(),
            ..nothing
        },
        _ => nothing,
    }
}
