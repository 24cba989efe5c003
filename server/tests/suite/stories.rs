//! The storage in memory and a database answer every story alike: what the simulator proves on the one holds for the other.

use serde_json::{Map, Value, json};
use tidemark_protocol::validate::read_batch;
use tidemark_protocol::{DeviceId, EntityId, Timestamp, UserRef};
use tidemark_server::storage::{MemoryStorage, Storage};
use tidemark_server::sync::{self, BUILT_IN_ACCOUNT, Caller, PullRequest, SyncError};
use uuid::Uuid;

const STORIES: u64 = 12;
const STEPS: usize = 40;
const NOW: i64 = 1_772_366_400_000;

/// A small generator of numbers (splitmix64): the same seed, the same story.
struct Chance(u64);

impl Chance {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % bound
    }

    /// A field in two of three cases.
    fn maybe(&mut self, object: &mut Value, name: &str, value: Value) {
        if self.below(3) > 0 {
            object[name] = value;
        }
    }
}

/// One step of a story, the same for both.
enum Step {
    Push(Vec<u8>),
    Create(Map<String, Value>),
    Patch(UserRef, Map<String, Value>),
    Model(Map<String, Value>),
    Pull(PullRequest),
}

fn at(chance: &mut Chance) -> Value {
    let minutes = i64::try_from(chance.below(40)).unwrap() - 30;
    json!(Timestamp(NOW + minutes * 60_000))
}

fn event(chance: &mut Chance) -> Value {
    let kind = if chance.below(5) == 0 {
        "DELETE_METRIC"
    } else {
        "UPSERT_METRIC"
    };
    let mut payload = json!({"id": Uuid::from_u128(u128::from(chance.below(6)))});
    let (user, weight, moment) = (chance.below(4), 60 + chance.below(5), at(chance));
    chance.maybe(&mut payload, "user_id", json!(user));
    chance.maybe(&mut payload, "weight", json!(weight));
    chance.maybe(&mut payload, "created_at", moment);
    let (note, moment) = (
        [json!(null), json!("x"), json!("y")][usize::try_from(chance.below(3)).unwrap()].clone(),
        at(chance),
    );
    chance.maybe(&mut payload, "note", note);
    chance.maybe(&mut payload, "updated_at", moment);
    if chance.below(6) == 0 {
        payload["deleted_at"] = json!(null);
    }
    let mut event = json!({"local_id": chance.below(3), "type": kind, "payload": payload});
    let (base, op) = (
        chance.below(20),
        Uuid::from_u128(u128::from(900 + chance.below(30))),
    );
    chance.maybe(&mut event, "base_version", json!(base));
    if chance.below(3) == 0 {
        event["op_id"] = json!(op);
    }
    event
}

fn fields(value: Value) -> Map<String, Value> {
    serde_json::from_value(value).unwrap()
}

fn step(chance: &mut Chance, cursors: &[String]) -> Step {
    let base = chance.below(12);
    match chance.below(10) {
        0 => Step::Create(fields(
            json!({"id": Uuid::from_u128(u128::from(50 + chance.below(4))), "name": "A"}),
        )),
        1 => {
            let deleted_at = if chance.below(2) == 0 {
                json!(null)
            } else {
                at(chance)
            };
            let name = UserRef::Number(chance.below(4));
            Step::Patch(
                name,
                fields(json!({"name": "B", "base_version": base, "deleted_at": deleted_at})),
            )
        }
        2 => Step::Model(fields(
            json!({"theme": "dark", "base_version": base, "active_user": 1}),
        )),
        3..6 => {
            let since = usize::try_from(chance.below(cursors.len() as u64 + 1)).unwrap();
            let limit = usize::try_from(1 + chance.below(4)).unwrap();
            Step::Pull(PullRequest {
                since: cursors.get(since).cloned(),
                limit,
            })
        }
        _ => {
            let events: Vec<_> = (0..chance.below(5)).map(|_| event(chance)).collect();
            let device = ["a", "b", "c"][usize::try_from(chance.below(3)).unwrap()];
            Step::Push(
                json!({"device_id": device, "sent_at": at(chance), "events": events})
                    .to_string()
                    .into_bytes(),
            )
        }
    }
}

