//! What people do: log, edit, delete, take back, import, change settings and people; sometimes what the server refuses.

use crate::device::{Device, Home};
use crate::faults::Fault;
use crate::oracle::POISON;
use crate::world::World;
use std::cell::Cell;
use std::rc::Rc;
use tidemark_domain::{length::Millimetres, mass::Grams};
use tidemark_engine::view::Entry;
use tidemark_engine::{Clock, Reading, StoreError, Trigger};
use tidemark_protocol::{
    AppModelPatch, EntityId, Metric, MetricPatch, Patch, Theme, Timestamp, Units, UserPatch,
};
use uuid::Uuid;

/// Rows of an import at most.
const IMPORT_ROWS_MAX: i64 = 30;
/// How far back a person dates an entry, in milliseconds: 90 days.
const PAST_MS_MAX: i64 = 90 * 86_400_000;

/// Lets a person do something in a home.
pub fn begin(world: &Rc<World>, device: &Rc<Device>, home: &Rc<Home>) {
    let turn = Rc::new(Cell::new(world.reactor.now_ms()));
    let task = act(Rc::clone(world), Rc::clone(device), Rc::clone(home));
    world.orders.spawn(home.id, turn, task);
}

async fn act(world: Rc<World>, device: Rc<Device>, home: Rc<Home>) {
    home.busy.set(home.busy.get() + 1);
    let what = world.chance.below(100);
    let person = Person {
        world: &world,
        device: &device,
        home: &home,
    };
    let done = match what {
        0..40 => person.log().await,
        40..62 => person.edit().await,
        62..72 => person.delete().await,
        72..78 => person.take_back().await,
        78..83 => person.import().await,
        83..89 => person.set().await,
        89..95 => person.change_people().await,
        _ => person.write_poison().await,
    };
    home.busy.set(home.busy.get() - 1);
    world.trace.mix(&[what, u64::from(done.is_ok())]);
    world.say(format_args!(
        "device {} {:?} person {what} -> {:?}",
        device.index, home.id, done
    ));
    // Another engine may not know of it: the page tells its own sync loop only.
    home.nudge(&world, Trigger::LocalWrite);
}

/// Logs many entries in a row, as somebody does who used the app for long without a server.
pub async fn hoard(world: &World, device: &Device, home: &Home, count: u32) {
    let person = Person {
        world,
        device,
        home,
    };
    for number in 0..count {
        let done = if number % 9 == 8 {
            person.edit().await
        } else {
            person.log().await
        };
        drop(done);
    }
    device.sends.set(true);
    home.nudge(world, Trigger::LocalWrite);
}

struct Person<'a> {
    world: &'a World,
    device: &'a Device,
    home: &'a Home,
}

type Done = Result<(), StoreError>;

