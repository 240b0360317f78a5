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
    source="vendor-apis P2",
)
DEAD_CURSOR_IS_410 = declare(
    "graph.dead_cursor_is_410",
    default=True,
    question="Is a dead cursor answered by 410 and a Location (or by 400 syncStateNotFound)?",
    source="vendor-apis 1.2.5",
)
LONG_TOKENS = declare(
    "graph.long_tokens",
    default=False,
    question="Are delta links longer than 4,000 characters?",
    source="vendor-apis P12",
)
BATCH_TAKES_LONG_URLS = declare(
    "graph.batch_takes_long_urls",
    default=True,
    question="Does $batch take inner addresses longer than 2,048 characters (or answer 414 to that part)?",
    source="vendor-apis P12",
)
BATCH_IN_ORDER = declare(
    "graph.batch_in_order",
    default=False,
    question="Do the answers of a batch come in the order of its requests (or in any order)?",
    source="vendor-apis 1.7",
)
CATEGORY_TWICE_IS_409 = declare(
    "graph.category_twice_is_409",
    default=True,
    question="Is a second master category of one name refused with 409 (or with 400)?",
    source="vendor-apis 1.6, recall",
)
MOVE_BACK_HIDES = declare(
    "graph.move_back_hides",
    default=False,
    question="With immutable ids, is an item moved away and back between two rounds reported as removed only?",
    source="vendor-apis G-3",
)
MOVE_ARRIVES_UNSEEN = declare(
    "graph.move_arrives_unseen",
    default=False,
    question="With immutable ids, can a move show as a removal only, never as an arrival in the new folder?",
    source="vendor-apis G-3",
)
ETAG_FORMS_DIFFER = declare(
    "graph.etag_forms_differ",
    default=False,
    question="Does delta spell the etag of one version otherwise than GET does?",
    source="vendor-apis G-8",
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
    source="design 5; vendor-apis 1.5",
)
HTML_MOVES_AT_REST = declare(
    "graph.html_moves_at_rest",
    default=False,
    question="Does the server now and then rewrite the HTML of a body nobody touched?",
    source="design 5",
)
UNCHANGED_EMITTED = declare(
    "graph.unchanged_emitted",
    default=False,
    question="Do delta rounds contain items that did not change?",
    source="vendor-apis 1.2.3",
)
ROWS_TWICE = declare(
    "graph.rows_twice",
    default=False,
    question="Does an item occur twice in one delta round?",
    source="vendor-apis 1.2.3",
)
ROWS_SHUFFLED = declare(
    "graph.rows_shuffled",
    default=False,
    question="Do the rows of a delta page come in no order?",
    source="vendor-apis 1.2.3",
)
EMPTY_PAGES = declare(
    "graph.empty_pages",
    default=False,
    question="Does a delta round contain an empty page that has a next link?",
    source="vendor-apis 1.2.1",
)
PAGES_REPEATED = declare(
    "graph.pages_repeated",
    default=False,
    question="Does a delta round now and then tell a page again, under a new token?",
    source="vendor-apis 1.2.3",
)
HIDDEN_FOLDERS_IN_DELTA = declare(
    "graph.hidden_folders_in_delta",
    default=False,
    question="Does the delta of folders tell hidden ones without includeHiddenFolders?",
    source="vendor-apis 1.2, recall",
)
NEVER_ENDING_ROUND = declare(
    "graph.never_ending_round",
    default=False,
    question="Does a delta round repeat its page under new tokens and never end?",
    source="vendor-apis 1.2.8",
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
