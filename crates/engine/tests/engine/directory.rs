//! Which database is whose.

use tidemark_engine::directory::{Directory, DirectoryChange, FIRST_DATABASE, Fate};
use tidemark_protocol::AccountId;
use uuid::Uuid;

fn account(number: u128) -> AccountId {
    AccountId(Uuid::from_u128(number))
}

fn signed_in(number: u128, here: Option<u128>) -> DirectoryChange {
    DirectoryChange::SignedIn {
        account: account(number),
        email: Some(format!("{number}@example.org")),
        here: here.map(account),
    }
}

fn signed_out(number: u128) -> DirectoryChange {
    DirectoryChange::SignedOut {
        here: Some(account(number)),
    }
}

fn after(changes: &[DirectoryChange]) -> Directory {
    let mut directory = Directory::default();
    for change in changes {
        directory.apply(change);
        let current = directory.current().expect("the current one is listed");
        assert_eq!(current.fate, Fate::Stays, "{changes:?}");
    }
    directory
}

fn owner(directory: &Directory) -> Option<AccountId> {
    directory.current().and_then(|entry| entry.owner)
}

#[test]
fn the_first_sign_in_takes_the_first_database_over_as_it_is() {
    let directory = after(&[signed_in(1, None)]);
    assert_eq!(directory.current, FIRST_DATABASE);
    assert_eq!(owner(&directory), Some(account(1)));
    let email = directory.current().and_then(|entry| entry.email.clone());
    assert_eq!(email.as_deref(), Some("1@example.org"));
    assert_eq!(directory.databases.len(), 1);
}

#[test]
fn signing_in_again_as_the_same_changes_nothing() {
    let once = after(&[signed_in(1, None)]);
    let twice = after(&[signed_in(1, None), signed_in(1, Some(1))]);
    assert_eq!(once, twice);
}

#[test]
fn after_a_sign_out_an_empty_database_is_open_and_the_old_one_waits_for_its_owner() {
    let out = after(&[signed_in(1, None), signed_out(1)]);
    assert_ne!(out.current, FIRST_DATABASE);
    assert_eq!(owner(&out), None);
    assert!(out.leftovers().is_empty(), "nothing of it moves or goes");

    let back = after(&[signed_in(1, None), signed_out(1), signed_in(1, None)]);
    assert_eq!(back.current, FIRST_DATABASE);
    let moving: Vec<_> = back.leftovers().iter().map(|entry| &entry.name).collect();
    assert_eq!(moving, [&out.current], "what was logged meanwhile follows");
}

#[test]
fn the_database_knows_its_owner_better_than_the_directory() {
    // A tab was closed between the two writes of a first sign-in.
    let directory = after(&[signed_out(1), signed_in(1, None)]);
    assert_eq!(directory.current, FIRST_DATABASE);
    let directory = after(&[signed_in(2, Some(1))]);
    assert_ne!(directory.current, FIRST_DATABASE);
}

#[test]
fn somebody_else_gets_a_database_of_their_own_and_never_a_name_twice() {
    let other = after(&[signed_in(1, None), signed_in(2, Some(1))]);
    assert_ne!(other.current, FIRST_DATABASE);
    assert_eq!(owner(&other), Some(account(2)));
    assert!(other.leftovers().is_empty());

    let mut directory = other;
    for change in [signed_out(2), signed_in(3, None), signed_out(3)] {
        directory.apply(&change);
    }
    let mut names: Vec<_> = directory
        .databases
        .iter()
        .map(|entry| &entry.name)
        .collect();
    names.sort();
    names.dedup();
    assert_eq!(names.len(), directory.databases.len());
    directory.apply(&signed_in(1, None));
    assert_eq!(directory.current, FIRST_DATABASE);
}

#[test]
fn of_an_account_that_is_no_more_the_data_stay_as_nobodys_or_go() {
    for (keeps, moves) in [(true, true), (false, false)] {
        let left = after(&[signed_in(1, None), DirectoryChange::Left { keeps }]);
        assert_eq!(owner(&left), None);
        let leftovers = left.leftovers();
        assert_eq!(leftovers[0].name, FIRST_DATABASE);
        let fate = if moves {
            Fate::MovesTo(left.current.clone())
        } else {
            Fate::Goes
        };
        assert_eq!(leftovers[0].fate, fate);
        // The same account signs in again before that was done: it is not given what goes.
        let mut again = left.clone();
        again.apply(&signed_in(1, None));
        assert_eq!(again.current, left.current);
    }
}

#[test]
fn what_is_deleted_is_forgotten_but_never_the_current_one() {
    let mut directory = after(&[signed_in(1, None), DirectoryChange::Left { keeps: false }]);
    directory.apply(&DirectoryChange::Deleted(FIRST_DATABASE.to_owned()));
    assert_eq!(directory.databases.len(), 1);
    directory.apply(&DirectoryChange::Deleted(directory.current.clone()));
    assert_eq!(directory.databases.len(), 1);
}

#[test]
fn the_directory_is_stored_as_plain_words() {
    let stored = serde_json::to_value(after(&[signed_in(1, None), signed_out(1)])).unwrap();
    let expected = serde_json::json!({
        "current": "tidemark-1",
        "databases": [
            {"name": "tidemark", "owner": account(1), "email": "1@example.org", "fate": "stays"},
            {"name": "tidemark-1", "owner": null, "email": null, "fate": "stays"},
        ],
        "made": 1,
    });
    assert_eq!(stored, expected);
    let read: Directory = serde_json::from_value(stored).unwrap();
    assert_eq!(read, after(&[signed_in(1, None), signed_out(1)]));
}
