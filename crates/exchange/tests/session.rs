//! A session from the file's bytes to what is stored, over the twins in memory.
#![expect(clippy::unwrap_used, reason = "helpers of tests are tests too")]

use std::rc::Rc;
use std::sync::atomic::{AtomicU64, Ordering};
use tidemark_engine::Engine;
use tidemark_exchange::message::{
    Column, Counts, Export, Preview, Problem, Question, ReadOptions, Refusal, Target, Tell, Unit,
};
use tidemark_exchange::{HEAD_BYTES, Reading, Session, Zone};
use tidemark_protocol::OpId;
use tidemark_testkit::fakes::run;
use tidemark_testkit::{
    ScriptedServer, ShakyStore, TestPlatform, VirtualClock, samples, test_engine,
};

static CONTEXTS: AtomicU64 = AtomicU64::new(1);

/// A profile in memory and a session on it.
struct Desk {
    store: ShakyStore,
    session: Session<TestPlatform>,
}

impl Desk {
    fn new() -> Self {
        Self::over(ShakyStore::default())
    }

    fn over(store: ShakyStore) -> Self {
        Self {
            session: Session::new(engine(&store)),
            store,
        }
    }

    fn read_as(&mut self, name: &str, bytes: &[u8], said: &ReadOptions) -> Tell {
        let head = &bytes[..bytes.len().min(HEAD_BYTES)];
        let zone: Zone = Rc::new(|_| 60);
        let mut reading = match Reading::begin(name.to_owned(), head, said, zone) {
            Ok(reading) => reading,
            Err(tell) => return *tell,
        };
        for slice in bytes.chunks(1000) {
            if let Err(tell) = reading.push(slice) {
                return *tell;
            }
        }
        run(self.session.load(reading))
    }

    fn preview(&mut self, name: &str, bytes: &[u8]) -> Preview {
        match self.read_as(name, bytes, &ReadOptions::default()) {
            Tell::Preview(preview) => preview,
            other => panic!("no preview but {other:?}"),
        }
    }

    fn compare(&self, targets: &[Target]) -> Counts {
        match run(self.session.compare(targets)) {
            Tell::Compared(counts) => counts,
            other => panic!("no counts but {other:?}"),
        }
    }

    fn confirm(&self, targets: &[Target]) -> Counts {
        match run(self.session.confirm(targets, false)) {
            Tell::Taken(counts) => counts,
            other => panic!("not taken but {other:?}"),
        }
    }

    /// Reads and takes in with the people as they seem to be.
    fn take(&mut self, name: &str, bytes: &[u8]) -> Counts {
        let likely = likely(&self.preview(name, bytes));
        self.confirm(&likely)
    }

    fn export(&self, export: &Export) -> String {
        run(self.session.export(export)).unwrap().1
    }

    /// The backup without the moment at which it was made.
    fn backup(&self) -> String {
        let text = self.export(&Export::Backup);
        let (before, after) = text.split_once("\"exported_at\":").unwrap();
        format!("{before}{}", after.split_once(',').unwrap().1)
    }

    /// Name and living entries of each living person.
    fn people(&self) -> Vec<(Option<String>, usize)> {
        let engine = engine(&self.store);
        let people = run(engine.profile()).unwrap().people.into_iter();
        people
            .map(|person| {
                let entries = run(engine.history(person.user.id)).unwrap().len();
                (person.user.name, entries)
            })
            .collect()
    }

    fn undo_last(&self) -> u64 {
        let Tell::Imports(past) = run(self.session.imports()) else {
            panic!("no list of imports")
        };
        let undone = past.first().map_or(OpId(uuid::Uuid::nil()), |past| past.id);
        match run(self.session.undo(undone)) {
            Tell::Undone(count) => count,
            other => panic!("not undone but {other:?}"),
        }
    }
}

fn engine(store: &ShakyStore) -> Engine<TestPlatform> {
    // Each context has chance of its own: the same would make the same ids.
    let seed = CONTEXTS.fetch_add(1, Ordering::Relaxed);
    let clock = VirtualClock::at(samples::NOON);
    test_engine(store.clone(), ScriptedServer::default(), clock, seed)
}

fn likely(preview: &Preview) -> Vec<Target> {
    preview.people.iter().map(|person| person.likely).collect()
}

fn fixture(name: &str) -> Vec<u8> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../formats/tests/fixtures/");
    std::fs::read(format!("{folder}{name}")).unwrap()
}

