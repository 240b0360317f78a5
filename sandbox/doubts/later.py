"""Doubts that belong to faces the sandbox does not have yet."""

from sandbox.doubts import Doubt

CONTACTS, TO_DO = "not modelled yet: contacts", "not modelled yet: To Do"
EWS, GOOGLE = "not modelled yet: EWS", "not modelled yet: Google"

ROWS = (
    Doubt("P1", what="To Do with an app's own permissions", why=TO_DO),
    Doubt("1.6", what="linkedResources of a task", why=TO_DO),
    Doubt("1.2", what="Delta of contacts without naming their folder", why=CONTACTS),
    Doubt("P5", what="How Exchange Online refuses EWS", why=EWS),
    Doubt("P6", what="A folder's last commit by EWS", why=EWS),
    Doubt("P16", what="Sign-in to Exchange SE from CU2 on", why=EWS),
    Doubt("0", what="Conditional writes, batches and daily limit of Google's tasks", why=GOOGLE),
    Doubt("2.2", what="Impersonation and its refusals", why=EWS),
    Doubt("2.3", what="Scope and size of a sync state", why=EWS),
    Doubt("2.4", what="Modes and messages of conflicts", why=EWS),
    Doubt("2.6", what="Category list, fields of tasks and contacts", why=EWS),
    Doubt("2.7", what="Life of a streaming subscription, shape of an answer to a push", why=EWS),
    Doubt("2.8", what="Exact XML of a busy server", why=EWS),
    Doubt("2.9", what="Whether the tasks folder is the default list of To Do", why=EWS),
    Doubt("3.1", what="Domain-wide delegation", why=GOOGLE),
    Doubt("3.2", what="Wording of label and conflict errors, the grant of a watch", why=GOOGLE),
    Doubt("3.3", what="Import, ids of instances, batch path, kinds of events", why=GOOGLE),
    Doubt("3.4", what="Sizes of batches of people", why=GOOGLE),
    Doubt("3.5", what="Sizes and quota of tasks", why=GOOGLE),
    Doubt("P7", what="A calendar's sync token after a reading with bounds", why=GOOGLE),
)
