//! Our own CSV.

use crate::common::read_with;
use proptest::prelude::*;
use tidemark_domain::bmi::CentiBmi;
use tidemark_domain::length::Millimetres;
use tidemark_domain::mass::Grams;
use tidemark_domain::ranges::CREATED_AT_MS_MIN;
use tidemark_formats::{Format, Identity, Options, export_csv};
use tidemark_protocol::{DeviceId, EntityId, Metric, Timestamp};

prop_compose! {
    fn timestamp()(millis in CREATED_AT_MS_MIN..=253_402_300_799_999_i64) -> Timestamp {
        Timestamp(millis)
    }
}

fn id() -> impl Strategy<Value = EntityId> {
    any::<u128>().prop_map(|number| {
        let hex = format!("{number:032x}");
        let text = format!(
            "{}-{}-{}-{}-{}",
            &hex[..8],
            &hex[8..12],
            &hex[12..16],
            &hex[16..20],
            &hex[20..]
        );
        EntityId::parse(&text).unwrap()
    })
}

fn note() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>().prop_map(|note| note
            .replace('\0', "")
            .chars()
            .take(500)
            .collect::<String>()),
        "['=+@\\-\t\r\n\",; a]{1,12}",
        "[ -~\u{e9}\u{15f}]{0,40}",
    ]
    .prop_filter("an empty note is no note", |note| !note.is_empty())
}

prop_compose! {
    /// Any measurement that the rest of the app can hold.
    pub fn metric()(
        (id, user_id, user_number, weight) in (id(), id(), 0_u32..9, 2_000_u32..=650_000),
        height in proptest::option::of(500_u32..=2_750),
        bmi in proptest::option::of(300_u32..=40_000),
        note in proptest::option::of(note()),
        (created_at, updated_at) in (timestamp(), timestamp()),
        utc_offset in proptest::option::of(-1_080_i16..=1_080),
        updated_by in proptest::option::of("[a-z]{1,9}"),
        deleted_at in proptest::option::of(timestamp()),
        version in any::<u64>(),
    ) -> Metric {
        let mut metric = Metric {
            id, server_id: id, user_id, user_number, note, created_at, utc_offset, updated_at, deleted_at, version,
            weight: Grams::new(weight).unwrap(),
            height: height.map(|height| Millimetres::new(height).unwrap()),
            bmi: bmi.map(CentiBmi::from_hundredths),
            updated_by: updated_by.and_then(|name| DeviceId::parse(&name)),
        };
        metric.recompute_bmi();
        metric
    }
}

proptest! {
    #[test]
    fn what_is_exported_comes_back_unchanged(mut metrics in proptest::collection::vec(metric(), 1..12)) {
        for metric in &mut metrics {
            metric.deleted_at = None;
        }
        let finished = read_with(export_csv(&metrics).as_bytes(), Options::default()).unwrap();
        prop_assert_eq!(finished.report.format, Some(Format::TidemarkCsv));
        prop_assert_eq!(&finished.rejected, &[]);
        prop_assert_eq!(finished.report.bmi_mismatches + finished.report.values_left_out, 0);
        let back: Vec<_> = finished.rows.iter().map(|row| {
            (row.identity, row.measured_at, row.utc_offset, row.weight, row.height, row.bmi, row.note.clone(), row.updated_at)
        }).collect();
        let there: Vec<_> = metrics.iter().map(|metric| {
            let identity = Identity::Given(metric.id);
            (identity, metric.created_at, metric.utc_offset, metric.weight, metric.height, metric.bmi, metric.note.clone(), Some(metric.updated_at))
        }).collect();
        prop_assert_eq!(back, there);
    }

    #[test]
    fn no_cell_begins_a_formula(metrics in proptest::collection::vec(metric(), 1..6)) {
        let text = export_csv(&metrics);
        for note in metrics.iter().filter(|metric| metric.deleted_at.is_none()).filter_map(|metric| metric.note.as_ref()) {
            if note.starts_with(['=', '+', '-', '@', '\t', '\r']) {
                let guarded = format!("'{}", note.replace('"', "\"\""));
                prop_assert!(text.contains(&guarded), "{note:?} in {text:?}");
            }
        }
    }
}

#[test]
fn the_file_reads_well() {
    let id = EntityId::parse("0190c0de-0000-7000-8000-00000000000a").unwrap();
    let metric = Metric {
        id,
        server_id: id,
        user_id: id,
        user_number: 1,
        weight: Grams::new(78_200).unwrap(),
        height: Some(Millimetres::new(1_783).unwrap()),
        bmi: Some(CentiBmi::from_hundredths(2_460)),
        note: Some("=1+1, \"twice\"".to_owned()),
        created_at: Timestamp::parse("2026-02-20T10:22:33Z").unwrap(),
        utc_offset: Some(-210),
        updated_at: Timestamp::parse("2026-02-20T10:22:34Z").unwrap(),
        updated_by: None,
        deleted_at: None,
        version: 3,
    };
    let deleted = Metric {
        deleted_at: Some(metric.updated_at),
        ..metric.clone()
    };
    let expected = "\u{FEFF}measured_at,utc_offset,weight_kg,weight_lb,height_cm,bmi,note,id,updated_at\r\n\
        2026-02-20T06:52:33.000-03:30,-210,78.2,172.401,178.3,24.6,\"'=1+1, \"\"twice\"\"\",\
        0190c0de-0000-7000-8000-00000000000a,2026-02-20T10:22:34.000Z\r\n";
    assert_eq!(export_csv([&metric, &deleted]), expected);
}
