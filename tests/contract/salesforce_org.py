"""The sandbox's Salesforce as a Company of the CRM suite, in every shape an org may have."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2

from crosstie.domain.access import AuthMode
from crosstie.salesforce import soql
from crosstie.salesforce.auth import OrgConnection
from crosstie.salesforce.crm import SalesforceAccess, SalesforceCrm
from crosstie.transport import Http
from sandbox.app import Application
from sandbox.build import build
from sandbox.clock import ManualClock
from sandbox.faults import Fault
from sandbox.requestlog import Entry
from sandbox.salesforce import mishaps
from sandbox.salesforce.apps import App
from sandbox.salesforce.org import INTEGRATION
from sandbox.salesforce.site import Site, open_org
from tests.clocks import WorldClock
from tests.contract.crm_company import Company, Trouble
from tests.places import ROOT
from tests.secrets import KeptSecrets

PACKAGE = ROOT / "salesforce-package"
ORIGIN = "http://salesforce.test"
START = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)
ORG = 3
SIGN_IN = "https://crosstie.test/back"


TURNED = {
    "salesforce.files_in_graph": False,
    "salesforce.document_in_graph": False,
    "salesforce.long_soql_in_composite": False,
    "salesforce.locator_in_composite": False,
    "salesforce.duplicate_names_holder": False,
    "salesforce.length_in_utf16": True,
    "salesforce.lowercases_email": False,
    "salesforce.unordered_is_shuffled": True,
    "salesforce.wide_rows_short_pages": True,
    "salesforce.activity_lists_are_queried": False,
    "salesforce.all_day_end_is_last_day": False,
    "salesforce.event_relations_skip_bin": False,
}
"""The vendor's doubts answered the other way, as far as they concern reading and creating."""


@dataclass(frozen=True)
class Shape:
    """What an org is like; `switches` are the sandbox's."""

    keyed: bool = True
    enhanced_email: bool = True
    shared_activities: bool = True
    files: bool = True
    switches: Mapping[str, bool] | None = None
    package: Path = PACKAGE


class SalesforceCompany(Company):
    def __init__(self, shape: Shape = Shape()) -> None:
        self.shape = shape
        self.manual = ManualClock(START)
        self.app: Application = build(self.manual, seed=11)
        self.world = self.app.world
        self.site: Site = open_org(self.world)
        self._furnish()
        self.clock = WorldClock(self.manual)
        self.connection = OrgConnection(ORIGIN, AuthMode.CLIENT_CREDENTIALS, "crosstie", "s3cret")
        self.secrets = KeptSecrets()
        self.http = Http(transport=httpx2.WSGITransport(app=self.app))
        self.access = self.new_access()
        self.statements: list[str] = []
        soql.observers.append(self.statements.append)

    def _furnish(self) -> None:
        org = self.site.org
        for name, on in (self.shape.switches or {}).items():
            self.world.switches.turn(name, on)
        org.features.enhanced_email = self.shape.enhanced_email
        org.features.shared_activities = self.shape.shared_activities
        if self.shape.keyed:
            org.load_package(self.shape.package)
        self.user = org.add_user(
            "integration@acme.test", "Crosstie", "Integration", ProfileId=org.profiles[INTEGRATION]
        )
        self.owner = org.add_user("ada@acme.test", "Ada", "Keller")
        self.app_registration = self.site.register(
            App(
                "crosstie",
                "s3cret",
                "Crosstie",
                callbacks=(SIGN_IN,),
                run_as=self.user,
                preauthorised=frozenset((self.user,)),
            )
        )

    def new_access(self) -> SalesforceAccess:
        """As a process that has just started has it."""
        return SalesforceAccess(
            self.http,
            lambda _: self.connection,
            self.clock,
            self.secrets.exchange,
            trusted=frozenset((ORIGIN,)),
        )

    def close(self) -> None:
        soql.observers.remove(self.statements.append)
        self.http.close()

    def change_connection(self, **changes: Any) -> None:
        self.connection = replace(self.connection, **changes)
        if "refresh_token" in changes:
            self.secrets.hand_in(ORG, self.connection.refresh_token)

    # -- what the suite asks for -----------------------------------------------------------------------

    @property
    def keyed(self) -> bool:
        return self.shape.keyed

    @property
    def has_email_messages(self) -> bool:
        return self.shape.enhanced_email

    def open(self) -> SalesforceCrm:
        return self.access.open(ORG)

    def reopen(self) -> SalesforceCrm:
        self.access = self.new_access()
        return self.access.open(ORG)

    def now(self) -> datetime:
        return self.manual.now()

    def pass_time(self, by: timedelta) -> None:
        self.manual.advance(by)

    def add(self, object_name: str, **fields: Any) -> str:
        return self.site.org.insert(self.site.org.admin, object_name, fields)

    def change(self, object_name: str, record_id: str, **fields: Any) -> None:
        self.site.org.update(self.site.org.admin, object_name, record_id, fields)

    def delete(self, record_id: str) -> None:
        self.site.org.delete(self.site.org.admin, record_id)

    def purge(self, record_id: str) -> None:
        self.site.org.purge(record_id)

    def rows(self, object_name: str, fields: Sequence[str]) -> list[dict[str, Any]]:
        statement = f"SELECT {', '.join(fields)} FROM {object_name}"
        page = self.site.org.query(self.site.org.admin, statement)
        return [{name: row.get(name) for name in fields} for row in page.records]

    def files_of(self, record_id: str) -> list[tuple[str, bytes]]:
        org = self.site.org
        links = f"SELECT ContentDocumentId FROM ContentDocumentLink WHERE LinkedEntityId = '{record_id}'"
        found = []
        for link in org.query(org.admin, links).records:
            versions = (
                "SELECT Id, PathOnClient FROM ContentVersion "
                f"WHERE IsLatest = TRUE AND ContentDocumentId = '{link['ContentDocumentId']}'"
            )
            for row in org.query(org.admin, versions).records:
                found.append((row["PathOnClient"], org.blob(org.admin, row["Id"], "VersionData")))
        return sorted(found)

    def keep_private(self, object_name: str) -> None:
        self.site.org.setup.org_defaults({object_name: "private"})

    def reader(self) -> str:
        org = self.site.org
        user = org.add_user("eve@acme.test", "Eve", "Novak")
        profile = org.get(org.admin, "User", user, ["ProfileId"])["ProfileId"]
        org.core.access.permit(profile, self.mail_object, frozenset({"read"}))
        return user

    def hide(self, object_name: str, field: str) -> None:
        self.site.org.hide_field(object_name, field, profile=self.site.org.profiles[INTEGRATION])

    def fix(self, object_name: str, field: str) -> None:
        self.site.org.setup.field_permissions(object_name, field, "read", INTEGRATION)

    def forbid(self, object_name: str, refuses: Callable[[dict[str, Any]], bool], message: str) -> None:
        self.site.org.add_validation_rule(object_name, refuses, message)

    def calls(self) -> int:
        data = (entry for entry in self.entries() if entry.path.startswith("/services/data/"))
        return sum(1 for entry in data if entry.status != 401)

    def entries(self) -> list[Entry]:
        return [entry for entry in self.world.requests.entries if entry.face == "salesforce"]

    def cause(self, trouble: Trouble, *, times: int = 1, skip: int = 0) -> None:
        """`skip` counts requests; for locks and refused rows it counts rows."""
        if trouble is Trouble.END_SESSION:
            self.site.tokens.end_sessions()
        elif trouble is Trouble.WITHDRAW:
            self.site.tokens.end_sessions()
            self.app_registration.run_as = None
        else:
            self.world.faults.add(_FAULTS[trouble](times, skip))

    def allow(self, calls: int) -> None:
        self.site.usage.allowance = calls


