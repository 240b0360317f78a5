"""Who may own a record, and what goes along when it changes hands."""

from sandbox.salesforce import errors
from sandbox.salesforce.core import Core
from sandbox.salesforce.errors import SalesforceError
from sandbox.salesforce.formula.evaluate import Context, evaluate
from sandbox.salesforce.ids import Id
from sandbox.salesforce.records import Row
from sandbox.salesforce.sharing import Level
from sandbox.salesforce.write import Write
from sandbox.switches import declare

ACCOUNT_TAKES_CHILDREN = declare(
    "salesforce.account_transfer_takes_children",
    default=True,
    question="Does an account given to somebody else take its former owner's contacts and open work along?",
    source="help pages say so of the transfer on a page; of the API older and newer ones differ",
)
ASSIGNED_ON_UPDATE = declare(
    "salesforce.assignment_rules_on_update",
    default=True,
    question="Does an update of a lead or case without Sforce-Auto-Assign run the active assignment rule again?",
    source="the header's page says created or updated; object reference speaks of new ones",
)


def assign(write: Write) -> None:
    """The active rule's owner, or that of the rule the client names; switched off by Sforce-Auto-Assign: FALSE."""
    if write.shape.name not in ("Lead", "Case") or not write.options.auto_assign:
        return
    if not write.new and not write.core.switches.on(ASSIGNED_ON_UPDATE):
        return
    rule = _rule(write)
    for entry in write.core.customer.assignment.get(rule["Id"], ()) if rule else ():
        context = Context(write.core, write.user, write.shape, write.draft, write.old, write.new)
        if entry.condition is None or evaluate(entry.condition, context):
            write.draft["OwnerId"] = entry.owner
            return


def _rule(write: Write) -> Row | None:
    rows = write.core.store.table("AssignmentRule").rows
    wanted = write.options.assignment_rule
    if not wanted:
        mine = (row for row in rows.values() if row.get("SobjectType") == write.shape.name and row.get("Active"))
        return next(mine, None)
    row = rows.get(wanted)
    if row is None or row.get("SobjectType") != write.shape.name:
        raise SalesforceError("INVALID_ASSIGNMENT_RULE", f"invalid assignment rule: {wanted}")
    return row


def check(write: Write) -> None:
    core, owner = write.core, write.core.row(write.draft.get("OwnerId"))
    if owner is None or not write.changed("OwnerId"):
        return
    if owner["Id"].startswith("00G"):
        _check_queue(write, owner)
    elif owner["Id"].startswith("023"):
        _check_calendar(owner)
    else:
        _check_user(write, owner)
    if write.old is not None and core.access.level(write.user, write.shape.name, write.old) < Level.ALL:
        raise errors.no_access()


def _check_queue(write: Write, group: Row) -> None:
    supported = write.core.pointing("QueueSobject", "QueueId", group["Id"])
    kinds = {row["SobjectType"] for row in supported}
    if group.get("Type") != "Queue" or write.shape.name not in kinds:
        raise SalesforceError("INVALID_OPERATION", "Queue not associated with this SObject type")


def _check_calendar(calendar: Row) -> None:
    """People's own calendars own nothing: their events are owned by the people."""
    if not calendar.get("IsActive") or calendar.get("Type") != "Public":
        raise errors.integrity("Assigned To ID: only an active public calendar owns events.", "OwnerId")


def _check_user(write: Write, user: Row) -> None:
    if not user.get("IsActive"):
        raise SalesforceError(
            "INACTIVE_OWNER_OR_USER",
            f"operation performed with inactive user [{user['Id']}] as owner of {write.shape.name.lower()}",
        )
    if user.get("UserType", "Standard") != "Standard":
        raise SalesforceError("OP_WITH_INVALID_USER_TYPE_EXCEPTION", "Operation not valid for this user type")
    if not write.core.access.may(user["Id"], write.shape.name, "read"):
        message = "The new owner must have read permission on this record."
        raise SalesforceError("TRANSFER_REQUIRES_READ", message, fields=("OwnerId",))


def follow(write: Write) -> None:
    """After a stored change of hands: what was shared by hand is so no more, and an account's children follow."""
    if write.old is None or not write.changed("OwnerId"):
        return
    write.core.access.sharing.shares.pop(write.id, None)
    if write.shape.name == "Account" and write.core.switches.on(ACCOUNT_TAKES_CHILDREN):
        for name, row in _children(write.core, write.id):
            if row.get("OwnerId") == write.old.get("OwnerId"):
                change = {"OwnerId": write.draft["OwnerId"]}
                write.core.change(name, row, change, stamp=write.core.stamp(row), user=write.user)


def _children(core: Core, account: Id) -> list[tuple[str, Row]]:
    found = [("Contact", row) for row in core.pointing("Contact", "AccountId", account)]
    for name in ("Opportunity", "Task"):
        rows = core.pointing(name, "AccountId", account)
        found += [(name, row) for row in rows if not row.get("IsClosed")]
    now = core.now()
    events = core.pointing("Event", "AccountId", account)
    return found + [("Event", row) for row in events if row["EndDateTime"] >= now and not row.get("IsChild")]
