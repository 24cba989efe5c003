//! Tables with columns in any order: mapping, dates, weights, quotes.

use crate::common::{describe, line_of, read, read_with};
use tidemark_domain::mass::MassUnit;
use tidemark_formats::{DateOrder, Format, ImportError, Options, Reason, Role, detect};

/// What one cell of dates and one of weights give: the row, or why not.
fn cells(date: &str, weight: &str) -> Result<String, Reason> {
    let finished =
        read(format!("date;weight (kg)\n2020-12-31;70\n\"{date}\";\"{weight}\"\n").as_bytes())
            .unwrap();
    finished.rejected.first().map_or_else(
        || Ok(line_of(&finished.rows[1])),
        |rejected| Err(rejected.reason),
    )
}

#[test]
fn dates_are_read_as_apps_write_them() {
    let noon = |date: &str| format!("{date}T11:00:00.000Z +60 80000");
    let cases = [
        ("2026-02-20", noon("2026-02-20")),
        ("20260220", noon("2026-02-20")),
        ("2026/2/3", noon("2026-02-03")),
        ("20.02.2026", noon("2026-02-20")),
        ("20/02/26", noon("2026-02-20")),
        ("31-12-99", noon("1999-12-31")),
        ("Fri, 20 Feb 2026", noon("2026-02-20")),
        ("Feb 20, 2026", noon("2026-02-20")),
        ("20. Februar 2026", noon("2026-02-20")),
        ("20 Şubat 2026 Cuma", noon("2026-02-20")),
        ("20 févr. 2026", noon("2026-02-20")),
        ("mar. 3 déc. 2024", noon("2024-12-03")),
        (
            "2026-02-20 07:05",
            "2026-02-20T06:05:00.000Z +60 80000".to_owned(),
        ),
        (
            "2026-02-20T23:59:59.999",
            "2026-02-20T22:59:59.999Z +60 80000".to_owned(),
        ),
        ("2/20/2026", noon("2026-02-20")),
        (
            "03/04/2026",
            "2026-04-03T10:00:00.000Z +120 80000".to_owned(),
        ),
        (
            "20.02.2026 7:05 PM",
            "2026-02-20T18:05:00.000Z +60 80000".to_owned(),
        ),
        (
            "20.02.2026 12:05\u{202F}AM",
            "2026-02-19T23:05:00.000Z +60 80000".to_owned(),
        ),
        (
            "20.02.2026 07:05 ÖS",
            "2026-02-20T18:05:00.000Z +60 80000".to_owned(),
        ),
        (
            "2026-02-20 07:05:00 +0530",
            "2026-02-20T01:35:00.000Z +330 80000".to_owned(),
        ),
        (
            "2026-02-20T07:05:00-11:00",
            "2026-02-20T18:05:00.000Z -660 80000".to_owned(),
        ),
        (
            "2026-02-20T07:05:00+14:00",
            "2026-02-19T17:05:00.000Z +840 80000".to_owned(),
        ),
        (
            "2026-07-20T07:05:00Z",
            "2026-07-20T07:05:00.000Z +120 80000".to_owned(),
        ),
        (
            "1771568700",
            "2026-02-20T06:25:00.000Z +60 80000".to_owned(),
        ),
        (
            "1771568700123",
            "2026-02-20T06:25:00.123Z +60 80000".to_owned(),
        ),
        ("29.02.2024", noon("2024-02-29")),
        ("29.02.2023", "DateUnreadable".to_owned()),
        ("2026-02-20 24:05", "DateUnreadable".to_owned()),
        ("2026-02-20 13:05 PM", "DateUnreadable".to_owned()),
        ("1899-12-30", "DateOutOfRange".to_owned()),
        ("yesterday", "DateUnreadable".to_owned()),
        ("2026", "DateUnreadable".to_owned()),
        ("", "DateMissing".to_owned()),
    ];
    for (date, expected) in cases {
        let found = cells(date, "80").unwrap_or_else(|reason| format!("{reason:?}"));
        assert_eq!(found, expected, "{date}");
    }
}

