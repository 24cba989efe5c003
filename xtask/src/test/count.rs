//! Runs a test runner, shows what it prints, counts what it says about its tests, and keeps what it says of failed ones.

use anyhow::{Context, Result, anyhow};
use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Command, Stdio};

/// So many lines of one failure are told again at the end.
const LINES_OF_A_FAILURE: usize = 40;

/// How many tests passed and failed, and why.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// Tests, or gates, that passed.
    pub passed: usize,
    /// Those that did not.
    pub failed: usize,
    /// What was said of those that did not.
    pub reasons: Vec<String>,
}

impl Count {
    /// A gate that holds.
    pub const GATE: Self = Self {
        passed: 1,
        failed: 0,
        reasons: Vec::new(),
    };

    /// What the work counted; an error is told and counts as one failure.
    pub fn of(result: Result<Self>) -> Self {
        result.unwrap_or_else(|error| {
            let reason = format!("error: {error:#}");
            eprintln!("{reason}");
            Self {
                passed: 0,
                failed: 1,
                reasons: vec![reason],
            }
        })
    }

    /// Both together.
    pub fn plus(mut self, other: Self) -> Self {
        self.passed += other.passed;
        self.failed += other.failed;
        self.reasons.extend(other.reasons);
        self
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
        count.plus(Count::of(Err(anyhow!("the runner ended with {status}"))))
    })
}

fn relay(pipe: impl Read, mut to: impl Write) -> Count {
    let mut count = Count::default();
    let mut failure: Option<Vec<String>> = None;
    for line in BufReader::new(pipe).split(b'\n').map_while(Result::ok) {
        let _ = to.write_all(&line).and_then(|()| to.write_all(b"\n")); // nobody may be reading any more
        let line = String::from_utf8_lossy(&line);
        let begins = line.starts_with("---- ") && line.ends_with(" ----");
        if begins || line == "failures:" {
            count.reasons.extend(failure.take().map(joined));
        }
        if begins {
            failure = Some(Vec::new());
        }
        if let Some(lines) = &mut failure {
            lines.push(line.to_string());
        }
        count = count.plus(parse(&line).unwrap_or_default());
    }
    count.reasons.extend(failure.map(joined));
    count
}

fn joined(mut lines: Vec<String>) -> String {
    lines.truncate(LINES_OF_A_FAILURE);
    lines.join("\n").trim_end().to_owned()
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
        reasons: Vec::new(),
    })
}

#[cfg(test)]
mod tests {
    use super::{parse, run_and_sum};
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
            let found = parse(line).map(|count| (count.passed, count.failed));
            assert_eq!(found, expected, "{line}");
        }
    }

    #[test]
    fn a_runner_that_fails_without_a_result_line_is_one_failure() {
        let run = |script: &str| {
            run_and_sum(Command::new("sh").args(["-c", script]), sink(), sink()).unwrap()
        };
        let numbers = |script: &str| {
            let count = run(script);
            (count.passed, count.failed)
        };
        assert_eq!(numbers("exit 1"), (0, 1));
        let failing = "echo 'test result: FAILED. 1 passed; 2 failed;'; exit 1";
        assert_eq!(numbers(failing), (1, 2));
        assert_eq!(
            numbers("echo 'test result: ok. 4 passed; 0 failed;'"),
            (4, 0)
        );
    }

    #[test]
    fn what_a_runner_says_of_each_failure_is_kept() {
        let said = "test a ... ok\n\nfailures:\n\n---- b stdout ----\nb is wrong\nat 3\n\n---- c output ----\nc is wrong\n\n\
                    failures:\n    b\n    c\n\ntest result: FAILED. 1 passed; 2 failed;\n";
        let mut command = Command::new("printf");
        let count = run_and_sum(command.args(["%s", said]), sink(), sink()).unwrap();
        let expected = [
            "---- b stdout ----\nb is wrong\nat 3",
            "---- c output ----\nc is wrong",
        ];
        assert_eq!(
            (count.failed, count.reasons),
            (2, expected.map(str::to_owned).to_vec())
        );
    }
}