#[test]
fn a_preview_counts_by_reason_and_writes_nothing() {
    let mut desk = Desk::new();
    let preview = desk.preview("scale.csv", &fixture("openscale.csv"));
    assert_eq!(preview.app.as_deref(), Some("openScale"));
    assert_eq!((preview.rows, preview.without_weight), (2, 2));
    assert_eq!(preview.refused, [(Refusal::WeightOutOfRange, 1)]);
    assert_eq!(preview.people.len(), 1);
    assert_eq!(preview.people[0].likely, Target::New);
    assert_eq!(desk.compare(&[Target::New]).fresh, 2);
    assert_eq!(desk.people(), []);
}

#[test]
fn the_same_file_twice_adds_nothing_and_one_undo_takes_it_back() {
    for (name, entries) in [("openscale.csv", 2), ("garmin.csv", 3), ("apple.xml", 2)] {
        let (mut desk, bytes) = (Desk::new(), fixture(name));
        let first = desk.take(name, &bytes);
        let again = desk.take(name, &bytes);
        assert_eq!((again.fresh, again.known), (0, first.fresh), "{name}");
        assert_eq!(
            desk.people(),
            [(None, usize::try_from(first.fresh).unwrap())]
        );
        assert_eq!(first.fresh, entries, "{name}");
        assert_eq!(desk.undo_last(), first.fresh);
        assert_eq!(desk.people(), [], "{name}");
    }
}

#[test]
fn body_metrics_brings_its_people_and_finds_them_again() {
    let (mut desk, bytes) = (Desk::new(), fixture("body_metrics.db"));
    let preview = desk.preview("body_metrics.db", &bytes);
    let names: Vec<_> = preview.people.iter().map(|p| p.name.as_deref()).collect();
    assert_eq!(names, [Some("Ada"), Some("Can")]);
    assert_eq!(likely(&preview), [Target::New, Target::New]);
    let taken = desk.confirm(&likely(&preview));
    let people = desk.people();
    assert_eq!(people.len(), 2);
    assert_eq!(
        people.iter().map(|person| person.1 as u64).sum::<u64>(),
        taken.fresh
    );
    let again = desk.preview("body_metrics.db", &bytes);
    assert!(likely(&again).iter().all(|target| *target != Target::New));
    assert_eq!(desk.confirm(&likely(&again)).fresh, 0);
    desk.undo_last();
    assert_eq!(desk.people(), []);
}

#[test]
fn a_files_person_can_be_somebody_who_is_here() {
    let mut desk = Desk::new();
    desk.take("first.csv", b"dateTime,weight\n2021-04-18 11:51,77.35\n");
    let preview = desk.preview("body_metrics.db", &fixture("body_metrics.db"));
    let here = run(engine(&desk.store).profile()).unwrap().people[0]
        .user
        .id;
    desk.confirm(&[Target::Known(here), Target::New]);
    let people = desk.people();
    assert_eq!(people.len(), 2);
    let first = usize::try_from(preview.people[0].rows).unwrap();
    assert!(people.contains(&(None, first + 1)), "{people:?}");
}

#[test]
fn a_backup_in_a_fresh_profile_is_the_same_backup_again() {
    let mut desk = Desk::new();
    desk.take("body_metrics.db", &fixture("body_metrics.db"));
    let engine = engine(&desk.store);
    let person = run(engine.profile()).unwrap().people[0].user.id;
    let gone = run(engine.history(person)).unwrap().remove(0);
    run(engine.delete(&gone)).unwrap();
    let backup = desk.export(&Export::Backup);
    let mut fresh = Desk::new();
    let preview = fresh.preview("backup.json", backup.as_bytes());
    assert!(preview.is_backup);
    fresh.confirm(&likely(&preview));
    assert_eq!(fresh.backup(), desk.backup());
    assert_eq!(fresh.people(), desk.people());
    assert_eq!(fresh.take("backup.json", backup.as_bytes()).fresh, 0);
    assert_eq!(fresh.backup(), desk.backup(), "twice is once");
}

#[test]
fn our_table_of_one_person_read_for_another_makes_copies() {
    let mut desk = Desk::new();
    desk.take("a.csv", b"dateTime,weight\n2021-04-18 11:51,77.35\n");
    let person = run(engine(&desk.store).profile()).unwrap().people[0]
        .user
        .id;
    let csv = desk.export(&Export::Csv(person));
    let preview = desk.preview("tidemark.csv", csv.as_bytes());
    assert_eq!(desk.compare(&likely(&preview)).known, 1, "their own");
    assert_eq!(desk.confirm(&[Target::New]).fresh, 1, "somebody new");
    assert_eq!(desk.people(), [(None, 1), (None, 1)]);
}

