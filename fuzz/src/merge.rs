//! The merge rule: any story of three devices on one metric.

use arbitrary::{Arbitrary, Unstructured};
use tidemark_domain::length::Millimetres;
use tidemark_domain::mass::Grams;
use tidemark_protocol::merge::{MetricOutcome, Receipt, Stored, merge_metric};
use tidemark_protocol::validate::MetricEvent;
use tidemark_protocol::{DeviceId, EventStatus, EventType, Metric, MetricPatch, Patch, Timestamp};
use tidemark_testkit::samples;

const DEVICES: [&str; 3] = ["a", "b", "c"];

#[derive(Arbitrary, Clone, Debug)]
struct Step {
    by: u8,
    is_delete: bool,
    base: Option<u8>,
    updated_at: Option<i16>,
    weight: Option<u16>,
    height: Field,
    note: Field,
    offset: Field,
    is_restore: bool,
    lost_version: Option<u8>,
    clock_error: i16,
    created_at: Option<i16>,
}

#[derive(Arbitrary, Clone, Copy, Debug)]
enum Field {
    Keep,
    Clear,
    Set(u8),
}

impl Field {
    fn patch<T>(self, make: impl Fn(u8) -> T) -> Patch<T> {
        match self {
            Self::Keep => Patch::Keep,
            Self::Clear => Patch::Clear,
            Self::Set(value) => Patch::Set(make(value)),
        }
    }
}

/// The counter of a restored server begins above every version of its lost life.
const FIRST_VERSION: u64 = 300;

/// Plays the story and checks the laws at each step.
pub fn run(data: &[u8]) {
    let Ok(steps) = Vec::<Step>::arbitrary(&mut Unstructured::new(data)) else {
        return;
    };
    let mut current: Option<Stored<Metric>> = None;
    let mut version = FIRST_VERSION;
    let is_alone = steps.iter().all(|step| step.by % 3 == 0);
    for (number, step) in steps.iter().take(64).enumerate() {
        let device = DeviceId::parse(DEVICES[usize::from(step.by % 3)]).expect("a device's name");
        let now = samples::NOON.plus_millis(i64::try_from(number).unwrap_or(0) * 1000);
        let receipt = Receipt {
            device: &device,
            received_at: now,
            sent_at: Some(now.plus_millis(i64::from(step.clock_error))),
            next_version: version + 1,
        };
        let event = event(step, now);
        let user = Some((samples::person(), 1));
        let Ok(outcome) =
            merge_metric(current.as_ref(), samples::entity(1), user, &event, &receipt)
        else {
            continue;
        };
        check(current.as_ref(), &event, &outcome, version);
        assert!(
            !(is_alone && outcome.conflict && step.lost_version.is_none()),
            "a device in conflict with itself"
        );
        version += u64::from(outcome.changed);
        current = outcome.stored.or(current);
    }
}

fn event(step: &Step, now: Timestamp) -> MetricEvent {
    let moment = |offset: i16| now.plus_millis(i64::from(offset) * 100);
    let patch = MetricPatch {
        weight: step
            .weight
            .and_then(|weight| Grams::new(20_000 + u32::from(weight)).ok()),
        height: step
            .height
            .patch(|height| Millimetres::new(1_000 + u32::from(height)).expect("in range")),
        note: step.note.patch(|note| note.to_string()),
        utc_offset: step.offset.patch(i16::from),
        updated_at: step.updated_at.map(moment),
        created_at: step.created_at.map(moment),
        deleted_at: if step.is_restore {
            Patch::Clear
        } else {
            Patch::Keep
        },
        lost_version: step.lost_version.map(u64::from),
        ..MetricPatch::default()
    };
    let (kind, patch) = if step.is_delete {
        let deletion = MetricPatch {
            updated_at: patch.updated_at,
            ..MetricPatch::default()
        };
        (EventType::DeleteMetric, deletion)
    } else {
        (EventType::UpsertMetric, patch)
    };
    MetricEvent {
        kind,
        base_version: step.base.map(base),
        user: None,
        patch,
    }
}

/// None yet, one of the lost life, or one of the last few versions.
fn base(choice: u8) -> u64 {
    match choice {
        0..=19 => u64::from(choice),
        _ => FIRST_VERSION - 20 + u64::from(choice),
    }
}

/// What holds for every event.
fn check(
    before: Option<&Stored<Metric>>,
    event: &MetricEvent,
    outcome: &MetricOutcome,
    version: u64,
) {
    let after = outcome.stored.as_ref().map(|stored| &stored.row);
    let Some(after) = after else {
        assert!(!outcome.changed && event.kind == EventType::DeleteMetric);
        return;
    };
    assert_eq!(
        after.version,
        version + u64::from(outcome.changed),
        "a change takes the next version, others none"
    );
    let Some(before) = before.map(|stored| &stored.row) else {
        return;
    };
    if !outcome.changed {
        assert_eq!(before, after, "what did not change is the same");
    }
    if outcome.status == EventStatus::Superseded {
        assert_eq!(before, after, "what was superseded changed nothing");
    }
    check_absent(&event.patch, before, after);
    check_newest(event, before, after, outcome.conflict);
    let kept = |field: &str| {
        outcome
            .history
            .iter()
            .any(|entry| entry.values.contains_key(field))
    };
    assert!(
        before.weight == after.weight || kept("weight"),
        "a weight is lost without a trace"
    );
    assert!(
        before.note == after.note || kept("note"),
        "a note is lost without a trace"
    );
}

/// What an edit does not say it does not change.
fn check_absent(patch: &MetricPatch, before: &Metric, after: &Metric) {
    assert!(
        patch.weight.is_some() || before.weight == after.weight,
        "an absent weight overwrites"
    );
    assert!(
        !patch.note.is_keep() || before.note == after.note,
        "an absent note overwrites"
    );
    assert!(
        !patch.height.is_keep() || before.height == after.height,
        "an absent height overwrites"
    );
}

/// An edit that knew the newest row wins, whatever the clocks say.
fn check_newest(event: &MetricEvent, before: &Metric, after: &Metric, has_conflict: bool) {
    let patch = &event.patch;
    let is_newest = event
        .base_version
        .is_some_and(|base| base >= before.version)
        && patch.lost_version.is_none();
    if is_newest && event.kind == EventType::UpsertMetric && before.deleted_at.is_none() {
        assert!(!has_conflict, "a causally newer edit conflicts");
        assert!(
            patch.weight.is_none_or(|weight| after.weight == weight),
            "a causally newer edit loses"
        );
    }
}
