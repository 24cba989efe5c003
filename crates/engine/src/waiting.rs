//! Why an entry is not on the server yet: one reason for each, decided from what is stored and nothing else.

use crate::driver::waits_until;
use crate::network::NetworkInfo;
use crate::outbox::{EntryKind, LastError, OutboxEntry};
use crate::state::FailureKind;
use crate::view::Overview;
use tidemark_protocol::{AuthMode, Timestamp};

/// Why an entry waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// The server did not accept it: a person mends it.
    Refused(LastError),
    /// It was written under another account and goes only as that one.
    OtherAccount,
    /// Somebody has to sign in.
    SignIn,
    /// This version of the app is too old for the server.
    Outdated,
    /// It is not clear yet whose it is.
    WhoIsWho,
    /// An earlier edit that it builds on was not accepted.
    Behind,
    /// This device's storage fails.
    Storage,
    /// The device has no network.
    NoNetwork,
    /// Nobody answers.
    NoAnswer,
    /// Something else answers in the server's place.
    Intercepted,
    /// The server asked for a pause.
    Pause,
    /// The server took others and asked to send this one later.
    PutOff,
    /// The server has trouble.
    Trouble,
    /// The person it belongs to goes first.
    Person,
    /// Nothing: it goes with the next sync.
    Going,
}

impl Why {
    /// A name for the support report.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Refused(_) => "refused",
            Self::OtherAccount => "other_account",
            Self::SignIn => "sign_in",
            Self::Outdated => "outdated",
            Self::WhoIsWho => "who_is_who",
            Self::Behind => "behind",
            Self::Storage => "storage",
            Self::NoNetwork => "no_network",
            Self::NoAnswer => "no_answer",
            Self::Intercepted => "intercepted",
            Self::Pause => "pause",
            Self::PutOff => "put_off",
            Self::Trouble => "trouble",
            Self::Person => "person",
            Self::Going => "going",
        }
    }

    /// Whether it passes by itself at the next attempt, so that the time of that is worth saying.
    pub fn passes(&self) -> bool {
        matches!(
            self,
            Self::NoAnswer | Self::Intercepted | Self::Pause | Self::PutOff | Self::Trouble
        )
    }
}

/// What the reasons are decided from.
#[derive(Clone, Copy, Debug)]
pub struct Scene<'a> {
    /// Where syncing stands.
    pub overview: &'a Overview,
    /// The whole outbox, in order.
    pub outbox: &'a [OutboxEntry],
    /// What the browser believes of the network.
    pub is_online: bool,
    /// The device's clock.
    pub now: Timestamp,
}

