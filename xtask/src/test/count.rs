//! Runs a test runner, shows what it prints, and counts what it says about its tests.

use anyhow::{Context, Result};
use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Command, Stdio};

/// How many tests passed and failed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// Tests, or gates, that passed.
    pub passed: usize,
    /// Those that did not.
    pub failed: usize,
}

impl Count {
    /// A gate that holds.
    pub const GATE: Self = Self {
        passed: 1,
        failed: 0,
    };

    /// Both together.
    pub fn plus(self, other: Self) -> Self {
        Self {
            passed: self.passed + other.passed,
            failed: self.failed + other.failed,
        }
    }
}

/// Runs the command to its end and sums the `test result:` lines of all its test binaries. A failure that no such line
/// tells of, as when something does not compile, counts as one.
pub fn tests(command: &mut Command) -> Result<Count> {
    run_and_sum(command, std::io::stdout(), std::io::stderr())
}

fn run_and_sum(
    command: &mut Command,
    out: impl Write + Send,
    err: impl Write + Send,
) -> Result<Count> {
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .context("cannot start the runner")?;
    let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
    let count = std::thread::scope(|scope| {
        let errors = scope.spawn(|| stderr.map_or(Count::default(), |pipe| relay(pipe, err)));
        let count = stdout.map_or(Count::default(), |pipe| relay(pipe, out));
        count.plus(errors.join().unwrap_or_default())
    });
    let status = child.wait().context("the runner is gone")?;
    Ok(if status.success() || count.failed > 0 {
        count
    } else {
        count.plus(Count {
            passed: 0,
            failed: 1,
        })
    })
}

fn relay(pipe: impl Read, mut to: impl Write) -> Count {
    let mut count = Count::default();
    for line in BufReader::new(pipe).split(b'\n').map_while(Result::ok) {
        let _ = to.write_all(&line).and_then(|()| to.write_all(b"\n")); // nobody may be reading any more
        count = count.plus(parse(&String::from_utf8_lossy(&line)).unwrap_or_default());
    }
    count
}

/// `test result: ok. 3 passed; 0 failed; …`, with or without colour codes.
fn parse(line: &str) -> Option<Count> {
    let (_, rest) = line.split_once("test result: ")?;
    let number = |word: &str| -> Option<usize> {
        let before = rest.split_once(&format!(" {word}"))?.0;
        before
            .rsplit(|character: char| !character.is_ascii_digit())
            .next()?
            .parse()
            .ok()
    };
    Some(Count {
        passed: number("passed")?,
        failed: number("failed")?,
    })
}

#[cfg(test)]
mod tests {
    use super::{Count, parse, run_and_sum};
    use std::io::sink;
    use std::process::Command;

    #[test]
    fn result_lines_are_understood_and_others_are_not() {
        let cases = [
            (
                "test result: ok. 12 passed; 0 failed; 0 ignored; 0 measured; 1 filtered out; finished in 0.02s",
                Some((12, 0)),
            ),
            (
                "test result: \u{1b}[31mFAILED\u{1b}(B\u{1b}[m. 3 passed; 2 failed; 0 ignored",
                Some((3, 2)),
            ),
            ("test a_name ... ok", None),
            ("test result: nonsense", None),
        ];
        for (line, expected) in cases {
            let expected = expected.map(|(passed, failed)| Count { passed, failed });
            assert_eq!(parse(line), expected, "{line}");
        }
    }

    #[test]
    fn a_runner_that_fails_without_a_result_line_is_one_failure() {
        let run = |script: &str| {
            run_and_sum(Command::new("sh").args(["-c", script]), sink(), sink()).unwrap()
        };
        assert_eq!(
            run("exit 1"),
            Count {
                passed: 0,
                failed: 1
            }
        );
        assert_eq!(
            run("echo 'test result: FAILED. 1 passed; 2 failed;'; exit 1"),
            Count {
                passed: 1,
                failed: 2
            }
        );
        assert_eq!(
            run("echo 'test result: ok. 4 passed; 0 failed;'"),
            Count {
                passed: 4,
                failed: 0
            }
        );
    }
}
