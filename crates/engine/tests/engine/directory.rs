//! Which database is whose.

use tidemark_engine::directory::{Directory, DirectoryChange, FIRST_DATABASE, Fate, Standing};
use tidemark_protocol::AccountId;
use uuid::Uuid;

fn account(number: u128) -> AccountId {
    AccountId(Uuid::from_u128(number))
}

/// Something that is done on the page of the current database, which names this owner itself.
enum Step {
    In(u128, Option<u128>),
    Out(u128),
    Leave { keeps: bool },
}

use Step::{In, Leave, Out};

fn page(database: &str, owner: Option<u128>) -> Standing {
    Standing {
        database: database.to_owned(),
        owner: owner.map(account),
    }
}

fn signed_in(number: u128, page: Standing) -> DirectoryChange {
    DirectoryChange::SignedIn {
        account: account(number),
        email: Some(format!("{number}@example.org")),
        page,
    }
}

impl Step {
    fn on(&self, database: &str) -> DirectoryChange {
        match *self {
            In(number, here) => signed_in(number, page(database, here)),
            Out(number) => DirectoryChange::SignedOut {
                page: page(database, Some(number)),
            },
            Leave { keeps } => DirectoryChange::Left {
                database: database.to_owned(),
                keeps,
            },
        }
    }
}

fn after(steps: &[Step]) -> Directory {
    let mut directory = Directory::default();
    go_on(&mut directory, steps);
    directory
}

fn go_on(directory: &mut Directory, steps: &[Step]) {
    for step in steps {
        directory.apply(&step.on(&directory.current.clone()));
        let current = directory.current().expect("the current one is listed");
        assert_eq!(current.fate, Fate::Stays);
    }
}

fn owner(directory: &Directory) -> Option<AccountId> {
    directory.current().and_then(|entry| entry.owner)
}

#[test]
fn the_first_sign_in_takes_the_first_database_over_as_it_is() {
    let directory = after(&[In(1, None)]);
    assert_eq!(directory.current, FIRST_DATABASE);
    assert_eq!(owner(&directory), Some(account(1)));
    let email = directory.current().and_then(|entry| entry.email.clone());
    assert_eq!(email.as_deref(), Some("1@example.org"));
    assert_eq!(directory.databases.len(), 1);
}

#[test]
fn signing_in_again_as_the_same_changes_nothing() {
    let once = after(&[In(1, None)]);
    let twice = after(&[In(1, None), In(1, Some(1))]);
    assert_eq!(once, twice);
}

#[test]
fn after_a_sign_out_an_empty_database_is_open_and_the_old_one_waits_for_its_owner() {
    let out = after(&[In(1, None), Out(1)]);
    assert_ne!(out.current, FIRST_DATABASE);
    assert_eq!(owner(&out), None);
    assert!(out.leftovers().is_empty(), "nothing of it moves or goes");

    let back = after(&[In(1, None), Out(1), In(1, None)]);
    assert_eq!(back.current, FIRST_DATABASE);
    let moving: Vec<_> = back.leftovers().iter().map(|entry| &entry.name).collect();
    assert_eq!(moving, [&out.current], "what was logged meanwhile follows");
}

#[test]
fn the_database_knows_its_owner_better_than_the_directory() {
    // A tab was closed between the two writes of a first sign-in.
    let directory = after(&[Out(1), In(1, None)]);
    assert_eq!(directory.current, FIRST_DATABASE);
    let directory = after(&[In(2, Some(1))]);
    assert_ne!(directory.current, FIRST_DATABASE);
}

#[test]
fn somebody_else_gets_a_database_of_their_own_and_never_a_name_twice() {
    let other = after(&[In(1, None), In(2, Some(1))]);
    assert_ne!(other.current, FIRST_DATABASE);
    assert_eq!(owner(&other), Some(account(2)));
    assert!(other.leftovers().is_empty());

    let mut directory = other;
    go_on(&mut directory, &[Out(2), In(3, None), Out(3)]);
    let mut names: Vec<_> = directory
        .databases
        .iter()
        .map(|entry| &entry.name)
        .collect();
    names.sort();
    names.dedup();
    assert_eq!(names.len(), directory.databases.len());
    go_on(&mut directory, &[In(1, None)]);
    assert_eq!(directory.current, FIRST_DATABASE);
}

#[test]
fn of_an_account_that_is_no_more_the_data_stay_as_nobodys_or_go() {
    for (keeps, moves) in [(true, true), (false, false)] {
        let left = after(&[In(1, None), Leave { keeps }]);
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
        go_on(&mut again, &[In(1, None)]);
        assert_eq!(again.current, left.current);
    }
}

#[test]
fn what_is_deleted_is_forgotten_but_never_the_current_one() {
    let mut directory = after(&[In(1, None), Leave { keeps: false }]);
    directory.apply(&DirectoryChange::Deleted(FIRST_DATABASE.to_owned()));
    assert_eq!(directory.databases.len(), 1);
    directory.apply(&DirectoryChange::Deleted(directory.current.clone()));
    assert_eq!(directory.databases.len(), 1);
}

#[test]
fn the_directory_is_stored_as_plain_words() {
    let stored = serde_json::to_value(after(&[In(1, None), Out(1)])).unwrap();
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
    assert_eq!(read, after(&[In(1, None), Out(1)]));
}

/// A tab that had not heard that another one signed out, and in as somebody else, took that one's database for its own.
#[test]
fn a_page_that_was_left_changes_no_other_database() {
    let on_the_first = |step: Step| step.on(FIRST_DATABASE);
    let somebody_else = after(&[In(1, None), Out(1), In(2, None)]);
    for step in [Out(1), Leave { keeps: true }, Leave { keeps: false }] {
        let mut directory = somebody_else.clone();
        directory.apply(&on_the_first(step));
        assert_eq!(directory, somebody_else);
    }
    let nobody = after(&[In(1, None), Out(1)]);
    let mut directory = nobody.clone();
    directory.apply(&on_the_first(Out(1)));
    assert_eq!(directory, nobody, "what is logged there stays in sight");
    directory.apply(&on_the_first(In(2, Some(1))));
    assert_eq!(directory.current, nobody.current);
    assert_eq!(owner(&directory), Some(account(2)));
}

/// What was to move into a database that is left was never listed as a leftover again.
#[test]
fn what_was_to_move_into_a_database_that_is_left_goes_its_way() {
    for keeps in [true, false] {
        let left = after(&[In(1, None), Out(1), In(1, None), Leave { keeps }]);
        let names: Vec<&str> = left
            .leftovers()
            .iter()
            .map(|entry| entry.name.as_str())
            .collect();
        assert_eq!(names, [FIRST_DATABASE, "tidemark-1"], "keeps: {keeps}");
    }
}
