//! Files in and out as the screens see them: what is going on, and how to ask for more. The work is done in a worker
//! of its own ([`tidemark_exchange`]); this knows only what page and worker say to each other.

use super::{App, Intent};
use leptos::prelude::*;
use std::rc::Rc;
use tidemark_domain::mass::MassUnit;
use tidemark_exchange::message::{
    Ask, Counts, Export, PastImport, Preview, Problem, Question, ReadOptions, Target, Tell, Unit,
};
use tidemark_protocol::OpId;
use web_sys::{Blob, File};

/// The way to the worker. The composition root gives the page a browser's, tests give it a list.
pub trait Office {
    /// Sends a question; starts the worker where none runs.
    fn ask(&self, ask: &Ask, file: Option<&File>);
    /// Ends the worker at once, whatever it does.
    fn stop(&self);
    /// Gives a made file to the person, under this name.
    fn hand_out(&self, name: &str, blob: &Blob);
}

/// What is going on.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Job {
    /// Nothing.
    #[default]
    Idle,
    /// A file is read: its bytes, done and in all.
    Reading {
        /// Bytes read.
        done: u64,
        /// Bytes in all.
        total: u64,
    },
    /// The person must say something about the file.
    Asking(Question),
    /// The file is read, nothing is written.
    Preview(Box<Preview>),
    /// The file is taken in.
    Adding,
    /// An import is taken back.
    Undoing,
}

/// What came of the last job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// So many entries were added or changed.
    Taken(u64),
    /// So many were taken back.
    Undone(u64),
    /// The person has broken it off before anything was written.
    Cancelled,
    /// A file of this name was made.
    Exported(String),
    /// It could not be done.
    Failed(Problem),
}

/// The signals of the exchange. A handle: copying it copies no data.
#[derive(Clone, Copy)]
pub struct Exchange {
    /// What is going on.
    pub job: RwSignal<Job>,
    /// What came of the job before.
    pub outcome: RwSignal<Option<Outcome>>,
    /// The file's name.
    pub file: RwSignal<String>,
    /// For each of the file's people, who it is here.
    pub targets: RwSignal<Vec<Target>>,
    /// What the file's rows would be here; none while that is found out.
    pub counts: RwSignal<Option<Counts>>,
    /// Whether deleted entries come back.
    pub brings_back: RwSignal<bool>,
    /// Imports that can be taken back, newest first.
    pub past: RwSignal<Vec<PastImport>>,
    /// What the person has said about the file.
    said: RwSignal<ReadOptions>,
    /// Kept beside, so that the handle stays small.
    app: StoredValue<App>,
    office: StoredValue<Option<Rc<dyn Office>>, LocalStorage>,
    /// What waits for the person to have a file in hand.
    after: StoredValue<Option<Box<dyn FnOnce()>>, LocalStorage>,
}

impl Exchange {
    /// An exchange where nothing goes on.
    pub fn new(app: App) -> Self {
        Self {
            job: RwSignal::default(),
            outcome: RwSignal::default(),
            file: RwSignal::default(),
            targets: RwSignal::default(),
            counts: RwSignal::default(),
            brings_back: RwSignal::new(false),
            past: RwSignal::default(),
            said: RwSignal::default(),
            app: StoredValue::new(app),
            office: StoredValue::new_local(None),
            after: StoredValue::new_local(None),
        }
    }

    /// Names the way to the worker.
    pub fn work_at(self, office: Rc<dyn Office>) {
        self.office.set_value(Some(office));
    }

    fn ask(self, ask: &Ask, file: Option<&File>) {
        if let Some(office) = self.office.get_value() {
            office.ask(ask, file);
        }
    }

    /// The screen opens: which imports can be taken back?
    pub fn open(self) {
        self.ask(&Ask::Imports, None);
    }

    /// The screen closes. A job goes on; where there is none, the worker's memory is given back.
    pub fn close(self) {
        self.outcome.set(None);
        if self.job.with_untracked(|job| *job == Job::Idle) {
            self.stop();
        }
    }

    fn stop(self) {
        if let Some(office) = self.office.get_value() {
            office.stop();
        }
    }

    /// Reads a file that the person has chosen.
    pub fn read(self, name: String, file: &File) {
        self.outcome.set(None);
        self.file.set(name);
        let usual_unit = match untrack(|| self.app.get_value().mass_unit()) {
            MassUnit::Kilogram => Unit::Kilogram,
            MassUnit::Pound => Unit::Pound,
            MassUnit::Stone => Unit::Stone,
        };
        self.said.set(ReadOptions {
            usual_unit,
            ..ReadOptions::default()
        });
        self.brings_back.set(false);
        self.job.set(Job::Reading { done: 0, total: 0 });
        self.ask(&Ask::Read(self.said.get_untracked()), Some(file));
    }

