//! The cases that every storage must pass. Each takes an empty storage.

mod accounts;
mod details;
mod pages;
mod stories;
mod upkeep;

pub use accounts::{
    a_session_that_ended_is_over_and_its_device_is_listed_until_forgotten,
    an_account_and_its_sessions_are_loaded_as_they_were_stored,
    an_address_belongs_to_the_first_account_that_claims_it,
    an_erased_account_leaves_nothing_but_the_mark_and_takes_nothing_more,
    changes_of_one_account_see_each_other, everything_of_an_account_is_of_that_account_only,
};
pub use details::{
    a_device_only_ever_moves_forward, history_is_newest_first_and_only_of_known_metrics,
    the_living_rows_of_a_user_are_those_not_deleted,
};
pub use pages::{
    a_moment_is_found_as_the_version_before_its_first_row,
    a_page_follows_versions_and_leaves_out_the_deletions_it_is_told_to, users_have_pages_too,
};
pub use stories::both_answer_every_story_alike;
pub use upkeep::{
    a_deletion_waits_for_every_active_device_but_not_for_ever,
    old_deletions_go_where_no_device_lacks_them,
    pruning_goes_through_all_accounts_and_takes_history_along,
};

/// Hands the names of all cases to a macro.
macro_rules! every_case {
    ($make:ident) => {
        $make! {
            an_unknown_account_is_empty,
            what_is_stored_is_loaded_as_it_was,
            the_record_of_an_operation_is_loaded_with_it,
            accounts_see_nothing_of_each_other,
            a_page_follows_versions_and_leaves_out_the_deletions_it_is_told_to,
            a_moment_is_found_as_the_version_before_its_first_row,
            users_have_pages_too,
            history_is_newest_first_and_only_of_known_metrics,
            the_living_rows_of_a_user_are_those_not_deleted,
            a_device_only_ever_moves_forward,
            changes_of_one_account_happen_one_after_another,
            an_address_belongs_to_the_first_account_that_claims_it,
            an_account_and_its_sessions_are_loaded_as_they_were_stored,
            a_session_that_ended_is_over_and_its_device_is_listed_until_forgotten,
            changes_of_one_account_see_each_other,
            an_erased_account_leaves_nothing_but_the_mark_and_takes_nothing_more,
            everything_of_an_account_is_of_that_account_only,
            old_deletions_go_where_no_device_lacks_them,
            a_deletion_waits_for_every_active_device_but_not_for_ever,
            pruning_goes_through_all_accounts_and_takes_history_along,
        }
    };
}
pub(crate) use every_case;

use tidemark_protocol::merge::{Edit, EditTime, Stored, create};
use tidemark_protocol::{
    AccountId, AppModel, AppModelPatch, DeviceId, EntityId, Epoch, EventStatus, Metric,
    MetricPatch, Patch, PayloadHash, Theme, Timestamp, User, UserPatch, UserRef,
};
use tidemark_server::storage::{
    After, Changes, DeviceSeen, Head, Loaded, OpKey, OpRow, PageQuery, Storage, Tombstones, Wanted,
};
use uuid::Uuid;

const ACCOUNT: AccountId = AccountId(Uuid::from_u128(0xacc));
const OTHER: AccountId = AccountId(Uuid::from_u128(0xacd));
const USER: EntityId = EntityId(Uuid::from_u128(0x0001));

/// The life of a case's database.
pub fn epoch() -> Epoch {
    Epoch("0190c0de-0000-7000-8000-0000000000ee".to_owned())
}

fn id(number: u128) -> EntityId {
    EntityId(Uuid::from_u128(number))
}

fn device(name: &str) -> DeviceId {
    DeviceId::parse(name).unwrap()
}

fn metric(number: u128, version: u64) -> Stored<Metric> {
    let row = Metric {
        id: id(number),
        server_id: id(number),
        user_id: USER,
        user_number: 1,
        weight: tidemark_domain::mass::Grams::new(78_200).unwrap(),
        height: tidemark_domain::length::Millimetres::new(1_783).ok(),
        bmi: None,
        note: Some("a \u{1f600} 'quoted' note\n".to_owned()),
        created_at: Timestamp(-5),
        utc_offset: Some(-180),
        updated_at: Timestamp(0),
        updated_by: None,
        deleted_at: None,
        version: 0,
    };
    let (patch, by) = (MetricPatch::default(), device("a"));
    let edit = Edit {
        patch: &patch,
        base_version: None,
        time: EditTime::normalised(Some(Timestamp(7)), Timestamp(9)),
        device: Some(&by),
        next_version: version,
        lost_version: None,
    };
    create(row, &edit).stored
}

