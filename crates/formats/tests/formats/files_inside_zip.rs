//! Zip files.

use crate::common::{describe, fixture, read, read_with};
use tidemark_domain::mass::MassUnit;
use tidemark_formats::{ImportError, Options};

#[test]
fn the_export_inside_gives_what_it_gives_alone() {
    let (alone, zipped) = (
        read(&fixture("apple.xml")).unwrap(),
        read(&fixture("apple.zip")).unwrap(),
    );
    assert_eq!(alone.rows, zipped.rows);
    assert_eq!(
        zipped.rejected[0].file.as_deref(),
        Some("apple_health_export/export.xml")
    );
    assert_eq!(zipped.rejected[0].line, alone.rejected[0].line);
}

#[test]
fn all_files_that_are_exports_count_and_others_do_not() {
    let options = Options {
        unit: Some(MassUnit::Pound),
        mapping: None,
    };
    let (alone, zipped) = (
        read_with(&fixture("fitbit.json"), options.clone()),
        read_with(&fixture("fitbit.zip"), options),
    );
    assert_eq!(describe(&alone.unwrap()), describe(&zipped.unwrap()));
    assert_eq!(
        read_with(&fixture("fitbit.zip"), Options::default()).err(),
        Some(ImportError::NeedsUnit)
    );
}

#[test]
fn a_zip_that_breaks_off_or_is_locked_says_so() {
    let whole = fixture("apple.zip");
    assert_eq!(
        read(&whole[..whole.len() / 2]).err(),
        Some(ImportError::CutShort)
    );
    let mut locked = whole.clone();
    locked[6] |= 1;
    assert_eq!(read(&locked).err(), Some(ImportError::UnsupportedZip));
    let mut other = whole;
    other[8] = 12;
    assert_eq!(read(&other).err(), Some(ImportError::UnsupportedZip));
}

#[test]
fn a_zip_without_any_export_says_so() {
    let mut none = fixture("fitbit.zip");
    let name = b"weight-2018-12-31.json";
    let ending = none
        .windows(name.len())
        .position(|window| window == name)
        .unwrap()
        + name.len();
    none[ending - 4..ending].copy_from_slice(b"jpeg");
    assert_eq!(read(&none).err(), Some(ImportError::NothingInZip));
}
