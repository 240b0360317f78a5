"""What an operation works with: the request of the REST face that means the same."""

from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import Element

from sandbox.salesforce.org import Org
from sandbox.salesforce.rest.exchange import Ask
from sandbox.salesforce.soap.envelope import Dialect, Envelope, members, text, texts
from sandbox.salesforce.soap.sobjects import no_such_object
from sandbox.salesforce.tokens import Session


@dataclass(frozen=True, slots=True)
class Asked:
    ask: Ask
    envelope: Envelope
    dialect: Dialect
    session: Session

    @property
    def org(self) -> Org:
        return self.ask.org

    @property
    def all_or_none(self) -> bool:
        return is_true(self.envelope.header("AllOrNoneHeader", "allOrNone"))

    def text(self, name: str) -> str:
        return text(self.envelope.body, name)

    def texts(self, name: str) -> list[str]:
        return texts(self.envelope.body, name)

    def object_name(self) -> str:
        name = self.text("sObjectType")
        if self.org.schema.object(name) is None:
            raise no_such_object(name)
        return name

    def members(self, name: str) -> list[Element]:
        return list(members(self.envelope.body, name))


def is_true(value: str) -> bool:
    return value in ("true", "1")


def rest_headers(envelope: Envelope) -> dict[str, Any]:
    """SOAP headers by the REST headers of the same meaning; assignment rules are off unless asked for."""
    rule = envelope.header("AssignmentRuleHeader", "assignmentRuleId")
    default = is_true(envelope.header("AssignmentRuleHeader", "useDefaultRule"))
    headers = {
        "sforce-auto-assign": rule or ("TRUE" if default else "FALSE"),
        "sforce-duplicate-rule-header": "; ".join(
            f"{name}={is_true(envelope.header('DuplicateRuleHeader', name))}"
            for name in ("allowSave", "includeRecordDetails", "runAsCurrentUser")
        ),
    }
    client = envelope.header("CallOptions", "client")
    size = envelope.header("QueryOptions", "batchSize")
    return (
        headers
        | ({"sforce-call-options": f"client={client}"} if client else {})
        | ({"sforce-query-options": f"batchSize={size}"} if size else {})
    )
