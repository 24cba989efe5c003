//! Laws of pages, columns, overlay and batches.

use proptest::prelude::*;
use std::collections::BTreeMap;
use tidemark_domain::bmi::CentiBmi;
use tidemark_domain::length::Millimetres;
use tidemark_engine::columns::Columns;
use tidemark_engine::outbox::{EntryKind, OutboxEntry, payload_text};
use tidemark_engine::outgoing::{BATCH_PAYLOAD_BYTES_MAX, Outgoing, batch_body, fit};
use tidemark_engine::overlay::{entries, shows_all_edits};
use tidemark_engine::page::{Page, PageIndex, PageKey, PageRow, Pages, merge};
use tidemark_protocol::{EntityId, Metric, MetricPatch, Patch, Timestamp, limits};
use tidemark_testkit::samples;

fn row() -> impl Strategy<Value = Metric> {
    let small = (0_u128..12, 1_u64..6, -3_i64..3, any::<bool>());
    let values = (
        20_000_u32..300_000,
        proptest::option::of(1_000_u32..2_500),
        proptest::option::of("[a-zA-Z0-9äß€ ]{0,12}"),
        proptest::option::of(-1080_i16..=1080),
        proptest::option::of(0_usize..3),
    );
    (small, values).prop_map(|((number, version, months, is_deleted), values)| {
        let (grams, height, note, utc_offset, device) = values;
        let created_at = samples::NOON.plus_millis(months * 31 * 86_400_000);
        let mut row = Metric {
            weight: crate::world::grams(grams),
            height: height.map(|height| Millimetres::new(height).unwrap()),
            bmi: Some(CentiBmi::from_hundredths(2_312)),
            note,
            created_at,
            utc_offset,
            updated_by: device.map(|device| device_named(&format!("device {device}"))),
            deleted_at: is_deleted.then_some(samples::NOON),
            ..samples::metric(number, 0, version)
        };
        row.recompute_bmi();
        row
    })
}

fn device_named(name: &str) -> tidemark_protocol::DeviceId {
    tidemark_protocol::DeviceId::parse(name).unwrap()
}

/// A server says one thing of one version: of rows with the same id and version the first stands.
fn consistent(rows: Vec<Metric>) -> Vec<Metric> {
    let mut said: BTreeMap<(EntityId, u64), Metric> = BTreeMap::new();
    for row in rows {
        said.entry((row.id, row.version)).or_insert(row);
    }
    said.into_values().collect()
}

fn page_row(metric: Metric) -> PageRow {
    PageRow {
        metric,
        unsent: false,
    }
}

fn merged(pulls: &[Vec<Metric>]) -> Pages {
    let mut pages = Pages::new();
    let mut index = PageIndex::default();
    for pull in pulls {
        let rows = pull.iter().cloned().map(page_row).collect();
        merge(&mut pages, &mut index, rows);
        pages.retain(|_, page| !page.is_empty());
    }
    pages
}

