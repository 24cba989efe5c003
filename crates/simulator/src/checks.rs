//! What must hold when the storm is over: everything arrived, everybody shows the same, nothing came back from the dead.

use crate::device::Device;
use crate::ledger::stuck;
use crate::transport;
use crate::world::World;
use std::collections::BTreeMap;
use tidemark_engine::Request;
use tidemark_engine::overlay;
use tidemark_protocol::{
    AppModel, Cursor, DeviceId, EntityId, Metric, MetricsPage, User, UsersPage,
};
use tidemark_testkit::memory_store::Inside;

/// Pages that the checker pulls at most.
const PAGES_MAX: usize = 10_000;

type Checked = Result<(), String>;

/// What the server holds.
#[derive(Debug)]
struct Truth {
    metrics: BTreeMap<EntityId, Metric>,
    users: BTreeMap<EntityId, User>,
    app_model: AppModel,
}

/// Whether a device has nothing left to send.
pub fn is_drained(device: &Device) -> bool {
    device.store.borrow().look(|inside| stuck(inside).is_none())
}

/// Whether a device has everything of the server.
pub fn is_level(world: &World, device: &Device) -> bool {
    let oracle = world.oracle.borrow();
    let newest = oracle.head();
    device.store.borrow().look(|inside| {
        inside.state.is_some_and(|state| {
            state.epoch.as_ref() == oracle.epoch()
                && state.head >= newest
                && state.head == state.users_head
                && state.failure.is_none()
        })
    })
}

/// Checks everything that must hold at the end.
pub fn check_end(world: &World) -> Checked {
    let truth = pull_all(world)?;
    check_known(world, &truth)?;
    for device in world.devices.borrow().iter() {
        let store = device.store.borrow().clone();
        let same = store.look(|inside| check_device(&truth, inside));
        same.map_err(|what| format!("device {}: {what}", device.index))?;
    }
    check_lost(world, &truth)
}

fn ask(world: &World, path: String) -> String {
    let device = DeviceId::parse("checker").expect("a fit id");
    let request = Request {
        method: "GET",
        path,
        body: None,
        account: None,
        device,
    };
    transport::deliver(world, &request, false).body
}

fn pull_all(world: &World) -> Result<Truth, String> {
    let wrong = |error: serde_json::Error| format!("the checker's pull can't be read: {error}");
    let mut metrics = BTreeMap::new();
    let mut since = Cursor("1970-01-02T00:00:00Z".to_owned());
    for _ in 0..PAGES_MAX {
        let page: MetricsPage = serde_json::from_str(&ask(
            world,
            format!("/v1/metrics?since={}&limit=1000", since.0),
        ))
        .map_err(wrong)?;
        metrics.extend(page.metrics.into_iter().map(|row| (row.id, row)));
        since = page.cursor;
        if !page.has_more {
            break;
        }
    }
    let mut users = BTreeMap::new();
    let mut path = "/v1/users?limit=1000".to_owned();
    for _ in 0..PAGES_MAX {
        let page: UsersPage = serde_json::from_str(&ask(world, path)).map_err(wrong)?;
        users.extend(page.users.into_iter().map(|user| (user.id, user)));
        path = format!("/v1/users?since={}&limit=1000", page.cursor.0);
        if !page.has_more {
            break;
        }
    }
    let app_model = serde_json::from_str(&ask(world, "/v1/app_model".to_owned())).map_err(wrong)?;
    Ok(Truth {
        metrics,
        users,
        app_model,
    })
}

/// The server holds what it has answered, no more and no less.
fn check_known(world: &World, truth: &Truth) -> Checked {
    let oracle = world.oracle.borrow();
    for row in oracle.rows() {
        if truth.metrics.get(&row.id) != Some(row) {
            return Err(format!(
                "I1: the server answered {} at version {} and holds {:?}",
                row.id,
                row.version,
                truth.metrics.get(&row.id)
            ));
        }
    }
    if truth.metrics.len() != oracle.rows().count() {
        return Err("the server holds rows that nobody was told of".to_owned());
    }
    if truth.users.values().count() != oracle.users().count() {
        return Err("the server holds people that nobody was told of".to_owned());
    }
    Ok(())
}

