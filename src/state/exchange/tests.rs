//! What the screens see of a job, told by a worker that is only a list.

use super::*;
use crate::state::tests_support::app;
use std::cell::{Cell, RefCell};
use tidemark_exchange::message::FilePerson;
use tidemark_protocol::EntityId;

#[derive(Default)]
struct Desk {
    asked: RefCell<Vec<Ask>>,
    stops: Cell<u32>,
}

impl Office for Desk {
    fn ask(&self, ask: &Ask, _: Option<&File>) {
        self.asked.borrow_mut().push(ask.clone());
    }
    fn stop(&self) {
        self.stops.set(self.stops.get() + 1);
    }
    fn hand_out(&self, _: &str, _: &Blob) {}
}

fn exchange() -> (Exchange, Rc<Desk>) {
    let (exchange, desk) = (Exchange::new(app()), Rc::new(Desk::default()));
    exchange.work_at(Rc::clone(&desk) as Rc<dyn Office>);
    (exchange, desk)
}

fn preview() -> Preview {
    let person = |likely| FilePerson {
        name: None,
        rows: 2,
        likely,
    };
    Preview {
        people: vec![person(Target::New), person(Target::New)],
        ..Preview::default()
    }
}

const COUNTS: Counts = Counts {
    fresh: 5,
    known: 7,
    deleted: 3,
    newer: 1,
};

#[test]
fn a_preview_is_compared_with_the_likely_people_and_again_with_the_chosen_ones() {
    let owner = Owner::new();
    owner.set();
    let (exchange, desk) = exchange();
    exchange.hear(Tell::Preview(preview()), None);
    exchange.hear(Tell::Compared(COUNTS), None);
    let known = Target::Known(EntityId(uuid::Uuid::nil()));
    exchange.choose(1, known);
    assert_eq!(exchange.counts.get_untracked(), None, "found out anew");
    let expected = [
        Ask::Compare(vec![Target::New, Target::New]),
        Ask::Compare(vec![Target::New, known]),
    ];
    assert_eq!(*desk.asked.borrow(), expected);
}

#[test]
fn deleted_entries_count_only_where_they_come_back() {
    let owner = Owner::new();
    owner.set();
    let (exchange, _) = exchange();
    exchange.hear(Tell::Compared(COUNTS), None);
    assert_eq!(exchange.to_add(), Some(6));
    exchange.brings_back.set(true);
    assert_eq!(exchange.to_add(), Some(9));
    exchange.hear(Tell::Taken(COUNTS), None);
    assert_eq!(exchange.outcome.get_untracked(), Some(Outcome::Taken(9)));
    assert_eq!(exchange.job.get_untracked(), Job::Idle);
}

#[test]
fn a_file_of_which_everything_was_deleted_here_is_brought_back_unless_somebody_says_no() {
    let owner = Owner::new();
    owner.set();
    let (exchange, _) = exchange();
    exchange.hear(Tell::Compared(COUNTS), None);
    assert!(!exchange.brings_back.get_untracked(), "some of it is new");
    let all_deleted = Counts {
        deleted: 3,
        ..Counts::default()
    };
    exchange.hear(Tell::Compared(all_deleted), None);
    assert!(exchange.brings_back.get_untracked());
    assert_eq!(exchange.to_add(), Some(3));
    exchange.brings_back.set(false);
    assert_eq!(exchange.to_add(), Some(0));
}

#[test]
fn answers_to_several_questions_add_up() {
    let owner = Owner::new();
    owner.set();
    let (exchange, desk) = exchange();
    exchange.answer(ReadOptions {
        month_first: Some(true),
        ..ReadOptions::default()
    });
    exchange.answer(ReadOptions {
        unit: Some(Unit::Pound),
        ..ReadOptions::default()
    });
    let both = ReadOptions {
        month_first: Some(true),
        unit: Some(Unit::Pound),
        ..ReadOptions::default()
    };
    assert_eq!(desk.asked.borrow().last(), Some(&Ask::Read(both)));
}

#[test]
fn a_cancelled_reading_ends_the_worker_and_a_broken_one_is_not_asked_again() {
    let owner = Owner::new();
    owner.set();
    let (exchange, desk) = exchange();
    exchange.hear(Tell::Progress { done: 1, total: 2 }, None);
    exchange.cancel();
    assert_eq!(desk.stops.get(), 1);
    assert_eq!(exchange.job.get_untracked(), Job::Idle);
    assert_eq!(*desk.asked.borrow(), [Ask::Imports], "a fresh one answers");
    exchange.hear(Tell::Failed(Problem::Broken), None);
    assert_eq!(desk.stops.get(), 2);
    assert_eq!(desk.asked.borrow().len(), 1);
}

#[test]
fn a_job_outlives_the_screen_and_an_idle_worker_does_not() {
    let owner = Owner::new();
    owner.set();
    let (exchange, desk) = exchange();
    exchange.hear(Tell::Progress { done: 1, total: 2 }, None);
    exchange.close();
    assert_eq!(desk.stops.get(), 0);
    exchange.hear(Tell::Undone(4), None);
    exchange.close();
    assert_eq!(desk.stops.get(), 1);
}
