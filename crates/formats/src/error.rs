//! Why a file as a whole cannot be read. One bad line is no such error: that is a [`crate::Rejected`].

use thiserror::Error;

/// Why reading a file stopped. Rows that were taken before stand for themselves; whether to keep them is the caller's
/// choice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum ImportError {
    /// There is nothing in the file.
    #[error("the file is empty")]
    Empty,
    /// No app that we know writes such a file.
    #[error("this is not a file that can be imported")]
    UnknownFormat,
    /// It is a table, but which column holds date and weight must be told ([`crate::Options::mapping`]).
    #[error("the columns of this table must be named first")]
    NeedsMapping,
    /// The weights carry no unit, so it must be told ([`crate::Options::unit`]).
    #[error("the file does not say in which unit its weights are")]
    NeedsUnit,
    /// The text is UTF-16, as spreadsheets save "Unicode text".
    #[error("save the file as CSV in UTF-8 and try again")]
    Utf16,
    /// The file ends in the middle: it was not downloaded or copied completely.
    #[error("the file is cut short")]
    CutShort,
    /// The file breaks the rules of its format.
    #[error("the file is damaged")]
    Damaged,
    /// An XML file declares entities, which an export never does and an attack does.
    #[error("the file declares entities, which is not safe to read")]
    EntityDeclaration,
    /// The file is larger than [`crate::limits`] allow for its format.
    #[error("the file is too large")]
    TooLarge,
    /// A zip file that is encrypted, split, or compressed in another way than by deflate.
    #[error("this kind of zip file cannot be read; unpack it and choose the file inside")]
    UnsupportedZip,
    /// A zip file without any file that can be imported.
    #[error("no file in this zip can be imported")]
    NothingInZip,
    /// A SQLite file of some other app.
    #[error("this database is not one of BodyMetrics")]
    NotBodyMetrics,
    /// A backup that a newer version of this app wrote.
    #[error("the backup has version {version}; update the app to read it")]
    NewerBackup {
        /// The version that the backup names.
        version: u32,
    },
}
