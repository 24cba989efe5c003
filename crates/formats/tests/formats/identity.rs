//! Ids: the same file gives the same ones, another person others.

use crate::common::{FIXTURES, fixture, read};
use std::collections::BTreeSet;
use tidemark_domain::mass::MassUnit;
use tidemark_formats::{ImportedMetric, Importer, Options};
use tidemark_protocol::EntityId;

fn person(last: u8) -> EntityId {
    EntityId::parse(&format!("0190c0de-0000-7000-8000-0000000000{last:02x}")).unwrap()
}

fn ids(rows: &[ImportedMetric], person: EntityId) -> BTreeSet<EntityId> {
    rows.iter().map(|row| row.id_for(person)).collect()
}

#[test]
fn the_same_file_gives_the_same_ids_each_once_and_other_ones_for_another_person() {
    for name in FIXTURES {
        let (first, second) = (read(&fixture(name)).unwrap(), read(&fixture(name)).unwrap());
        let (mine, again) = (ids(&first.rows, person(1)), ids(&second.rows, person(1)));
        assert_eq!(mine, again, "{name}");
        assert_eq!(mine.len(), first.rows.len(), "{name}");
        assert!(mine.is_disjoint(&ids(&first.rows, person(2))), "{name}");
        assert!(!mine.is_empty(), "{name}");
    }
}

#[test]
fn ids_do_not_follow_the_zone_of_the_device_that_imports() {
    for name in FIXTURES.iter().filter(|name| !name.starts_with("libra")) {
        let read_in = |offset: i16| {
            let options = Options {
                unit: Some(MassUnit::Kilogram),
                mapping: None,
            };
            let mut importer = Importer::new(options, move |_| offset);
            importer.push(&fixture(name)).unwrap();
            ids(&importer.finish().unwrap().rows, person(1))
        };
        assert_eq!(read_in(840), read_in(-660), "{name}");
    }
}

#[test]
fn a_changed_weight_keeps_the_id_where_the_source_names_its_rows() {
    let sample = String::from_utf8(fixture("samsung.csv")).unwrap();
    let mended = sample.replace("79.4", "79.5");
    let (before, after) = (
        read(sample.as_bytes()).unwrap(),
        read(mended.as_bytes()).unwrap(),
    );
    assert_ne!(before.rows[0].weight, after.rows[0].weight);
    assert_eq!(before.rows[0].identity, after.rows[0].identity);
}

#[test]
fn a_source_id_that_comes_twice_with_other_values_loses_no_row() {
    let sample = String::from_utf8(fixture("samsung.csv")).unwrap();
    let finished = read(sample.replace("000000000001", "000000000002").as_bytes()).unwrap();
    assert_eq!(finished.rows.len(), 2);
    assert_ne!(finished.rows[0].identity, finished.rows[1].identity);
}

#[test]
fn ids_stay_what_they_were_in_released_versions() {
    let rows = read(&fixture("withings.csv")).unwrap().rows;
    assert_eq!(
        rows[0].id_for(person(1)).to_string(),
        "47c7554c-562a-50f0-8084-28e72d6879cc"
    );
}

#[test]
fn our_own_rows_keep_their_id_and_a_copy_for_somebody_else_gets_another() {
    let table = "measured_at,utc_offset,weight_kg,weight_lb,height_cm,bmi,note,id,updated_at\r\n\
        2026-02-20T10:22:33.000Z,,78.2,172.401,,,,0190c0de-0000-7000-8000-00000000000a,2026-02-20T10:22:34.000Z\r\n";
    let row = read(table.as_bytes()).unwrap().rows.remove(0);
    assert_eq!(row.id_for(person(1)), person(10));
    assert_eq!(row.id_for(person(2)), person(10));
    assert_ne!(row.copy_id_for(person(2)), person(10));
    assert_ne!(row.copy_id_for(person(2)), row.copy_id_for(person(3)));
}

#[test]
fn people_of_a_file_are_the_same_at_every_import_and_others_for_another_owner() {
    let people = read(&fixture("body_metrics.db")).unwrap().people;
    assert_eq!(people[0].id_for(person(1)), people[0].id_for(person(1)));
    assert_ne!(people[0].id_for(person(1)), people[1].id_for(person(1)));
    assert_ne!(people[0].id_for(person(1)), people[0].id_for(person(2)));
}
