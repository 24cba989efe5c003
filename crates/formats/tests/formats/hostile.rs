//! Input that nobody would send on good terms: no panic, no difference by chunks, no entity.

use crate::common::{FIXTURES, berlin, fixture, read};
use proptest::prelude::*;
use std::fmt::Write;
use tidemark_domain::mass::MassUnit;
use tidemark_formats::{Finished, ImportError, Importer, Options};

fn read_in_chunks(bytes: &[u8], cuts: &[usize]) -> Result<Finished, ImportError> {
    let options = Options {
        unit: Some(MassUnit::Kilogram),
        mapping: None,
    };
    let mut importer = Importer::new(options, berlin);
    let (mut rows, mut rejected) = (Vec::new(), Vec::new());
    let mut from = 0;
    for cut in cuts
        .iter()
        .map(|cut| cut % (bytes.len() + 1))
        .chain([bytes.len()])
    {
        let to = cut.max(from);
        importer.push(&bytes[from..to])?;
        rows.extend(importer.take_rows());
        rejected.extend(importer.take_rejected());
        from = to;
    }
    let mut finished = importer.finish()?;
    rows.append(&mut finished.rows);
    rejected.append(&mut finished.rejected);
    Ok(Finished {
        rows,
        rejected,
        ..finished
    })
}

#[test]
fn single_bytes_give_what_the_whole_gives() {
    for name in FIXTURES {
        let bytes = fixture(name);
        let cuts: Vec<usize> = (0..bytes.len()).collect();
        assert_eq!(read_in_chunks(&bytes, &cuts), read(&bytes), "{name}");
    }
}

#[test]
fn a_file_longer_than_its_head_is_the_same_in_chunks_of_any_size() {
    let mut table = String::from("date;weight (kg);note\n");
    for row in 0..1_500 {
        let note = if row % 7 == 0 { "\"two\nlines\"" } else { "é" };
        writeln!(
            table,
            "2026-01-{:02} 07:{:02};{},{};{note}",
            row % 31 + 1,
            row % 60,
            60 + row / 60,
            row % 10
        )
        .unwrap();
    }
    let whole = read(table.as_bytes()).unwrap();
    assert_eq!(whole.report.rows, 1_500);
    for size in [1, 7, 4_096, 8_191, 8_192, 8_193] {
        let cuts: Vec<usize> = (0..table.len()).step_by(size).collect();
        assert_eq!(
            read_in_chunks(table.as_bytes(), &cuts).as_ref(),
            Ok(&whole),
            "{size}"
        );
    }
}

/// A fixture with some bytes changed, left out or doubled.
fn mutated() -> impl Strategy<Value = Vec<u8>> {
    let change = (any::<prop::sample::Index>(), any::<u8>(), 0..4_u8);
    (0..FIXTURES.len(), proptest::collection::vec(change, 1..20)).prop_map(|(index, changes)| {
        let mut bytes = fixture(FIXTURES[index]);
        for (at, byte, kind) in changes {
            if bytes.is_empty() {
                break;
            }
            let at = at.index(bytes.len());
            match kind {
                0 => bytes[at] = byte,
                1 => bytes.truncate(at.max(1)),
                2 => {
                    let end = (at + usize::from(byte)).min(bytes.len());
                    bytes.extend_from_within(at..end);
                }
                _ => drop(bytes.drain(at..(at + usize::from(byte % 8)).min(bytes.len()))),
            }
        }
        bytes
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn broken_files_never_panic_and_chunks_make_no_difference(bytes in mutated(), mut cuts in proptest::collection::vec(any::<usize>(), 0..6)) {
        for cut in &mut cuts {
            *cut %= bytes.len() + 1;
        }
        cuts.sort_unstable();
        prop_assert_eq!(read_in_chunks(&bytes, &cuts), read(&bytes));
    }

    #[test]
    fn any_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let _ = read(&bytes);
        let _ = read(&[b"SQLite format 3\0".as_slice(), &bytes].concat());
        let _ = read(&[b"PK\x03\x04".as_slice(), &bytes].concat());
        let _ = read(&[b"<HealthData>".as_slice(), &bytes].concat());
    }

    #[test]
    fn any_table_never_panics(text in "([0-9]{1,4}[-/.: ,;\t\"#TZa-zé+]{0,2}){0,60}\n", header in prop_oneof![Just("date;weight\n"), Just("Body\nDate,Weight\n"), Just("#Units: kg\n#date;weight\n"), Just("")]) {
        let _ = read(format!("{header}{text}").as_bytes());
    }
}

#[test]
fn entities_are_refused_before_they_are_used() {
    let bomb = "<?xml version=\"1.0\"?>\n<!DOCTYPE HealthData [\n<!ENTITY a \"ha\">\n<!ENTITY b \"&a;&a;\">\n]>\n<HealthData>&b;</HealthData>";
    for cut in [0, 40, 50, 55, 60] {
        assert_eq!(
            read_in_chunks(bomb.as_bytes(), &[cut]).err(),
            Some(ImportError::EntityDeclaration)
        );
    }
}

#[test]
fn an_xml_file_that_breaks_off_says_so() {
    let whole = fixture("apple.xml");
    for length in [200, 900, whole.len() - 14, whole.len() - 2] {
        assert_eq!(
            read(&whole[..length]).err(),
            Some(ImportError::CutShort),
            "{length}"
        );
    }
}

#[test]
fn a_tag_without_end_is_refused_and_not_gathered() {
    let options = Options::default();
    let mut importer = Importer::new(options, |_| 0);
    importer.push(b"<HealthData><Record a=\"").unwrap();
    let failed = (0..40).find_map(|_| importer.push(&[b'x'; 10_000]).err());
    assert_eq!(failed, Some(ImportError::Damaged));
    assert_eq!(
        importer.push(b"\"/>").err(),
        Some(ImportError::Damaged),
        "and stays so"
    );
}

#[test]
fn a_database_whose_pages_go_in_circles_ends() {
    let mut bytes = fixture("body_metrics.db");
    for page in 1..bytes.len() / 512 {
        let start = page * 512;
        if bytes[start] == 5 {
            // The right-most child of an inner page is the page itself.
            let number = u32::try_from(page + 1).unwrap();
            bytes[start + 8..start + 12].copy_from_slice(&number.to_be_bytes());
        }
    }
    assert_eq!(read(&bytes).err(), Some(ImportError::Damaged));
}
