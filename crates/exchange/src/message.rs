//! What page and worker say to each other, as JavaScript objects. A file goes beside the object to the worker, a blob
//! beside it back.

use serde::{Deserialize, Serialize};
use tidemark_domain::mass::MassUnit;
use tidemark_engine::StoreError;
use tidemark_formats::{ImportError, Reason};
use tidemark_protocol::{EntityId, OpId, Timestamp};

/// From the page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Ask {
    /// Read the file that comes along, or the one before again.
    Read(ReadOptions),
    /// What would the file's rows be here, with these people?
    Compare(Vec<Target>),
    /// Take the file in.
    Confirm {
        /// For each of the file's people, who it is here.
        targets: Vec<Target>,
        /// Whether what was deleted here comes back.
        brings_back: bool,
    },
    /// Which imports can be taken back?
    Imports,
    /// Take an import back.
    Undo(OpId),
    /// Make a file.
    Export(Export),
}

/// How to read a file, as far as a person has said.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ReadOptions {
    /// What the columns of a table hold.
    pub columns: Option<Vec<Column>>,
    /// Whether dates have the month before the day, where both could be.
    pub month_first: Option<bool>,
    /// The unit of weights that carry none.
    pub unit: Option<Unit>,
    /// The unit that the person uses in the app: theirs until they say otherwise.
    pub usual_unit: Unit,
    /// Whether to ask what is only likely, too.
    pub asks: bool,
}

/// A unit of weight.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Unit {
    /// Kilograms.
    #[default]
    Kilogram,
    /// Pounds.
    Pound,
    /// Stones.
    Stone,
}

/// What a column of a table holds, as a person chooses it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Column {
    /// Nothing to keep.
    Ignored,
    /// Date and time.
    DateTime,
    /// The date.
    Date,
    /// The time of day.
    Time,
    /// The weight.
    Weight,
    /// The height.
    Height,
    /// The BMI.
    Bmi,
    /// A note.
    Note,
    /// What the reader has recognised by itself.
    Recognised,
}

/// Who one of the file's people is here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Target {
    /// Somebody who is here already.
    Known(EntityId),
    /// Somebody new.
    New,
}

/// Which file to make.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Export {
    /// A person's entries as a table.
    Csv(EntityId),
    /// Everything, to restore from.
    Backup,
    /// The lines that were refused, with the reasons in the person's language.
    Refused(Vec<(Refusal, String)>),
}

/// From the worker.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Tell {
    /// So many bytes of the file are read.
    Progress {
        /// Bytes read.
        done: u64,
        /// Bytes in all.
        total: u64,
    },
    /// The file can't be read before a person has answered.
    Asks(Question),
    /// The file is read; nothing is written.
    Preview(Preview),
    /// What its rows would be here.
    Compared(Counts),
    /// It is taken in.
    Taken(Counts),
    /// Imports that can be taken back, newest first.
    Imports(Vec<PastImport>),
    /// An import is taken back; so many entries were deleted.
    Undone(u64),
    /// A file is made; it comes beside.
    Exported(String),
    /// It can't be done.
    Failed(Problem),
}

/// What a person must say about a file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Question {
    /// The first rows of a table whose columns are not known for sure.
    pub table: Option<Table>,
    /// Whether the unit is to be told, and which it probably is.
    pub unit: Option<Unit>,
}

/// The first rows of a table.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Table {
    /// Records as they stand, the header first where there is one.
    pub records: Vec<Vec<String>>,
    /// How many of them are header.
    pub header: usize,
    /// What each column seems to hold.
    pub columns: Vec<Column>,
    /// Whether the order of day and month can't be told.
    pub asks_date_order: bool,
}

/// What a file holds.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Preview {
    /// The file's name.
    pub name: String,
    /// The app that wrote it, where it is one we know.
    pub app: Option<String>,
    /// Whether it is our own backup.
    pub is_backup: bool,
    /// The unit that weights were taken for, where the file does not say.
    pub unit: Option<Unit>,
    /// Whether what columns hold was guessed.
    pub is_guess: bool,
    /// Lines or records that could have held a measurement.
    pub records: u64,
    /// Measurements found.
    pub rows: u64,
    /// Measurements that stood in the file before.
    pub duplicates: u64,
    /// Records without a weight, which is no fault.
    pub without_weight: u64,
    /// Refused lines by reason, in the order of the reasons.
    pub refused: Vec<(Refusal, u64)>,
    /// Heights and BMIs that were left out because they can't be true.
    pub values_left_out: u64,
    /// Notes that were cut to 500 characters.
    pub notes_cut: u64,
    /// Whether a second file (`-wal`) may hold newer rows.
    pub may_lack_newest: bool,
    /// The earliest and the latest measurement.
    pub ends: Option<(Sample, Sample)>,
    /// The file's people; one without a name for a file that knows none.
    pub people: Vec<FilePerson>,
}

