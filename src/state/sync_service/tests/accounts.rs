//! Signing in and out on a page, and which database it stands on afterwards.

use super::*;
use crate::state::account::{AccountIntent, AccountStep, Refusal};
use serde_json::json;
use tidemark_engine::Engine;
use tidemark_engine::Entrance;
use tidemark_engine::StoreError;
use tidemark_engine::directory::{DirectoryChange, FIRST_DATABASE, Fate, Standing};
use tidemark_engine::household::Databases;
use tidemark_engine::imports::Everything;
use tidemark_protocol::SignInRequest;
use tidemark_testkit::{TestPlatform, test_engine};
use world::World;

fn account(number: u128) -> AccountId {
    AccountId(samples::entity(number).0)
}

fn entrance(is_new: bool) -> Entrance {
    let request = SignInRequest {
        email: "a@example.org".to_owned(),
        password: "long enough it is".to_owned(),
        device_name: None,
    };
    if is_new {
        Entrance::SignUp(request)
    } else {
        Entrance::SignIn(request)
    }
}

fn welcome(number: u128, code: Option<&str>) -> serde_json::Value {
    json!({
        "account": {"id": account(number), "email": "a@example.org"}, "device_id": "d",
        "access_token": "a", "expires_in": 600, "refresh_token": "r", "recovery_code": code,
    })
}

impl Databases for TestHost {
    type Alone = ();
    fn here(&self) -> String {
        self.stands_on.borrow().clone()
    }
    async fn directory(&self) -> Result<Directory, StoreError> {
        Ok(self.directory.borrow().clone())
    }
    async fn change_directory(&self, change: DirectoryChange) -> Result<Directory, StoreError> {
        self.directory.borrow_mut().apply(&change);
        self.directory().await
    }
    async fn alone_with(&self, _: &str) {}
    async fn everything_in(&self, database: &str) -> Result<Everything, StoreError> {
        let others = self.others.borrow();
        let found = others.iter().find(|(name, _)| name == database);
        Ok(found.map_or_else(Everything::default, |(_, held)| held.clone()))
    }
    async fn delete_database(&self, database: &str) {
        self.others
            .borrow_mut()
            .retain(|(name, _)| name != database);
    }
}

impl World {
    fn enter(&self, number: u128, code: Option<&str>) {
        self.server.reply_json(&welcome(number, code));
        let intent = AccountIntent::Enter(entrance(code.is_some()));
        self.app.send(Intent::Account(intent));
    }

    fn owner(&self) -> Option<AccountId> {
        let device = tidemark_protocol::DeviceId::parse("x").expect("a plain id");
        run(self.store.load(&device))
            .expect("the twin answers")
            .owner
    }

    fn step(&self) -> AccountStep {
        self.app.account.with_untracked(|view| view.step.clone())
    }

    fn switched_to(&self) -> Option<String> {
        self.host.switched_to.borrow().clone()
    }
}

#[test]
fn a_first_sign_in_takes_this_devices_entries_over_without_another_page() {
    let world = world();
    world.log(78_200, 0);
    world.server.take_asked();
    world.enter(1, None);
    let asked = world.server.take_asked();
    assert_eq!(asked[0].path, "/v1/auth/login");
    let body = asked[0].body.clone().unwrap_or_default();
    assert!(body.contains("Chrome, Linux"), "{body}");
    assert_eq!(world.owner(), Some(account(1)));
    assert_eq!(
        (world.step(), world.switched_to()),
        (AccountStep::Idle, None)
    );
    assert_eq!(world.weights(), [78_200]);
    let email = world.app.account.with_untracked(|view| view.email.clone());
    assert_eq!(email.as_deref(), Some("a@example.org"));
}

#[test]
fn a_refused_sign_in_says_why_and_changes_nothing() {
    let world = world();
    world
        .server
        .reply_problem(401, "bad_credentials", &json!({}));
    let intent = AccountIntent::Enter(entrance(false));
    world.app.send(Intent::Account(intent));
    assert_eq!(world.step(), AccountStep::Refused(Refusal::BadCredentials));
    assert_eq!(world.owner(), None);
    assert_eq!(*world.host.directory.borrow(), Directory::default());
}

#[test]
fn a_new_accounts_recovery_code_is_shown_while_the_device_is_its_own_already() {
    let world = world();
    world.enter(1, Some("ABCD"));
    assert_eq!(world.step(), AccountStep::Code("ABCD".to_owned()));
    assert_eq!(world.owner(), Some(account(1)));
    world.app.send(Intent::Account(AccountIntent::CodeNoted));
    assert_eq!(
        (world.step(), world.switched_to()),
        (AccountStep::Idle, None)
    );
}

