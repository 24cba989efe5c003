//! The storm: what happens to devices, network and server while faults are on, and the calm after it.

use crate::bugs::Bug;
use crate::device::{Device, Home, WRONG_MS_MAX};
use crate::faults::Fault;
use crate::store::SimStore;
use crate::world::World;
use crate::{home, person, plain, session, transport};
use std::rc::Rc;
use tidemark_engine::Trigger;

/// The longest nap of a home, in milliseconds: 30 minutes.
const NAP_MS_MAX: i64 = 30 * 60_000;

/// Brings the devices in and lets the storm rage for the steps of the plan.
pub async fn rage(world: Rc<World>) {
    populate(&world).await;
    let total = Total::of(&world);
    for _ in 0..world.plan.steps {
        world
            .pause(world.chance.between(0, world.plan.pause_ms_max))
            .await;
        step(&world, &total);
    }
    calm_down(&world);
}

async fn populate(world: &Rc<World>) {
    world.server.back_up(world.oracle.borrow().backup());
    for index in 0..world.plan.devices {
        let offset = match world.chance.below(4) {
            0 => world.chance.between(-WRONG_MS_MAX, WRONG_MS_MAX),
            1 => world.chance.between(-1_000, 1_000),
            _ => 0,
        };
        if offset.abs() > 1_000 {
            world.note(Fault::WrongClock);
        }
        let device = Rc::new(Device::new(index, offset));
        world.devices.borrow_mut().push(Rc::clone(&device));
        if index == 0 && world.plan.hoard > 0 {
            device.sends.set(false);
        }
        let opened = home::begin(world, &device, Trigger::Start);
        if index == 0 && world.plan.hoard > 0 {
            person::hoard(world, &device, &opened, world.plan.hoard).await;
        }
    }
    if world.plan.plain_client {
        world.note(Fault::PlainClient);
        plain::begin(world);
    }
}

/// The sum of the weather's parts.
struct Total(u64);

impl Total {
    fn of(world: &World) -> Self {
        let weather = &world.plan.weather;
        Self(
            weather.person
                + weather.homes
                + weather.crash
                + weather.network
                + weather.server
                + weather.clock
                + weather.storage,
        )
    }
}

fn step(world: &Rc<World>, total: &Total) {
    let devices = world.devices.borrow();
    let Some(device) = world.chance.pick(&devices) else {
        return;
    };
    if session::trouble(world, device) {
        return;
    }
    let weather = &world.plan.weather;
    let mut roll = world.chance.below(total.0);
    let mut falls = |part: u64| {
        let hit = roll < part;
        roll = roll.wrapping_sub(part);
        hit
    };
    if falls(weather.person) {
        do_something(world, device);
    } else if falls(weather.homes) {
        open_or_close(world, device);
    } else if falls(weather.crash) {
        crash(world, device);
    } else if falls(weather.network) {
        change_network(world, device, &devices);
    } else if falls(weather.server) {
        trouble_server(world);
    } else if falls(weather.clock) {
        trouble_clock(world, device);
    } else {
        trouble_storage(world, device);
    }
}

fn some_home(world: &World, device: &Device) -> Option<Rc<Home>> {
    world.chance.pick(&device.homes.borrow()).cloned()
}

fn do_something(world: &Rc<World>, device: &Rc<Device>) {
    let opened =
        some_home(world, device).unwrap_or_else(|| home::begin(world, device, Trigger::Start));
    person::begin(world, device, &opened);
}

fn open_or_close(world: &Rc<World>, device: &Rc<Device>) {
    let count = device.homes.borrow().len();
    match world.chance.below(4) {
        0 | 1 if count < 3 => {
            let trigger = if world.chance.happens(300) {
                Trigger::WorkerSync
            } else {
                Trigger::Start
            };
            home::begin(world, device, trigger);
        }
        2 => device.nudge_all(world, Trigger::Visible),
        _ => {
            if let Some(home) = some_home(world, device).filter(|home| home.busy.get() == 0) {
                device.close(world, home.id);
            }
        }
    }
}

fn crash(world: &World, device: &Device) {
    let Some(home) = some_home(world, device) else {
        return;
    };
    if world.chance.happens(250) {
        world.note(Fault::Suspended);
        let until = world.reactor.now_ms() + world.chance.between(1_000, NAP_MS_MAX);
        home.frozen_until_ms.set(until);
        world.orders.freeze(home.id, until);
        return;
    }
    world.note(if home.busy.get() > 0 {
        Fault::CrashBusy
    } else {
        Fault::Crash
    });
    device.close(world, home.id);
}

