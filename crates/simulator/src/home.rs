//! What a home does by itself: it calls `tick` when the engine asks for it, when something speaks for it, and answers
//! the question of who is who as a person would.

use crate::bugs::Bug;
use crate::device::{Device, Home};
use crate::executor::Pause;
use crate::world::World;
use std::cell::Cell;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};
use tidemark_engine::{Clock, TickOutcome, TickReport, Trigger};

/// The longest sleep of a home, in milliseconds, as in the page.
const SLEEP_MS_MAX: i64 = 60_000;
/// Calls in a row become one.
const KICK_MS: i64 = 250;

/// Begins a home on a device.
pub fn begin(world: &Rc<World>, device: &Rc<Device>, trigger: Trigger) -> Rc<Home> {
    let home = device.open(world);
    let task = live(
        Rc::clone(world),
        Rc::clone(device),
        Rc::clone(&home),
        trigger,
    );
    world.orders.spawn(home.id, Rc::clone(&home.turn), task);
    if let Some(longest) = world.plan.session_ms_max {
        let end = world.reactor.now_ms() + world.chance.between(10_000, longest);
        let (later, device, id) = (Rc::clone(world), Rc::clone(device), home.id);
        world.orders.spawn(id, Rc::new(Cell::new(end)), async move {
            if later.storming.get() {
                device.close(&later, id);
            }
        });
    }
    home
}

async fn live(world: Rc<World>, device: Rc<Device>, home: Rc<Home>, first: Trigger) {
    let mut trigger = first;
    loop {
        home.busy.set(home.busy.get() + 1);
        home.clock_jumped.set(false);
        let report = home.engine.tick(trigger).await;
        home.busy.set(home.busy.get() - 1);
        note(&world, &device, &home, &report, trigger);
        if report.outcome == TickOutcome::Question {
            answer(&world, &home).await;
        }
        let wait = report
            .next_wake
            .millis_since(home.engine.clock.now())
            .clamp(0, SLEEP_MS_MAX);
        let asked_until_ms = if is_asked_to_wait(&world, &device) {
            world.reactor.now_ms() + wait
        } else {
            0
        };
        home.asked_sleep_until_ms.set(asked_until_ms);
        let failed = matches!(report.outcome, TickOutcome::Failed(_));
        let wait = match world.bug {
            Some(Bug::LostWakeUp) if failed => i64::from(u32::MAX),
            Some(Bug::BackoffUncapped) if failed => wait.max(1) * 20,
            _ => wait,
        };
        trigger = Sleep {
            pause: world.pause(wait),
            home: &home,
        }
        .await;
        if trigger != Trigger::Interval {
            world.pause(KICK_MS).await;
            home.nudge.take();
        }
    }
}

/// Whether a wish of the server stands, by the device's clock.
fn is_asked_to_wait(world: &World, device: &Device) -> bool {
    let store = device.store.borrow();
    let not_before = store.look(|inside| inside.state.and_then(|state| state.not_before));
    not_before.is_some_and(|until| until > device.now(world))
}

fn note(world: &World, device: &Device, home: &Home, report: &TickReport, trigger: Trigger) {
    world
        .trace
        .mix(&[home.id.0 as u64, report.sent as u64, report.received as u64]);
    world.say(format_args!(
        "device {} {:?} tick({}) -> {:?}, sent {}, received {}",
        device.index,
        home.id,
        trigger.as_str(),
        report.outcome,
        report.sent,
        report.received
    ));
}

/// A person says who is who: again and again, as long as the question is on the screen.
async fn answer(world: &World, home: &Home) {
    loop {
        world.pause(world.chance.between(100, 3_000)).await;
        let Ok(overview) = home.engine.overview().await else {
            continue;
        };
        let Some(question) = overview.question else {
            // Answered in another context, which may not live to sync.
            return home.nudge(world, Trigger::LocalWrite);
        };
        let same = if world.chance.happens(500) {
            world.chance.pick(&question.theirs)
        } else {
            None
        };
        if home.engine.answer_question(&question, same).await.is_ok() {
            return home.nudge(world, Trigger::LocalWrite);
        }
    }
}

/// Sleeps until it is time or something speaks for a sync.
struct Sleep<'a> {
    pause: Pause<'a>,
    home: &'a Home,
}

impl Future for Sleep<'_> {
    type Output = Trigger;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Trigger> {
        if let Some(trigger) = self.home.nudge.take() {
            return Poll::Ready(trigger);
        }
        Pin::new(&mut self.pause)
            .poll(context)
            .map(|()| Trigger::Interval)
    }
}
