//! Large files: constant memory, and how long they take (printed, not asserted).

use crate::common::berlin;
use std::fmt::Write;
use tidemark_domain::calendar::format_instant;
use tidemark_formats::{Importer, Options};

const ROWS: i64 = 11_000;

#[expect(
    clippy::disallowed_methods,
    reason = "a figure for people, not a condition"
)]
fn timed<T>(name: &str, bytes: usize, rows: i64, run: impl FnOnce() -> T) -> T {
    let start = std::time::Instant::now();
    let result = run();
    let seconds = start.elapsed().as_secs_f64();
    println!(
        "{name}: {bytes} bytes, {rows} rows in {:.1} ms",
        seconds * 1_000.0
    );
    result
}

#[test]
fn ten_years_of_three_weights_a_day() {
    let mut table = String::from(
        "Date,\"Weight (kg)\",\"Fat mass (kg)\",\"Bone mass (kg)\",\"Muscle mass (kg)\",\"Hydration (kg)\",Comments\n",
    );
    for row in 0..ROWS {
        let time = format_instant(1_456_000_000_000 + row * 28_800_000);
        writeln!(
            table,
            "{},{}.{:02},15.10,3.10,59.90,44.00,",
            &time[..19].replace('T', " "),
            70 + row % 20,
            row % 100
        )
        .unwrap();
    }
    let finished = timed("withings", table.len(), ROWS, || {
        let mut importer = Importer::new(Options::default(), berlin);
        for chunk in table.as_bytes().chunks(65_536) {
            importer.push(chunk).unwrap();
        }
        importer.finish().unwrap()
    });
    assert_eq!(
        (finished.report.rows, finished.report.rejected_total()),
        (ROWS.unsigned_abs(), 0)
    );
}

#[test]
fn an_apple_export_streams_with_the_rows_as_its_only_memory() {
    let filler = " <Record type=\"HKQuantityTypeIdentifierStepCount\" sourceName=\"Phone\" sourceVersion=\"18.1\" device=\"&lt;&lt;HKDevice&gt;\" unit=\"count\" creationDate=\"2026-05-01 07:00:05 +0200\" startDate=\"2026-05-01 07:00:00 +0200\" endDate=\"2026-05-01 07:05:00 +0200\" value=\"84\"/>\n".repeat(250);
    let mut importer = Importer::new(Options::default(), berlin);
    importer
        .push(b"<?xml version=\"1.0\"?>\n<!DOCTYPE HealthData [\n]>\n<HealthData locale=\"en\">\n")
        .unwrap();
    let weights = 60;
    let mut rows = 0;
    timed("apple health", filler.len() * weights, 60, || {
        for minute in 0..weights {
            importer.push(filler.as_bytes()).unwrap();
            let time = format_instant(1_456_000_000_000 + i64::try_from(minute).unwrap() * 60_000);
            let record = format!(
                "<Record type=\"HKQuantityTypeIdentifierBodyMass\" unit=\"kg\" startDate=\"{} {} +0200\" value=\"84.2\"/>\n",
                &time[..10],
                &time[11..19]
            );
            importer.push(record.as_bytes()).unwrap();
            rows += importer.take_rows().len();
        }
    });
    importer.push(b"</HealthData>\n").unwrap();
    assert_eq!(
        (rows, importer.finish().unwrap().report.rows),
        (weights, 60)
    );
}