fn deleted(number: u128, version: u64) -> Stored<Metric> {
    let mut stored = metric(number, version);
    stored.row.deleted_at = Some(Timestamp(99));
    stored
}

fn user(number: u32, version: u64) -> Stored<User> {
    let row = User {
        number,
        name: Some("Ada".to_owned()),
        gender: Some(tidemark_protocol::Gender::Other),
        height: tidemark_domain::length::Millimetres::new(1_700).ok(),
        birth_date: Some("1990-02-03".to_owned()),
        ..User::new(id(u128::from(number)), Timestamp(3))
    };
    let patch = UserPatch::default();
    let edit = Edit {
        patch: &patch,
        base_version: None,
        time: EditTime::normalised(None, Timestamp(9)),
        device: None,
        next_version: version,
        lost_version: None,
    };
    create(row, &edit).stored
}

fn app_model(version: u64) -> Stored<AppModel> {
    let patch = AppModelPatch {
        theme: Patch::Set(Theme::Dark),
        ..AppModelPatch::default()
    };
    let edit = Edit {
        patch: &patch,
        base_version: None,
        time: EditTime::normalised(None, Timestamp(8)),
        device: None,
        next_version: version,
        lost_version: None,
    };
    create(AppModel::default().patched(&patch), &edit).stored
}

fn head(version: u64, received_at: i64) -> Head {
    Head {
        version,
        user_numbers: 0,
        received_at: Timestamp(received_at),
    }
}

fn op(number: u128, entity: EntityId) -> (OpKey, OpRow) {
    let row = OpRow {
        hash: PayloadHash(Uuid::from_u128(number + 1)),
        entity,
        status: EventStatus::Merged,
        conflict: true,
        version: 5,
    };
    (OpKey(Uuid::from_u128(number)), row)
}

async fn store(storage: &impl Storage, account: AccountId, changes: Changes) {
    let decide = |_| (changes.clone(), ());
    storage
        .change(account, &Wanted::default(), decide)
        .await
        .unwrap();
}

async fn load(storage: &impl Storage, account: AccountId, wanted: &Wanted) -> Loaded {
    let decide = |loaded: Loaded| {
        let changes = Changes {
            head: loaded.head,
            ..Changes::default()
        };
        (changes, loaded)
    };
    storage.change(account, wanted, decide).await.unwrap()
}

/// Numbers of the rows on a page, and whether more follow.
async fn page(
    storage: &impl Storage,
    after: After,
    tombstones: Tombstones,
    limit: usize,
) -> (Vec<u128>, bool) {
    let query = PageQuery {
        after,
        tombstones,
        limit,
    };
    let page = storage.metrics_page(ACCOUNT, &query).await.unwrap();
    let numbers = page.rows.iter().map(|row| row.id.0.as_u128());
    (numbers.collect(), page.has_more)
}

pub async fn an_unknown_account_is_empty(storage: impl Storage) {
    let wanted = Wanted {
        metrics: vec![id(1)],
        ops: vec![OpKey(Uuid::from_u128(1))],
        users: vec![UserRef::Number(1), UserRef::Id(USER)],
        app_model: true,
    };
    let loaded = load(&storage, ACCOUNT, &wanted).await;
    assert_eq!(loaded.head, Head::default());
    assert!(loaded.metrics.is_empty() && loaded.ops.is_empty() && loaded.users.is_empty());
    assert_eq!(loaded.app_model, None);
    assert_eq!(storage.head(ACCOUNT).await.unwrap(), 0);
    assert_eq!(storage.history(ACCOUNT, id(1)).await.unwrap(), None);
    assert_eq!(storage.app_model(ACCOUNT).await.unwrap(), None);
    assert_eq!(storage.lost_ranges(ACCOUNT).await.unwrap(), []);
    let all = (After::Version(0), Tombstones::Included);
    assert_eq!(page(&storage, all.0, all.1, 9).await, (vec![], false));
    storage.probe().await.unwrap();
}

