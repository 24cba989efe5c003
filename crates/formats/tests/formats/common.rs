//! Reading a fixture and writing down what came out.

use std::fmt::Write;
use std::path::PathBuf;
use tidemark_domain::mass::MassUnit;
use tidemark_formats::{Finished, ImportError, ImportedMetric, Importer, Options, detect};

/// All fixtures.
pub const FIXTURES: [&str; 25] = [
    "apple.xml",
    "apple.zip",
    "body_metrics-early.db",
    "body_metrics.db",
    "fitbit.csv",
    "fitbit.json",
    "fitbit.zip",
    "garmin-de.csv",
    "garmin.csv",
    "google-fit.csv",
    "hackers-diet.csv",
    "happy-scale.csv",
    "libra-2026.csv",
    "libra-v5.csv",
    "libra-v6.csv",
    "openscale-old.csv",
    "openscale.csv",
    "samsung.csv",
    "table-tr.csv",
    "trale.txt",
    "trendweight-computed.csv",
    "trendweight.csv",
    "wger.csv",
    "withings-fr-lb.csv",
    "withings.csv",
];

/// The bytes of a fixture.
pub fn fixture(name: &str) -> Vec<u8> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fixtures")
        .join(name);
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// A zone like Berlin's, roughly: one hour east of UTC, two from April to October.
pub fn berlin(local_ms: i64) -> i16 {
    let month = tidemark_domain::calendar::utc_month(local_ms).get() % 100;
    if (4..=10).contains(&month) { 120 } else { 60 }
}

/// Reads a whole file in one chunk, weights without unit being kilograms.
pub fn read(bytes: &[u8]) -> Result<Finished, ImportError> {
    read_with(
        bytes,
        Options {
            unit: Some(MassUnit::Kilogram),
            ..Options::default()
        },
    )
}

/// Reads a whole file in one chunk.
pub fn read_with(bytes: &[u8], options: Options) -> Result<Finished, ImportError> {
    let mut importer = Importer::new(options, berlin);
    importer.push(bytes)?;
    importer.finish()
}

/// A row in one line: time, offset, grams, and what else there is.
pub fn line_of(row: &ImportedMetric) -> String {
    let mut line = format!(
        "{} {:+} {}",
        row.measured_at.to_rfc3339(),
        row.utc_offset.unwrap_or_default(),
        row.weight.get()
    );
    if let Some(height) = row.height {
        write!(line, " {}mm", height.get()).unwrap();
    }
    if let Some(bmi) = row.bmi {
        write!(line, " bmi{}", bmi.get()).unwrap();
    }
    if let Some(person) = row.person {
        write!(line, " of{person}").unwrap();
    }
    if let Some(note) = &row.note {
        write!(line, " {note:?}").unwrap();
    }
    line
}

/// Rows, then refused lines, then counts that are not zero.
pub fn describe(finished: &Finished) -> Vec<String> {
    let mut lines: Vec<String> = finished.rows.iter().map(line_of).collect();
    for rejected in &finished.rejected {
        lines.push(format!("! line {} {:?}", rejected.line, rejected.reason));
    }
    let report = &finished.report;
    let counts = [
        ("twice", report.duplicates),
        ("without weight", report.without_weight),
        ("other bmi", report.bmi_mismatches),
        ("left out", report.values_left_out),
        ("cut", report.notes_cut),
    ];
    for (name, count) in counts {
        if count > 0 {
            lines.push(format!("{name} {count}"));
        }
    }
    lines
}

/// Checks what a fixture gives, and that the counts add up.
pub fn check(name: &str, unit: MassUnit, expected: &[&str]) {
    let bytes = fixture(name);
    let finished = read_with(
        &bytes,
        Options {
            unit: Some(unit),
            ..Options::default()
        },
    )
    .unwrap_or_else(|error| panic!("{name}: {error}"));
    assert_eq!(describe(&finished), expected, "{name}");
    let report = &finished.report;
    assert_eq!(report.rows, finished.rows.len() as u64, "{name}");
    assert_eq!(
        report.rejected_total(),
        finished.rejected.len() as u64,
        "{name}"
    );
    let told = report.rows + report.duplicates + report.without_weight + report.rejected_total();
    assert_eq!(
        report.records, told,
        "{name}: every record is accounted for"
    );
    let detected = detect(&bytes).unwrap();
    assert!(
        Some(detected.format) == report.format,
        "{name}: {detected:?}"
    );
}