impl Scene<'_> {
    /// Why an entry waits.
    pub fn why(&self, entry: &OutboxEntry) -> Why {
        if entry.parked {
            return Why::Refused(entry.last_error.clone().unwrap_or_default());
        }
        self.person_first(entry)
            .or_else(|| self.way_first())
            .unwrap_or_else(|| self.in_its_turn(entry))
    }

    /// Milliseconds to the next attempt, where one is waited for.
    pub fn wait_ms(&self) -> Option<i64> {
        let until = waits_until(&self.overview.state, self.now)?;
        Some(until.millis_since(self.now))
    }

    /// What somebody has to do first.
    fn person_first(&self, entry: &OutboxEntry) -> Option<Why> {
        let state = &self.overview.state;
        if entry.owner.is_some() && state.owner.is_some() && entry.owner != state.owner {
            return Some(Why::OtherAccount);
        }
        if state.owner.is_none() && state.auth == Some(AuthMode::Required) {
            return Some(Why::SignIn);
        }
        let failure = state.failure.as_ref();
        match failure.map(|failure| (failure.kind, failure.error.code.as_str())) {
            Some((FailureKind::SignIn, _)) => return Some(Why::SignIn),
            // What can't be read holds up nothing that is sent.
            Some((FailureKind::Outdated, code)) if code != "unreadable" => {
                return Some(Why::Outdated);
            }
            _ => {}
        }
        if self.overview.question.is_some() {
            return Some(Why::WhoIsWho);
        }
        let is_before = |other: &&OutboxEntry| other.parked && other.seq < entry.seq;
        let mut before = self.outbox.iter().filter(is_before);
        let holds = |other: &OutboxEntry| other.lane() == entry.lane() || makes(other, entry);
        before.any(holds).then_some(Why::Behind)
    }

    /// What is wrong between here and the server.
    fn way_first(&self) -> Option<Why> {
        let state = &self.overview.state;
        let kind = state.failure.as_ref().map(|failure| failure.kind);
        if kind == Some(FailureKind::Storage) {
            return Some(Why::Storage);
        }
        match self.overview.network(self.is_online) {
            NetworkInfo::NoNetwork => Some(Why::NoNetwork),
            NetworkInfo::NoAnswer => Some(Why::NoAnswer),
            NetworkInfo::Intercepted => Some(Why::Intercepted),
            NetworkInfo::Untried | NetworkInfo::Reached | NetworkInfo::Trouble => None,
        }
    }

    fn in_its_turn(&self, entry: &OutboxEntry) -> Why {
        let state = &self.overview.state;
        let code = state
            .failure
            .as_ref()
            .map(|failure| failure.error.code.as_str());
        let was_put_off = entry.last_error.is_some() && code == Some("put_off");
        if was_put_off {
            Why::PutOff
        } else if waits_until(state, self.now).is_some() && state.not_before > state.retry_at {
            Why::Pause
        } else if state.failure.is_some() && code != Some("put_off") && code != Some("unreadable") {
            Why::Trouble
        } else if self.outbox.iter().any(|other| makes(other, entry)) {
            Why::Person
        } else {
            Why::Going
        }
    }
}