pub async fn what_is_stored_is_loaded_as_it_was(storage: impl Storage) {
    let model = app_model(4);
    let changes = Changes {
        head: Head {
            user_numbers: 1,
            ..head(4, 50)
        },
        metrics: vec![metric(10, 2), deleted(11, 3)],
        users: vec![user(1, 1)],
        app_model: Some(model.clone()),
        ops: vec![op(100, id(10)), op(200, USER)],
        ..Changes::default()
    };
    let stored_head = changes.head;
    store(&storage, ACCOUNT, changes).await;
    let wanted = Wanted {
        metrics: vec![id(10), id(11), id(12), id(10)],
        ops: vec![op(100, USER).0, op(300, USER).0],
        users: vec![UserRef::Number(1), UserRef::Number(2), UserRef::Id(USER)],
        app_model: true,
    };
    let loaded = load(&storage, ACCOUNT, &wanted).await;
    assert_eq!(loaded.head, stored_head);
    assert_eq!(loaded.metrics.len(), 2);
    assert_eq!(loaded.metrics[&id(10)], metric(10, 2));
    assert_eq!(loaded.metrics[&id(11)], deleted(11, 3));
    assert_eq!(loaded.ops, [op(100, id(10))].into());
    assert_eq!(loaded.users, [user(1, 1)]);
    assert_eq!(loaded.app_model, Some(model.clone()));
    assert_eq!(storage.app_model(ACCOUNT).await.unwrap(), Some(model.row));
    let found = storage.user(ACCOUNT, UserRef::Number(1)).await.unwrap();
    assert_eq!(found, Some(user(1, 1).row));
    let found = storage.user(ACCOUNT, UserRef::Id(id(9))).await.unwrap();
    assert_eq!(found, None);
}

pub async fn the_record_of_an_operation_is_loaded_with_it(storage: impl Storage) {
    let changes = Changes {
        head: head(2, 50),
        metrics: vec![metric(10, 2)],
        users: vec![user(1, 1)],
        ops: vec![op(100, id(10)), op(200, USER)],
        ..Changes::default()
    };
    store(&storage, ACCOUNT, changes).await;
    let wanted = Wanted {
        ops: vec![op(100, USER).0, op(200, USER).0],
        ..Wanted::default()
    };
    let loaded = load(&storage, ACCOUNT, &wanted).await;
    assert_eq!(loaded.metrics[&id(10)], metric(10, 2));
    assert_eq!(loaded.users, [user(1, 1)]);
}

pub async fn accounts_see_nothing_of_each_other(storage: impl Storage) {
    let changes = |note: &str| {
        let mut stored = metric(10, 2);
        stored.row.note = Some(note.to_owned());
        Changes {
            head: head(2, 50),
            metrics: vec![stored],
            users: vec![user(1, 1)],
            ops: vec![op(100, id(10))],
            device: Some(DeviceSeen {
                device: device(note),
                at: Timestamp(1),
                acknowledged: None,
            }),
            ..Changes::default()
        }
    };
    // The same ids, numbers, versions and keys in both.
    store(&storage, ACCOUNT, changes("mine")).await;
    store(&storage, OTHER, changes("theirs")).await;
    for (account, note) in [(ACCOUNT, "mine"), (OTHER, "theirs")] {
        let wanted = Wanted {
            metrics: vec![id(10)],
            ..Wanted::default()
        };
        let loaded = load(&storage, account, &wanted).await;
        assert_eq!(loaded.metrics[&id(10)].row.note.as_deref(), Some(note));
        let devices = storage.devices(account).await.unwrap();
        assert_eq!(devices.len(), 1);
        assert_eq!(devices[0].device, device(note));
    }
}

pub async fn changes_of_one_account_happen_one_after_another(storage: impl Storage) {
    let storage = std::sync::Arc::new(storage);
    let writers: Vec<_> = (0..8)
        .map(|_| {
            let storage = std::sync::Arc::clone(&storage);
            tokio::spawn(async move {
                for _ in 0..10 {
                    let decide = |loaded: Loaded| {
                        let version = loaded.head.version + 1;
                        let changes = Changes {
                            head: head(version, 50),
                            metrics: vec![metric(u128::from(version), version)],
                            ..Changes::default()
                        };
                        (changes, ())
                    };
                    storage
                        .change(ACCOUNT, &Wanted::default(), decide)
                        .await
                        .unwrap();
                }
            })
        })
        .collect();
    for writer in writers {
        writer.await.unwrap();
    }
    assert_eq!(storage.head(ACCOUNT).await.unwrap(), 80);
    let (numbers, _) = page(&*storage, After::Version(0), Tombstones::Included, 100).await;
    assert_eq!(numbers, (1..=80).collect::<Vec<_>>());
}
