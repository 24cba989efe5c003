//! What kind of run a seed stands for: how many devices, how long, which faults and how often.

use crate::bugs::Bug;
use crate::chance::Chance;

/// How the server is built.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Depth {
    /// The server's functions over its storage in memory.
    Fast,
    /// The real router over a SQLite file.
    Deep,
    /// The real router over a database on a real PostgreSQL, which is started for all runs of the program.
    Postgres,
}

/// What the caller asks of all runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// How the server is built.
    pub depth: Depth,
    /// Simulated days; `None` for minutes.
    pub days: Option<u32>,
    /// A sown bug.
    pub bug: Option<Bug>,
    /// Whether to keep the trace's lines.
    pub keep_trace: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            depth: Depth::Fast,
            days: None,
            bug: None,
            keep_trace: false,
        }
    }
}

/// How often things happen, in thousandths.
#[derive(Clone, Debug, Default)]
pub struct Rates {
    /// A request never arrives.
    pub request_lost: u32,
    /// An answer never arrives.
    pub reply_lost: u32,
    /// A request arrives twice.
    pub duplicate: u32,
    /// A copy arrives late.
    pub late_copy: u32,
    /// Long on the way.
    pub delay: u32,
    /// A cut body.
    pub cut_body: u32,
    /// Something in between answers.
    pub middle_box: u32,
    /// Our server says not now.
    pub not_now: u32,
    /// The server dies at a request.
    pub kill: u32,
    /// Shapes of other versions.
    pub versions: u32,
    /// A store operation fails.
    pub store: u32,
}

/// What the storm does, in parts of the whole.
#[derive(Clone, Debug, Default)]
pub struct Weather {
    /// A person does something.
    pub person: u64,
    /// A home opens or closes.
    pub homes: u64,
    /// A home is killed.
    pub crash: u64,
    /// The network of a device changes.
    pub network: u64,
    /// Something happens to the server.
    pub server: u64,
    /// Something happens to a device's clock.
    pub clock: u64,
    /// Something happens to a device's storage.
    pub storage: u64,
}

/// A run.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Devices.
    pub devices: usize,
    /// Steps of the storm.
    pub steps: u32,
    /// The longest pause between two steps, in milliseconds.
    pub pause_ms_max: i64,
    /// Whether some contexts have no lock.
    pub no_lock: bool,
    /// Whether the plan's minimal client takes part.
    pub plain_client: bool,
    /// Entries that the first device writes before it has ever seen the server.
    pub hoard: u32,
    /// The longest that a home stays open by itself, in milliseconds; `None` where the run is short.
    pub session_ms_max: Option<i64>,
    /// Whether nobody is told when the network is back.
    pub silent_healing: bool,
    /// Rates.
    pub rates: Rates,
    /// Weather.
    pub weather: Weather,
}

impl Plan {
    /// The run of a seed.
    pub fn draw(chance: &Chance, options: &Options) -> Self {
        let steps = match options.days {
            Some(days) => days.saturating_mul(12),
            None => u32::try_from(chance.between(12, 60)).unwrap_or(30),
        };
        let pause_ms_max = match options.days {
            Some(_) => 4 * 3_600_000,
            None => [200, 2_000, 15_000][chance.index(3)],
        };
        let most = if chance.happens(100) { 8 } else { 4 };
        Self {
            devices: usize::try_from(chance.between(2, most)).unwrap_or(2),
            steps,
            pause_ms_max,
            no_lock: chance.happens(150),
            plain_client: chance.happens(100),
            hoard: if chance.happens(5) { 280 } else { 0 },
            session_ms_max: options.days.map(|_| 5 * 60_000),
            silent_healing: chance.happens(500),
            rates: Rates::draw(chance),
            weather: Weather::draw(chance),
        }
    }
}

impl Rates {
    /// Each fault is off in half of the runs, so that no fault always hides another.
    fn draw(chance: &Chance) -> Self {
        let up_to = |most: i64| {
            if chance.happens(500) {
                0
            } else {
                u32::try_from(chance.between(1, most)).unwrap_or(0)
            }
        };
        Self {
            request_lost: up_to(300),
            reply_lost: up_to(300),
            duplicate: up_to(300),
            late_copy: up_to(200),
            delay: up_to(200),
            cut_body: up_to(200),
            middle_box: up_to(200),
            not_now: up_to(200),
            kill: up_to(100),
            versions: up_to(300),
            store: up_to(100),
        }
    }
}

impl Weather {
    fn draw(chance: &Chance) -> Self {
        let part = |most: i64| {
            if chance.happens(400) {
                0
            } else {
                u64::try_from(chance.between(1, most)).unwrap_or(0)
            }
        };
        Self {
            person: 40,
            homes: 8,
            crash: part(10),
            network: part(10),
            server: part(6),
            clock: part(8),
            storage: part(4),
        }
    }
}
