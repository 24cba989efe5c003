//! Lanes: what goes before what, and what holds back what.

use std::collections::BTreeSet;
use tidemark_engine::outbox::{EntryDraft, EntryKind, LastError, OutboxEntry, bulk_payload};
use tidemark_engine::page::PageKey;
use tidemark_engine::planner::{Plan, plan};
use tidemark_protocol::{AccountId, EntityId, OpId};
use tidemark_testkit::samples;

fn me() -> AccountId {
    AccountId(uuid::Uuid::from_u128(1))
}

fn entry(seq: u64, kind: EntryKind, record: u128, payload: &str) -> OutboxEntry {
    let id = samples::entity(record);
    samples::draft(u128::from(seq), kind, id, payload.to_owned(), 0).into_entry(seq)
}

fn of_person(person: u128) -> String {
    format!(r#"{{"user_id":"{}"}}"#, samples::entity(person))
}

fn ops(entries: &[&OutboxEntry]) -> Vec<u64> {
    entries.iter().map(|entry| entry.seq).collect()
}

fn planned(outbox: &[OutboxEntry]) -> Plan<'_> {
    plan(outbox, me(), &BTreeSet::new())
}

#[test]
fn a_parked_edit_holds_back_only_its_own_record() {
    use EntryKind::{DeleteMetric, UpdateAppModel, UpdateUser, UpsertMetric};
    let mut outbox = vec![
        entry(1, UpsertMetric, 1, "{}"),
        entry(2, UpsertMetric, 2, "{}"),
        entry(3, DeleteMetric, 1, "{}"),
        // The same id as the parked metric's, but another kind of record.
        entry(4, UpdateUser, 1, "{}"),
        entry(5, UpdateAppModel, 0, "{}"),
    ];
    outbox[0].parked = true;
    let plan = planned(&outbox);
    assert_eq!(ops(&plan.edits), [2]);
    assert_eq!(ops(&plan.calls), [4, 5]);
}

#[test]
fn metrics_wait_for_a_person_that_the_server_does_not_have_yet_even_a_refused_one() {
    use EntryKind::{Bulk, CreateUser, UpdateUser, UpsertMetric};
    let pages = [7, 8].map(|person| PageKey {
        user: samples::entity(person),
        month: 202_602,
    });
    for is_parked in [false, true] {
        let mut outbox = vec![
            entry(1, CreateUser, 7, "{}"),
            entry(2, UpsertMetric, 1, &of_person(7)),
            entry(3, UpsertMetric, 2, &of_person(8)),
            entry(4, Bulk, 0, &bulk_payload(&pages)),
        ];
        outbox[0].parked = is_parked;
        let plan = planned(&outbox);
        assert_eq!(ops(&plan.edits), [3]);
        assert_eq!(plan.bulk_pages().ready, [pages[1]]);
        assert!(!plan.bulk_pages().is_all, "the marker is not done");
    }
    // A refused description of a person whom the server has holds back nothing but itself.
    let mut outbox = vec![
        entry(1, UpdateUser, 7, "{}"),
        entry(2, UpsertMetric, 1, &of_person(7)),
    ];
    outbox[0].parked = true;
    assert_eq!(ops(&planned(&outbox).edits), [2]);
}

#[test]
fn an_edit_that_names_another_person_does_not_overtake_one_that_waits_for_its_person() {
    // A page that did not know yet that its person had become another one took a deletion back: that went first, and the
    // deletion came behind it.
    use EntryKind::{CreateUser, DeleteMetric, UpsertMetric};
    let outbox = [
        entry(1, CreateUser, 7, "{}"),
        entry(2, UpsertMetric, 1, &of_person(7)),
        entry(3, DeleteMetric, 1, &of_person(7)),
        entry(4, UpsertMetric, 1, &of_person(8)),
    ];
    let plan = planned(&outbox);
    assert_eq!(ops(&plan.calls), [1]);
    assert!(plan.edits.is_empty());
    assert_eq!(ops(&planned(&outbox[1..]).edits), [2, 3, 4]);
}

#[test]
fn records_that_failed_less_often_go_first_and_keep_their_own_order() {
    use EntryKind::UpsertMetric;
    let mut outbox = vec![
        entry(1, UpsertMetric, 1, "{}"),
        entry(2, UpsertMetric, 2, "{}"),
        entry(3, UpsertMetric, 1, "{}"),
        entry(4, UpsertMetric, 3, "{}"),
    ];
    outbox[0].retry_count = 3;
    outbox[3].retry_count = 1;
    // The third is newer and never failed, but it is about the record of the first.
    assert_eq!(ops(&planned(&outbox).edits), [2, 4, 1, 3]);
}

