//! One test for each app: its fixture, row by row.

use crate::common::{check, fixture, read_with};
use tidemark_domain::length::Millimetres;
use tidemark_domain::mass::MassUnit::{Kilogram, Pound};
use tidemark_formats::{Format, ImportError, Options};
use tidemark_protocol::Gender;

#[test]
fn openscale_takes_zero_for_not_measured_and_noon_for_no_time() {
    check(
        "openscale-old.csv",
        Kilogram,
        &[
            "2021-04-18T09:51:00.000Z +120 77350",
            "2021-04-19T05:02:00.000Z +120 76900 \"after \\\"the\\\" run,\\nslow\"",
            "! line 6 DateUnreadable",
            "without weight 1",
        ],
    );
    check(
        "openscale.csv",
        Kilogram,
        &[
            "2026-03-16T06:09:12.345Z +60 78500 bmi2460",
            "2026-03-15T11:00:00.000Z +60 78700 \"no time\"",
            "! line 6 WeightOutOfRange",
            "without weight 2",
        ],
    );
}

#[test]
fn libra_rows_at_midnight_go_where_the_day_has_the_real_time() {
    check(
        "libra-v6.csv",
        Kilogram,
        &[
            "2018-01-19T17:53:00.000Z +60 61500 \"first\"",
            "2018-01-20T06:10:00.000Z +60 61800",
            "2018-01-20T23:00:00.000Z +60 61400 \"only at midnight\"",
            "twice 1",
        ],
    );
}

#[test]
fn libra_states_its_unit_and_older_files_are_local() {
    check(
        "libra-v5.csv",
        Kilogram,
        &[
            "2016-05-01T05:30:00.000Z +120 81737",
            "2016-05-02T05:31:00.000Z +120 81556 \"comma\"",
        ],
    );
    check(
        "libra-2026.csv",
        Kilogram,
        &["2026-02-01T04:30:00.000Z +180 79379"],
    );
}

#[test]
fn withings_is_read_in_any_language_by_the_units_in_its_header() {
    check(
        "withings.csv",
        Pound,
        &[
            "2026-02-20T06:22:33.000Z +60 78200",
            "2026-02-19T06:20:01.000Z +60 78460 \"feeling, fine\"",
        ],
    );
    check(
        "withings-fr-lb.csv",
        Kilogram,
        &["2026-02-20T06:22:33.000Z +60 78199 \"été\""],
    );
}

#[test]
fn fitbit_reads_only_the_body_part() {
    check(
        "fitbit.csv",
        Pound,
        &[
            "2018-03-01T11:00:00.000Z +60 78199 bmi2490",
            "without weight 1",
        ],
    );
}

#[test]
fn fitbit_archive_puts_the_month_first() {
    check(
        "fitbit.json",
        Pound,
        &[
            "2018-12-31T22:59:59.000Z +60 78199 bmi2487",
            "2019-01-02T06:00:00.000Z +60 77927 bmi2478",
            "! line 16 WeightUnreadable",
        ],
    );
}

#[test]
fn garmin_dates_hold_for_the_rows_below_them() {
    check(
        "garmin.csv",
        Pound,
        &[
            "2026-07-18T06:28:00.000Z +120 80000 bmi2500",
            "2026-07-18T16:10:00.000Z +120 80400",
            "2026-07-16T22:05:00.000Z +120 79500 bmi2480",
            "without weight 1",
        ],
    );
    check(
        "garmin-de.csv",
        Pound,
        &[
            "2026-03-03T07:28:00.000Z +60 80400 bmi2500",
            "2026-02-28T19:28:00.000Z +60 80014",
        ],
    );
}

#[test]
fn apple_health_takes_each_weigh_in_once_whichever_app_told_it() {
    check(
        "apple.xml",
        Pound,
        &[
            "2026-05-01T05:00:00.000Z +120 84200",
            "2026-05-02T05:00:00.000Z +120 84096",
            "! line 18 WeightOutOfRange",
            "twice 1",
        ],
    );
}

#[test]
fn google_fit_gives_the_average_of_a_day_at_noon() {
    check(
        "google-fit.csv",
        Pound,
        &[
            "2019-01-01T11:00:00.000Z +60 77350",
            "2019-01-03T11:00:00.000Z +60 77100",
            "without weight 1",
        ],
    );
}

#[test]
fn samsung_times_are_utc_with_an_offset_beside() {
    check(
        "samsung.csv",
        Pound,
        &[
            "2026-01-05T22:40:00.000Z +120 79400 1780mm",
            "2026-01-06T05:10:00.000Z +120 79100 1780mm",
            "twice 1",
        ],
    );
}

#[test]
fn trendweight_gives_no_interpolated_days() {
    check(
        "trendweight.csv",
        Kilogram,
        &[
            "2024-02-29T06:12:00.000Z +60 78400",
            "2024-03-01T06:10:00.000Z +60 78200",
        ],
    );
    check(
        "trendweight-computed.csv",
        Pound,
        &[
            "2024-02-28T11:00:00.000Z +60 78199",
            "2024-03-01T11:00:00.000Z +60 77836",
            "without weight 1",
        ],
    );
}

