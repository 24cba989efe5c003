//! Seeds that once broke an invariant, kept for good; and the checker's own check on a few bugs.

use tidemark_simulator::{Bug, Depth, Fault, FaultCounts, Options, run_seed};

/// The seed and what it found.
const FOUND: [(u64, &str); 55] = [
    (
        4,
        "an edit of a person whom the server did not know left the outbox without it",
    ),
    (
        8,
        "an edit written while its person was adopted was refused for good",
    ),
    (
        17,
        "who waited for the lock did not learn that the server had asked to wait",
    ),
    (
        1124,
        "an edit under a person who had become another one was refused for good",
    ),
    (
        3217,
        "the lock was free before the server's wish was stored",
    ),
    (
        3241,
        "nobody answered a question twice when the store failed",
    ),
    (
        3255,
        "what a restored server refused was parked before the resync",
    ),
    (
        3506,
        "a refused edit held back the row that a restore had lost",
    ),
    (
        3690,
        "a device that had pushed before its first pull kept a row of a lost life",
    ),
    (
        3962,
        "a part of a row that a restored server lacked was refused for good",
    ),
    (
        4239,
        "a replaced server named only versions up to the cursor as lost",
    ),
    (6192, "a server restored during a resync was not healed"),
    (8702, "a failure in another tab ended the server's wish"),
    (9648, "a setting went before the person whom it chooses"),
    (
        105_987,
        "a deletion was dropped though another device brought the row back",
    ),
    (113_000, "the order of a map reached the wire"),
    (1007, "the same seed took another course"),
    (1269, "an outbox stayed full"),
    (1374, "one of twelve in the first set of 2,000"),
    (1386, "a restore was not healed"),
    (
        19_683,
        "the judge took an older offer for an edit concurrent to the offered deletion",
    ),
    (
        25_466,
        "the judge asked for a BMI that belongs to a height which lost",
    ),
    (
        25_929,
        "an offer left out what the row does not have, so the backup's note came back",
    ),
    (
        26_976,
        "two feeds in two lives: every resync called the server changing",
    ),
    (
        101_281,
        "what was sent before its person became another one was refused for good",
    ),
    (
        148_753,
        "the ledger forgot a deletion with the storage of who had deleted",
    ),
    (
        161_535,
        "a setting was refused for good though its person was queued",
    ),
    (
        169_361,
        "the second of two answers in two tabs undid the first",
    ),
    (
        180_749,
        "a pause that the server asked for was taken for being stuck",
    ),
    (
        181_883,
        "the ledger forgot a deletion with the storage of who had deleted",
    ),
    (
        310_411,
        "an edit of a person whom another tab had just queued was refused for good",
    ),
    (
        318_655,
        "an answer that came late brought a deleted and forgotten row back",
    ),
    (
        327_008,
        "an edit of a person whom another tab had just queued was refused for good",
    ),
    (
        7_399,
        "a clock set back while the next wake was told made a minute of a second",
    ),
    (83_801, "the same, on a device that had just begun"),
    (
        353_682,
        "a pause that the server asked for after the storm was taken for being stuck",
    ),
    (
        357_278,
        "a second answer made somebody who was sent as new one with another",
    ),
    (
        1_012_601,
        "two tabs queued what was lost, and an edit got before its person",
    ),
    (
        1_013_992,
        "settings that chose a person whom the device never met were refused for good",
    ),
    (
        1_268_819,
        "an answer that was taken was told as failed, and nothing set a sync off",
    ),
    (
        1_058_196,
        "a tab that was pulling while another got the answer held the question for a minute",
    ),
    (
        1_280_843,
        "a pause that the server asked for, slept through a jump of the clock, was taken for being stuck",
    ),
    (
        1_139_279,
        "the row that had been made anew was asked of an answer from when it was forgotten",
    ),
    (
        5_028_418,
        "an offer of what the row said already made a deletion that knew it a concurrent one",
    ),
    (
        10_022_804,
        "the same, of a deletion that another device had offered",
    ),
    (
        10_041_418,
        "the same, of a device's own edit that came late",
    ),
    (
        20_055_068,
        "a page that was broken off at the sign-in erased the account without naming it",
    ),
    (
        20_103_011,
        "a question was answered in a tab that died, and the other tab did not sync",
    ),
    (
        20_138_498,
        "a failure noted by a clock that had jumped ended another tab's wish, which the checker did not know",
    ),
    (
        20_143_420,
        "the end of the account that was signed in was taken for the end of the page's own",
    ),
    (
        30_481_137,
        "what another tab sent while everything was pulled anew seemed forgotten, and its deletion was lost",
    ),
    (
        30_509_979,
        "an edit that names another person overtook one that waited for its person",
    ),
    (
        30_824_998,
        "rows whose person never came were taken over without anybody",
    ),
    (
        30_888_884,
        "what another tab sent while everything was pulled anew seemed forgotten, and its edit was lost",
    ),
    (
        30_937_964,
        "a whole row took the place of an edit that the server had not seen",
    ),
];

