//! The words for where syncing stands, short for the chip and long for the sync screen.

use super::NotSaved;
use crate::i18n::{LocalTime, Texts, dates};
use tidemark_engine::NetworkInfo;
use tidemark_engine::state::FailureKind;
use tidemark_engine::view::{ChipState, Overview};
use tidemark_protocol::Timestamp;

/// The chip's state and words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChipWords {
    /// The state.
    pub state: ChipState,
    /// The words beside the icon.
    pub words: String,
    /// Entries that are not on the server yet, the ones it did not accept included.
    pub pending: usize,
    /// Whether a person has to do something.
    pub needs_person: bool,
}

/// Failures in a row before trouble is drawn as trouble.
const FAILURES_SHOWN_MIN: u32 = 3;

/// What the chip says.
pub fn chip_words(texts: &Texts, overview: &Overview, state: ChipState, clock: Clock) -> ChipWords {
    let count = count(overview.pending);
    let words = match state {
        ChipState::Local => texts.chip_local.to_owned(),
        ChipState::Pending => (texts.chip_pending)(count),
        ChipState::Syncing if count > 0 => (texts.chip_pending)(count),
        ChipState::Syncing => texts.chip_syncing.to_owned(),
        ChipState::Offline if count > 0 => (texts.chip_offline_pending)(count),
        ChipState::Offline => texts.chip_offline.to_owned(),
        ChipState::Synced => (texts.chip_synced)(&last_success(texts, overview, clock)),
        ChipState::SignedOut => texts.chip_sign_in.to_owned(),
        ChipState::Error => error_words(texts, overview, clock),
    };
    ChipWords {
        state,
        words,
        pending: overview.pending + overview.parked,
        needs_person: needs_person(overview, state),
    }
}

/// What the chip says while something is not saved: that comes before all that is said of syncing.
pub fn not_saved_words(texts: &Texts, edits: usize) -> ChipWords {
    ChipWords {
        state: ChipState::Error,
        words: (texts.chip_not_saved)(count(edits)),
        pending: edits,
        needs_person: true,
    }
}

/// What is not saved, where it is meanwhile, and what a person can do.
pub fn not_saved_sentence(texts: &Texts, not_saved: &NotSaved) -> (String, String) {
    let count = count(not_saved.edits.len());
    if not_saved.is_at_risk() {
        (texts.not_saved_at_risk)(count)
    } else {
        (texts.not_saved_copied)(count)
    }
}

/// Now, here.
#[derive(Clone, Copy, Debug)]
pub struct Clock {
    /// The moment.
    pub now: Timestamp,
    /// Minutes east of UTC.
    pub offset: i16,
}

impl Clock {
    fn local(self, at: Timestamp) -> LocalTime {
        LocalTime::at(at, self.offset)
    }
}

fn error_words(texts: &Texts, overview: &Overview, clock: Clock) -> String {
    match overview.state.failure.as_ref().map(|failure| failure.kind) {
        None => (texts.chip_not_accepted)(count(overview.parked)),
        Some(FailureKind::Outdated) => texts.chip_outdated.to_owned(),
        Some(FailureKind::Storage) => texts.chip_storage.to_owned(),
        Some(_) => wait_seconds(overview, clock.now).map_or_else(
            || texts.chip_retry.to_owned(),
            |seconds| (texts.chip_retry_in)(seconds),
        ),
    }
}

/// Seconds to the next attempt, where it lies ahead.
fn wait_seconds(overview: &Overview, now: Timestamp) -> Option<i64> {
    let wait_ms = overview.next_attempt()?.millis_since(now);
    (wait_ms > 0).then_some((wait_ms + 999) / 1000)
}

fn needs_person(overview: &Overview, state: ChipState) -> bool {
    match state {
        ChipState::SignedOut => true,
        ChipState::Error => match overview.state.failure.as_ref().map(|failure| failure.kind) {
            None | Some(FailureKind::Outdated | FailureKind::Storage) => true,
            Some(_) => overview.state.failures >= FAILURES_SHOWN_MIN,
        },
        _ => false,
    }
}

fn last_success(texts: &Texts, overview: &Overview, clock: Clock) -> String {
    let Some(at) = overview.state.last_success else {
        return texts.just_now.to_owned();
    };
    dates::ago(texts, at, clock.now)
        .unwrap_or_else(|| dates::moment_inside(texts, clock.local(at), clock.local(clock.now)))
}

