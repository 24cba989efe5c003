//! Our own CSV: one line per measurement, for people, spreadsheets, and [`crate::Importer`].

use std::fmt::Write;
use tidemark_domain::bmi::CentiBmi;
use tidemark_domain::calendar::INSTANT_MS_MAX;
use tidemark_domain::length::Millimetres;
use tidemark_domain::mass::{MassText, MassUnit};
use tidemark_protocol::Metric;

const HEADER: &str =
    "measured_at,utc_offset,weight_kg,weight_lb,height_cm,bmi,note,id,updated_at\r\n";
/// With what a spreadsheet begins a formula.
const FORMULA_STARTS: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// The living rows as CSV (RFC 4180, UTF-8 with byte order mark, decimal point), in the order given.
///
/// Times carry the offset at which they were measured, so that the day reads right. A note that a spreadsheet would take
/// for a formula begins with an apostrophe, which reading it back takes away again.
pub fn export_csv<'a>(metrics: impl IntoIterator<Item = &'a Metric>) -> String {
    let mut text = format!("\u{FEFF}{HEADER}");
    for metric in metrics
        .into_iter()
        .filter(|metric| metric.deleted_at.is_none())
    {
        push_row(&mut text, metric);
    }
    text
}

fn push_row(text: &mut String, metric: &Metric) {
    let pounds = match metric.weight.edit_text(MassUnit::Pound, '.') {
        MassText::Pounds(pounds) => pounds,
        MassText::Kilograms(_) | MassText::Stones { .. } => String::new(),
    };
    let fields = [
        local_time(metric),
        optional(metric.utc_offset),
        metric.weight.to_kg().to_string(),
        pounds,
        optional(metric.height.map(Millimetres::to_cm)),
        optional(metric.bmi.map(CentiBmi::to_number)),
        quoted(&guarded_note(metric.note.as_deref().unwrap_or_default())),
        metric.id.to_string(),
        metric.updated_at.to_rfc3339(),
    ];
    text.push_str(&fields.join(","));
    text.push_str("\r\n");
}

fn optional<T: ToString>(value: Option<T>) -> String {
    value.map_or_else(String::new, |value| value.to_string())
}

/// RFC 3339 with the row's own offset; in UTC where it has none.
fn local_time(metric: &Metric) -> String {
    let at = metric.created_at;
    let Some(offset) = metric.utc_offset.filter(|offset| *offset != 0) else {
        return at.to_rfc3339();
    };
    let local = at.plus_millis(i64::from(offset) * 60_000);
    if local.millis() > INSTANT_MS_MAX {
        return at.to_rfc3339();
    }
    let mut local = local.to_rfc3339();
    local.pop();
    let sign = if offset < 0 { '-' } else { '+' };
    let offset = offset.abs();
    write!(local, "{sign}{:02}:{:02}", offset / 60, offset % 60)
        .expect("a string takes everything");
    local
}

/// The note with an apostrophe in front where a spreadsheet would calculate it, or where it looks so guarded already.
fn guarded_note(note: &str) -> String {
    if note.trim_start_matches('\'').starts_with(FORMULA_STARTS) {
        format!("'{note}")
    } else {
        note.to_owned()
    }
}

/// The note as it was before [`guarded_note`].
pub(crate) fn unguarded_note(note: &str) -> &str {
    match note.strip_prefix('\'') {
        Some(rest) if rest.trim_start_matches('\'').starts_with(FORMULA_STARTS) => rest,
        _ => note,
    }
}

fn quoted(field: &str) -> String {
    let is_plain = !field.contains(['"', ',', '\r', '\n']) && field.trim() == field;
    if is_plain {
        field.to_owned()
    } else {
        format!("\"{}\"", field.replace('"', "\"\""))
    }
}