#[test]
fn seeds_that_once_broke_an_invariant_hold() {
    for (seed, found) in FOUND {
        let outcome = run_seed(seed, &Options::default());
        assert_eq!(outcome.violation, None, "seed {seed}: {found}");
    }
}

/// Seeds of 30 days.
const FOUND_IN_LONG_RUNS: [(u64, &str); 5] = [
    (
        1204,
        "a server of tiny batches was taken for a stuck device",
    ),
    (1269, "a server of tiny pages was taken for a stuck device"),
    (
        1306,
        "what was rightly parked was judged by a row that came later",
    ),
    (
        1348,
        "what was rightly parked was judged by a resync that came later",
    ),
    (
        5_001_310,
        "a deletion that the backup had was to fall to an offer of the life before",
    ),
];

#[test]
fn long_seeds_that_once_broke_an_invariant_hold() {
    let options = Options {
        days: Some(30),
        ..Options::default()
    };
    for (seed, found) in FOUND_IN_LONG_RUNS {
        let outcome = run_seed(seed, &options);
        assert_eq!(outcome.violation, None, "seed {seed}: {found}");
    }
}

/// Every sixteenth seed is one of a run with sign-in.
#[test]
fn signing_in_and_out_loses_nothing_and_gives_nothing_to_another() {
    let counts = FaultCounts::default();
    for seed in (0..60).map(|run| 16 * run + 6) {
        let outcome = run_seed(seed, &Options::default());
        assert_eq!(outcome.violation, None, "seed {seed}");
        counts.add(&outcome.counts);
    }
    for fault in [
        Fault::TokenOver,
        Fault::RenewalLost,
        Fault::DeviceRevoked,
        Fault::SomebodyElse,
        Fault::SignedOutUnsent,
        Fault::SignedInAgain,
        Fault::SecondAccount,
        Fault::AdoptedOntoFull,
        Fault::Recovered,
        Fault::LeftPage,
    ] {
        assert!(counts.of(fault) > 0, "{} was never met", fault.text());
    }
}

/// Seeds through the real router.
const FOUND_DEEP: [(u64, &str); 3] = [
    (
        2_000_119,
        "the first change after a restore, one without a row, counted as received in 1970",
    ),
    (
        2_001_736,
        "a failure noted by a clock that jumped meanwhile ended another tab's wish",
    ),
    (
        2_003_159,
        "an account younger than the restored backup could not be pulled by time",
    ),
];

#[test]
fn deep_seeds_that_once_broke_an_invariant_hold() {
    let options = Options {
        depth: Depth::Deep,
        ..Options::default()
    };
    for (seed, found) in FOUND_DEEP {
        let outcome = run_seed(seed, &options);
        assert_eq!(outcome.violation, None, "seed {seed}: {found}");
    }
}

#[test]
fn the_same_seed_takes_the_same_course_at_both_depths() {
    for depth in [Depth::Fast, Depth::Deep] {
        let options = Options {
            depth,
            ..Options::default()
        };
        for seed in [1, 2, 113_000] {
            let hashes = [(); 2].map(|()| run_seed(seed, &options).hash);
            assert_eq!(hashes[0], hashes[1], "{depth:?} {seed}");
        }
    }
}

/// Every account fault's rule has a bug that breaks it.
#[test]
fn bugs_of_households_are_caught() {
    for bug in [
        Bug::AccountUnnamed,
        Bug::OneDatabaseForAll,
        Bug::SignOutForgets,
        Bug::MoveForgets,
        Bug::ErasedIsNotKept,
        Bug::RecoveryKeepsSessions,
    ] {
        let options = Options {
            bug: Some(bug),
            ..Options::default()
        };
        let mut seeds = (0..60).map(|run| 16 * run + 6);
        let caught = seeds.any(|seed| run_seed(seed, &options).violation.is_some());
        assert!(caught, "{}", bug.text());
    }
}

#[test]
fn sown_bugs_are_caught() {
    for bug in [
        Bug::AcknowledgeBeforeComplete,
        Bug::DropOnFailure,
        Bug::LockLeaks,
        Bug::CursorOffByOne,
    ] {
        let options = Options {
            bug: Some(bug),
            ..Options::default()
        };
        let caught = (1..=30).any(|seed| run_seed(seed, &options).violation.is_some());
        assert!(caught, "{}", bug.text());
    }
}
