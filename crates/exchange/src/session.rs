//! What the worker does with a file once it is read: preview, comparison, taking in, taking back, and files out.

use crate::message::{Counts, Export, PastImport, Preview, Problem, Tell};
use crate::message::{Refusal, Target};
use crate::out::{backup_of, csv_of, file_name, refused_text};
use crate::reading::Loaded;
pub use crate::reading::{HEAD_BYTES, Reading, Zone};
use crate::records::Here;
use tidemark_engine::imports::{Comparison, ImportNote, Intake};
use tidemark_engine::{Clock, Engine, Platform, StoreError};
use tidemark_formats::Format;
use tidemark_protocol::OpId;

/// An engine, and the file that was read last.
pub struct Session<P: Platform> {
    engine: Engine<P>,
    loaded: Option<Loaded>,
}

impl<P: Platform> Session<P> {
    /// A session without a file.
    pub fn new(engine: Engine<P>) -> Self {
        Self {
            engine,
            loaded: None,
        }
    }

    /// Takes a file that was read to its end, and says what is in it.
    pub async fn load(&mut self, reading: Reading) -> Tell {
        let loaded = match reading.finish() {
            Ok(loaded) => loaded,
            Err(tell) => return *tell,
        };
        let answer = self.preview(&loaded).await;
        self.loaded = Some(loaded);
        told(answer.map(Tell::Preview))
    }

    async fn preview(&self, loaded: &Loaded) -> Result<Preview, StoreError> {
        let profile = self.engine.profile().await?;
        let report = &loaded.report;
        let refused = report.rejected.iter();
        Ok(Preview {
            name: loaded.name.clone(),
            app: brand(loaded.format).map(str::to_owned),
            is_backup: loaded.format == Format::TidemarkBackup,
            unit: loaded.unit,
            is_guess: loaded.is_guess,
            records: report.records,
            rows: report.rows,
            duplicates: report.duplicates,
            without_weight: report.without_weight,
            refused: refused
                .map(|(reason, count)| (Refusal::from(*reason), *count))
                .collect(),
            values_left_out: report.values_left_out,
            notes_cut: report.notes_cut,
            may_lack_newest: report.may_lack_newest,
            ends: loaded.content.ends(),
            people: loaded.content.people(&profile),
        })
    }

    /// What the file's rows would be here, with its people as these.
    pub async fn compare(&self, targets: &[Target]) -> Tell {
        told(self.counts(targets).await.map(Tell::Compared))
    }

    async fn counts(&self, targets: &[Target]) -> Result<Counts, StoreError> {
        let Some(intake) = self.intake(targets).await? else {
            return Ok(Counts::default());
        };
        let compared = self.engine.holdings().await?.compare(&intake.metrics);
        Ok(counts(compared))
    }

    /// The file as records; none without a file.
    async fn intake(&self, targets: &[Target]) -> Result<Option<Intake>, StoreError> {
        let Some(loaded) = &self.loaded else {
            return Ok(None);
        };
        let holdings = self.engine.holdings().await?;
        let here = Here {
            holdings: &holdings,
            next_person: self.engine.next_person_id().await?,
            now: self.engine.clock.now(),
        };
        Ok(Some(Intake {
            label: loaded.name.clone(),
            ..loaded.content.intake(targets, &here)
        }))
    }

    /// Takes the file in.
    pub async fn confirm(&self, targets: &[Target], brings_back: bool) -> Tell {
        told(self.take_in(targets, brings_back).await.map(Tell::Taken))
    }

    async fn take_in(&self, targets: &[Target], brings_back: bool) -> Result<Counts, StoreError> {
        let Some(mut intake) = self.intake(targets).await? else {
            return Ok(Counts::default());
        };
        intake.brings_back = brings_back;
        Ok(counts(self.engine.take_in(&intake).await?))
    }

    /// Imports that can be taken back.
    pub async fn imports(&self) -> Tell {
        let notes = self.engine.imports().await;
        told(notes.map(|notes| Tell::Imports(notes.into_iter().map(past).collect())))
    }

    /// Takes an import back.
    pub async fn undo(&self, id: OpId) -> Tell {
        let undone = self.engine.undo_import(id).await;
        told(undone.map(|count| Tell::Undone(count as u64)))
    }

    /// Makes a file: its name and its text.
    ///
    /// # Errors
    /// What to tell the person instead.
    pub async fn export(&self, export: &Export) -> Result<(String, String), Problem> {
        let now = self.engine.clock.now();
        Ok(match export {
            Export::Csv(person) => {
                let everything = self.engine.everything().await?;
                (file_name(now, ".csv"), csv_of(&everything, *person))
            }
            Export::Backup => {
                let backup = backup_of(self.engine.everything().await?, now);
                (file_name(now, "-backup.json"), backup.to_json())
            }
            Export::Refused(words) => {
                let loaded = self.loaded.as_ref();
                let rejected = loaded.map_or(&[][..], |loaded| &loaded.rejected);
                (
                    file_name(now, "-refused.txt"),
                    refused_text(rejected, words),
                )
            }
        })
    }
}

fn told(answer: Result<Tell, StoreError>) -> Tell {
    answer.unwrap_or_else(|error| Tell::Failed(Problem::from(error)))
}

fn counts(compared: Comparison) -> Counts {
    Counts {
        fresh: compared.fresh as u64,
        known: compared.known as u64,
        deleted: compared.deleted as u64,
        newer: compared.newer as u64,
    }
}

fn past(note: ImportNote) -> PastImport {
    PastImport {
        id: note.id,
        at: note.at,
        rows: (note.metrics.len() + note.changed.len()) as u64,
        label: note.label,
    }
}

/// The app's own name, the same in every language.
fn brand(format: Format) -> Option<&'static str> {
    Some(match format {
        Format::TidemarkCsv | Format::TidemarkBackup => "Tidemark",
        Format::OpenScale | Format::OpenScaleOld => "openScale",
        Format::Libra => "Libra",
        Format::Withings => "Withings",
        Format::FitbitCsv | Format::FitbitJson => "Fitbit",
        Format::Garmin => "Garmin Connect",
        Format::AppleHealth => "Apple Health",
        Format::GoogleFit => "Google Fit",
        Format::SamsungHealth => "Samsung Health",
        Format::TrendWeight | Format::TrendWeightComputed => "TrendWeight",
        Format::HackersDiet => "The Hacker’s Diet",
        Format::Wger => "wger",
        Format::Trale => "trale",
        Format::BodyMetrics => "BodyMetrics",
        Format::Table | Format::JsonRows | Format::Zip => return None,
    })
}
