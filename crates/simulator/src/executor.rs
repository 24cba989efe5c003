//! A tiny executor: futures are polled in an order that the seed decides, over virtual time.
//!
//! Nothing here wakes anybody. A future that waits says until when; when nobody is ready, time jumps to the next one
//! that is. A task is ended by dropping its future, between any two of its awaits.

use crate::chance::Chance;
use std::cell::{Cell, RefCell};
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

/// Which home a task belongs to: all of a home's tasks die with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct HomeId(pub usize);

/// Virtual time, and what the future that is being polled says about its next turn.
#[derive(Debug, Default)]
pub struct Reactor {
    now_ms: Cell<i64>,
    next_turn_ms: Cell<i64>,
}

impl Reactor {
    /// Virtual milliseconds since the run began.
    pub fn now_ms(&self) -> i64 {
        self.now_ms.get()
    }

    /// Waits; with 0 it only lets others go first.
    pub fn pause(&self, ms: i64) -> Pause<'_> {
        Pause {
            reactor: self,
            until_ms: None,
            ms,
        }
    }
}

/// A wait.
#[derive(Debug)]
pub struct Pause<'a> {
    reactor: &'a Reactor,
    until_ms: Option<i64>,
    ms: i64,
}

impl Future for Pause<'_> {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<()> {
        let now = self.reactor.now_ms.get();
        match self.until_ms {
            Some(until) if now >= until => Poll::Ready(()),
            Some(until) => {
                self.reactor.next_turn_ms.set(until);
                Poll::Pending
            }
            None => {
                let until = now + self.ms;
                self.until_ms = Some(until);
                self.reactor.next_turn_ms.set(until);
                Poll::Pending
            }
        }
    }
}

/// When a task goes on; shared with whoever may call it earlier.
pub type Turn = Rc<Cell<i64>>;

struct Task {
    home: HomeId,
    turn: Turn,
    future: Pin<Box<dyn Future<Output = ()>>>,
}

enum Order {
    Spawn(Task),
    Kill(HomeId),
    Freeze(HomeId, i64),
    Thaw(HomeId),
}

/// Orders to the executor from inside of tasks.
#[derive(Default)]
pub struct Orders(RefCell<Vec<Order>>);

impl std::fmt::Debug for Orders {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} orders", self.0.borrow().len())
    }
}

impl Orders {
    /// Begins a task; it gets its first turn at `turn`.
    pub fn spawn(&self, home: HomeId, turn: Turn, future: impl Future<Output = ()> + 'static) {
        self.0.borrow_mut().push(Order::Spawn(Task {
            home,
            turn,
            future: Box::pin(future),
        }));
    }

    /// Ends all tasks of a home where they stand.
    pub fn kill(&self, home: HomeId) {
        self.0.borrow_mut().push(Order::Kill(home));
    }

    /// Gives all tasks of a home a turn now; who waits for a moment goes on waiting.
    pub fn thaw(&self, home: HomeId) {
        self.0.borrow_mut().push(Order::Thaw(home));
    }

    /// Gives no turn to a home before a moment, as a phone does with what it suspends.
    pub fn freeze(&self, home: HomeId, until_ms: i64) {
        self.0.borrow_mut().push(Order::Freeze(home, until_ms));
    }
}

/// Runs tasks in a seeded order.
#[derive(Default)]
pub struct Executor {
    tasks: Vec<Task>,
    ready: Vec<usize>,
}

impl Executor {
    /// Gives turns until `stop` says so, no task is left, or time reaches `end_ms`. `stop` sees which home had a turn.
    pub fn run(
        &mut self,
        reactor: &Reactor,
        orders: &Orders,
        chance: &Chance,
        end_ms: i64,
        mut stop: impl FnMut(Option<HomeId>) -> bool,
    ) {
        loop {
            self.take_orders(orders, reactor.now_ms());
            if !self.find_ready(reactor, end_ms) {
                return;
            }
            let index = self.ready[chance.index(self.ready.len())];
            let home = self.turn(index, reactor);
            if stop(Some(home)) {
                self.take_orders(orders, reactor.now_ms());
                return;
            }
        }
    }

    fn take_orders(&mut self, orders: &Orders, now_ms: i64) {
        // Dropping a task may give new orders: they are taken in the same go.
        loop {
            let taken = orders.0.take();
            if taken.is_empty() {
                return;
            }
            for order in taken {
                match order {
                    Order::Spawn(task) => self.tasks.push(task),
                    Order::Kill(home) => self.tasks.retain(|task| task.home != home),
                    Order::Thaw(home) => {
                        for task in self.tasks.iter().filter(|task| task.home == home) {
                            task.turn.set(task.turn.get().min(now_ms));
                        }
                    }
                    Order::Freeze(home, until) => {
                        for task in self.tasks.iter().filter(|task| task.home == home) {
                            task.turn.set(task.turn.get().max(until));
                        }
                    }
                }
            }
        }
    }

    /// Collects who is ready, moving time where nobody is. Answers `false` at the end.
    fn find_ready(&mut self, reactor: &Reactor, end_ms: i64) -> bool {
        let Some(next) = self.tasks.iter().map(|task| task.turn.get()).min() else {
            return false;
        };
        if next > reactor.now_ms() {
            if next > end_ms {
                reactor.now_ms.set(end_ms.max(reactor.now_ms()));
                return false;
            }
            reactor.now_ms.set(next);
        }
        let now = reactor.now_ms();
        self.ready.clear();
        let ready = self
            .tasks
            .iter()
            .enumerate()
            .filter(|(_, task)| task.turn.get() <= now);
        self.ready.extend(ready.map(|(index, _)| index));
        true
    }

    fn turn(&mut self, index: usize, reactor: &Reactor) -> HomeId {
        let now = reactor.now_ms();
        let task = &mut self.tasks[index];
        let home = task.home;
        reactor.next_turn_ms.set(now);
        let mut context = Context::from_waker(Waker::noop());
        match task.future.as_mut().poll(&mut context) {
            Poll::Ready(()) => drop(self.tasks.swap_remove(index)),
            Poll::Pending => task.turn.set(reactor.next_turn_ms.get()),
        }
        home
    }
}
