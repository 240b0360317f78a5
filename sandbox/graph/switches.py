"""Graph's doubts and bad manners, each with both answers."""

from sandbox.switches import declare

PLAIN_TEXT_STAYS_TEXT = declare(
    "graph.plain_text_stays_text",
    default=True,
    question="Without a preference, is the body of a plain text mail shown as text (or converted to HTML)?",
    source="recall; the documentation says HTML, field reports show text",
)
DELETE_TO_DELETED_ITEMS = declare(
    "graph.delete_to_deleted_items",
    default=True,
    question="Does DELETE of a message put it into Deleted Items (or into the recoverable items at once)?",
    source="recall",
)
LARGE_PAGES = declare(
    "graph.large_pages",
    default=True,
    question="May a delta page have 200 rows (or 50 at most)?",
    source="notes P2",
)
DEAD_CURSOR_IS_410 = declare(
    "graph.dead_cursor_is_410",
    default=True,
    question="Is a dead cursor answered by 410 and a Location (or by 400 syncStateNotFound)?",
    source="notes 1.2.5",
)
LONG_TOKENS = declare(
    "graph.long_tokens",
    default=False,
    question="Are delta links longer than 4,000 characters?",
    source="notes P12",
)
BATCH_TAKES_LONG_URLS = declare(
    "graph.batch_takes_long_urls",
    default=True,
    question="Does $batch take inner addresses longer than 2,048 characters (or answer 414 to that part)?",
    source="notes P12",
)
BATCH_IN_ORDER = declare(
    "graph.batch_in_order",
    default=False,
    question="Do the answers of a batch come in the order of its requests (or in any order)?",
    source="notes 1.7",
)
DEFAULT_PAGE_IS_SMALL = declare(
    "graph.default_page_is_small",
    default=True,
    question="Has a delta page 10 messages when the client does not say how many (or 100)?",
    source="notes 1.2.7, recall",
)
BATCH_TAKES_MANY_MAILBOXES = declare(
    "graph.batch_takes_many_mailboxes",
    default=True,
    question="May one batch concern several mailboxes (or are parts after the first mailbox's refused)?",
    source="notes 1.7, recall",
)
BATCH_TAKES_DELTA_LINKS = declare(
    "graph.batch_takes_delta_links",
    default=True,
    question="May a part of a batch be a delta link (or is it refused with 400)?",
    source="notes 1.7, recall; P12",
)
RETRY_AFTER_IS_A_DATE = declare(
    "graph.retry_after_is_a_date",
    default=False,
    question="Is Retry-After a date (or a number of seconds)?",
    source="notes 1.9 says seconds; HTTP allows both",
)
THROTTLED_NAMES_THE_APP = declare(
    "graph.throttled_names_the_app",
    default=True,
    question="Is the code of a throttled request ApplicationThrottled (or TooManyRequests)?",
    source="notes 1.9",
)
STALE_KEY_IS_IRRESOLVABLE = declare(
    "graph.stale_key_is_irresolvable",
    default=True,
    question="Is the code of a 412 ErrorIrresolvableConflict (or resourceModified)?",
    source="notes 1.9, partly recall",
)
DENIED_BY_EXCHANGE = declare(
    "graph.denied_by_exchange",
    default=True,
    question="Is a mailbox out of the app's scope refused as ErrorAccessDenied (or Authorization_RequestDenied)?",
    source="notes 1.1, recall",
)
EXPIRED_TOKEN_HAS_CLAIMS = declare(
    "graph.expired_token_has_claims",
    default=False,
    question="Does the 401 of an expired token carry a claims challenge?",
    source="notes 1.1, recall",
)
FOLDER_TWICE_IS_FOLDER_EXISTS = declare(
    "graph.folder_twice_is_folder_exists",
    default=True,
    question="Is the code of a taken folder name ErrorFolderExists (or nameAlreadyExists)?",
    source="notes 1.6 and 1.9, recall",
)
ANY_CATEGORY_IS_TAKEN = declare(
    "graph.any_category_is_taken",
    default=True,
    question="May an item carry a category that the master list does not have (or is that refused with 400)?",
    source="notes 1.6, recall",
)
MESSAGE_ID_IS_ADDED = declare(
    "graph.message_id_is_added",
    default=False,
    question="Has a mail that came without a Message-ID one of the mailbox's own (or none)?",
    source="notes 1.5, recall",
)
MIME_AS_RECEIVED = declare(
    "graph.mime_as_received",
    default=True,
    question="Is the MIME of a mail the very bytes that arrived (or put together anew)?",
    source="notes 1.10, recall",
)
ATTACHMENT_SIZE_HAS_OVERHEAD = declare(
    "graph.attachment_size_has_overhead",
    default=True,
    question="Is an attachment's size larger than its content (or exact)?",
    source="notes 1.10, recall",
)
CATEGORY_TWICE_IS_409 = declare(
    "graph.category_twice_is_409",
    default=True,
    question="Is a second master category of one name refused with 409 (or with 400)?",
    source="notes 1.6, recall",
)
MOVE_BACK_HIDES = declare(
    "graph.move_back_hides",
    default=False,
    question="With immutable ids, is an item moved away and back between two rounds reported as removed only?",
    source="notes G-3",
)
MOVE_ARRIVES_UNSEEN = declare(
    "graph.move_arrives_unseen",
    default=False,
    question="With immutable ids, can a move show as a removal only, never as an arrival in the new folder?",
    source="notes G-3",
)
ETAG_FORMS_DIFFER = declare(
    "graph.etag_forms_differ",
    default=False,
    question="Does delta spell the etag of one version otherwise than GET does?",
    source="notes G-8",
)
CHANGE_KEY_MOVES_AFTER_CREATE = declare(
    "graph.change_key_moves_after_create",
    default=False,
    question="Does the server rewrite the change key of a fresh item once, after it was first read?",
    source="field report of 2026-09-12",
)
CHANGE_KEY_MOVES_AT_REST = declare(
    "graph.change_key_moves_at_rest",
    default=False,
    question="Does the server now and then rewrite the change key of an item nobody touched?",
    source="design 5; notes 1.5",
)
HTML_MOVES_AT_REST = declare(
    "graph.html_moves_at_rest",
    default=False,
    question="Does the server now and then rewrite the HTML of a body nobody touched?",
    source="design 5",
)
SPAM_LEVEL_IS_TOLD = declare(
    "graph.spam_level_is_told",
    default=True,
    question="Has a mail its spam confidence level as a property (or in its headers alone)?",
    source="[MS-OXCSPAM] 2.2.1.3 has it set by the server's filter; recall for Microsoft 365",
)
TOKENS_END_EARLY = declare(
    "graph.tokens_end_early",
    default=False,
    question="Do access tokens that are a minute old end at random, long before their time?",
    source="design 5; notes 1.1",
)
DELTA_TOKENS_DIE = declare(
    "graph.delta_tokens_die",
    default=False,
    question="Do delta tokens die at random?",
    source="notes 1.2.5: depends on the size of an internal cache",
)
CATEGORIES_DROPPED = declare(
    "graph.categories_dropped",
    default=False,
    question="Does another client of the mailbox now and then take all categories off a message?",
    source="design 5",
    interferes=True,
)
SUBJECTS_TRIMMED = declare(
    "graph.subjects_trimmed",
    default=False,
    question="Does the server now and then tidy white space in the subject of a message nobody touched?",
    source="design 5",
)
WRITES_TELL_NO_VALUES = declare(
    "graph.writes_tell_no_values",
    default=False,
    question="Is a write answered with the item's id alone?",
    source="design 5",
)
WRITES_TELL_OLD_STAMP = declare(
    "graph.writes_tell_old_stamp",
    default=False,
    question="Does the answer to a change carry the change key from before it?",
    source="design 5",
)
UNCHANGED_EMITTED = declare(
    "graph.unchanged_emitted",
    default=False,
    question="Do delta rounds contain items that did not change?",
    source="notes 1.2.3",
)
ROWS_TWICE = declare(
    "graph.rows_twice",
    default=False,
    question="Does an item occur twice in one delta round?",
    source="notes 1.2.3",
)
ROWS_SHUFFLED = declare(
    "graph.rows_shuffled",
    default=False,
    question="Do the rows of a delta page come in no order?",
    source="notes 1.2.3",
)
EMPTY_PAGES = declare(
    "graph.empty_pages",
    default=False,
    question="Does a delta round contain an empty page that has a next link?",
    source="notes 1.2.1",
)
PAGES_REPEATED = declare(
    "graph.pages_repeated",
    default=False,
    question="Does a delta round now and then tell a page again, under a new token?",
    source="notes 1.2.3",
)
HIDDEN_FOLDERS_IN_DELTA = declare(
    "graph.hidden_folders_in_delta",
    default=False,
    question="Does the delta of folders tell hidden ones without includeHiddenFolders?",
    source="notes 1.2, recall",
)
FOLDER_COUNTS_ARE_CHANGES = declare(
    "graph.folder_counts_are_changes",
    default=False,
    question="Is a folder told in the delta of folders when only its messages, and with them its counts, changed?",
    source="notes 1.2 do not say; the documentation speaks of folders added, changed and deleted",
)
NEVER_ENDING_ROUND = declare(
    "graph.never_ending_round",
    default=False,
    question="Does a delta round repeat its page under new tokens and never end?",
    source="notes 1.2.8",
)
SMALL_UPLOAD_SESSIONS = declare(
    "graph.small_upload_sessions",
    default=True,
    question="Does an upload session take files from 2 MB on (or from 3 MB on)?",
    source="field report: 2,097,152 bytes measured; the documentation says 3 MB",
)
UPLOAD_REFUSES_AUTHORIZATION = declare(
    "graph.upload_refuses_authorization",
    default=True,
    question="Is a piece of an upload refused when it carries an Authorization header beside its own token?",
    source="the documentation says to send none; field reports name 401",
)
GLOBAL_LIMIT_IS_LOW = declare(
    "graph.global_limit_is_low",
    default=False,
    question="May an app ask 2,000 times a second over all tenants (or 13,000 times)?",
    source="notes 8, contradiction iii",
)
BATCH_TAKES_MIXED_ORDER = declare(
    "graph.batch_takes_mixed_order",
    default=True,
    question="May only some parts of a batch depend on others (or must all stand in one row, or none)?",
    source="notes 1.7: either fully sequential or fully parallel",
)
FOLDER_DELETE_IS_SOFT = declare(
    "graph.folder_delete_is_soft",
    default=False,
    question="Does DELETE of a folder put it into Deleted Items (or end it with all that is in it)?",
    source="recall; permanentDelete beside it speaks for the first",
)
RECEIVED_IS_FINER = declare(
    "graph.received_is_finer",
    default=False,
    question="Are the moments by which messages are filtered and sorted finer than the seconds that are shown?",
    source="recall: Exchange keeps them in steps of 100 ns",
)
FILTERED_IS_COUNTED = declare(
    "graph.filtered_is_counted",
    default=True,
    question="Does $count=true tell how many messages a filter leaves?",
    source="recall",
)
USERS_COUNT_IS_IGNORED = declare(
    "graph.users_count_is_ignored",
    default=True,
    question="Without ConsistencyLevel, is $count=true of users ignored (or refused with 400)?",
    source="recall",
)
