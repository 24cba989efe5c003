//! Plain edits: stored where what they presume holds, and nothing at all where it does not.

use super::StoreFactory;
use super::given::{error, loaded, outbox, queue, user};
use crate::samples::{NOON, create, draft, entity, metric, op, person};
use tidemark_engine::Store;
use tidemark_engine::outbox::{BARE_PAYLOAD, EntryDraft, EntryKind, PlainEdit};
use tidemark_engine::packing::ENTRIES_MAX;
use tidemark_engine::settle::Settlement;
use tidemark_engine::state::StateChange;
use tidemark_protocol::{AccountId, OpId};

/// A reading of the sample person.
fn plain(number: u128) -> PlainEdit {
    PlainEdit {
        edit: create(number, &metric(number, 0, 0)),
        person: Some(person()),
    }
}

/// A store that is nobody's and knows the sample person, as the account has them.
async fn known(factory: &impl StoreFactory) -> impl Store {
    let store = loaded(factory.open().await).await;
    let settlement = Settlement {
        users: vec![user(person(), 3)],
        ..Settlement::at(NOON)
    };
    store.settle(&settlement).await.unwrap();
    store
}

/// As a commit does.
pub async fn a_plain_edit_gets_the_next_number_of_the_queue(factory: &impl StoreFactory) {
    let store = known(factory).await;
    assert_eq!(store.commit_plain(&plain(1)).await, Ok(true));
    assert_eq!(store.commit_plain(&plain(2)).await, Ok(true));
    let expected = [plain(1).edit.into_entry(1), plain(2).edit.into_entry(2)];
    assert_eq!(outbox(&store).await, expected);
}

/// Whatever the store has guessed the next number to be.
pub async fn plain_edits_and_others_stand_as_they_came(factory: &impl StoreFactory) {
    let store = known(factory).await;
    let other = async |number: u128| {
        let draft = create(number, &metric(number, 0, 0));
        store.commit(&[draft], None).await.unwrap();
    };
    other(9).await;
    assert_eq!(store.commit_plain(&plain(1)).await, Ok(true));
    other(8).await;
    other(7).await;
    assert_eq!(store.commit_plain(&plain(2)).await, Ok(true));
    assert_eq!(queue(&store).await, [op(9), op(1), op(8), op(7), op(2)]);
    store
        .settle(&Settlement {
            done: vec![op(9), op(1), op(8), op(7)],
            ..Settlement::at(NOON)
        })
        .await
        .unwrap();
    assert_eq!(store.commit_plain(&plain(3)).await, Ok(true));
    other(6).await;
    assert_eq!(queue(&store).await, [op(2), op(3), op(6)]);
}

/// It may be tried again after a failure.
pub async fn a_plain_edit_stored_twice_stays_as_it_was(factory: &impl StoreFactory) {
    let store = known(factory).await;
    assert_eq!(store.commit_plain(&plain(1)).await, Ok(true));
    let mut again = plain(1);
    BARE_PAYLOAD.clone_into(&mut again.edit.payload);
    assert_eq!(store.commit_plain(&again).await, Ok(true));
    assert_eq!(outbox(&store).await, [plain(1).edit.into_entry(1)]);
}

/// An edit of nobody known would never go up.
pub async fn a_plain_edit_of_somebody_unknown_is_not_stored(factory: &impl StoreFactory) {
    let store = loaded(factory.open().await).await;
    assert_eq!(store.commit_plain(&plain(1)).await, Ok(false));
    assert_eq!(queue(&store).await, []);
    let of_nobody = PlainEdit {
        person: None,
        ..plain(1)
    };
    assert_eq!(store.commit_plain(&of_nobody).await, Ok(true));
}

/// The edit that makes them waits before it.
pub async fn a_person_who_is_still_to_be_made_is_known(factory: &impl StoreFactory) {
    let store = loaded(factory.open().await).await;
    let payload = BARE_PAYLOAD.to_owned();
    let maker = EntryDraft {
        op_id: OpId::for_bulk_create(person()),
        ..draft(9, EntryKind::CreateUser, person(), payload, 0)
    };
    store.commit(&[maker], None).await.unwrap();
    assert_eq!(store.commit_plain(&plain(1)).await, Ok(true));
    assert_eq!(queue(&store).await[1], op(1));
}

/// It mends what was refused, which is more than to store it.
pub async fn a_plain_edit_of_a_refused_record_is_not_stored(factory: &impl StoreFactory) {
    let store = known(factory).await;
    assert_eq!(store.commit_plain(&plain(1)).await, Ok(true));
    let refused = Settlement::parked(op(1), error("invalid_field"), NOON);
    store.settle(&refused).await.unwrap();
    let mut mending = plain(2);
    mending.edit.entity_id = entity(1);
    assert_eq!(store.commit_plain(&mending).await, Ok(false));
    assert_eq!(store.commit_plain(&plain(3)).await, Ok(true));
    let resumed = Settlement {
        resumed: vec![op(1)],
        ..Settlement::at(NOON)
    };
    store.settle(&resumed).await.unwrap();
    assert_eq!(store.commit_plain(&mending).await, Ok(true));
    assert_eq!(queue(&store).await, [op(1), op(3), op(2)]);
}

/// Somebody has signed in meanwhile, in another tab: the edit must bear their name.
pub async fn a_plain_edit_of_nobody_is_not_stored_for_an_account(factory: &impl StoreFactory) {
    let store = known(factory).await;
    let account = AccountId(entity(77).0);
    store.update(&StateChange::Adopt(account)).await.unwrap();
    assert_eq!(store.commit_plain(&plain(1)).await, Ok(false));
    let mut theirs = plain(1);
    theirs.edit.owner = Some(account);
    assert_eq!(store.commit_plain(&theirs).await, Ok(true));
    assert_eq!(outbox(&store).await[0].owner, Some(account));
}

/// Before anything is loaded nobody can say whose the store is.
pub async fn a_plain_edit_is_not_stored_before_the_store_knows_its_device(
    factory: &impl StoreFactory,
) {
    let store = factory.open().await;
    let edit = PlainEdit {
        person: None,
        ..plain(1)
    };
    assert_eq!(store.commit_plain(&edit).await, Ok(false));
    assert_eq!(queue(&store).await, []);
}

/// The one that is too much is stored together with the packing.
pub async fn a_plain_edit_above_the_limit_is_not_stored(factory: &impl StoreFactory) {
    let store = known(factory).await;
    let drafts: Vec<EntryDraft> = (1..u128::try_from(ENTRIES_MAX).unwrap())
        .map(|number| create(number, &metric(number, 0, 0)))
        .collect();
    store.commit(&drafts, None).await.unwrap();
    assert_eq!(store.commit_plain(&plain(5_000)).await, Ok(true));
    assert_eq!(store.commit_plain(&plain(5_001)).await, Ok(false));
    assert_eq!(queue(&store).await.len(), ENTRIES_MAX);
    let mut theirs = plain(5_001);
    theirs.edit.owner = Some(AccountId(entity(77).0));
    assert_eq!(
        store.commit_plain(&theirs).await,
        Ok(true),
        "an account's are not packed"
    );
}