proptest! {
    #[test]
    fn the_same_rows_in_any_order_and_any_portions_make_the_same_pages(
        (rows, shuffled) in proptest::collection::vec(row(), 0..40).prop_map(consistent)
            .prop_flat_map(|rows| (Just(rows.clone()), Just(rows).prop_shuffle())),
        portion in 1_usize..10,
    ) {
        let at_once = merged(std::slice::from_ref(&rows));
        let pulls: Vec<Vec<Metric>> = shuffled.chunks(portion).map(<[Metric]>::to_vec).collect();
        let in_portions = merged(&pulls);
        prop_assert_eq!(&at_once, &in_portions);
        // Again changes nothing.
        let mut index = PageIndex::of(at_once.values());
        let mut again = at_once.clone();
        let report = merge(&mut again, &mut index, rows.into_iter().map(page_row).collect());
        prop_assert_eq!(report.rows, 0);
        prop_assert_eq!(at_once, again);
    }

    #[test]
    fn each_record_lies_in_one_place_at_its_highest_version(
        rows in proptest::collection::vec(row(), 0..40).prop_map(consistent),
    ) {
        let pages = merged(std::slice::from_ref(&rows));
        let mut highest: BTreeMap<EntityId, u64> = BTreeMap::new();
        for row in &rows {
            let known = highest.entry(row.id).or_default();
            *known = row.version.max(*known);
        }
        let mut found: Vec<(EntityId, u64)> = Vec::new();
        for (key, page) in &pages {
            prop_assert!(page.rows.is_sorted_by_key(|row| row.metric.order_key()));
            for row in &page.rows {
                prop_assert_eq!(PageKey::of(&row.metric), *key);
                found.push((row.metric.id, row.metric.version));
            }
            found.extend(page.tombstones.iter().map(|gone| (gone.id, gone.version)));
        }
        found.sort_unstable();
        prop_assert_eq!(found, highest.into_iter().collect::<Vec<_>>());
    }

    #[test]
    fn an_unsent_row_is_replaced_by_any_of_the_servers_and_never_by_another_unsent(
        first in row(), second in row(), version in 1_u64..9,
    ) {
        let unsent = |metric: &Metric| PageRow {
            metric: Metric { id: samples::entity(1), version: 0, deleted_at: None, ..metric.clone() },
            unsent: true,
        };
        let mut pages = Pages::new();
        let mut index = PageIndex::default();
        merge(&mut pages, &mut index, vec![unsent(&first)]);
        let before = pages.clone();
        prop_assert_eq!(merge(&mut pages, &mut index, vec![unsent(&second)]).rows, 0);
        prop_assert_eq!(&pages, &before);
        let acknowledged = Metric { version, ..unsent(&second).metric };
        prop_assert_eq!(merge(&mut pages, &mut index, vec![page_row(acknowledged)]).rows, 1);
        let waiting = pages.values().flat_map(|page| &page.rows).filter(|row| row.unsent).count();
        prop_assert_eq!(waiting, 0);
    }

    #[test]
    fn columns_hold_a_page_as_it_is(
        rows in proptest::collection::vec((row(), any::<bool>()), 0..30),
    ) {
        let key = PageKey { user: samples::person(), month: 202_602 };
        let mut page = Page::new(key);
        for (row, unsent) in rows {
            if row.deleted_at.is_some() {
                let (id, version) = (row.id, row.version);
                page.tombstones.push(tidemark_engine::page::Tombstone { id, version });
            } else {
                page.rows.push(PageRow { metric: row, unsent });
            }
        }
        prop_assert_eq!(Columns::of(&page).to_page(key), Ok(page));
    }

    #[test]
    fn a_column_that_is_cut_short_is_an_error_and_no_panic(
        rows in proptest::collection::vec(row(), 1..6), which in 0_usize..11,
    ) {
        let key = PageKey { user: samples::person(), month: 202_602 };
        let mut page = Page::new(key);
        page.rows = rows.into_iter().map(|row| page_row(Metric { deleted_at: None, ..row })).collect();
        page.tombstones = vec![tidemark_engine::page::Tombstone { id: samples::entity(99), version: 9 }];
        let mut columns = Columns::of(&page);
        match which {
            0 => drop(columns.ids.pop()),
            1 => drop(columns.created_at.pop()),
            2 => drop(columns.updated_at.pop()),
            3 => drop(columns.grams.pop()),
            4 => drop(columns.millimetres.pop()),
            5 => drop(columns.bmi.pop()),
            6 => drop(columns.utc_offsets.pop()),
            7 => drop(columns.versions.pop()),
            8 => drop(columns.flags.pop()),
            9 => drop(columns.devices.pop()),
            _ => drop(columns.deleted_ids.pop()),
        }
        prop_assert!(columns.to_page(key).is_err());
    }
}

fn edit() -> impl Strategy<Value = (u128, MetricPatch, bool)> {
    let patch = (
        proptest::option::of(20_000_u32..300_000),
        proptest::option::of(proptest::option::of("[a-z]{0,5}")),
        proptest::option::of(-3_i64..3),
        any::<bool>(),
    );
    (0_u128..12, patch, 0..8).prop_map(|(number, (grams, note, months, restores), kind)| {
        let moved = |months: i64| samples::NOON.plus_millis(months * 31 * 86_400_000);
        let patch = MetricPatch {
            user_id: Some(samples::person()),
            weight: grams.map(crate::world::grams),
            note: note.map_or(Patch::Keep, Patch::from_option),
            created_at: months.map(moved),
            deleted_at: if restores { Patch::Clear } else { Patch::Keep },
            ..MetricPatch::default()
        };
        (number, patch, kind == 0)
    })
}

fn queued(pages: &Pages, edits: Vec<(u128, MetricPatch, bool)>) -> Vec<OutboxEntry> {
    let rows = pages.values().flat_map(|page| &page.rows);
    let versions: BTreeMap<EntityId, u64> = rows
        .map(|row| (row.metric.id, row.metric.version))
        .collect();
    let entry = |(seq, (number, patch, deletes)): (u64, (u128, MetricPatch, bool))| {
        let kind = if deletes {
            EntryKind::DeleteMetric
        } else {
            EntryKind::UpsertMetric
        };
        let id = samples::entity(number);
        let base = versions.get(&id).copied().unwrap_or(0);
        samples::draft(u128::from(seq), kind, id, payload_text(&patch), base).into_entry(seq)
    };
    (1..).zip(edits).map(entry).collect()
}

