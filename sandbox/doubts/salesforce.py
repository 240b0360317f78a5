"""Doubts about Salesforce, and what its orgs do unasked."""

from sandbox.doubts import Doubt

_SIGN_IN = (
    Doubt("4.1", "salesforce.soap_login_retired"),
    Doubt("4.1", what="When a version retires", why="v50 to v68 are served; a client pins one of them"),
    Doubt("4.2", "salesforce.session_slides"),
    Doubt("4.2", "salesforce.sessions_end_early"),
    Doubt("4.2", "salesforce.five_approvals"),
    Doubt("P15", "salesforce.uninstalled_app_refused"),
    Doubt("4.2", what="Sentences of refused grants", why="programs read the error's code"),
)
_QUERY = (
    Doubt("4.3", "salesforce.late_commit"),
    Doubt("4.3", "salesforce.unordered_is_shuffled"),
    Doubt("4.3", "salesforce.wide_rows_short_pages"),
    Doubt("4.3", "salesforce.short_child_pages"),
    Doubt("4.3", "salesforce.small_pages"),
    Doubt("4.3", "salesforce.locators_die"),
    Doubt("4.3", "salesforce.fields_hide_in_mid_run"),
    Doubt("4.3", "salesforce.purge_ends_deleted"),
    Doubt("4.3", "salesforce.semi_join_in_parentheses"),
    Doubt("4.3", "salesforce.search_lags"),
    Doubt("4.3", "salesforce.search_takes_addresses_whole"),
    Doubt("P8", "salesforce.long_soql_in_composite"),
    Doubt("P8", "salesforce.polymorphic_semi_join"),
    Doubt("P13", "salesforce.locator_in_composite"),
    Doubt(
        "4.3",
        what="Numbers: two days of a locator, ten of them a user, 4,000 characters of a string, 2,000 of OFFSET",
        why="a client must bear a refusal at any number: locators_die, and faults that refuse with any code",
    ),
    Doubt(
        "4.3",
        what="QUERY_TIMEOUT and OPERATION_TOO_LARGE: when",
        why="a fault refuses any query with either; whether one is too heavy is nobody's to compute",
    ),
    Doubt("4.3", what="Fields that are encrypted cannot be filtered", why="not modelled: no such field is ours"),
)
_WRITES = (
    Doubt("0", "salesforce.conditional_row_writes"),
    Doubt("4.4", "salesforce.etags_for_all"),
    Doubt("4.4", "salesforce.upsert_tells_nothing"),
    Doubt("4.4", "salesforce.collections_few_chunks"),
    Doubt("4.4", "salesforce.collates_composite"),
    Doubt("4.4", "salesforce.same_key_is_external_id"),
    Doubt("4.4", "salesforce.duplicate_names_holder"),
    Doubt("4.4", "salesforce.duplicate_result_misspelt"),
    Doubt("4.4", "salesforce.same_values_move_stamp"),
    Doubt("4.4", "salesforce.assignment_rules_on_update"),
    Doubt("4.4", "salesforce.bulk_results_as_given"),
    Doubt("P9", "salesforce.files_in_graph"),
    Doubt("P9", what="Size ceiling of a file in a graph", why="37.5 MB as everywhere in JSON; larger goes alone"),
    Doubt("4.5", what="50 MB of a request's body", why="calls are packed to less; the refusal of 413 is there"),
    Doubt("4.5", what="Sentences of exhausted limits", why="programs read the code"),
    Doubt(
        "4.6",
        what="Meaning of the error codes, and whether to try again",
        why="a fault refuses any step with any code; the matrix of faults and the weather try them",
    ),
    Doubt("P14", "salesforce.unfinished_requests_hold_rows"),
    Doubt("P14", what="How often a row is locked", why="the weather locks rows at any rate"),
    Doubt("4.6", "salesforce.administrators_edit_locked"),
)
_EVENTS = (
    Doubt("4.7", "salesforce.changes_merged"),
    Doubt("P11", "salesforce.channel_filters_by_reference"),
    Doubt("4.7", "salesforce.long_text_diffs"),
    Doubt("4.7", "salesforce.events_twice"),
    Doubt("4.7", what="Host of the Pub/Sub API", why="the address is a setting"),
)
_OBJECTS = (
    Doubt("4.8", "salesforce.lead_excludes_what"),
    Doubt("4.8", "salesforce.lead_stands_alone"),
    Doubt("4.8", "salesforce.archived_is_read_only"),
    Doubt("4.8", "salesforce.event_relations_skip_bin"),
    Doubt("4.8", "salesforce.activity_lists_are_queried"),
    Doubt("4.8", "salesforce.all_day_end_is_last_day"),
    Doubt("4.8", "salesforce.client_managed_is_guarded"),
    Doubt("4.8", "salesforce.new_owner_stays_invited"),
    Doubt("4.8", "salesforce.deleted_copy_declines"),
    Doubt("4.8", "salesforce.inactive_guests_are_refused"),
    Doubt(
        "4.8",
        what="Codes that refuse changes of an invitee's event and odd invitations",
        why="no copy of an invited user is written by us; a refused invitation is told with its code and field",
    ),
    Doubt(
        "4.8", what="Which id a series' insert answers with", why="the pattern's; occurrences are written singly"
    ),
    Doubt("4.8", what="Values of ShowAs", why="a recorded description of Event has them"),
    Doubt(
        "4.9",
        what="Defaults and derived fields of a task",
        why="read back, not assumed",
    ),
    Doubt("P10", "salesforce.email_refuses_same_value"),
    Doubt("4.10", "salesforce.email_update_remakes_task"),
    Doubt("4.10", what="Comma or semicolon between addresses", why="stored as sent; nothing splits it again"),
    Doubt("4.10", what="Numbers of an e-mail's Status", why="a picklist: the org says what it takes"),
    Doubt("4.10", what="Types of an e-mail's relations", why="published with the type listing of the objects"),
    Doubt("4.11", "salesforce.document_in_graph"),
    Doubt("4.11", what="200,000 files a day", why="a fault refuses with any code; no test makes as many"),
    Doubt("4.12", what="Lengths of people's fields", why="compared with recorded descriptions"),
    Doubt("4.12", "salesforce.unseen_row_is_unknown"),
    Doubt("4.12", "salesforce.conversion_sets_what"),
    Doubt(
        "4.12",
        what="Codes that refuse a conversion or a merge",
        why="people convert and merge; no call of ours does",
    ),
    Doubt(
        "4.12", what="Refusals of writes to a person account's contact", why="one code is on record, for any write"
    ),
    Doubt("4.12", "salesforce.account_transfer_takes_children"),
    Doubt("4.13", "salesforce.length_in_utf16"),
    Doubt("4.13", "salesforce.lowercases_email"),
    Doubt("4.13", "salesforce.trims_text"),
    Doubt("4.13", "salesforce.date_out_of_range_is_number"),
    Doubt("4.13", "salesforce.dependent_picklists_checked"),
)
_MANNERS = (
    Doubt("design 5", "salesforce.flow_edits_new_rows"),
    Doubt("design 5", "salesforce.flow_edits_every_write"),
    Doubt("design 5", "salesforce.flow_changes_owner"),
    Doubt("design 5", "salesforce.automation_empties_fields"),
    Doubt("design 5", "salesforce.rival_saves_same_mail"),
    Doubt("design 5", "salesforce.rival_edits_rows"),
    Doubt("design 5", "salesforce.sharing_flickers"),
    Doubt("design 5", "salesforce.stamps_move_at_rest"),
    Doubt("design 5", "salesforce.pages_overlap"),
    Doubt("design 5", "salesforce.pages_shuffled"),
    Doubt("design 5", "salesforce.line_ends_turn_lf"),
    Doubt("design 5", "salesforce.lines_trimmed"),
)
ROWS = (*_SIGN_IN, *_QUERY, *_WRITES, *_EVENTS, *_OBJECTS, *_MANNERS)