def _refusal(times: int, skip: int, status: int) -> Fault:
    return Fault("refuse", "salesforce", "graph", status=status, times=times, skip=skip, body=b"busy")


_FAULTS: dict[Trouble, Callable[[int, int], Fault]] = {
    Trouble.LOSE_ANSWER: lambda times, skip: Fault("lose_answer", "salesforce", "graph", times=times, skip=skip),
    Trouble.LOSE_REQUEST: lambda times, skip: Fault("drop_before", "salesforce", "graph", times=times, skip=skip),
    Trouble.LOSE_READ: lambda times, skip: Fault("lose_answer", "salesforce", "composite", times=times, skip=skip),
    Trouble.LOSE_CHILDREN: lambda times, skip: Fault(
        "lose_answer", "salesforce", "collection_create", times=times, skip=skip
    ),
    Trouble.LOSE_REMOVAL: lambda times, skip: Fault(
        "lose_answer", "salesforce", "collection_delete", times=times, skip=skip
    ),
    Trouble.LOSE_STAMP: lambda times, skip: Fault(
        "lose_answer", "salesforce", "collection_update", times=times, skip=skip
    ),
    Trouble.LOSE_CHANGE: lambda times, skip: Fault(
        "lose_answer", "salesforce", "composite", times=times, skip=skip
    ),
    Trouble.CHANGE_BROKEN: lambda times, skip: Fault(
        "refuse", "salesforce", "composite", status=500, times=times, skip=skip, body=b"busy"
    ),
    Trouble.CHANGE_LOCK: lambda times, skip: mishaps.row_lock(operation="update", times=times, skip=skip),
    Trouble.CHANGE_FLOW: lambda times, skip: mishaps.row_refused(
        "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY",
        "EventTrigger: System.LimitException: Too many SOQL queries: 101",
        operation="update",
        times=times,
        skip=skip,
    ),
    Trouble.CHANGE_LIMIT: lambda times, skip: mishaps.refused(
        "REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.", 403, route="composite", times=times, skip=skip
    ),
    Trouble.BROKEN: lambda times, skip: _refusal(times, skip, 500),
    Trouble.DAILY_LIMIT: lambda times, skip: mishaps.refused(
        "REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.", 403, times=times, skip=skip
    ),
    Trouble.BUSY: lambda times, skip: mishaps.busy(times=times, skip=skip),
    Trouble.ROW_LOCK: lambda times, skip: mishaps.row_lock(operation="insert", times=times, skip=skip),
    Trouble.FLOW: lambda times, skip: mishaps.row_refused(
        "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY",
        "MailTrigger: System.LimitException: Too many SOQL queries: 101",
        operation="insert",
        times=times,
        skip=skip,
    ),
    Trouble.FILE_REFUSED: lambda times, skip: mishaps.row_refused(
        "FIELD_CUSTOM_VALIDATION_EXCEPTION", "No such files.", "ContentVersion", times=times, skip=skip
    ),
}
