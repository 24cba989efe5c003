//! The command line.

use tidemark_simulator::{Bug, Depth, Options};

/// What `--help` says.
pub const USAGE: &str = "\
cargo xtask sim [--seeds N] [--seed S] [--days D] [--deep] [--jobs J] [--bug NAME] [--trace]
cargo xtask sim --bugs [--seeds N]

--seeds N   play N seeds (default 2000); with --bugs at most N seeds for each bug
--seed S    the first seed (default 1): the run uses S, S+1, ...
--days D    simulate D days instead of minutes
--deep      through the real router over SQLite
--postgres  through the real router over PostgreSQL
--jobs J    seeds played side by side (default: one for each core)
--bug NAME  with one sown bug
--bugs      check the checker: each sown bug must be caught
--trace     print everything that happens in the first seed";

/// The arguments.
#[derive(Clone, Debug)]
pub struct Arguments {
    /// Seeds to play.
    pub seeds: u64,
    /// The first one.
    pub first: u64,
    /// Threads.
    pub jobs: u64,
    /// Whether to check the checker.
    pub bugs: bool,
    /// Whether to print a trace.
    pub trace: bool,
    /// What is asked of each run.
    pub options: Options,
}

impl Arguments {
    /// Reads the words of the command line.
    pub fn parse(words: &[String]) -> Result<Self, String> {
        let jobs = std::thread::available_parallelism().map_or(1, |count| count.get() as u64);
        let options = Options::default();
        let mut arguments = Self {
            seeds: 2000,
            first: 1,
            jobs,
            bugs: false,
            trace: false,
            options,
        };
        let mut words = words.iter();
        while let Some(word) = words.next() {
            let mut value = || words.next().ok_or_else(|| format!("{word} needs a value"));
            match word.as_str() {
                "--seeds" => arguments.seeds = number(value()?)?,
                "--seed" => arguments.first = number(value()?)?,
                "--jobs" => arguments.jobs = number(value()?)?.max(1),
                "--days" => arguments.options.days = u32::try_from(number(value()?)?).ok(),
                "--deep" => arguments.options.depth = Depth::Deep,
                "--postgres" => arguments.options.depth = Depth::Postgres,
                "--bugs" => arguments.bugs = true,
                "--trace" => arguments.trace = true,
                "--bug" => {
                    let name = value()?;
                    let bug = Bug::parse(name).ok_or_else(|| format!("there is no bug {name}"))?;
                    arguments.options.bug = Some(bug);
                }
                _ => return Err(format!("{word} is not known")),
            }
        }
        Ok(arguments)
    }

    /// The command that plays one of these seeds again.
    pub fn replay(&self, seed: u64) -> String {
        let mut command = format!("cargo xtask sim --seeds 1 --seed {seed}");
        if let Some(days) = self.options.days {
            command.push_str(" --days ");
            command.push_str(&days.to_string());
        }
        command += match self.options.depth {
            Depth::Fast => "",
            Depth::Deep => " --deep",
            Depth::Postgres => " --postgres",
        };
        if let Some(bug) = self.options.bug {
            command.push_str(" --bug ");
            command.push_str(bug.name());
        }
        command
    }
}

fn number(text: &str) -> Result<u64, String> {
    text.replace(['_', ','], "")
        .parse()
        .map_err(|_| format!("{text} is no number"))
}