#[test]
fn weights_are_read_with_point_or_comma_and_their_own_unit() {
    let cases = [
        ("93.5", Ok(93_500)),
        ("93,5", Ok(93_500)),
        ("77.3499984741211", Ok(77_350)),
        ("80.8499999999999999999999", Ok(80_850)),
        ("80.0 kg", Ok(80_000)),
        ("180 lb", Ok(81_647)),
        ("180,4 LBS", Ok(81_828)),
        ("12 st 8.2 lb", Ok(79_923)),
        ("12st8", Ok(79_832)),
        ("12.5 stone", Ok(79_379)),
        ("٨٠٫٥", Ok(80_500)),
        ("1,234.5", Err(Reason::WeightUnreadable)),
        ("1 234", Err(Reason::WeightUnreadable)),
        ("1.078,0", Err(Reason::WeightUnreadable)),
        ("-80", Err(Reason::WeightOutOfRange)),
        ("0", Err(Reason::WeightOutOfRange)),
        ("651", Err(Reason::WeightOutOfRange)),
        ("99999999999999999999", Err(Reason::WeightOutOfRange)),
        ("80 g", Err(Reason::WeightUnreadable)),
        ("80 kg 3", Err(Reason::WeightUnreadable)),
        ("eighty", Err(Reason::WeightUnreadable)),
        ("1e2", Err(Reason::WeightUnreadable)),
        ("inf", Err(Reason::WeightUnreadable)),
    ];
    for (weight, expected) in cases {
        let finished = read(format!("date;weight (kg)\n2026-02-20;{weight}\n").as_bytes()).unwrap();
        let found = finished
            .rows
            .first()
            .map(|row| row.weight.get())
            .ok_or_else(|| finished.rejected[0].reason);
        assert_eq!(found, expected, "{weight}");
    }
}

#[test]
fn pounds_read_the_same_as_when_they_are_typed() {
    for tenths in (44..=14_330).step_by(7) {
        let typed =
            tidemark_domain::mass::MassText::Pounds(format!("{}.{}", tenths / 10, tenths % 10));
        let table = format!(
            "date,weight (lb)\n2026-02-20,{}.{}\n",
            tenths / 10,
            tenths % 10
        );
        let finished = read(table.as_bytes()).unwrap();
        assert_eq!(finished.rows[0].weight, typed.parse().unwrap(), "{tenths}");
    }
}

#[test]
fn a_decimal_comma_between_commas_is_refused_not_cut() {
    let finished =
        read(b"date,weight kg\n2026-02-20,93,5\n2026-02-21,\"93,5\"\n2026-02-22,93.5,\n").unwrap();
    assert_eq!(
        describe(&finished),
        [
            "2026-02-21T11:00:00.000Z +60 93500",
            "2026-02-22T11:00:00.000Z +60 93500",
            "! line 2 TooManyColumns"
        ]
    );
    assert_eq!(finished.rejected[0].raw, "2026-02-20,93,5");
}

#[test]
fn an_open_quote_costs_one_line() {
    let finished = read(b"date,weight kg,note\n2026-02-20,78,\"five\n2026-02-21,79,six \"feet\"\n2026-02-22,80,\"x\n").unwrap();
    let expected = [
        "2026-02-21T11:00:00.000Z +60 79000 \"six \\\"feet\\\"\"",
        "! line 2 UnclosedQuote",
        "! line 4 UnclosedQuote",
    ];
    assert_eq!(describe(&finished), expected);

    let long = format!(
        "date,weight kg,note\n2026-02-20,78,\"five\n{}",
        "2026-02-21,79,\n".repeat(2_000)
    );
    let finished = read(long.as_bytes()).unwrap();
    assert_eq!(
        (finished.report.rows, finished.report.duplicates),
        (1, 1_999)
    );
    assert_eq!(
        (finished.rejected[0].line, finished.rejected[0].reason),
        (2, Reason::UnclosedQuote)
    );
}

#[test]
fn a_line_beyond_all_measure_is_refused_and_the_next_is_read() {
    let table = format!(
        "date,weight kg\n2026-02-20,{}\n2026-02-21,79\n",
        "7".repeat(100_000)
    );
    let finished = read(table.as_bytes()).unwrap();
    assert_eq!(
        describe(&finished),
        ["2026-02-21T11:00:00.000Z +60 79000", "! line 2 TooLong"]
    );
}

