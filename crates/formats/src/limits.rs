//! Every limit of reading a file, in one place. What goes beyond is refused with a reason, never cut in silence.

/// Bytes from the start of a file by which its format is told. [`crate::detect()`] wants this many, or the whole file.
pub const HEAD_BYTES: usize = 8 * 1024;
/// Bytes of one record of a table, line breaks in quotes included.
pub const RECORD_BYTES_MAX: usize = 16 * 1024;
/// Columns of a table.
pub const COLUMNS_MAX: usize = 256;
/// Bytes of one tag, comment or declaration of an XML file.
pub const TAG_BYTES_MAX: usize = 256 * 1024;
/// Bytes of a JSON file, which is held as a whole.
pub const JSON_BYTES_MAX: usize = 64 * 1024 * 1024;
/// Bytes of a SQLite file, which is held as a whole.
pub const SQLITE_BYTES_MAX: usize = 64 * 1024 * 1024;
/// Bytes of one row of a SQLite table.
pub const SQLITE_ROW_BYTES_MAX: usize = 64 * 1024;
