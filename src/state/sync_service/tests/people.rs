//! Several people on one device, their goals, and what was deleted.

use super::world::{World, world};
use super::*;
use tidemark_protocol::{AppModelPatch, Goal, GoalKind, Patch, UserPatch};

impl World {
    fn add(&self, name: &str) -> EntityId {
        let patch = UserPatch {
            name: Patch::Set(name.to_owned()),
            ..UserPatch::default()
        };
        self.app.send(Intent::AddPerson(
            patch,
            Box::new(|outcome| assert_eq!(outcome, Ok(()))),
        ));
        self.shown()
    }

    fn shown(&self) -> EntityId {
        let person = untrack(|| self.app.person());
        person.expect("a person is shown").user.id
    }

    fn set_goal(&self, grams: u32) {
        let goal = Goal {
            weight: Grams::new(grams).expect("a weight in range"),
            kind: GoalKind::Lose,
        };
        let patch = AppModelPatch {
            goal: Patch::Set(goal),
            ..AppModelPatch::default()
        };
        self.app.send(Intent::SaveSettings(
            patch,
            Box::new(|outcome| assert_eq!(outcome, Ok(()))),
        ));
    }

    fn goal(&self) -> Option<u32> {
        untrack(|| self.app.goal()).map(|goal| goal.weight.get())
    }
}

#[test]
fn everybody_has_their_own_entries_and_the_others_last_weight_is_shown() {
    let world = world();
    world.log(78_000, 10);
    let elif = world.shown();
    let deniz = world.add("Deniz");
    assert_ne!(elif, deniz);
    assert!(world.weights().is_empty());
    world.log(85_000, 5);
    assert_eq!(world.weights(), [85_000]);
    let others = world.app.others.get_untracked();
    assert_eq!(others, [(elif, Grams::new(78_000).expect("in range"))]);
    world.app.send(Intent::ShowPerson(elif));
    assert_eq!(world.weights(), [78_000]);
}

#[test]
fn a_goal_stays_with_the_person_it_was_set_for() {
    let world = world();
    world.log(78_000, 10);
    let elif = world.shown();
    world.set_goal(75_000);
    let deniz = world.add("Deniz");
    assert_eq!(world.goal(), None, "somebody new has no goal");
    world.set_goal(82_000);
    world.app.send(Intent::ShowPerson(elif));
    assert_eq!(world.goal(), Some(75_000));
    world.app.send(Intent::ShowPerson(deniz));
    assert_eq!(world.goal(), Some(82_000));
}

#[test]
fn a_person_taken_off_the_list_can_be_put_back() {
    let world = world();
    world.log(78_000, 10);
    let elif = world.shown();
    let deniz = world.add("Deniz");
    world.app.send(Intent::RemovePerson);
    assert_eq!(world.shown(), elif);
    let Some(Snack::PersonRemoved(user)) = world.app.snack.get_untracked() else {
        panic!("the message offers the way back");
    };
    world.app.send(Intent::RestorePerson(user));
    assert_eq!(world.shown(), deniz);
    let people = untrack(|| world.app.profile.get()).expect("read").people;
    assert_eq!(people.len(), 2);
}

#[test]
fn what_was_deleted_here_is_listed_until_it_is_restored() {
    let world = world();
    world.log(78_200, 0);
    let entry = untrack(|| world.app.newest()).expect("one entry");
    world.app.send(Intent::Delete(entry.metric.id));
    let memory = || world.app.memory.get_untracked();
    assert_eq!(memory().deleted[0].metric.id, entry.metric.id);
    assert_eq!(
        Memory::read(world.host.recall().as_deref()),
        memory(),
        "another start finds it too"
    );
    world.app.send(Intent::Restore(memory().deleted[0].entry()));
    assert!(memory().deleted.is_empty());
    assert_eq!(world.weights(), [78_200]);
}
