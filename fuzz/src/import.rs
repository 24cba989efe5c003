//! Files of other apps, of ours, and what only looks like one.

use tidemark_domain::mass::MassUnit;
use tidemark_formats::{Finished, ImportError, Importer, Options, detect};

/// How a file is cut into chunks makes no difference, and every record of it is accounted for. The last byte also chooses
/// unit and chunks, so that any file can lie in the corpus as it is.
pub fn run(bytes: &[u8]) {
    let Some(choice) = bytes.last() else { return };
    let unit = [
        None,
        Some(MassUnit::Kilogram),
        Some(MassUnit::Pound),
        Some(MassUnit::Stone),
    ][usize::from(choice % 4)];
    let _ = detect(bytes); // must not panic; what it says is a guess
    let whole = read(bytes, unit, bytes.len().max(1));
    let pieces = read(bytes, unit, usize::from(choice / 4) + 1);
    assert_eq!(whole, pieces, "chunks make a difference");
    if let Ok(finished) = &whole {
        let report = &finished.report;
        let told =
            report.rows + report.duplicates + report.without_weight + report.rejected_total();
        assert_eq!(report.records, told, "a record is not accounted for");
        assert_eq!(report.rows, finished.rows.len() as u64);
    }
}

fn read(bytes: &[u8], unit: Option<MassUnit>, chunk: usize) -> Result<Finished, ImportError> {
    let zone = |local_ms: i64| if local_ms % 2 == 0 { 60 } else { -300 };
    let mut importer = Importer::new(
        Options {
            unit,
            mapping: None,
        },
        zone,
    );
    for piece in bytes.chunks(chunk) {
        importer.push(piece)?;
    }
    importer.finish()
}