#[test]
fn the_callers_mapping_goes_before_the_guess() {
    let table = b"wann|wieviel|was\n03/04/2026|172.4|first\n";
    let mut mapping = detect(table).unwrap().table.unwrap().mapping;
    assert!(!mapping.is_complete());
    assert_eq!(read(table).err(), Some(ImportError::NeedsMapping));
    mapping.roles = vec![
        Role::DateTime,
        Role::Weight(Some(MassUnit::Pound)),
        Role::Note,
    ];
    for (order, expected) in [
        (DateOrder::DayMonth, "2026-04-03T10:00:00.000Z +120"),
        (DateOrder::MonthDay, "2026-03-04T11:00:00.000Z +60"),
    ] {
        mapping.date_order = Some(order);
        let options = Options {
            mapping: Some(mapping.clone()),
            unit: None,
        };
        let finished = read_with(table, options).unwrap();
        assert_eq!(describe(&finished), [format!("{expected} 78199 \"first\"")]);
    }
}

#[test]
fn the_order_of_day_and_month_is_told_only_by_a_date_that_shows_it() {
    let order = |dates: &str| {
        let table = format!("date,weight kg\n{}", dates.replace(' ', ",78\n") + ",78\n");
        detect(table.as_bytes())
            .unwrap()
            .table
            .unwrap()
            .mapping
            .date_order
    };
    assert_eq!(order("01/02/2026 02/03/2026"), None);
    assert_eq!(order("01/02/2026 13/03/2026"), Some(DateOrder::DayMonth));
    assert_eq!(order("01/02/2026 03/13/2026"), Some(DateOrder::MonthDay));
    assert_eq!(
        order("2026-02-01"),
        Some(DateOrder::DayMonth),
        "the year comes first, so nothing is open"
    );
    assert_eq!(order("01.02.2026"), Some(DateOrder::DayMonth));
}

#[test]
fn vti_is_the_bmi_and_a_wrong_one_is_counted() {
    let options = || Options {
        unit: Some(MassUnit::Kilogram),
        mapping: None,
    };
    let row = |vti: &str| {
        format!(
            "[{{\"date\": \"2026-02-20\", \"weight\": 78.2, \"height\": 1.783, \"vti\": {vti}}}]"
        )
    };
    let right = read_with(row("24.6").as_bytes(), options()).unwrap();
    assert_eq!(
        describe(&right),
        ["2026-02-20T11:00:00.000Z +60 78200 1783mm bmi2460"]
    );
    let wrong = read_with(row("30").as_bytes(), options()).unwrap();
    assert_eq!(wrong.report.bmi_mismatches, 1);
}

#[test]
fn a_table_without_header_is_read_by_its_content() {
    let finished = read(b"2026-02-20 07:10;x;78,2\n2026-02-21 07:11;y;78,0\n").unwrap();
    assert_eq!(
        describe(&finished),
        [
            "2026-02-20T06:10:00.000Z +60 78200",
            "2026-02-21T06:11:00.000Z +60 78000"
        ]
    );
}

#[test]
fn notes_are_kept_to_500_characters_and_heights_that_cannot_be_are_left_out() {
    let table = format!(
        "date,weight kg,height cm,note\n2026-02-20,78,17,{}\n",
        "ü".repeat(501)
    );
    let finished = read(table.as_bytes()).unwrap();
    assert_eq!(
        finished.rows[0]
            .note
            .as_ref()
            .map(|note| note.chars().count()),
        Some(500)
    );
    assert_eq!(
        (finished.report.notes_cut, finished.report.values_left_out),
        (1, 1)
    );
}

#[test]
fn an_app_stays_known_when_the_person_only_tells_the_order_of_its_dates() {
    let table = b"Body\nDate,Weight,BMI,Fat\n\"03-04-2026\",\"78.2\",\"24.6\",\"0\"\n";
    let mut mapping = detect(table).unwrap().table.unwrap().mapping;
    assert_eq!(mapping.date_order, None);
    mapping.date_order = Some(DateOrder::MonthDay);
    let options = Options {
        mapping: Some(mapping),
        unit: Some(MassUnit::Kilogram),
    };
    let finished = read_with(table, options).unwrap();
    assert_eq!(finished.report.format, Some(Format::FitbitCsv));
    assert_eq!(
        describe(&finished),
        ["2026-03-04T11:00:00.000Z +60 78200 bmi2460"]
    );
}
