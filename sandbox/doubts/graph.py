"""Doubts about Microsoft Graph's mail and calendars and Microsoft's sign-in."""

from sandbox.doubts import Doubt

_SIGN_IN = (
    Doubt("1.1", "microsoft.users_may_consent"),
    Doubt("1.1", "graph.denied_by_exchange"),
    Doubt("1.1", "graph.expired_token_has_claims"),
    Doubt("1.1", "graph.tokens_end_early"),
    Doubt("1.1", "microsoft.policies_say_interaction_required"),
    Doubt("1.1", "graph.users_count_is_ignored"),
    Doubt(
        "1.1",
        what="Addresses and answers of the token endpoint",
        why="MSAL, which Microsoft wrote, signs in to the sandbox unchanged",
    ),
    Doubt(
        "1.1", what="Wording of the refusals of sign-in", why="programs read the AADSTS number, not the sentence"
    ),
    Doubt(
        "1.1",
        what="Commands that limit an app to some mailboxes",
        why="an administrator's shell; no client sees it",
    ),
    Doubt("1.1", what="Life of an access token", why="drawn from 60 to 90 minutes for each token"),
)
_DELTA = (
    Doubt("1.2", "graph.default_page_is_small"),
    Doubt("P2", "graph.large_pages"),
    Doubt("1.2", "graph.hidden_folders_in_delta"),
    Doubt("1.2", "graph.folder_counts_are_changes"),
    Doubt("1.2", "graph.dead_cursor_is_410"),
    Doubt("1.2", "graph.delta_tokens_die"),
    Doubt("1.2", "graph.empty_pages"),
    Doubt("1.2", "graph.rows_twice"),
    Doubt("1.2", "graph.rows_shuffled"),
    Doubt("1.2", "graph.unchanged_emitted"),
    Doubt("1.2", "graph.pages_repeated"),
    Doubt("1.2", "graph.never_ending_round"),
    Doubt("1.2", "graph.received_is_finer"),
    Doubt("1.2", "graph.filtered_is_counted"),
    Doubt("1.2", "graph.other_calendars_in_delta"),
    Doubt("P12", "graph.long_tokens"),
    Doubt(
        "1.2",
        what="Case and choice of the codes of a dead cursor",
        why="the weather refuses with resyncRequired, SyncStateInvalid and syncStateNotFound, as 410, 400 and 404",
    ),
)
_EVENTS = (
    Doubt("1.3", "graph.bad_event_is_property_validation"),
    Doubt("1.3", "graph.odd_all_day_is_refused"),
    Doubt("1.3", "graph.all_day_floats"),
    Doubt("1.3", "graph.all_day_lies_in_utc"),
    Doubt("1.3", "graph.uid_is_told"),
    Doubt("1.3", "graph.deleted_event_is_found"),
    Doubt("1.3", "graph.removed_series_names_its_dates"),
    Doubt("1.3", "graph.event_delta_tells_text"),
    Doubt("1.3", "graph.instances_have_exceptions"),
    Doubt("1.3", what="Kinds of recurrence", why="they are in Microsoft's metadata"),
    Doubt("P3", "graph.series_tells_its_dates"),
    Doubt("G-1", "graph.occurrences_are_thin"),
    Doubt("G-2", "graph.deleted_occurrences_are_told"),
    Doubt("G-4", what="A PATCH of attendees replaces them all", why="taken to be so; field reports agree"),
    Doubt("1.4", "graph.read_only_parts_are_ignored"),
    Doubt("1.4", "graph.not_organizer_is_of_its_own"),
    Doubt(
        "1.4",
        what="Whether an organiser's answer and an attendee's cancellation are refused",
        why="the documentation and a field report of 2026-10-05 have 400 for both",
    ),
)
_ITEMS = (
    Doubt("1.5", "graph.message_id_is_added"),
    Doubt("1.5", "graph.change_key_moves_at_rest"),
    Doubt("1.5", "graph.change_key_moves_after_create"),
    Doubt("1.5", what="Names of the id formats to translate between", why="they are in Microsoft's metadata"),
    Doubt(
        "1.5",
        what="Whether a conversation id is stable",
        why="programs list a conversation by it, so it is taken to be; were it not, later mails of a thread would "
        "be none of it",
    ),
    Doubt("1.6", "graph.any_category_is_taken"),
    Doubt("1.6", "graph.category_twice_is_409"),
    Doubt("1.6", "graph.folder_twice_is_folder_exists"),
    Doubt("1.6", "graph.folder_delete_is_soft"),
    Doubt("1.6", what="Open extensions cannot be filtered by value", why="not modelled: the product writes none"),
    Doubt("1.6", what="Well-known names of folders", why="ids of the folders themselves are what is kept"),
    Doubt("G-3", "graph.move_back_hides"),
    Doubt("G-3", "graph.move_arrives_unseen"),
    Doubt("G-8", "graph.etag_forms_differ"),
    Doubt("design 5", "graph.plain_text_stays_text"),
    Doubt("design 5", "graph.delete_to_deleted_items"),
    Doubt("design 5", "graph.spam_level_is_told"),
)
_REQUESTS = (
    Doubt("1.7", "graph.batch_in_order"),
    Doubt("1.7", "graph.batch_takes_many_mailboxes"),
    Doubt("1.7", "graph.batch_takes_delta_links"),
    Doubt("1.7", "graph.batch_takes_mixed_order"),
    Doubt("P12", "graph.batch_takes_long_urls"),
    Doubt("1.8", "graph.notices_are_late"),
    Doubt("1.8", "graph.notices_come_twice"),
    Doubt("1.8", "graph.notices_vanish"),
    Doubt("1.8", "graph.reauthorisation_before_expiry"),
    Doubt("1.8", "graph.paused_notices_kept"),
    Doubt("1.8", "graph.endpoint_judged_after_100"),
    Doubt("1.9", "graph.retry_after_is_a_date"),
    Doubt("1.9", "graph.throttled_names_the_app"),
    Doubt("1.9", "graph.stale_key_is_irresolvable"),
    Doubt("1.9", "graph.global_limit_is_low"),
    Doubt(
        "1.9",
        what="Codes of what passes: locked, moving, transient, bandwidth",
        why="the weather draws each of them; a client can only wait",
    ),
    Doubt(
        "1.9",
        what="Code of a mailbox that Graph does not serve (no licence, on-premises)",
        why="the other codes of that row mean the same to a client, and both 404",
    ),
    Doubt("1.10", "graph.mime_as_received"),
    Doubt("1.10", "graph.attachment_size_has_overhead"),
    Doubt("1.10", "graph.small_upload_sessions"),
    Doubt("1.10", "graph.upload_refuses_authorization"),
    Doubt("1.10", what="Shape of the three kinds of attachment", why="held against Microsoft's metadata"),
)
_MANNERS = (
    Doubt("design 5", "graph.html_moves_at_rest"),
    Doubt("design 5", "graph.subjects_trimmed"),
    Doubt("design 5", "graph.categories_dropped"),
    Doubt("design 5", "graph.writes_tell_no_values"),
    Doubt("design 5", "graph.writes_tell_old_stamp"),
)
ROWS = (*_SIGN_IN, *_DELTA, *_EVENTS, *_ITEMS, *_REQUESTS, *_MANNERS)