fn change_network(world: &World, device: &Device, all: &[Rc<Device>]) {
    match world.chance.below(6) {
        0 => {
            world.note(Fault::Partition);
            device.sends.set(false);
        }
        1 => {
            world.note(Fault::OneWay);
            device.receives.set(false);
        }
        2 => device.flaps.set(true),
        3 => {
            world.note(Fault::SwizzleClog);
            for device in all {
                device.sends.set(false);
            }
        }
        _ => {
            connect(device);
            if world.chance.happens(500) {
                device.nudge_all(world, Trigger::Online);
            }
        }
    }
}

fn connect(device: &Device) {
    device.sends.set(true);
    device.receives.set(true);
    device.flaps.set(false);
}

fn trouble_server(world: &World) {
    match world.chance.below(9) {
        0 => transport::stop_server(world),
        1 | 2 => world.server.back_up(world.oracle.borrow().backup()),
        3 => restore(world),
        4 => {
            world.server.is_full.set(!world.server.is_full.get());
            if world.server.is_full.get() {
                world.note(Fault::DiskFull);
            }
        }
        5 => {
            world.note(Fault::ServerClock);
            world
                .server
                .offset_ms
                .set(world.chance.between(-3_600_000, 3_600_000));
        }
        _ => {
            if let Some(up_to) = world.server.forget_deletions(&world.chance) {
                world.note(Fault::Horizon);
                world.oracle.borrow_mut().prune(up_to);
            }
        }
    }
}

fn restore(world: &World) {
    let Some((known, epoch)) = world.server.restore(&world.chance) else {
        return;
    };
    world.note(Fault::Restored);
    world
        .oracle
        .borrow_mut()
        .restore(known, epoch, &world.ledger.borrow());
    // Who holds a row without knowing whose it is can't bring it back.
    let devices = world.devices.borrow();
    for lost in world.oracle.borrow_mut().lost.values_mut() {
        let user = lost.row.user_id;
        let has_person = |index: usize| {
            let store = devices[index].store.borrow();
            store.look(|inside| inside.users.contains_key(&user))
        };
        lost.holders.retain(|(index, _)| has_person(*index));
    }
}

fn trouble_clock(world: &World, device: &Device) {
    world.note(Fault::ClockJump);
    let offset = match world.chance.below(3) {
        0 => 0,
        1 => world.chance.between(-WRONG_MS_MAX, WRONG_MS_MAX),
        _ => device.offset_ms.get() + world.chance.between(-7_200_000, 7_200_000),
    };
    device.offset_ms.set(offset);
    // A wish is kept as a moment of this clock, so it goes with it.
    device.quiet_until_ms.set(0);
    for home in device.homes.borrow().iter() {
        home.clock_jumped.set(home.busy.get() > 0);
    }
}

fn trouble_storage(world: &World, device: &Device) {
    match world.chance.below(3) {
        0 => device.is_full.set(true),
        1 => device.is_full.set(false),
        _ => {
            world.note(Fault::Evicted);
            SimStore::clear(device, world.has(Bug::CursorOutlivesEviction));
            world.ledger.borrow_mut().evict(device.index);
            device.deleted.borrow_mut().clear();
            device.quiet_until_ms.set(0);
            // A browser that clears a site's storage closes its pages' connections; the app starts anew.
            let homes: Vec<_> = device.homes.borrow().iter().map(|home| home.id).collect();
            for id in homes {
                device.close(world, id);
            }
        }
    }
}

/// All faults end. Each device has a home that somebody looks at.
fn calm_down(world: &Rc<World>) {
    world.storming.set(false);
    world.server.down_until_ms.set(0);
    world.server.is_full.set(false);
    world.server.offset_ms.set(0);
    let now = world.reactor.now_ms();
    world.healed_at_ms.set(Some(now));
    world.say(format_args!("the storm is over"));
    let devices = world.devices.borrow().clone();
    for device in &devices {
        connect(device);
        device.is_full.set(false);
        device.session.sign_in(world, device);
        for home in device.homes.borrow().iter() {
            home.frozen_until_ms.set(0);
            world.orders.thaw(home.id);
        }
        if device.homes.borrow().is_empty() {
            home::begin(world, device, Trigger::Start);
        } else if !world.plan.silent_healing {
            device.nudge_all(world, Trigger::Online);
        }
    }
}
