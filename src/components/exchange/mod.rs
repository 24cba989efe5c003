//! The parts of the screen for files in and out. They draw what [`crate::state::Exchange`] says and ask it for more.

mod job_card;
mod preview;
mod question;
mod take_out;
mod whose;

pub use job_card::{JobCard, OutcomeWords};
pub use preview::ImportPreview;
pub use question::FileQuestion;
pub use take_out::{PastImports, TakeOut};
