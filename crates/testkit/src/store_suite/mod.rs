//! The suite of the `Store` port: what every adapter must do, case by case.
//!
//! A case is an async function over a [`StoreFactory`]; `store_cases!` names them all, so that each home
//! makes a test of its own of every case: natively over the store in memory, in a page and in a service
//! worker over IndexedDB. Cases must not know which store they are given.
#![expect(
    async_fn_in_trait,
    reason = "stores live in single-threaded homes, as the port says"
)]
#![expect(
    clippy::unwrap_used,
    reason = "a case is a test: it panics when the store is wrong"
)]

pub mod bulk;
pub mod edits;
mod given;
pub mod history;
pub mod imports;
pub mod packing;
pub mod people;
pub mod plain;
pub mod pulls;
pub mod settling;
pub mod state;

use tidemark_engine::Store;

/// One database, and any number of handles on it. Each case gets one of its own, empty at first.
pub trait StoreFactory {
    /// The store under test.
    type Store: Store;

    /// A further handle on the database, as another tab has one.
    async fn open(&self) -> Self::Store;
}

/// Calls the macro `$expand` with the names of all cases, by file.
#[macro_export]
macro_rules! store_cases {
    ($expand:ident) => {
        $expand! {
            edits {
                entries_get_the_next_numbers_of_the_queue
                an_edit_stored_twice_stays_as_it_was
                the_outbox_comes_in_the_order_of_the_queue
                a_long_queue_comes_whole_and_in_order
                an_entry_keeps_all_that_it_says
                numbers_go_on_behind_the_newest_entry
                a_handle_opened_later_sees_all_that_was_committed
                two_handles_number_one_queue
            }
            plain {
                a_plain_edit_gets_the_next_number_of_the_queue
                plain_edits_and_others_stand_as_they_came
                a_plain_edit_stored_twice_stays_as_it_was
                a_plain_edit_of_somebody_unknown_is_not_stored
                a_person_who_is_still_to_be_made_is_known
                a_plain_edit_of_a_refused_record_is_not_stored
                a_plain_edit_of_nobody_is_not_stored_for_an_account
                a_plain_edit_is_not_stored_before_the_store_knows_its_device
                a_plain_edit_above_the_limit_is_not_stored
            }
            packing {
                nothing_is_packed_up_to_the_limit
                the_entry_above_the_limit_packs_the_oldest
                packed_edits_of_one_record_become_one_row
                a_packed_deletion_of_a_bulk_row_leaves_no_row
                with_an_account_nothing_is_packed
                what_was_ever_sent_is_not_packed
            }
            bulk {
                rows_in_bulk_wait_in_pages_behind_one_entry
                bulk_leaves_rows_alone_that_are_there_already
                bulk_twice_is_bulk_once
                unsent_rows_come_up_to_the_limit
                unsent_rows_come_of_the_named_months_alone
                an_unsent_row_that_the_server_takes_no_longer_waits
            }
            settling {
                rows_come_and_entries_go_together
                what_a_lost_life_did_settles_nothing
                attempts_in_vain_are_counted
                a_parked_entry_waits_until_it_is_resumed
                an_entry_that_is_done_and_added_goes_to_the_end
                a_refused_bulk_row_waits_as_an_entry_instead
                people_and_app_model_come_with_their_answers
                conflicts_are_kept_and_read_newest_first
                a_conflict_told_anew_is_replaced_and_one_forgotten_is_gone
                a_settlement_of_entries_that_are_gone_changes_nothing
                the_same_settlement_twice_leaves_one_conflict
            }
            pulls {
                rows_and_cursor_are_stored_together
                a_pull_that_began_elsewhere_stores_nothing
                only_a_higher_version_replaces_a_row
                a_deleted_row_goes_and_can_come_back
                a_row_that_changes_its_month_is_in_one_page_only
                a_pull_leaves_the_outbox_alone
                people_have_a_feed_of_their_own
                the_head_counts_only_at_the_end_of_a_feed
                a_new_generation_keeps_only_what_is_unsent_of_the_old
                a_new_generation_replaces_people_and_cursors
                two_handles_merge_into_the_same_pages
                a_healed_month_is_as_the_server_holds_it
                a_month_that_is_gone_comes_back
                healing_from_another_cursor_stores_nothing
            }
            people {
                an_adopted_person_takes_over_entries_and_rows
                adopting_twice_changes_nothing_more
            }
            history {
                pages_come_newest_month_first
                a_window_ends_with_the_page_that_fills_it
                a_history_shows_one_person_only
                every_field_of_a_row_survives
                all_pages_of_everybody_are_read
                a_history_of_decades_comes_whole
            }
            imports {
                notes_come_newest_first_and_are_replaced_by_name
                only_the_newest_notes_are_kept
                a_note_that_is_forgotten_is_gone
            }
            state {
                a_device_keeps_the_id_that_it_first_made
                changes_add_up_and_are_answered
                the_first_owner_stays
                a_change_before_the_first_load_is_refused
                the_sync_log_is_read_newest_first
                the_sync_log_keeps_its_newest_thousand_lines
            }
        }
    };
}

#[cfg(test)]
mod tests {
    //! The suite over the store in memory.

    use super::StoreFactory;
    use crate::MemoryStore;
    use crate::fakes::run;

    #[derive(Default)]
    struct Memory(MemoryStore);

    impl StoreFactory for Memory {
        type Store = MemoryStore;

        async fn open(&self) -> MemoryStore {
            self.0.clone()
        }
    }

    macro_rules! as_tests {
        ($($file:ident { $($case:ident)* })*) => {
            $(mod $file {
                $(#[test]
                fn $case() {
                    super::run(super::super::$file::$case(&super::Memory::default()));
                })*
            })*
        };
    }

    store_cases!(as_tests);
}
