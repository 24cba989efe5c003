//! The app model: what a fresh device may and may not set.

use crate::merge::{Edit, EditTime, Stamps, Stored, merge_app_model};
use crate::{AppModel, AppModelPatch, Patch, Theme, Timestamp, Units};

struct Model {
    stored: Stored<AppModel>,
}

impl Model {
    fn edit(
        &mut self,
        by: Option<&str>,
        base_version: Option<u64>,
        at: Option<i64>,
        patch: &AppModelPatch,
    ) -> bool {
        let by = by.map(super::device);
        let edit = Edit {
            patch,
            base_version,
            time: EditTime::normalised(at.map(Timestamp), Timestamp(super::NOW)),
            device: by.as_ref(),
            next_version: self.stored.row.version + 1,
            lost_version: None,
        };
        let outcome = merge_app_model(&self.stored, &edit);
        self.stored = outcome.stored;
        outcome.changed
    }

    fn look(&self) -> (Option<Units>, Option<Theme>) {
        (self.stored.row.units, self.stored.row.theme)
    }
}

fn units(units: Units) -> AppModelPatch {
    AppModelPatch {
        units: Patch::Set(units),
        ..AppModelPatch::default()
    }
}

fn theme(theme: Theme) -> AppModelPatch {
    AppModelPatch {
        theme: Patch::Set(theme),
        ..AppModelPatch::default()
    }
}

fn empty() -> Model {
    Model {
        stored: Stored {
            row: AppModel::default(),
            stamps: Stamps::default(),
        },
    }
}

#[test]
fn a_fresh_devices_defaults_fill_gaps_and_never_win() {
    let mut model = empty();
    assert!(model.edit(Some("a"), Some(0), Some(10), &units(Units::Stone)));
    let defaults = AppModelPatch {
        theme: Patch::Set(Theme::Dark),
        ..units(Units::Metric)
    };
    assert!(model.edit(Some("b"), Some(0), None, &defaults));
    assert_eq!(model.look(), (Some(Units::Stone), Some(Theme::Dark)));
    assert!(!model.edit(None, Some(0), None, &units(Units::Imperial)));
    assert!(!model.edit(
        Some("c"),
        Some(0),
        None,
        &AppModelPatch {
            units: Patch::Clear,
            ..units(Units::Metric)
        }
    ));
    assert_eq!(model.look(), (Some(Units::Stone), Some(Theme::Dark)));
}

#[test]
fn a_device_may_change_what_it_set_itself_before_its_first_answer() {
    let mut model = empty();
    model.edit(Some("a"), Some(0), Some(20), &theme(Theme::Dark));
    assert!(model.edit(Some("a"), Some(0), Some(10), &theme(Theme::Light)));
    assert_eq!(model.look().1, Some(Theme::Light));
}

#[test]
fn with_a_real_base_or_none_the_merge_rule_decides() {
    let mut model = empty();
    model.edit(Some("a"), None, Some(500), &theme(Theme::Dark));
    assert!(
        !model.edit(Some("b"), None, Some(400), &theme(Theme::Light)),
        "older"
    );
    assert!(
        model.edit(Some("b"), None, Some(600), &theme(Theme::Light)),
        "newer"
    );
    assert!(
        !model.edit(Some("a"), Some(1), Some(550), &theme(Theme::System)),
        "concurrent and older"
    );
    assert!(
        model.edit(Some("a"), Some(2), Some(1), &theme(Theme::System)),
        "causally newer"
    );
    assert_eq!(model.stored.row.version, 3);
    assert_eq!(model.stored.row.updated_at, Some(Timestamp(1)));
}

#[test]
fn an_unknown_device_is_nobodys_own() {
    let mut model = empty();
    model.edit(None, None, Some(500), &theme(Theme::Dark));
    assert!(!model.edit(None, None, Some(400), &theme(Theme::Light)));
    assert!(model.edit(None, None, None, &theme(Theme::Light)));
    assert!(
        model.edit(None, None, None, &theme(Theme::System)),
        "the later commit"
    );
}