#[test]
fn a_table_of_nobody_we_know_asks_for_columns_order_and_unit() {
    let mut desk = Desk::new();
    let bytes = b"when,how much,mood\n03/04/2026,172.5,fine\n05/04/2026,171.9,tired\n";
    let asked = desk.read_as("mine.csv", bytes, &ReadOptions::default());
    let Tell::Asks(Question {
        table: Some(table),
        unit: Some(Unit::Kilogram),
    }) = asked
    else {
        panic!("asked {asked:?}")
    };
    assert_eq!(table.header, 1);
    assert_eq!(table.records[0], ["when", "how much", "mood"]);
    assert!(table.asks_date_order);
    let said = ReadOptions {
        columns: Some(vec![Column::Date, Column::Weight, Column::Note]),
        month_first: Some(true),
        unit: Some(Unit::Pound),
        ..ReadOptions::default()
    };
    let Tell::Preview(preview) = desk.read_as("mine.csv", bytes, &said) else {
        panic!("no preview")
    };
    let (first, last) = preview.ends.unwrap();
    assert_eq!(first.weight_g, 78_245);
    assert_eq!(
        first.at.to_rfc3339(),
        "2026-03-04T11:00:00.000Z",
        "4 March at noon"
    );
    assert_eq!(last.at.to_rfc3339(), "2026-05-04T11:00:00.000Z");
}

#[test]
fn what_is_likely_is_shown_and_asked_only_when_somebody_wants_it() {
    let bytes = b"day,weight,mood\n2026-02-20,172.5,fine\n2026-02-21,171.9,tired\n";
    let mut said = ReadOptions {
        usual_unit: Unit::Pound,
        ..ReadOptions::default()
    };
    let mut desk = Desk::new();
    let Tell::Preview(preview) = desk.read_as("mine.csv", bytes, &said) else {
        panic!("no preview")
    };
    assert_eq!((preview.unit, preview.rows), (Some(Unit::Pound), 2));
    assert_eq!(preview.ends.unwrap().0.weight_g, 78_245);
    said.asks = true;
    let asked = desk.read_as("mine.csv", bytes, &said);
    let Tell::Asks(question) = asked else {
        panic!("asked {asked:?}")
    };
    assert_eq!(question.unit, Some(Unit::Pound));
    said.unit = Some(Unit::Kilogram);
    said.columns = Some(vec![Column::Date, Column::Weight, Column::Note]);
    let Tell::Preview(preview) = desk.read_as("mine.csv", bytes, &said) else {
        panic!("no preview")
    };
    assert_eq!(preview.ends.unwrap().0.weight_g, 172_500);
}

#[test]
fn what_cannot_be_read_says_why() {
    for (bytes, problem) in [
        (&b""[..], Problem::Empty),
        (b"\xFF\xFEa\0", Problem::Utf16),
        (b"<html><body>Sign in</body></html>", Problem::UnknownFormat),
        (
            b"{\"format\":\"tidemark-backup\",\"version\":99}",
            Problem::NewerBackup,
        ),
        (
            b"{\"format\":\"tidemark-backup\",\"version\":1,",
            Problem::CutShort,
        ),
    ] {
        let told = Desk::new().read_as("file", bytes, &ReadOptions::default());
        assert_eq!(told, Tell::Failed(problem));
    }
}

#[test]
fn refused_lines_are_saved_with_place_reason_and_text() {
    let mut desk = Desk::new();
    desk.preview("scale.csv", &fixture("openscale.csv"));
    let words = vec![(Refusal::WeightOutOfRange, "too heavy".to_owned())];
    let text = desk.export(&Export::Refused(words));
    assert_eq!(text, "6\ttoo heavy\t2026-03-12,06:58:00,,18.9,,,780\n");
}

#[test]
fn every_message_survives_the_way_to_the_other_side() {
    let tells = [
        Tell::Progress { done: 1, total: 2 },
        Tell::Failed(Problem::FileGone),
        Tell::Preview(Desk::new().preview("a.csv", &fixture("openscale.csv"))),
    ];
    for tell in tells {
        let text = serde_json::to_string(&tell).unwrap();
        assert_eq!(serde_json::from_str::<Tell>(&text).unwrap(), tell, "{text}");
    }
}
