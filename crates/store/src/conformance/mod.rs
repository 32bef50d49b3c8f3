//! The suite that every backend runs: `recourse_store::conformance_tests!(fresh)` in a test file makes one Tokio test of each
//! function here. `fresh` is an async function that gives an empty store as `Arc<dyn Store>` and whatever has to live as long.

#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

pub mod cases;
pub mod registry;
pub mod sample;
pub mod uploads;

/// One test for each check of the suite.
#[macro_export]
macro_rules! conformance_tests {
    ($fresh:path) => {
        $crate::conformance_tests!(@each $fresh;
            registry::a_channel_keeps_its_newest_manifest,
            registry::a_replaced_manifest_is_accepted_for_its_days,
            registry::reviewers_are_replaced_and_their_sessions_end,
            registry::keyrings_are_by_reviewer_channel_group_and_epoch,
            registry::a_challenge_is_good_once_and_until_it_expires,
            registry::a_session_opens_ends_and_expires,
            registry::it_is_ready,
            uploads::chunks_of_every_size_add_up,
            uploads::an_upload_opens_by_its_token_only,
            uploads::a_chunk_in_the_wrong_place_is_refused_whole,
            uploads::two_chunks_at_one_offset_leave_one,
            uploads::uploads_expire_by_the_hour_and_claimed_bytes_stay,
            uploads::a_deleted_upload_is_gone,
            cases::a_case_comes_back_as_it_was_stored,
            cases::a_retry_is_answered_alike_and_another_request_conflicts,
            cases::concurrent_retries_make_one_case,
            cases::an_upload_is_claimed_once,
            cases::two_cases_race_for_one_upload_and_one_has_it,
            cases::bad_claims_store_nothing,
            cases::equal_attachments_of_two_cases_stay_apart,
            cases::attachments_are_read_in_ranges,
            cases::contradicting_parts_are_refused,
            cases::of_two_concurrent_appends_exactly_one_wins,
            cases::appends_carry_state_owner_and_evidence,
            cases::an_idempotency_key_holds_within_case_and_author,
            cases::a_full_case_takes_no_more,
            cases::due_dates_follow_the_state,
            cases::lists_are_in_order_and_filtered,
            cases::cursors_never_skip_or_repeat_while_cases_arrive,
        );
    };
    (@each $fresh:path; $($module:ident::$check:ident),* $(,)?) => {$(
        #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn $check() {
            let (store, _lives_as_long) = $fresh().await;
            $crate::conformance::$module::$check(store).await;
        }
    )*};
}
