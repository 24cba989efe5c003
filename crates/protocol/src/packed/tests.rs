//! Packing and unpacking.

use super::{PackedPage, Unpacked};
use crate::{Cursor, DeviceId, EntityId, Epoch, Metric, MetricsPage, Timestamp};
use proptest::prelude::*;
use serde_json::{Value, json};
use tidemark_domain::{bmi::CentiBmi, length::Millimetres, mass::Grams};
use uuid::Uuid;

fn page(metrics: Vec<Metric>) -> MetricsPage {
    MetricsPage {
        metrics,
        cursor: Cursor("1.m.7.x".to_owned()),
        has_more: true,
        head: 90,
        epoch: Epoch("first".to_owned()),
        server_time: Timestamp(1_771_582_953_000),
    }
}

fn row(number: u128) -> Metric {
    let id = EntityId(Uuid::from_u128(number << 64 | number));
    let created_at = Timestamp(1_771_582_953_000);
    Metric {
        id,
        server_id: id,
        user_id: EntityId(Uuid::from_u128(7)),
        user_number: 1,
        weight: Grams::new(78_200).unwrap(),
        height: None,
        bmi: None,
        note: None,
        created_at,
        utc_offset: Some(180),
        updated_at: created_at,
        updated_by: DeviceId::parse("device-1"),
        deleted_at: None,
        version: 12,
    }
}

fn rows() -> impl Strategy<Value = Vec<Metric>> {
    let times = (0_i64..2_000_000_000_000, -5_000_i64..5_000);
    let says = (
        20_000_u32..300_000,
        proptest::option::of(1_000_u32..2_500),
        proptest::option::of(1_000_u32..4_000),
        proptest::option::of("[a-z\u{1f}\"äß€ ]{0,9}"),
        proptest::option::of(-1080_i16..=1080),
    );
    let whose = (0_u128..3, proptest::option::of(0_usize..3), any::<bool>());
    let any = (any::<u128>(), times, says, whose, 0_u64..1 << 53);
    let metric = any.prop_map(|(number, (created_at, later), says, whose, version)| {
        let id = EntityId(Uuid::from_u128(number));
        let created_at = Timestamp(created_at);
        Metric {
            id,
            server_id: id,
            user_id: EntityId(Uuid::from_u128(whose.0)),
            user_number: u32::try_from(whose.0).unwrap() + 1,
            weight: Grams::new(says.0).unwrap(),
            height: says.1.map(|height| Millimetres::new(height).unwrap()),
            bmi: says.2.map(CentiBmi::from_hundredths),
            note: says.3,
            created_at,
            utc_offset: says.4,
            updated_at: created_at.plus_millis(later),
            updated_by: whose
                .1
                .and_then(|device| DeviceId::parse(&format!("device-{device}"))),
            deleted_at: whose.2.then_some(created_at),
            version,
        }
    });
    proptest::collection::vec(metric, 0..20)
}

/// The page as it comes out on the other side.
fn sent(page: MetricsPage) -> Unpacked {
    let json = serde_json::to_string(&PackedPage::of(page)).unwrap();
    let packed: PackedPage = serde_json::from_str(&json).unwrap();
    packed.unpack().expect("the columns fit")
}

proptest! {
    #[test]
    fn a_page_comes_out_as_it_went_in(rows in rows()) {
        let page = page(rows);
        prop_assert_eq!(sent(page.clone()), Unpacked { page, is_whole: true });
    }
}

#[test]
fn what_all_rows_have_in_common_is_said_once() {
    let rows: Vec<Metric> = (0..1000).map(row).collect();
    let plain = serde_json::to_string(&page(rows.clone())).unwrap();
    let packed = serde_json::to_string(&PackedPage::of(page(rows))).unwrap();
    assert!(
        packed.len() * 9 < plain.len(),
        "{} of {}",
        packed.len(),
        plain.len()
    );
}

/// The page of two rows with one column put in place of its own.
fn damaged(name: &str, column: Value) -> Option<Unpacked> {
    let packed = PackedPage::of(page(vec![row(1), row(2)]));
    let mut json = serde_json::to_value(packed).unwrap();
    json["columns"][name] = column;
    serde_json::from_value::<PackedPage>(json).ok()?.unpack()
}

#[test]
fn columns_that_do_not_fit_each_other_are_no_page() {
    let two = "0".repeat(64);
    for (name, column) in [
        ("grams", json!([78_200, 78_300, 78_400])),
        ("grams", json!([])),
        ("grams", json!("78200")),
        ("ids", json!("0".repeat(63))),
        ("ids", json!(format!("ä{}", &two[2..]))),
        ("created_at", json!([null])),
        ("version", json!([i64::MAX, 1])),
    ] {
        assert_eq!(damaged(name, column.clone()), None, "{name} {column}");
    }
}

#[test]
fn a_row_that_can_not_be_read_is_left_out() {
    for (name, column) in [
        ("grams", json!([78_200, 1])),
        ("grams", json!([78_200, null])),
        ("millimetres", json!([null, -4])),
        ("user", json!([0, 9])),
        ("updated_by", json!([0, -1])),
        ("utc_offset", json!([0, 70_000])),
        (
            "ids",
            json!(format!("{}{}", row(1).id.0.simple(), "g".repeat(32))),
        ),
    ] {
        let unpacked = damaged(name, column).expect("the page is one");
        let ids: Vec<EntityId> = unpacked.page.metrics.iter().map(|row| row.id).collect();
        assert_eq!((ids, unpacked.is_whole), (vec![row(1).id], false), "{name}");
    }
}