#[test]
fn hackers_diet_passes_over_people_and_trends() {
    check(
        "hackers-diet.csv",
        Kilogram,
        &[
            "2007-08-01T10:00:00.000Z +120 78199 \"España\"",
            "2007-09-01T10:00:00.000Z +120 77746 \"a, b\"",
            "without weight 1",
        ],
    );
}

#[test]
fn wger_and_trale_are_a_time_and_a_weight() {
    check(
        "wger.csv",
        Kilogram,
        &[
            "2025-11-30T11:00:00.000Z +60 82500",
            "2025-12-01T11:00:00.000Z +60 82300",
        ],
    );
    check(
        "trale.txt",
        Pound,
        &[
            "2023-01-06T06:12:00.000Z +60 80500",
            "2023-01-05T06:15:30.500Z +60 80850",
        ],
    );
}

#[test]
fn a_table_of_nobody_we_know_is_read_by_its_headers() {
    check(
        "table-tr.csv",
        Pound,
        &[
            "2026-02-20T09:22:00.000Z +60 78200 1783mm bmi2460 \"kahvaltıdan önce\"",
            "2026-02-21T09:25:00.000Z +60 78000 1783mm bmi3000",
            "! line 4 WeightUnreadable",
            "other bmi 1",
        ],
    );
    check(
        "happy-scale.csv",
        Kilogram,
        &[
            "2024-02-03T06:15:00.000Z +60 82191",
            "2024-02-14T18:15:00.000Z +60 81828",
        ],
    );
}

#[test]
fn body_metrics_gives_people_settings_and_every_row_with_its_person() {
    let finished = read_with(&fixture("body_metrics.db"), Options::default()).unwrap();
    let lines = crate::common::describe(&finished);
    assert_eq!(
        lines[0],
        "2026-01-01T11:00:00.000Z +60 78200 1780mm bmi2470 of1"
    );
    assert_eq!(
        lines[1],
        "2026-01-02T06:01:00.123Z +60 78300 1780mm bmi2480 of2"
    );
    assert_eq!(lines[60], "2026-03-02T11:00:00.000Z +60 81000 1780mm of1");
    assert_eq!(
        lines[61..],
        [
            "! line 61 DateUnreadable",
            "without weight 1",
            "other bmi 58"
        ]
    );
    assert!(
        finished.rejected[0].raw.contains("date=31-02-2026"),
        "{:?}",
        finished.rejected
    );
    let people: Vec<_> = finished
        .people
        .iter()
        .map(|person| {
            (
                person.number,
                person.name.as_deref(),
                person.gender,
                person.birth_date.as_deref(),
            )
        })
        .collect();
    assert_eq!(
        people,
        [
            (1, Some("Ada"), Some(Gender::Female), Some("1990-04-05")),
            (2, Some("Can"), Some(Gender::Male), Some("1988-12-31"))
        ]
    );
    assert_eq!(finished.people[0].height.map(Millimetres::get), Some(1_650));
    let app = finished.app.unwrap();
    assert_eq!(
        (app.active_person, app.is_complete_onboard),
        (Some(2), Some(true))
    );
    assert_eq!(finished.report.format, Some(Format::BodyMetrics));
}

#[test]
fn body_metrics_of_an_early_version_lacks_columns_and_tables() {
    check(
        "body_metrics-early.db",
        Pound,
        &["2026-02-20T11:00:00.000Z +60 78250"],
    );
}

#[test]
fn a_database_of_another_app_is_named_so() {
    let mut bytes = fixture("body_metrics-early.db");
    let name: Vec<u8> = "user_metrics"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let at = bytes
        .windows(name.len())
        .position(|window| window == name)
        .unwrap();
    bytes[at] = b'v';
    // The schema names the table twice: as name and as the table that it belongs to; the first one counts.
    assert_eq!(
        read_with(&bytes, Options::default()),
        Err(ImportError::NotBodyMetrics)
    );
}

#[test]
fn a_database_with_a_second_file_says_that_the_newest_rows_may_be_missing() {
    let mut bytes = fixture("body_metrics.db");
    assert!(
        !read_with(&bytes, Options::default())
            .unwrap()
            .report
            .may_lack_newest
    );
    bytes[18..20].fill(2);
    assert!(
        read_with(&bytes, Options::default())
            .unwrap()
            .report
            .may_lack_newest
    );
}

#[test]
fn long_texts_of_a_database_go_on_in_other_pages() {
    let finished = read_with(&fixture("body_metrics.db"), Options::default()).unwrap();
    let seventh = crate::common::line_of(&finished.rows[7]);
    assert_eq!(
        seventh,
        "2026-01-08T06:07:00.123Z +60 78900 1780mm bmi2540 of2"
    );
}