/// A measurement, as far as a preview shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sample {
    /// When.
    pub at: Timestamp,
    /// Minutes east of UTC, where the file or the zone tells.
    pub utc_offset: Option<i16>,
    /// In grams.
    pub weight_g: u32,
}

/// One of the file's people.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FilePerson {
    /// Their name in the file.
    pub name: Option<String>,
    /// Their measurements.
    pub rows: u64,
    /// Who they seem to be here.
    pub likely: Target,
}

/// How many measurements of a file are what here.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Not here before.
    pub fresh: u64,
    /// Here already.
    pub known: u64,
    /// Deleted here.
    pub deleted: u64,
    /// Here, and changed later in the file.
    pub newer: u64,
}

/// An import that can be taken back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PastImport {
    /// Names it.
    pub id: OpId,
    /// When it was.
    pub at: Timestamp,
    /// The file's name.
    pub label: String,
    /// Measurements that it added or changed.
    pub rows: u64,
}

/// Why a line was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "named as in tidemark_formats::Reason")]
pub enum Refusal {
    DateMissing,
    DateUnreadable,
    DateOutOfRange,
    WeightUnreadable,
    WeightOutOfRange,
    TooManyColumns,
    UnclosedQuote,
    TooLong,
    Malformed,
}

/// Why something can't be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(
    missing_docs,
    reason = "named as in tidemark_formats::ImportError and tidemark_engine::StoreError"
)]
pub enum Problem {
    Empty,
    UnknownFormat,
    Utf16,
    CutShort,
    Damaged,
    TooLarge,
    UnsupportedZip,
    NothingInZip,
    NotBodyMetrics,
    NewerBackup,
    /// The browser does not hand the file out: it was moved, changed or deleted meanwhile.
    FileGone,
    /// The worker itself failed, or could not be loaded.
    Broken,
    NotSaved,
    NoRoom,
    NewerData,
    OtherTab,
    Unreadable,
}

impl From<Unit> for MassUnit {
    fn from(unit: Unit) -> Self {
        match unit {
            Unit::Kilogram => Self::Kilogram,
            Unit::Pound => Self::Pound,
            Unit::Stone => Self::Stone,
        }
    }
}

impl From<MassUnit> for Unit {
    fn from(unit: MassUnit) -> Self {
        match unit {
            MassUnit::Kilogram => Self::Kilogram,
            MassUnit::Pound => Self::Pound,
            MassUnit::Stone => Self::Stone,
        }
    }
}

impl From<Reason> for Refusal {
    fn from(reason: Reason) -> Self {
        match reason {
            Reason::DateMissing => Self::DateMissing,
            Reason::DateUnreadable => Self::DateUnreadable,
            Reason::DateOutOfRange => Self::DateOutOfRange,
            Reason::WeightUnreadable => Self::WeightUnreadable,
            Reason::WeightOutOfRange => Self::WeightOutOfRange,
            Reason::TooManyColumns => Self::TooManyColumns,
            Reason::UnclosedQuote => Self::UnclosedQuote,
            Reason::TooLong => Self::TooLong,
            Reason::Malformed => Self::Malformed,
        }
    }
}

impl From<ImportError> for Problem {
    fn from(error: ImportError) -> Self {
        match error {
            ImportError::Empty => Self::Empty,
            // The two that a question settles are asked before they can come here.
            ImportError::UnknownFormat | ImportError::NeedsMapping | ImportError::NeedsUnit => {
                Self::UnknownFormat
            }
            ImportError::Utf16 => Self::Utf16,
            ImportError::CutShort => Self::CutShort,
            ImportError::Damaged | ImportError::EntityDeclaration => Self::Damaged,
            ImportError::TooLarge => Self::TooLarge,
            ImportError::UnsupportedZip => Self::UnsupportedZip,
            ImportError::NothingInZip => Self::NothingInZip,
            ImportError::NotBodyMetrics => Self::NotBodyMetrics,
            ImportError::NewerBackup { .. } => Self::NewerBackup,
        }
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Unavailable(_) => Self::NotSaved,
            StoreError::QuotaExceeded => Self::NoRoom,
            StoreError::NewerSchema { .. } => Self::NewerData,
            StoreError::Blocked => Self::OtherTab,
            StoreError::Unreadable(_) => Self::Unreadable,
        }
    }
}
