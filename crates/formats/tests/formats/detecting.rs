//! Telling the format, and asking for what the file does not say.

use crate::common::{FIXTURES, fixture, read, read_with};
use tidemark_domain::mass::MassUnit;
use tidemark_formats::{Format, ImportError, Options, Role, UnitSource, detect};

#[test]
fn every_fixture_is_told_for_what_it_is() {
    use Format as F;
    use UnitSource::{Likely, Stated, Unknown};
    let expected = [
        (F::AppleHealth, Stated),
        (F::Zip, Stated),
        (F::BodyMetrics, Stated),
        (F::BodyMetrics, Stated),
        (F::FitbitCsv, Unknown),
        (F::FitbitJson, Likely(MassUnit::Pound)),
        (F::Zip, Stated),
        (F::Garmin, Stated),
        (F::Garmin, Stated),
        (F::GoogleFit, Stated),
        (F::HackersDiet, Stated),
        (F::Table, Stated),
        (F::Libra, Stated),
        (F::Libra, Stated),
        (F::Libra, Stated),
        (F::OpenScaleOld, Stated),
        (F::OpenScale, Likely(MassUnit::Kilogram)),
        (F::SamsungHealth, Stated),
        (F::Table, Stated),
        (F::Trale, Stated),
        (F::TrendWeightComputed, Unknown),
        (F::TrendWeight, Unknown),
        (F::Wger, Likely(MassUnit::Kilogram)),
        (F::Withings, Stated),
        (F::Withings, Stated),
    ];
    for (name, (format, unit)) in FIXTURES.into_iter().zip(expected) {
        let detected = detect(&fixture(name)).unwrap();
        assert_eq!((detected.format, detected.unit), (format, unit), "{name}");
    }
}

#[test]
fn a_byte_order_mark_changes_nothing() {
    for name in FIXTURES.iter().filter(|name| name.ends_with("csv")) {
        let bytes = fixture(name);
        let marked = [
            b"\xEF\xBB\xBF",
            bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&bytes),
        ]
        .concat();
        assert_eq!(read(&marked), read(&bytes), "{name}");
    }
}

#[test]
fn what_is_no_export_is_refused_as_a_whole() {
    let cases: [(&[u8], ImportError); 14] = [
        (b"", ImportError::Empty),
        (b"\xEF\xBB\xBF\r\n \n", ImportError::Empty),
        (b"\xFF\xFED\0a\0t\0e\0", ImportError::Utf16),
        (b"\x89PNG\r\n\x1A\n\0\0\0\rIHDR", ImportError::UnknownFormat),
        (b"Dear diary", ImportError::UnknownFormat),
        (
            b"<html><body>Sign in, please</body></html>",
            ImportError::UnknownFormat,
        ),
        (b"a,b\n1,2\n", ImportError::NeedsMapping),
        (b"[{\"a\":1}", ImportError::CutShort),
        (b"[{\"a\":1}]]", ImportError::Damaged),
        (b"SQLite format 3\0", ImportError::CutShort),
        (
            b"PK\x05\x06\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0",
            ImportError::NothingInZip,
        ),
        (
            b"{\"format\":\"tidemark-backup\",\"version\":2}",
            ImportError::NewerBackup { version: 2 },
        ),
        (
            b"{\"format\":\"tidemark-backup\",\"version\":1,",
            ImportError::CutShort,
        ),
        (b"date,weight\n2026-02-20,78.2\n", ImportError::NeedsUnit),
    ];
    for (bytes, expected) in cases {
        assert_eq!(
            read_with(bytes, Options::default()).err(),
            Some(expected),
            "{}",
            bytes.escape_ascii()
        );
    }
}

#[test]
fn a_preview_shows_the_first_rows_and_what_the_columns_seem_to_be() {
    let table = detect(&fixture("table-tr.csv")).unwrap().table.unwrap();
    assert_eq!(table.records[0][2], "Ağırlık (kg)");
    assert_eq!(table.mapping.roles[0], Role::Date);
    assert_eq!(
        table.mapping.roles[2],
        Role::Weight(Some(MassUnit::Kilogram))
    );
    assert_eq!(table.mapping.roles[4], Role::Bmi, "VTİ is the BMI");
    assert!(table.mapping.is_complete());
}
