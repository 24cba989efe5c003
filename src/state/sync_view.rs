//! What the sync screen and an entry's details say of one entry, of the devices and of the way between them. Words and
//! lists only: what they mean the engine has decided.

use super::App;
use crate::i18n::{Texts, dates};
use leptos::prelude::*;
use tidemark_engine::outbox::{EntryKind, OutboxEntry};
use tidemark_engine::receipts::{self, Receipt};
use tidemark_engine::risk::{LossRisk, loss_risk};
use tidemark_engine::state::SyncLogLine;
use tidemark_engine::view::{Entry, Overview};
use tidemark_engine::waiting::{Scene, Why};
use tidemark_protocol::{DeviceId, DeviceInfo, EntityId, Timestamp};

/// A clock that is off by less, in milliseconds, is not worth a word.
const CLOCK_MS_MIN: u64 = 60_000;

/// Which lines of the log are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LogFilter {
    /// Every attempt.
    #[default]
    All,
    /// Attempts that sent or received something.
    Changes,
    /// Attempts that failed, and what was mended.
    Trouble,
}

impl LogFilter {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Self; 3] = [Self::All, Self::Changes, Self::Trouble];

    /// Whether a line is one of these.
    pub fn shows(self, line: &SyncLogLine) -> bool {
        match self {
            Self::All => true,
            Self::Changes => line.sent + line.received > 0,
            Self::Trouble => line.outcome != "ok",
        }
    }
}

/// Refused entries that the same thing is wrong with.
#[derive(Clone, Debug, PartialEq)]
pub struct Alike {
    /// The field that was refused, where one was named.
    pub field: Option<String>,
    /// The entries, oldest first.
    pub entries: Vec<OutboxEntry>,
}

impl Alike {
    /// Whether one value may be right for all of them: a weight or a moment is each entry's own.
    pub fn may_share_a_value(&self) -> bool {
        matches!(self.field.as_deref(), Some("height" | "note"))
    }

    /// The records.
    pub fn records(&self) -> Vec<EntityId> {
        self.entries.iter().map(|entry| entry.entity_id).collect()
    }
}

/// Refused measurements by cause, where a cause has more than one.
pub fn alike(outbox: &[OutboxEntry]) -> Vec<Alike> {
    let mut groups: Vec<(String, Alike)> = Vec::new();
    let is_refused = |entry: &&OutboxEntry| entry.parked && entry.kind == EntryKind::UpsertMetric;
    for entry in outbox.iter().filter(is_refused) {
        let error = entry.last_error.clone().unwrap_or_default();
        let is_it = |(code, group): &&mut (String, Alike)| {
            *code == error.code && group.field == error.field
        };
        if let Some((_, group)) = groups.iter_mut().find(is_it) {
            group.entries.push(entry.clone());
        } else {
            let group = Alike {
                field: error.field,
                entries: vec![entry.clone()],
            };
            groups.push((error.code, group));
        }
    }
    let groups = groups.into_iter().map(|(_, group)| group);
    groups.filter(|group| group.entries.len() > 1).collect()
}