fn told<T: serde::Serialize>(answer: Result<T, SyncError>) -> Value {
    match answer {
        Ok(answer) => json!(answer),
        Err(error) => json!(format!("{error:?}")),
    }
}

async fn carry_out(storage: &impl Storage, caller: &Caller, step: &Step) -> Value {
    match step {
        Step::Push(body) => told(sync::push(storage, caller, &read_batch(body).unwrap()).await),
        Step::Create(body) => {
            let created =
                sync::create_user(storage, caller, body, EntityId(Uuid::from_u128(70))).await;
            told(created.map(|created| (created.is_new, created.user)))
        }
        Step::Patch(name, body) => told(sync::patch_user(storage, caller, *name, body).await),
        Step::Model(body) => told(sync::patch_app_model(storage, caller, body).await),
        Step::Pull(request) => {
            let users = told(
                sync::pull_users(
                    storage,
                    caller,
                    &PullRequest {
                        since: None,
                        ..*request
                    },
                )
                .await,
            );
            let metrics = told(sync::pull_metrics(storage, caller, request).await);
            json!([metrics, users])
        }
    }
}

/// What is left at the end of a story.
async fn rest(storage: &impl Storage, caller: &Caller) -> Value {
    let mut rest = vec![told(sync::devices(storage, caller).await)];
    for number in 0..6 {
        rest.push(told(
            sync::history(storage, caller, EntityId(Uuid::from_u128(number))).await,
        ));
    }
    for number in 1..4 {
        rest.push(told(
            sync::digests(storage, caller, UserRef::Number(number)).await,
        ));
    }
    Value::Array(rest)
}

/// Tells the stories to the twin and to what `open` opens, each time afresh; what comes with it is kept as long.
pub async fn both_answer_every_story_alike<S: Storage, K>(open: impl AsyncFn() -> (S, K)) {
    for seed in 0..STORIES {
        let (storage, _keeper) = open().await;
        let memory = MemoryStorage::new(super::epoch());
        let mut caller = Caller {
            account: BUILT_IN_ACCOUNT,
            device: DeviceId::parse("a"),
            now: Timestamp(NOW),
        };
        tell(seed, &memory, &storage, &mut caller).await;
        let rests = (rest(&memory, &caller).await, rest(&storage, &caller).await);
        assert_eq!(rests.0, rests.1, "seed {seed}");
        let head = storage.head(BUILT_IN_ACCOUNT).await.unwrap();
        assert!(head > 5, "seed {seed} tells a story");
        storage.close().await;
    }
}

async fn tell(seed: u64, memory: &impl Storage, other: &impl Storage, caller: &mut Caller) {
    let mut chance = Chance(seed);
    let mut cursors = Vec::new();
    for name in ["A", "B"] {
        let id = Uuid::new_v5(&Uuid::NAMESPACE_OID, name.as_bytes());
        let first = Step::Create(fields(json!({"id": id})));
        let answers = (
            carry_out(memory, caller, &first).await,
            carry_out(other, caller, &first).await,
        );
        assert_eq!(answers.0, answers.1);
    }
    for number in 0..STEPS {
        let pause = i64::try_from(chance.below(90_000)).unwrap() - 9_000;
        caller.now = caller.now.plus_millis(pause);
        let step = step(&mut chance, &cursors);
        let answers = (
            carry_out(memory, caller, &step).await,
            carry_out(other, caller, &step).await,
        );
        assert_eq!(answers.0, answers.1, "seed {seed}, step {number}");
        cursors.extend(answers.0[0]["cursor"].as_str().map(str::to_owned));
    }
}