#[test]
fn people_go_before_metrics_unless_they_failed_more_often() {
    use EntryKind::{UpdateUser, UpsertMetric};
    let mut outbox = vec![
        entry(1, UpsertMetric, 1, "{}"),
        entry(2, UpdateUser, 7, "{}"),
    ];
    assert_eq!(planned(&outbox).first_call().map(|call| call.seq), Some(2));
    outbox[1].retry_count = 1;
    assert_eq!(planned(&outbox).first_call(), None);
    outbox[0].retry_count = 1;
    assert_eq!(planned(&outbox).first_call().map(|call| call.seq), Some(2));
}

#[test]
fn a_setting_that_chooses_a_person_waits_until_the_server_has_them() {
    // What used to happen: the call that makes the person failed once, the setting went before it as the one
    // that had failed less often, and was refused for good.
    use EntryKind::{CreateUser, UpdateAppModel};
    let chooses = format!("{{\"active_user\":\"{}\"}}", samples::entity(7));
    let mut outbox = vec![
        entry(1, CreateUser, 7, "{}"),
        entry(2, UpdateAppModel, 0, &chooses),
        entry(3, UpdateAppModel, 0, "{}"),
    ];
    outbox[0].retry_count = 1;
    assert_eq!(ops(&planned(&outbox).calls), [1]);
    outbox.remove(0);
    assert_eq!(ops(&planned(&outbox).calls), [2, 3]);
}

#[test]
fn only_the_accounts_own_and_the_unowned_go() {
    let owners = [None, Some(me()), Some(AccountId(uuid::Uuid::from_u128(2)))];
    let outbox: Vec<OutboxEntry> = owners
        .into_iter()
        .zip(1..)
        .map(|(owner, seq)| OutboxEntry {
            owner,
            ..entry(seq, EntryKind::UpsertMetric, u128::from(seq), "{}")
        })
        .collect();
    assert_eq!(ops(&planned(&outbox).edits), [1, 2]);
}

#[test]
fn what_can_not_be_read_is_told_apart() {
    use EntryKind::{Bulk, UpdateUser, UpsertMetric};
    let outbox = vec![
        entry(1, UpsertMetric, 1, "{"),
        entry(2, UpdateUser, 2, "[]"),
        entry(3, Bulk, 0, "{}"),
        entry(4, UpsertMetric, 4, "{}"),
    ];
    let plan = planned(&outbox);
    assert_eq!(ops(&plan.unreadable), [1, 2, 3]);
    assert_eq!(ops(&plan.edits), [4]);

    let parked: Vec<OutboxEntry> = outbox
        .iter()
        .map(|entry| OutboxEntry {
            parked: true,
            ..entry.clone()
        })
        .collect();
    assert_eq!(
        planned(&parked).unreadable,
        Vec::<&OutboxEntry>::new(),
        "once is enough"
    );
}

#[test]
fn a_lane_that_is_put_off_is_left_out() {
    let outbox = vec![
        entry(1, EntryKind::UpsertMetric, 1, "{}"),
        entry(2, EntryKind::UpsertMetric, 2, "{}"),
    ];
    let put_off = BTreeSet::from([outbox[0].lane()]);
    assert_eq!(ops(&plan(&outbox, me(), &put_off).edits), [2]);
}

#[test]
fn an_entry_that_is_queued_again_says_what_it_said() {
    let first = EntryDraft {
        parked: Some(LastError::plain("invalid_field")),
        ..samples::draft(
            1,
            EntryKind::UpsertMetric,
            EntityId(uuid::Uuid::nil()),
            "{}".to_owned(),
            4,
        )
    };
    let stored = first.clone().into_entry(9);
    assert_eq!(stored.to_draft(), first);
    assert_eq!(stored.op_id, OpId(samples::op(1).0));
}

#[test]
fn what_stays_in_the_outbox_keeps_the_later_edits_of_its_record_there() {
    let outbox: Vec<OutboxEntry> = (1..=200)
        .map(|seq| {
            let record = if seq <= 2 { 1 } else { u128::from(seq) };
            let mut entry = entry(seq, EntryKind::UpsertMetric, record, "{}");
            entry.parked = seq == 1;
            entry
        })
        .collect();
    let chosen = tidemark_engine::packing::choose(&outbox);
    assert_eq!(chosen.packed.first(), Some(&outbox[2].op_id));
    assert!(!chosen.records.contains(&samples::entity(1)));
}