#[test]
fn somebody_else_gets_a_page_of_their_own_and_this_store_stays_whose_it_was() {
    let world = world();
    world.enter(1, None);
    world.log(78_200, 0);
    world.enter(2, None);
    assert_eq!(world.switched_to().as_deref(), Some("tidemark-1"));
    assert_eq!(world.owner(), Some(account(1)));
}

#[test]
fn a_code_that_belongs_to_another_page_is_written_down_before_that_page_comes() {
    let world = world();
    world.enter(1, None);
    world.enter(2, Some("ABCD"));
    assert_eq!(world.step(), AccountStep::Code("ABCD".to_owned()));
    assert_eq!(world.switched_to(), None);
    world.app.send(Intent::Account(AccountIntent::CodeNoted));
    assert_eq!(world.switched_to().as_deref(), Some("tidemark-1"));
    let current = world.host.directory.borrow().current().cloned();
    assert_eq!(current.and_then(|entry| entry.owner), Some(account(2)));
}

#[test]
fn a_sign_out_that_the_server_has_not_heard_of_is_none() {
    let world = world();
    world.enter(1, None);
    world.app.send(Intent::Account(AccountIntent::SignOut));
    assert_eq!(world.step(), AccountStep::Refused(Refusal::Unreachable));
    assert_eq!(world.switched_to(), None);

    world
        .server
        .reply_problem(401, "unauthenticated", &json!({}));
    world.app.send(Intent::Account(AccountIntent::SignOut));
    assert_eq!(world.switched_to().as_deref(), Some("tidemark-1"));
    let directory = world.host.directory.borrow().clone();
    assert_eq!(directory.databases[0].owner, Some(account(1)));
    assert_eq!(directory.databases[0].fate, Fate::Stays);
}

#[test]
fn an_erased_accounts_data_stay_or_go_as_the_person_says() {
    for (keeps, code) in [(true, "account_erased"), (false, "account_erased")] {
        let world = world();
        world.enter(1, None);
        world.server.reply_problem(410, code, &json!({}));
        let intent = AccountIntent::Erase { keeps };
        world.app.send(Intent::Account(intent));
        assert_eq!(world.switched_to().as_deref(), Some("tidemark-1"));
        let fate = world.host.directory.borrow().databases[0].fate.clone();
        assert_eq!(fate != Fate::Goes, keeps);
    }
    let world = world();
    world.enter(1, None);
    world.server.reply_problem(429, "rate_limited", &json!({}));
    let intent = AccountIntent::Erase { keeps: false };
    world.app.send(Intent::Account(intent));
    assert_eq!(world.step(), AccountStep::Refused(Refusal::TooOften(None)));
    assert_eq!(world.switched_to(), None);
}

#[test]
fn a_page_takes_in_what_other_databases_leave_to_it_once() {
    let other: Engine<TestPlatform> = test_engine(
        ShakyStore::default(),
        tidemark_testkit::ScriptedServer::default(),
        VirtualClock::at(NOW),
        9,
    );
    let reading = tidemark_engine::Reading {
        weight: Grams::new(78_200).expect("a weight in range"),
        height: None,
        note: None,
        created_at: NOW,
        utc_offset: None,
    };
    run(other.log(None, reading)).expect("the twin answers");
    let held = run(other.everything()).expect("the twin answers");

    let host = TestHost::default();
    let standing = |database: &str, owner| Standing {
        database: database.to_owned(),
        owner,
    };
    let signed_in = |database| DirectoryChange::SignedIn {
        account: account(1),
        email: None,
        page: standing(database, None),
    };
    let signed_out = DirectoryChange::SignedOut {
        page: standing(FIRST_DATABASE, Some(account(1))),
    };
    let changes = [
        signed_in(FIRST_DATABASE),
        signed_out,
        signed_in("tidemark-1"),
    ];
    for change in &changes {
        host.directory.borrow_mut().apply(change);
    }
    host.others
        .borrow_mut()
        .push(("tidemark-1".to_owned(), held));
    let world = world::open(ShakyStore::default(), host, 1);
    assert_eq!(world.owner(), Some(account(1)), "as the directory says");
    assert_eq!(world.weights(), [78_200]);
    assert!(world.host.others.borrow().is_empty(), "it is deleted");
    let directory = world.host.directory.borrow().clone();
    assert_eq!(directory.databases.len(), 1);
    assert_eq!(directory.current, FIRST_DATABASE);
}

#[test]
fn deleting_everything_on_a_device_says_goodbye_to_the_server() {
    let world = world();
    world.app.send(Intent::EraseDevice);
    assert_eq!(*world.host.farewell.borrow(), None, "nobody was signed in");
    world.enter(1, None);
    world.app.send(Intent::EraseDevice);
    let farewell = world.host.farewell.borrow().clone();
    let path = farewell.map(|request| request.path);
    assert_eq!(path.as_deref(), Some("/v1/auth/logout"));
}
