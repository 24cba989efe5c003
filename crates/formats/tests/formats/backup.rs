//! The JSON backup: restoring is identity.

use crate::common::read_with;
use crate::export::metric;
use proptest::prelude::*;
use tidemark_domain::length::Millimetres;
use tidemark_domain::mass::Grams;
use tidemark_formats::{Backup, Options, Reason};
use tidemark_protocol::{AppModel, Gender, Goal, GoalKind, Metric, Theme, Timestamp, Units, User};

fn app_model(metrics: &[Metric]) -> AppModel {
    AppModel {
        active_user: metrics.first().map(|metric| metric.user_id),
        is_complete_onboard: Some(true),
        units: Some(Units::Stone),
        language: Some("tr".to_owned()),
        theme: Some(Theme::Dark),
        goal: Some(Goal {
            weight: Grams::new(70_000).unwrap(),
            kind: GoalKind::Keep,
        }),
        version: 9,
        updated_at: Some(Timestamp(1)),
    }
}

fn person(metric: &Metric) -> User {
    let mut user = User::new(metric.user_id, metric.created_at);
    user.name.clone_from(&metric.note);
    user.gender = Some(Gender::Other);
    user.height = metric.height.or(Millimetres::new(1_783).ok());
    user.birth_date = Some("1990-04-05".to_owned());
    user.deleted_at = metric.deleted_at;
    user.version = metric.version;
    user
}

proptest! {
    #[test]
    fn restoring_a_backup_gives_every_field_of_every_record(metrics in proptest::collection::vec(metric(), 0..12), now in 0_i64..9_999_999_999_999) {
        let backup = Backup {
            exported_at: Some(Timestamp(now)),
            people: metrics.iter().map(person).collect(),
            app_model: app_model(&metrics),
            metrics,
        };
        let text = backup.to_json();
        let finished = read_with(text.as_bytes(), Options::default()).unwrap();
        let restored = finished.backup.unwrap();
        prop_assert_eq!(&*restored, &backup);
        prop_assert_eq!(restored.to_json(), text);
    }
}

#[test]
fn a_measurement_that_cannot_be_read_costs_itself_and_no_other() {
    let text = "{\"format\":\"tidemark-backup\",\"version\":1,\"exported_at\":null,\"people\":[],\"app_model\":{},\"metrics\":[\n\
        {\"weight\":78},\n7\n]}";
    let finished = read_with(text.as_bytes(), Options::default()).unwrap();
    let refused: Vec<_> = finished
        .rejected
        .iter()
        .map(|rejected| (rejected.line, rejected.reason, rejected.raw.as_str()))
        .collect();
    assert_eq!(
        refused,
        [
            (2, Reason::Malformed, "{\"weight\":78}"),
            (3, Reason::Malformed, "7")
        ]
    );
    assert_eq!(finished.backup, Some(Box::default()));
}
