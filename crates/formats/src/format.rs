//! Which app wrote a file.
//!
//! Must not know how the file is read.

/// The app, and where it matters the generation, that wrote a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    /// Our own CSV.
    TidemarkCsv,
    /// Our own JSON backup.
    TidemarkBackup,
    /// openScale 3 and later: `DATE,TIME`, then the measured values.
    OpenScale,
    /// openScale up to 2: `dateTime`, zero where nothing was measured.
    OpenScaleOld,
    /// Libra, versions 5 and 6.
    Libra,
    /// Withings `weight.csv`.
    Withings,
    /// Fitbit's website: `Body`, then a table.
    FitbitCsv,
    /// Fitbit's account archive: `weight-2026-02-20.json`.
    FitbitJson,
    /// Garmin Connect `Weight.csv`.
    Garmin,
    /// Apple Health `export.xml`.
    AppleHealth,
    /// Google Fit's daily activity table.
    GoogleFit,
    /// Samsung Health `com.samsung.health.weight.….csv`.
    SamsungHealth,
    /// `TrendWeight`, the raw weights.
    TrendWeight,
    /// `TrendWeight`, the computed table.
    TrendWeightComputed,
    /// The Hacker's Diet Online.
    HackersDiet,
    /// wger: `Date,Weight`.
    Wger,
    /// trale: one time and one weight on a line.
    Trale,
    /// `body_metrics.db` of the `BodyMetrics` app.
    BodyMetrics,
    /// Any other table.
    Table,
    /// Any other JSON list of objects.
    JsonRows,
    /// A zip file with some of the others in it.
    Zip,
}

impl Format {
    /// A short name that never changes: ids of imported rows are derived from it.
    pub const fn key(self) -> &'static str {
        match self {
            Self::TidemarkCsv => "tidemark-csv",
            Self::TidemarkBackup => "tidemark-backup",
            Self::OpenScale => "openscale",
            Self::OpenScaleOld => "openscale-old",
            Self::Libra => "libra",
            Self::Withings => "withings",
            Self::FitbitCsv => "fitbit-csv",
            Self::FitbitJson => "fitbit-json",
            Self::Garmin => "garmin",
            Self::AppleHealth => "apple-health",
            Self::GoogleFit => "google-fit",
            Self::SamsungHealth => "samsung-health",
            Self::TrendWeight => "trendweight",
            Self::TrendWeightComputed => "trendweight-computed",
            Self::HackersDiet => "hackers-diet",
            Self::Wger => "wger",
            Self::Trale => "trale",
            Self::BodyMetrics => "body-metrics",
            Self::Table => "table",
            Self::JsonRows => "json-rows",
            Self::Zip => "zip",
        }
    }
}
