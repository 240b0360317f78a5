"""What happens to whole records: merged, and leads converted."""

from collections.abc import Callable
from xml.etree.ElementTree import Element

from sandbox.salesforce.errors import SalesforceError
from sandbox.salesforce.ids import normalise
from sandbox.salesforce.soap import sobjects
from sandbox.salesforce.soap.asked import Asked, is_true
from sandbox.salesforce.soap.envelope import members, text, texts
from sandbox.salesforce.soap.markup import Xml, element, joined
from sandbox.salesforce.soap.rows import errors

MOST_CALLS = 200
MOST_CONVERTED = 100


def merge(asked: Asked) -> list[Xml]:
    requests = _limited(asked.members("request"), MOST_CALLS, "EXCEEDED_ID_LIMIT")
    return [_outcome(lambda one=one: _merged(asked, one)) for one in requests]  # type: ignore[misc]


def _merged(asked: Asked, request: Element) -> list[Xml]:
    master = next(iter(members(request, "masterRecord")), None)
    if master is None:
        raise SalesforceError("MISSING_ARGUMENT", "masterRecord not specified")
    fields = sobjects.read(asked.org, master, asked.dialect)
    fields.pop("attributes")
    master_id = normalise(str(fields.pop("Id", ""))) or ""
    others = [normalise(one) or one for one in texts(request, "recordToMergeIds")]
    done = asked.org.merge(asked.ask.user, master_id, others, fields or None)
    return [
        element("id", master_id),
        *(element("mergedRecordIds", other) for other in done.merged),
        element("success", True),
        *(element("updatedRelatedIds", one) for one in done.related),
    ]


def convert_lead(asked: Asked) -> list[Xml]:
    requests = _limited(asked.members("leadConverts"), MOST_CONVERTED, "EXCEEDED_LEAD_CONVERT_LIMIT")
    return [_outcome(lambda one=one: _converted(asked, one), lead=True) for one in requests]  # type: ignore[misc]


def _converted(asked: Asked, request: Element) -> list[Xml]:
    lead = text(request, "leadId")
    wanted = not is_true(text(request, "doNotCreateOpportunity"))
    name = text(request, "opportunityName") or str(asked.org.get(asked.ask.user, "Lead", lead)["Company"])
    done = asked.org.convert_lead(
        asked.ask.user,
        lead,
        account=text(request, "accountId") or None,
        contact=text(request, "contactId") or None,
        opportunity=text(request, "opportunityId") or (name if wanted else None),
        owner=normalise(text(request, "ownerId")) or None,
        status=text(request, "convertedStatus"),
        overwrite_lead_source=is_true(text(request, "overwriteLeadSource")),
    )
    return [
        element("accountId", done.account),
        element("contactId", done.contact),
        element("leadId", normalise(lead)),
        element("opportunityId", done.opportunity),
        element("success", True),
    ]


def _limited(requests: list[Element], most: int, code: str) -> list[Element]:
    if len(requests) > most:
        raise SalesforceError(code, f"cannot submit more than {most} of these into one call")
    return requests


def _outcome(act: Callable[[], list[Xml]], *, lead: bool = False) -> Xml:
    """Each request stands for itself; a refused one is a result that says so."""
    try:
        return element("result", joined(act()))
    except SalesforceError as error:
        found = errors([error.collection_error()])
        ids = ["accountId", "contactId"], ["leadId", "opportunityId"]
        nothing = (
            [[element(name, None) for name in names] for names in ids] if lead else [[], [element("id", None)]]
        )
        return element("result", joined([*nothing[0], *found, *nothing[1], element("success", False)]))