/// What is shown, the slow and plain way: every record by itself.
fn shown_plainly(pages: &Pages, outbox: &[OutboxEntry]) -> Vec<(Timestamp, EntityId, u32)> {
    let mut rows: BTreeMap<EntityId, Option<Metric>> = BTreeMap::new();
    for row in pages.values().flat_map(|page| &page.rows) {
        rows.insert(row.metric.id, Some(row.metric.clone()));
    }
    for entry in outbox {
        let row = rows.entry(entry.entity_id).or_default();
        let patch = entry.metric_patch().unwrap();
        *row = match (row.take(), entry.kind) {
            (Some(row), EntryKind::DeleteMetric) => Some(Metric {
                deleted_at: Some(entry.created_at),
                ..row
            }),
            (None, EntryKind::DeleteMetric) => None,
            (Some(row), _) => Some(row.patched(&patch)),
            (None, _) => {
                tidemark_engine::overlay::created(entry.entity_id, &patch, entry.created_at)
            }
        };
    }
    let living = rows
        .into_values()
        .flatten()
        .filter(|row| row.deleted_at.is_none());
    let mut shown: Vec<_> = living
        .map(|row| (row.created_at, row.id, row.weight.get()))
        .collect();
    shown.sort_unstable();
    shown.reverse();
    shown
}

proptest! {
    #[test]
    fn what_is_shown_is_each_row_with_its_edits_in_their_order(
        rows in proptest::collection::vec(row(), 0..20).prop_map(consistent),
        edits in proptest::collection::vec(edit(), 0..20),
    ) {
        let pages = merged(&[rows]);
        let outbox = queued(&pages, edits);
        let newest_first: Vec<Page> = pages.values().rev().cloned().collect();
        let shown: Vec<_> = entries(samples::person(), &newest_first, &outbox)
            .into_iter()
            .map(|entry| (entry.metric.created_at, entry.metric.id, entry.metric.weight.get()))
            .collect();
        prop_assert_eq!(shown, shown_plainly(&pages, &outbox));
    }

    #[test]
    fn a_part_of_the_pages_shows_what_all_show_whenever_it_says_so(
        rows in proptest::collection::vec(row(), 0..20).prop_map(consistent),
        edits in proptest::collection::vec(edit(), 0..6),
        read in 0_usize..6,
    ) {
        let pages = merged(&[rows]);
        let outbox = queued(&pages, edits);
        let all: Vec<Page> = pages.values().rev().cloned().collect();
        let part = &all[..read.min(all.len())];
        if shows_all_edits(samples::person(), part, &outbox) {
            let oldest = part.last().map_or(u32::MAX, |page| page.key.month);
            let month = |entry: &tidemark_engine::view::Entry| PageKey::of(&entry.metric).month;
            let newest = |entries: Vec<tidemark_engine::view::Entry>| -> Vec<_> {
                entries.into_iter().filter(|entry| month(entry) > oldest).collect()
            };
            let of_part = newest(entries(samples::person(), part, &outbox));
            prop_assert_eq!(of_part, newest(entries(samples::person(), &all, &outbox)));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn a_batch_is_a_beginning_of_what_waits_and_fits_the_servers_limit(
        notes in proptest::collection::vec(0_usize..=3_000, 1..700), events_max in 1_usize..600,
    ) {
        let events: Vec<Outgoing> = (0..).zip(&notes).map(|(number, length)| {
            let row = Metric {
                // A control character takes six bytes.
                note: Some("\u{1}".repeat(length / 6)),
                ..samples::metric(number, 0, 0)
            };
            Outgoing::of_bulk(row, 1)
        }).collect();
        let mut fitting = events.clone();
        fit(&mut fitting, events_max, BATCH_PAYLOAD_BYTES_MAX);
        prop_assert!(!fitting.is_empty() && fitting.len() <= events_max);
        prop_assert_eq!(&fitting[..], &events[..fitting.len()]);
        let body = batch_body(&fitting, &samples::device(), samples::NOON);
        prop_assert!(body.len() <= limits::BODY_BYTES_MAX);
        let parsed: serde_json::Value = serde_json::from_str(&body).unwrap();
        prop_assert_eq!(parsed["events"].as_array().unwrap().len(), fitting.len());
        if fitting.len() < events.len().min(events_max) {
            prop_assert!(body.len() > limits::BODY_BYTES_MAX / 2, "it is not cut without need");
        }
    }
}

#[test]
fn one_event_goes_alone_even_if_it_does_not_fit() {
    let mut events = vec![
        Outgoing::of_bulk(
            Metric {
                note: Some("x".repeat(2 * limits::BODY_BYTES_MAX)),
                ..samples::metric(1, 0, 0)
            },
            1,
        ),
        Outgoing::of_bulk(samples::metric(2, 0, 0), 1),
    ];
    fit(&mut events, 500, BATCH_PAYLOAD_BYTES_MAX);
    assert_eq!(events.len(), 1);
}