impl App {
    /// What the reasons for waiting are decided from; nothing until it is read.
    pub fn with_scene<T>(self, tell: impl FnOnce(Scene<'_>) -> T) -> Option<T> {
        let (is_online, now) = (self.is_online.get(), self.now.get());
        self.overview.with(|overview| {
            let overview = overview.as_ref()?;
            Some(self.outbox.with(|outbox| {
                tell(Scene {
                    overview,
                    outbox,
                    is_online,
                    now,
                })
            }))
        })
    }

    /// Why an entry waits, and when it is tried again.
    pub fn why(self, entry: &OutboxEntry) -> Option<(Why, String)> {
        self.with_scene(|scene| {
            let why = scene.why(entry);
            let words = why_words(self.texts(), &why, scene.wait_ms());
            (why, words)
        })
    }

    /// How far an entry has come; nothing where nothing is meant to leave this device.
    pub fn receipt(self, entry: &Entry) -> Option<Receipt> {
        let now = self.now.get_untracked();
        self.overview.with(|overview| {
            let state = &overview.as_ref()?.state;
            state.owner.map(|_| receipts::receipt(entry, state, now))
        })
    }

    /// What a device is called here.
    pub fn device_name(self, id: &DeviceId) -> String {
        let texts = self.texts();
        self.overview.with(|overview| {
            let state = overview.as_ref().map(|overview| &overview.state);
            if state.is_some_and(|state| state.device_id == *id) {
                return texts.sync.this_device.to_owned();
            }
            let known = state.and_then(|state| {
                let mut devices = state.devices.iter();
                devices.find(|device| device.device_id == *id)
            });
            let name = known.and_then(|device| device.name.clone());
            name.unwrap_or_else(|| (texts.sync.other_device)(mark_of(id)))
        })
    }

    /// The account's devices as the server last listed them, and whether each has all that this one knows.
    pub fn devices(self) -> Vec<(DeviceInfo, bool)> {
        self.overview.with(|overview| {
            let Some(state) = overview.as_ref().map(|overview| &overview.state) else {
                return Vec::new();
            };
            let own = |device: &DeviceInfo| device.device_id == state.device_id;
            let has_all =
                |device: &DeviceInfo| own(device) || device.acknowledged_version >= state.head;
            let devices = state.devices.iter();
            devices
                .map(|device| (device.clone(), has_all(device)))
                .collect()
        })
    }

    /// What the last comparison with the server found.
    pub fn proof_words(self) -> Option<String> {
        let texts = self.texts();
        self.overview.with(|overview| {
            let overview = overview.as_ref()?;
            let proof = overview.state.proof.as_ref()?;
            if overview.pending + overview.parked > 0 {
                return None; // what is unsent is not the same there
            }
            if !proof.is_identical() {
                return Some((texts.sync.differs)(proof.differing));
            }
            let at = self.local(proof.at);
            let day = dates::clock(at);
            let clock = if at.day == self.today().day {
                day
            } else {
                dates::moment_short(texts, at, self.today())
            };
            let same = (texts.sync.identical)(&clock);
            Some(match proof.healed {
                0 => same,
                months => format!("{} {same}", (texts.sync.healed)(months)),
            })
        })
    }

    /// What could not be read on this device, where something was.
    pub fn set_aside_words(self) -> Option<String> {
        let texts = self.texts();
        let overview =
            |overview: &Option<Overview>| overview.as_ref().map_or(0, |it| it.state.set_aside);
        let months = self.overview.with(overview);
        (months > 0).then(|| (texts.sync.set_aside)(months))
    }

    /// How wrong this device's clock is, where it is.
    pub fn clock_words(self) -> Option<String> {
        let texts = self.texts();
        self.overview
            .with(|overview| clock_words(texts, overview.as_ref()?.state.clock_offset_ms))
    }

    /// What would be lost with this device, and whether a person should do something about it.
    pub fn risk_words(self) -> Option<(LossRisk, String)> {
        let unsent = self.overview.with(|overview| {
            overview
                .as_ref()
                .map_or(0, |it: &Overview| it.pending + it.parked)
        });
        let oldest = self
            .outbox
            .with(|outbox| outbox.iter().map(|entry| entry.created_at).min());
        let is_kept = self
            .storage
            .with(|storage| storage.and_then(|storage| storage.is_kept));
        let risk = loss_risk(unsent, oldest, is_kept, self.now.get());
        let words = &self.texts().sync;
        let since = || self.moment_words(oldest.unwrap_or_default());
        Some(match risk {
            LossRisk::None => return None,
            LossRisk::Low => (risk, (words.risk_low)(unsent)),
            LossRisk::Long => (risk, (words.risk_long)(unsent, &since())),
            LossRisk::High => (risk, (words.risk_high)(unsent, &since())),
        })
    }

    /// A moment as it stands inside a sentence.
    pub fn moment_words(self, at: Timestamp) -> String {
        dates::moment_inside(self.texts(), self.local(at), self.today())
    }
}

/// Enough of a device's id to tell it from the others.
fn mark_of(id: &DeviceId) -> &str {
    let text = id.as_str();
    let start = text.char_indices().rev().nth(3).map_or(0, |(at, _)| at);
    &text[start..]
}

fn why_words(texts: &Texts, why: &Why, wait_ms: Option<i64>) -> String {
    let words = (texts.sync.why)(why);
    match wait_ms.filter(|_| why.passes()) {
        Some(wait_ms) => format!("{words} {}", (texts.sync.tried_in)((wait_ms + 999) / 1000)),
        None => words.to_owned(),
    }
}

fn clock_words(texts: &Texts, offset_ms: i64) -> Option<String> {
    if offset_ms.unsigned_abs() < CLOCK_MS_MIN {
        return None;
    }
    // The server's clock minus this device's: where that is negative, this device is ahead.
    let minutes = offset_ms.abs() / 60_000;
    Some(if offset_ms < 0 {
        (texts.sync.clock_ahead)(minutes)
    } else {
        (texts.sync.clock_behind)(minutes)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::texts_for;
    use tidemark_engine::outbox::{EntryDraft, LastError};
    use tidemark_testkit::samples;

    fn refused(number: u128, code: &str, field: Option<&str>) -> OutboxEntry {
        let error = LastError {
            code: code.to_owned(),
            field: field.map(str::to_owned),
            detail: None,
        };
        let draft = EntryDraft {
            parked: Some(error),
            ..samples::create(number, &samples::metric(number, 0, 0))
        };
        draft.into_entry(u64::try_from(number).unwrap_or_default())
    }

    #[test]
    fn refused_entries_are_grouped_by_code_and_field_where_there_is_more_than_one() {
        let height = |number| refused(number, "invalid_field", Some("height"));
        let outbox = [
            height(1),
            refused(2, "invalid_field", Some("weight")),
            height(3),
            refused(4, "op_reuse", None),
            samples::create(5, &samples::metric(5, 0, 0)).into_entry(5),
            height(6),
        ];
        let groups = alike(&outbox);
        assert_eq!(groups.len(), 1);
        let ids: Vec<_> = [1, 3, 6].map(samples::entity).into();
        assert_eq!(groups[0].records(), ids);
        assert!(groups[0].may_share_a_value());
        let weights = [
            refused(1, "invalid_field", Some("weight")),
            refused(2, "invalid_field", Some("weight")),
        ];
        assert!(
            !alike(&weights)[0].may_share_a_value(),
            "each weight is its own"
        );
    }

    #[test]
    fn the_log_is_filtered_by_what_came_of_an_attempt() {
        let line = |sent, outcome: &str| SyncLogLine {
            at: samples::NOON,
            trigger: "manual".to_owned(),
            sent,
            received: 0,
            outcome: outcome.to_owned(),
            duration_ms: 1,
        };
        for (line, shown) in [
            (line(0, "ok"), [true, false, false]),
            (line(2, "ok"), [true, true, false]),
            (line(0, "unreachable"), [true, false, true]),
            (line(2, "put_off"), [true, true, true]),
        ] {
            let found = LogFilter::ALL.map(|filter| filter.shows(&line));
            assert_eq!(found, shown, "{line:?}");
        }
    }

    #[test]
    fn a_wrong_clock_is_said_in_the_direction_in_which_it_is_wrong() {
        let words = |offset_ms| clock_words(texts_for("en"), offset_ms);
        assert_eq!(words(59_999), None);
        let ahead = words(-3_660_000).expect("61 minutes");
        assert!(ahead.contains("61\u{a0}min ahead"), "{ahead}");
        assert!(words(3_660_000).expect("61 minutes").contains("behind"));
    }

    #[test]
    fn a_wait_is_said_only_where_the_next_attempt_may_end_it() {
        let words = |why: &Why| why_words(texts_for("en"), why, Some(39_001));
        assert!(words(&Why::Pause).ends_with("Trying again in 40\u{a0}s."));
        assert!(!words(&Why::SignIn).contains("40"));
    }
}