/// Whether one entry makes the person whom the other is about.
fn makes(maker: &OutboxEntry, entry: &OutboxEntry) -> bool {
    let person = || entry.metric_patch().and_then(|patch| patch.user_id);
    maker.kind == EntryKind::CreateUser
        && maker.op_id != entry.op_id
        && person() == Some(maker.entity_id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outbox::EntryDraft;
    use crate::state::{SyncFailure, SyncState};
    use crate::view::PersonQuestion;
    use tidemark_protocol::{AccountId, DeviceId, EntityId, OpId, User};
    use uuid::Uuid;

    const NOW: Timestamp = Timestamp(1_771_582_953_000);

    fn number(number: u128) -> Uuid {
        Uuid::from_u128(number)
    }

    fn account(of: u128) -> AccountId {
        AccountId(number(of))
    }

    fn entry(seq: u64, kind: EntryKind, about: u128) -> OutboxEntry {
        let draft = EntryDraft {
            op_id: OpId(number(u128::from(seq) + 1000)),
            kind,
            entity_id: EntityId(number(about)),
            payload: format!(r#"{{"user_id":"{}"}}"#, number(1)),
            base_version: 0,
            created_at: NOW,
            owner: Some(account(1)),
            parked: None,
        };
        draft.into_entry(seq)
    }

    fn overview() -> Overview {
        let mut state = SyncState::new(DeviceId::parse("own").expect("a fit id"));
        state.owner = Some(account(1));
        state.auth = Some(AuthMode::Off);
        state.last_success = Some(NOW);
        Overview {
            pending: 1,
            parked: 0,
            state,
            question: None,
        }
    }

    fn failed(kind: FailureKind, code: &str) -> Overview {
        let mut overview = overview();
        overview.state.failure = Some(SyncFailure {
            kind,
            error: LastError::plain(code),
        });
        overview.state.retry_at = Some(NOW.plus_millis(5_000));
        overview
    }

    fn told(change: impl FnOnce(&mut Overview)) -> Overview {
        let mut overview = overview();
        change(&mut overview);
        overview
    }

    fn why_of(overview: &Overview, is_online: bool) -> Why {
        let waiting = entry(5, EntryKind::UpsertMetric, 7);
        let scene = Scene {
            overview,
            outbox: std::slice::from_ref(&waiting),
            is_online,
            now: NOW,
        };
        scene.why(&waiting)
    }

    #[test]
    fn each_state_of_the_sync_has_one_reason() {
        use FailureKind::{Offline, Outdated, Server, SignIn, Storage};
        let question = PersonQuestion {
            ours: User::new(EntityId(number(1)), NOW),
            theirs: Vec::new(),
        };
        for (overview, reason) in [
            (overview(), Why::Going),
            (
                told(|it| it.state.owner = Some(account(2))),
                Why::OtherAccount,
            ),
            (
                told(|it| {
                    it.state.owner = None;
                    it.state.auth = Some(AuthMode::Required);
                }),
                Why::SignIn,
            ),
            (failed(SignIn, "token_expired"), Why::SignIn),
            (failed(Outdated, "client_too_old"), Why::Outdated),
            (failed(Outdated, "unreadable"), Why::Going),
            (told(|it| it.question = Some(question)), Why::WhoIsWho),
            (failed(Storage, "storage"), Why::Storage),
            (failed(Offline, "unreachable"), Why::NoAnswer),
            (failed(Offline, "not_ours"), Why::Intercepted),
            (failed(Server, "overloaded"), Why::Trouble),
            (
                told(|it| it.state.not_before = Some(NOW.plus_millis(40_000))),
                Why::Pause,
            ),
        ] {
            assert_eq!(why_of(&overview, true), reason, "{:?}", overview.state);
        }
        assert_eq!(why_of(&failed(Server, "overloaded"), false), Why::NoNetwork);
        assert_eq!(why_of(&failed(SignIn, "token_expired"), false), Why::SignIn);
    }

    #[test]
    fn an_entry_tells_what_holds_back_it_alone() {
        let refused = |mut entry: OutboxEntry| {
            entry.parked = true;
            entry.last_error = Some(LastError::plain("invalid_field"));
            entry
        };
        let upsert = |seq| entry(seq, EntryKind::UpsertMetric, 7);
        let maker = || entry(1, EntryKind::CreateUser, 1);
        let other = entry(1, EntryKind::UpsertMetric, 8);
        let put_off = |mut entry: OutboxEntry| {
            entry.last_error = Some(LastError::plain("retry"));
            entry
        };
        let (calm, busy) = (overview(), failed(FailureKind::Server, "put_off"));
        let refusal = Why::Refused(LastError::plain("invalid_field"));
        for (what, overview, outbox, reason) in [
            ("refused itself", &calm, vec![refused(upsert(2))], refusal),
            (
                "behind a refused one",
                &calm,
                vec![refused(upsert(1)), upsert(2)],
                Why::Behind,
            ),
            (
                "beside a refused one",
                &calm,
                vec![refused(other), upsert(2)],
                Why::Going,
            ),
            (
                "its person was refused",
                &calm,
                vec![refused(maker()), upsert(2)],
                Why::Behind,
            ),
            (
                "its person goes first",
                &calm,
                vec![maker(), upsert(2)],
                Why::Person,
            ),
            ("put off", &busy, vec![put_off(upsert(2))], Why::PutOff),
            ("another was put off", &busy, vec![upsert(2)], Why::Going),
        ] {
            let scene = Scene {
                overview,
                outbox: &outbox,
                is_online: true,
                now: NOW,
            };
            let last = outbox.last().expect("an entry");
            assert_eq!(scene.why(last), reason, "{what}");
        }
    }

    #[test]
    fn the_wait_is_that_of_the_next_attempt() {
        let overview = failed(FailureKind::Server, "overloaded");
        let scene = |now| Scene {
            overview: &overview,
            outbox: &[],
            is_online: true,
            now,
        };
        assert_eq!(scene(NOW).wait_ms(), Some(5_000));
        assert_eq!(scene(NOW.plus_millis(5_000)).wait_ms(), None);
    }
}