impl Person<'_> {
    fn weight(&self) -> Grams {
        let grams = u32::try_from(self.world.chance.between(40_000, 140_000)).unwrap_or(70_000);
        Grams::new(grams).expect("in range")
    }

    fn height(&self) -> Millimetres {
        let millimetres = u32::try_from(self.world.chance.between(1_500, 2_000)).unwrap_or(1_700);
        Millimetres::new(millimetres).expect("in range")
    }

    fn moment(&self) -> Timestamp {
        let now = self.home.engine.clock.now();
        if self.world.chance.happens(600) {
            now
        } else {
            now.plus_millis(-self.world.chance.between(0, PAST_MS_MAX))
        }
    }

    async fn somebody(&self) -> Result<Option<EntityId>, StoreError> {
        let profile = self.home.engine.profile().await?;
        Ok(self
            .world
            .chance
            .pick(&profile.people)
            .map(|person| person.user.id))
    }

    async fn some_entry(&self) -> Result<Option<Entry>, StoreError> {
        let Some(user) = self.somebody().await? else {
            return Ok(None);
        };
        let entries = self.home.engine.history(user).await?;
        let near = entries.len().min(6);
        let among = if self.world.chance.happens(700) {
            &entries[..near]
        } else {
            &entries[..]
        };
        Ok(self.world.chance.pick(among).cloned())
    }

    async fn log(&self) -> Done {
        let user = if self.world.chance.happens(300) {
            self.somebody().await?
        } else {
            None
        };
        let reading = Reading {
            weight: self.weight(),
            height: self.world.chance.happens(500).then(|| self.height()),
            note: self
                .world
                .chance
                .happens(200)
                .then(|| format!("note {}", self.world.next_number())),
            created_at: self.moment(),
            utc_offset: self.world.chance.happens(500).then_some(180),
        };
        self.home.engine.log(user, reading).await.map(drop)
    }

    async fn edit(&self) -> Done {
        let Some(entry) = self.some_entry().await? else {
            return Ok(());
        };
        // A form stays open for a while: its base gets old.
        if self.world.chance.happens(300) {
            self.world
                .pause(self.world.chance.between(100, 20_000))
                .await;
        }
        let mut patch = MetricPatch::default();
        match self.world.chance.below(5) {
            0 | 1 => patch.weight = Some(self.weight()),
            2 => patch.note = Patch::Set(format!("edit {}", self.world.next_number())),
            3 => {
                patch.height = if self.world.chance.happens(500) {
                    Patch::Clear
                } else {
                    Patch::Set(self.height())
                }
            }
            _ => patch.created_at = Some(self.moment()),
        }
        if self.world.chance.happens(100) {
            patch.note = Patch::Clear;
        }
        self.home.engine.edit(&entry, patch).await
    }

    async fn delete(&self) -> Done {
        let Some(entry) = self.some_entry().await? else {
            return Ok(());
        };
        self.home.engine.delete(&entry).await?;
        self.device.deleted.borrow_mut().push(entry);
        Ok(())
    }

    async fn take_back(&self) -> Done {
        let Some(entry) = self.device.deleted.borrow_mut().pop() else {
            return Ok(());
        };
        self.home.engine.restore(&entry).await
    }

    async fn import(&self) -> Done {
        let Some(user) = self.somebody().await? else {
            return Ok(());
        };
        // The same file again, now and then.
        let file = self.world.chance.below(6);
        let rows = self.world.chance.between(1, IMPORT_ROWS_MAX);
        let rows: Vec<Metric> = (0..rows).map(|line| imported(user, file, line)).collect();
        self.home.engine.import(&rows).await.map(drop)
    }

    async fn set(&self) -> Done {
        let profile = self.home.engine.profile().await?;
        let mut patch = AppModelPatch::default();
        match self.world.chance.below(3) {
            0 => {
                patch.theme = Patch::Set(
                    [Theme::Light, Theme::Dark, Theme::System][self.world.chance.index(3)],
                );
            }
            1 => {
                patch.units = Patch::Set(
                    [Units::Metric, Units::Imperial, Units::Stone][self.world.chance.index(3)],
                );
            }
            _ => match self.world.chance.pick(&profile.people) {
                Some(person) if person.user.version > 0 => {
                    patch.active_user = Patch::Set(person.user.id);
                }
                _ => patch.is_complete_onboard = Patch::Set(true),
            },
        }
        self.home
            .engine
            .save_settings(profile.app_model.version, patch)
            .await
    }

    async fn change_people(&self) -> Done {
        let profile = self.home.engine.profile().await?;
        let name = Patch::Set(format!("Person {}", self.world.next_number()));
        let patch = UserPatch {
            name,
            ..UserPatch::default()
        };
        let known = self
            .world
            .chance
            .pick(&profile.people)
            .filter(|_| self.world.chance.happens(700));
        let patch = match known {
            Some(_) if self.world.chance.happens(500) => UserPatch {
                height: Patch::Set(self.height()),
                ..patch
            },
            _ => patch,
        };
        self.home
            .engine
            .save_person(known.map(|person| &person.user), patch)
            .await
            .map(drop)
    }

    /// A note that is too long: the app's form would refuse it, an older app might not.
    async fn write_poison(&self) -> Done {
        let Some(entry) = self.some_entry().await? else {
            return Ok(());
        };
        self.world.note(Fault::Poison);
        let note = Patch::Set(POISON.repeat(40));
        self.home
            .engine
            .edit(
                &entry,
                MetricPatch {
                    note,
                    ..MetricPatch::default()
                },
            )
            .await
    }
}

/// A row as an import makes it: the same file and line, the same row.
fn imported(user: EntityId, file: u64, line: i64) -> Metric {
    let id = EntityId(Uuid::new_v5(
        &user.0,
        format!("file {file} line {line}").as_bytes(),
    ));
    let at = crate::world::BEGINNING.plus_millis(-(line + 1) * 86_400_000);
    let grams = u32::try_from(60_000 + line * 10).unwrap_or(60_000);
    Metric {
        id,
        server_id: id,
        user_id: user,
        user_number: 0,
        weight: Grams::new(grams).expect("in range"),
        height: None,
        bmi: None,
        note: None,
        created_at: at,
        utc_offset: None,
        updated_at: at,
        updated_by: None,
        deleted_at: None,
        version: 0,
    }
}