/// The sync screen's sentence and what stands below it.
pub fn state_words(
    texts: &Texts,
    overview: &Overview,
    state: ChipState,
    network: NetworkInfo,
    clock: Clock,
) -> (String, String) {
    let owned = |(title, text): (&str, &str)| (title.to_owned(), text.to_owned());
    let pending = count(overview.pending);
    let (title, text) = match state {
        ChipState::Local => owned(texts.state_local),
        ChipState::Pending | ChipState::Syncing if pending > 0 => (texts.state_pending)(pending),
        ChipState::Pending | ChipState::Syncing => (
            texts.state_syncing.to_owned(),
            texts.state_local.0.to_owned(),
        ),
        ChipState::Offline => {
            let (title, text) = (texts.state_offline)(pending);
            (title, format!("{text} {}", network_words(texts, network)))
        }
        ChipState::Synced => owned(texts.state_synced),
        ChipState::SignedOut => owned(texts.state_signed_out),
        ChipState::Error => match overview.state.failure.as_ref().map(|failure| failure.kind) {
            None => (texts.state_not_accepted)(count(overview.parked)),
            Some(FailureKind::Outdated) => owned(texts.state_outdated),
            Some(FailureKind::Storage) => owned(texts.state_storage),
            Some(_) => (texts.state_error)(pending, wait_seconds(overview, clock.now)),
        },
    };
    let synced = match overview.state.last_success {
        Some(_) => (texts.last_synced)(&last_success(texts, overview, clock)),
        None if state == ChipState::Local => return (title, text),
        None => texts.never_synced.to_owned(),
    };
    (title, format!("{text} {synced}"))
}

/// Why the server can't be reached, as far as it is known.
fn network_words(texts: &Texts, network: NetworkInfo) -> &'static str {
    match network {
        NetworkInfo::NoNetwork => texts.no_network,
        NetworkInfo::Intercepted => texts.intercepted,
        NetworkInfo::Untried
        | NetworkInfo::Reached
        | NetworkInfo::NoAnswer
        | NetworkInfo::Trouble => texts.no_answer,
    }
}

fn count(entries: usize) -> u32 {
    u32::try_from(entries).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::texts_for;
    use tidemark_engine::outbox::LastError;
    use tidemark_engine::state::{SyncFailure, SyncState};
    use tidemark_protocol::DeviceId;

    const CLOCK: Clock = Clock {
        now: Timestamp(1_000_000),
        offset: 0,
    };

    fn overview(pending: usize, parked: usize) -> Overview {
        let device = DeviceId::parse("test").expect("a short plain id");
        Overview {
            pending,
            parked,
            state: SyncState::new(device),
            question: None,
        }
    }

    fn failed(kind: FailureKind, failures: u32) -> Overview {
        let mut overview = overview(1, 0);
        let error = LastError {
            code: "x".to_owned(),
            field: None,
            detail: None,
        };
        overview.state.failure = Some(SyncFailure { kind, error });
        overview.state.failures = failures;
        overview.state.retry_at = Some(CLOCK.now.plus_millis(29_100));
        overview
    }

    #[test]
    fn the_chip_says_what_the_state_means_with_at_most_one_number() {
        let texts = texts_for("en");
        for (state, pending, words) in [
            (ChipState::Local, 3, "Saved on this device"),
            (ChipState::Pending, 1, "Syncing 1 entry…"),
            (ChipState::Syncing, 3, "Syncing 3 entries…"),
            (ChipState::Syncing, 0, "Syncing…"),
            (ChipState::Offline, 3, "Offline · 3 to sync"),
            (ChipState::Offline, 0, "Offline"),
            (ChipState::SignedOut, 2, "Sign in to sync"),
        ] {
            assert_eq!(
                chip_words(texts, &overview(pending, 0), state, CLOCK).words,
                words
            );
        }
    }

    #[test]
    fn synced_names_how_long_ago() {
        let mut overview = overview(0, 0);
        overview.state.last_success = Some(CLOCK.now.plus_millis(-120_000));
        let chip = chip_words(texts_for("en"), &overview, ChipState::Synced, CLOCK);
        assert_eq!(chip.words, "Synced 2 min ago");
        assert!(!chip.needs_person);
    }

    #[test]
    fn a_failing_server_counts_down_and_is_neutral_until_the_third_time() {
        let texts = texts_for("en");
        let first = chip_words(
            texts,
            &failed(FailureKind::Server, 1),
            ChipState::Error,
            CLOCK,
        );
        assert_eq!(first.words, "Trying again in 30\u{a0}s");
        assert!(!first.needs_person);
        let third = chip_words(
            texts,
            &failed(FailureKind::Server, 3),
            ChipState::Error,
            CLOCK,
        );
        assert!(third.needs_person);
    }

    #[test]
    fn a_parked_entry_counts_as_unsent_and_asks_for_a_person() {
        let chip = chip_words(texts_for("en"), &overview(0, 1), ChipState::Error, CLOCK);
        assert_eq!((chip.words.as_str(), chip.pending), ("1 not accepted", 1));
        assert!(chip.needs_person);
    }

    #[test]
    fn the_sync_screen_never_says_synced_before_the_server_did() {
        let texts = texts_for("en");
        let overview = overview(3, 0);
        let words = |network| state_words(texts, &overview, ChipState::Offline, network, CLOCK);
        let (title, text) = words(NetworkInfo::NoNetwork);
        assert_eq!(title, "You’re offline. 3 entries are saved on this device.");
        assert_eq!(
            text,
            "They sync by themselves when you reconnect. Your device reports no network. Not synced yet."
        );
        assert!(words(NetworkInfo::NoAnswer).1.contains("does not answer"));
        assert!(words(NetworkInfo::Intercepted).1.contains("sign in to it"));
    }
}