    /// Reads the same file again, with what the person has said.
    pub fn answer(self, answer: ReadOptions) {
        self.said.update(|said| {
            said.columns = answer.columns.or(said.columns.take());
            said.month_first = answer.month_first.or(said.month_first);
            said.unit = answer.unit.or(said.unit);
            said.asks = answer.asks;
        });
        self.job.set(Job::Reading { done: 0, total: 0 });
        self.ask(&Ask::Read(self.said.get_untracked()), None);
    }

    /// The preview is wrong: asks what was only likely.
    pub fn ask_again(self) {
        self.said
            .update(|said| (said.columns, said.unit) = (None, None));
        self.answer(ReadOptions {
            asks: true,
            ..ReadOptions::default()
        });
    }

    /// One of the file's people is somebody else here.
    pub fn choose(self, index: usize, target: Target) {
        self.targets.update(|targets| {
            if let Some(place) = targets.get_mut(index) {
                *place = target;
            }
        });
        self.compare();
    }

    fn compare(self) {
        self.counts.set(None);
        self.ask(&Ask::Compare(self.targets.get_untracked()), None);
    }

    /// Takes the file in.
    pub fn confirm(self) {
        self.job.set(Job::Adding);
        let ask = Ask::Confirm {
            targets: self.targets.get_untracked(),
            brings_back: self.brings_back.get_untracked(),
        };
        self.ask(&ask, None);
    }

    /// Breaks off what was not written yet.
    pub fn cancel(self) {
        self.stop();
        self.job.set(Job::Idle);
        self.outcome.set(Some(Outcome::Cancelled));
        self.open();
    }

    /// Takes an import back.
    pub fn undo(self, import: OpId) {
        self.outcome.set(None);
        self.job.set(Job::Undoing);
        self.ask(&Ask::Undo(import), None);
    }

    /// Makes a file for the person.
    pub fn export(self, export: Export) {
        self.outcome.set(None);
        self.ask(&Ask::Export(export), None);
    }

    /// Makes a rescue file: the ordinary backup, with all that is unsent. Then, and only if it was made, does what waits
    /// for it.
    pub fn rescue(self, then: impl FnOnce() + 'static) {
        self.after.set_value(Some(Box::new(then)));
        self.export(Export::Backup);
    }

    /// How many entries confirming adds or changes; none while that is found out.
    pub fn to_add(self) -> Option<u64> {
        let back = self.brings_back.get();
        self.counts
            .get()
            .map(|counts| added(counts, back && counts.deleted > 0))
    }

    /// The worker says something.
    pub fn hear(self, tell: Tell, blob: Option<&Blob>) {
        match tell {
            Tell::Progress { done, total } => self.job.set(Job::Reading { done, total }),
            Tell::Asks(question) => self.job.set(Job::Asking(question)),
            Tell::Preview(preview) => {
                let likely = preview.people.iter().map(|person| person.likely).collect();
                self.targets.set(likely);
                self.job.set(Job::Preview(Box::new(preview)));
                self.compare();
            }
            Tell::Compared(counts) => {
                // Who chooses a file of which everything was deleted here wants it back.
                if counts.deleted > 0 && added(counts, false) == 0 {
                    self.brings_back.set(true);
                }
                self.counts.set(Some(counts));
            }
            Tell::Taken(counts) => {
                let back = self.brings_back.get_untracked();
                self.ended(Outcome::Taken(added(counts, back)));
                self.app.get_value().send(Intent::Stored);
            }
            Tell::Undone(count) => {
                self.ended(Outcome::Undone(count));
                self.app.get_value().send(Intent::Stored);
            }
            Tell::Imports(past) => self.past.set(past),
            Tell::Exported(name) => {
                if let (Some(office), Some(blob)) = (self.office.get_value(), blob) {
                    office.hand_out(&name, blob);
                }
                self.outcome.set(Some(Outcome::Exported(name)));
                if let Some(then) = self.after.try_update_value(Option::take).flatten() {
                    then();
                }
            }
            Tell::Failed(problem) => {
                self.after.set_value(None);
                self.ended(Outcome::Failed(problem));
            }
        }
    }

    fn ended(self, outcome: Outcome) {
        let is_broken = outcome == Outcome::Failed(Problem::Broken);
        self.job.set(Job::Idle);
        self.outcome.set(Some(outcome));
        if is_broken {
            self.stop(); // the next question starts another
        } else {
            self.open();
        }
    }
}

fn added(counts: Counts, brings_back: bool) -> u64 {
    counts.fresh + counts.newer + if brings_back { counts.deleted } else { 0 }
}

/// The exchange, from anywhere below the root.
pub fn use_exchange() -> Exchange {
    use_context().expect("the root provides the exchange before it draws anything")
}

#[cfg(test)]
mod tests;