fn check_device(truth: &Truth, inside: Inside<'_>) -> Checked {
    let living: BTreeMap<EntityId, &Metric> = truth
        .metrics
        .values()
        .filter(|row| row.deleted_at.is_none())
        .map(|row| (row.id, row))
        .collect();
    let held: BTreeMap<EntityId, &Metric> = inside
        .pages
        .values()
        .flat_map(|page| &page.rows)
        .map(|row| (row.metric.id, &row.metric))
        .collect();
    for (id, row) in &living {
        if held.get(id) != Some(row) {
            let version = held.get(id).map(|held| held.version);
            return Err(format!(
                "I4: row {id} is {version:?} here and {} on the server",
                row.version
            ));
        }
    }
    if let Some(id) = held.keys().find(|id| !living.contains_key(*id)) {
        return Err(format!("I7: row {id} lives here and not on the server"));
    }
    for user in truth.users.values() {
        if inside.users.get(&user.id) != Some(user) {
            return Err(format!("I4: person {} differs", user.id));
        }
    }
    if inside.users.len() != truth.users.len() {
        return Err("I4: a person is here whom the server does not have".to_owned());
    }
    if *inside.app_model != truth.app_model {
        return Err(format!(
            "I4: the app model is {:?} here and {:?} there",
            inside.app_model, truth.app_model
        ));
    }
    check_order(truth, inside)
}

/// What a screen shows is the server's rows in the order of `created_at`, then `id`.
fn check_order(truth: &Truth, inside: Inside<'_>) -> Checked {
    for user in truth.users.keys() {
        let pages: Vec<_> = inside
            .pages
            .values()
            .rev()
            .filter(|page| page.key.user == *user)
            .cloned()
            .collect();
        let shown = overlay::entries(*user, &pages, &[]);
        let mut expected: Vec<&Metric> = truth
            .metrics
            .values()
            .filter(|row| row.user_id == *user && row.deleted_at.is_none())
            .collect();
        expected.sort_by_key(|row| std::cmp::Reverse(row.order_key()));
        if !shown
            .iter()
            .map(|entry| &entry.metric)
            .eq(expected.iter().copied())
        {
            return Err(format!("I4: the history of {user} is in another order"));
        }
    }
    Ok(())
}

/// What a restore lost and a device held is back.
fn check_lost(world: &World, truth: &Truth) -> Checked {
    let (oracle, ledger) = (world.oracle.borrow(), world.ledger.borrow());
    for (id, lost) in &oracle.lost {
        let held = lost
            .holders
            .iter()
            .any(|(device, evictions)| ledger.evictions(*device) == *evictions);
        let known_deleted = lost.row.deleted_at.is_some();
        let was_deleted = ledger.was_deleted(*id) || oracle.was_deleted(*id);
        if !held || known_deleted || was_deleted || waits_somewhere(world, *id) {
            continue;
        }
        let Some(now) = truth.metrics.get(id) else {
            return Err(format!(
                "I1: {id}, lost by a restore at version {}, was held by a device and is gone",
                lost.row.version
            ));
        };
        // A second restore brings other versions of it forward.
        let is_untouched = oracle.restores() == 1 && !oracle.edited_since.contains(id);
        let said = |row: &Metric| (row.weight, row.note.clone(), row.height, row.deleted_at);
        if is_untouched && said(now) != said(&lost.row) {
            return Err(format!("I1: {id} came back from a restore as another row"));
        }
    }
    Ok(())
}

/// Whether an entry of a record waits for a person: with it waits what was mended into it.
fn waits_somewhere(world: &World, record: EntityId) -> bool {
    world.devices.borrow().iter().any(|device| {
        let store = device.store.borrow();
        store.look(|inside| {
            inside
                .outbox
                .values()
                .any(|entry| entry.entity_id == record)
        })
    })
}
