"""Salesforce's bad manners: what an org, its customer's automations and other products do although nobody asked.

All are off by default. Doubts that one place in the code reads stand beside that place.
"""

from sandbox.switches import declare

FLOW_EDITS_NEW_ROWS = declare(
    "salesforce.flow_edits_new_rows",
    default=False,
    question="Does a customer's flow rewrite a fresh row, once, at once or within a minute and a half?",
    source="design 5; notes 4.13",
    interferes=True,
)
FLOW_EDITS_EVERY_WRITE = declare(
    "salesforce.flow_edits_every_write",
    default=False,
    question="Does a customer's flow rewrite a row again after each write of it?",
    source="design 5; notes 4.13",
    interferes=True,
)
FLOW_CHANGES_OWNER = declare(
    "salesforce.flow_changes_owner",
    default=False,
    question="Does a customer's flow give a fresh row to another user?",
    source="design 5; notes 4.13",
    interferes=True,
)
AUTOMATION_EMPTIES_FIELDS = declare(
    "salesforce.automation_empties_fields",
    default=False,
    question="Does an automation take the value of a field out of a fresh row?",
    source="design 5; notes 4.13",
    interferes=True,
)
RIVAL_SAVES_SAME_MAIL = declare(
    "salesforce.rival_saves_same_mail",
    default=False,
    question="Does another product save a mail that was just saved, under the same MessageIdentifier?",
    source="design 5; notes 4.13",
    interferes=True,
)
RIVAL_EDITS_ROWS = declare(
    "salesforce.rival_edits_rows",
    default=False,
    question="Does another product edit a row soon after it was written, as a user of its own?",
    source="design 5; notes 4.13",
    interferes=True,
)
RIVAL_PRODUCT_RUNS = declare(
    "salesforce.rival_product_runs",
    default=False,
    question="Does another product sign in every quarter of an hour and mark events and mails in its own fields?",
    source="design 5; notes 4.13",
    interferes=True,
)
RIVAL_COPIES_EVENTS = declare(
    "salesforce.rival_copies_events",
    default=False,
    question="Does another product copy each new event from calendar to org and back every quarter of an hour?",
    source="design 5; notes 4.13",
    interferes=True,
)
SHARING_FLICKERS = declare(
    "salesforce.sharing_flickers",
    default=False,
    question="Does a row vanish from the sight of a user and come back, while its SystemModstamp stands still?",
    source="design 5; notes 4.12",
)
STAMPS_MOVE_AT_REST = declare(
    "salesforce.stamps_move_at_rest",
    default=False,
    question="Does the SystemModstamp of rows move that nobody changed, as after a recalculation?",
    source="design 5; notes 4.3",
)
FIELDS_HIDE_IN_MID_RUN = declare(
    "salesforce.fields_hide_in_mid_run",
    default=False,
    question="Does a field vanish from describe and queries for some minutes, as when an admin tries something?",
    source="notes 4.3",
    interferes=True,
)
PAGES_OVERLAP = declare(
    "salesforce.pages_overlap",
    default=False,
    question="Does a page behind a locator begin with the last row of the page before?",
    source="design 5",
)
PAGES_SHUFFLED = declare(
    "salesforce.pages_shuffled",
    default=False,
    question="Are the rows of one page out of the order that was asked for?",
    source="design 5",
)
SMALL_PAGES = declare(
    "salesforce.small_pages",
    default=False,
    question="Are pages of a query far smaller than asked for, whatever the rows?",
    source="notes 4.3: may be fewer",
)
LOCATORS_DIE = declare(
    "salesforce.locators_die",
    default=False,
    question="Do query locators die before their time, at random?",
    source="notes 4.3",
)
SESSIONS_END_EARLY = declare(
    "salesforce.sessions_end_early",
    default=False,
    question="Do sessions that are a minute old end at random, long before the org's session length?",
    source="design 5; notes 4.2",
)
