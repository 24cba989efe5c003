//! Every limit of the wire, in one place for both sides.

/// Events in one batch.
pub const BATCH_EVENTS_MAX: usize = 500;
/// Bytes of a request body, also after decompression.
pub const BODY_BYTES_MAX: usize = 1024 * 1024;
/// Rows in one page of a pull.
pub const PAGE_ROWS_MAX: usize = 1000;
/// Rows in one page where the client names no limit.
pub const PAGE_ROWS_DEFAULT: usize = 500;
/// Characters (Unicode scalar values) of a note.
pub const NOTE_CHARS_MAX: usize = 500;
/// Characters of a device id.
pub const DEVICE_ID_CHARS_MAX: usize = 100;
/// Characters of a user's name, surname or avatar, and of a language tag.
pub const NAME_CHARS_MAX: usize = 100;
