"""One Salesforce org: its rows, its rules, its query language. No HTTP here."""

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any, Literal

from sandbox.clock import Clock
from sandbox.salesforce import conversion, describe, impolite, merging, removal, render
from sandbox.salesforce.access import whom
from sandbox.salesforce.conversion import Converted
from sandbox.salesforce.core import Actor, Core, Features
from sandbox.salesforce.customer.rules import Predicate, ValidationRule
from sandbox.salesforce.dml import Dml
from sandbox.salesforce.errors import SalesforceError, no_such_record, not_found
from sandbox.salesforce.events.bus import Bus
from sandbox.salesforce.events.managed import ManagedSubscriptions
from sandbox.salesforce.formula.check import compiled
from sandbox.salesforce.formula.evaluate import holds
from sandbox.salesforce.ids import Id, normalise
from sandbox.salesforce.listviews import ListViews
from sandbox.salesforce.merging import Merged
from sandbox.salesforce.records import Row
from sandbox.salesforce.rules import RULES
from sandbox.salesforce.schema import ObjectSchema, Schema
from sandbox.salesforce.setup import Setup
from sandbox.salesforce.sharing import OWN, TOLD, Level, OrgDefault, Sharing
from sandbox.salesforce.signins import SignIns
from sandbox.salesforce.soql.engine import QueryEngine, QueryPage, no_such_column
from sandbox.salesforce.sosl.engine import SearchEngine
from sandbox.salesforce.write import PLAIN, UpsertResult, WriteOptions
from sandbox.switches import Switches

__all__ = ["Automation", "Converted", "Features", "Org", "QueryPage", "UpsertResult", "WriteOptions"]

ADMINISTRATOR = "System Administrator"
STANDARD = "Standard User"
INTEGRATION = "Minimum Access - API Only Integrations"
When = Literal["before", "after_insert", "after_update", "after_delete"]


class Org:
    """`user` arguments are ids of User rows; whatever is refused raises SalesforceError and changes nothing.

    Values in `fields` are as JSON has them: str, bool, int, float, None, date and datetime as ISO text
    (date and datetime objects are taken too), JunctionIdLists as a list of ids, VersionData as base64 text
    or, for multipart uploads, as bytes. A relation may be given by external id as the vendor allows:
    `{"Account": {"Ext__c": "value"}}`. Record ids may have 15 or 18 characters; answers have 18.
    """

    def __init__(
        self,
        clock: Clock,
        dice: random.Random,
        *,
        org_id: str | None = None,
        name: str = "Acme",
        switches: Switches | None = None,
    ) -> None:
        self.name = name
        self.features = Features()
        self.switches = switches or Switches()
        self.core = Core(clock, dice, self.switches, self.features)
        self.core.access.sharing = Sharing(self.core, holds)
        self.dml = Dml(self.core, RULES)
        self.queries = QueryEngine(self.core)
        self.list_views = ListViews(self.core, self.queries)
        self.searches = SearchEngine(self.core, self.queries, self.list_views)
        self.url_prefix = render.URL_PREFIX
        """What `attributes.url` starts with."""
        self.profiles: dict[str, Id] = {}
        """Profile ids by name: ADMINISTRATOR, STANDARD, INTEGRATION."""
        self.admin: Id = ""
        """The User who exists from the start, a System Administrator."""
        self.mischief = impolite.Mischief()
        for object_name in impolite.REWRITTEN:
            self.add_automation(object_name, "after_insert", impolite.after_insert)
            self.add_automation(object_name, "after_update", impolite.after_update)
        self._found(org_id)
        self.signins = SignIns(self.core, random.Random(f"{self.id}/sign-ins"))
        self.events = Bus(self.core, self.queries, self.admin, random.Random(f"{self.id}/events"))
        """Change Data Capture; nothing is captured until objects are selected."""
        self.managed_subscriptions = ManagedSubscriptions(self.events)
        self.setup = Setup(self.dml, self.list_views, self.admin)
        """What an administrator does in the set-up pages."""

    @property
    def schema(self) -> Schema:
        return self.core.schema

    def _found(self, org_id: str | None) -> None:
        """The rows an org has from its first day."""
        core, now = self.core, self.core.now()
        wanted = normalise(org_id) if org_id else None
        if org_id and (wanted is None or not wanted.startswith("00D")):
            raise ValueError(f"{org_id!r} is no organization id")
        self.id: Id = wanted or core.ids.make("00D")
        admin = core.ids.make("005")
        for name, everything in ((ADMINISTRATOR, True), (STANDARD, False), (INTEGRATION, True)):
            facts = {
                "Name": name,
                "UserType": "Standard",
                "PermissionsViewAllData": everything,
                "PermissionsModifyAllData": everything,
                "PermissionsApiEnabled": True,
                **dict.fromkeys(OWN.values(), name == ADMINISTRATOR),
            }
            self.profiles[name] = core.put_new("Profile", facts, admin, now)["Id"]
        organization = {
            "Name": self.name,
            "OrganizationType": "Enterprise Edition",
            "DefaultLocaleSidKey": "en_US",
            "LanguageLocaleKey": "en_US",
            "TimeZoneSidKey": "Europe/Berlin",
            "FiscalYearStartMonth": 1,
            "InstanceName": "SBX1",
            "IsSandbox": True,
        }
        organization |= {f"Default{name}Access": core.access.sharing.told(name) for name in TOLD}
        core.put_new("Organization", organization | {"Id": self.id}, admin, now)
        first = self._user_fields("admin@example.com", "Admin", "User") | {
            "ProfileId": self.profiles[ADMINISTRATOR],
            "Name": "Admin User",
            "UserType": "Standard",
            "Id": admin,
        }
        core.put_new("User", first, admin, now)
        self.admin = admin

    def load_package(self, path: Path) -> None:
        """What SFDX source below `path` describes: objects, fields, record types, rules."""
        self.setup.package(str(path))

    # -- people and access ---------------------------------------------------------------------------

    def _user_fields(self, email: str, first_name: str, last_name: str) -> dict[str, Any]:
        return {
            "Username": email,
            "Email": email,
            "FirstName": first_name,
            "LastName": last_name,
            "Alias": (first_name[:1] + last_name)[:8].lower() or "user",
            "CommunityNickname": email[:40],
            "TimeZoneSidKey": "Europe/Berlin",
            "LocaleSidKey": "en_US",
            "LanguageLocaleKey": "en_US",
            "EmailEncodingKey": "UTF-8",
            "ProfileId": self.profiles[STANDARD],
            "IsActive": True,
        }

    def add_user(self, email: str, first_name: str, last_name: str, **fields: Any) -> Id:
        """A standard user; `fields` replace the defaults (Username defaults to the address)."""
        return self.insert(self.admin, "User", self._user_fields(email, first_name, last_name) | fields)

    def freeze(self, user: Id, *, frozen: bool = True) -> None:
        """As an administrator does on the user's page in Setup."""
        now, row_id = self.core.now(), normalise(f"0Yw{user[3:15]}")
        known = self.core.row(row_id) or {"Id": row_id, "UserId": user, "IsPasswordLocked": False}
        told = {"IsFrozen": frozen, "LastModifiedDate": now, "LastModifiedById": self.admin}
        self.core.store.put("UserLogin", {**known, **told})

    def is_frozen(self, user: Id) -> bool:
        return any(row["IsFrozen"] for row in self.core.store.table("UserLogin").find("UserId", user))

    def user_by_username(self, username: str) -> Id | None:
        """The active user of that Username, whatever its case."""
        rows = self.core.store.table("User").find("Username", username)
        return next((row["Id"] for row in rows if row.get("IsActive")), None)

    def hide_field(
        self, object_name: str, field: str, *, user: Id | None = None, profile: Id | None = None
    ) -> None:
        """Field-level security: for these people the field does not exist. Neither given: for everybody."""
        self.core.access.hide(object_name, field, whom(user, profile))

    def show_field(
        self, object_name: str, field: str, *, user: Id | None = None, profile: Id | None = None
    ) -> None:
        """Takes back hide_field with the same arguments."""
        self.core.access.show(object_name, field, whom(user, profile))

    def set_sharing(self, object_name: str, default: OrgDefault) -> None:
        """Org-wide default: what those see and change who neither own a row nor share in it.

        Like every change of sharing it takes hold at once and moves no SystemModstamp.
        """
        self.setup.org_defaults({object_name: default})

    def share(self, record_id: Id, user: Id, level: Literal["read", "edit"] = "edit") -> None:
        """By hand, with a user, a group or a role; gone when the record changes its owner."""
        row = self.core.live(normalise(record_id))
        if row is None:
            raise no_such_record()
        self.core.access.sharing.shares.setdefault(row["Id"], {})[user] = Level[level.upper()]

    def unshare(self, record_id: Id, user: Id) -> None:
        self.core.access.sharing.shares.get(normalise(record_id) or "", {}).pop(user, None)

    # -- rows ----------------------------------------------------------------------------------------

    def insert(self, user: Id, object_name: str, fields: dict[str, Any], *, options: WriteOptions = PLAIN) -> Id:
        return self.dml.insert(user, object_name, fields, options)

    def update(
        self,
        user: Id,
        object_name: str,
        record_id: str,
        fields: dict[str, Any],
        *,
        options: WriteOptions = PLAIN,
    ) -> None:
        self.dml.update(user, object_name, record_id, fields, options)

    def upsert(
        self,
        user: Id,
        object_name: str,
        field: str,
        value: Any,
        fields: dict[str, Any],
        *,
        options: WriteOptions = PLAIN,
    ) -> UpsertResult:
        """By external id or idLookup field (or Id); `fields` must not hold the key itself.

        Several matches raise code DUPLICATE_EXTERNAL_ID, status 300, `extra["matches"]` the URLs.
        """
        try:
            return self.dml.upsert(user, object_name, field, value, fields, options)
        except SalesforceError as error:
            matches = error.extra.get("matches")
            if matches:
                error.extra["matches"] = [f"{self.url_prefix}/{match}" for match in matches]
            raise

    def delete(self, user: Id, record_id: str, *, options: WriteOptions = PLAIN) -> None:
        """Into the recycle bin, with what hangs on it."""
        self.dml.delete(user, record_id, options)

    def undelete(self, user: Id, record_id: str) -> None:
        removal.undelete(self.dml, user, record_id)

    def purge(self, record_id: str) -> None:
        """Out of existence, in the recycle bin or not, with what hangs on it: in no query any more."""
        row = self.core.row(normalise(record_id))
        if row is None:
            raise no_such_record()
        if not row.get("IsDeleted"):
            self.delete(self.admin, row["Id"])
        removal.purge(self.core, row["Id"])

    def empty_bin(self, user: Id, record_ids: Sequence[Id] | None = None) -> int:
        """These rows leave the recycle bin for good, or all the user may delete; answers how many rows went."""
        return removal.empty_bin(self.dml, user, record_ids)

    def convert_lead(
        self,
        user: Id,
        lead_id: str,
        *,
        account: Id | None = None,
        contact: Id | None = None,
        opportunity: str | None = None,
        owner: Id | None = None,
        status: str = conversion.CONVERTED,
        overwrite_lead_source: bool = False,
    ) -> Converted:
        """Into a contact of an account, both new or given, and a deal of that name; activities and mail follow."""
        wish = conversion.Wish(account, contact, opportunity, owner, status, overwrite_lead_source)
        return conversion.convert_lead(self.dml, user, lead_id, wish)

    def merge(
        self, user: Id, master_id: str, other_ids: Id | Sequence[Id], fields: Mapping[str, Any] | None = None
    ) -> Merged:
        """Up to three accounts, contacts or leads become one; `fields` are written to the one that stays."""
        others = [other_ids] if isinstance(other_ids, str) else other_ids
        return merging.merge(self.dml, user, master_id, others, fields)

    def lock(self, record_id: str) -> None:
        """An approval process has the record: ENTITY_IS_LOCKED, for administrators as a switch says."""
        row = self.core.live(normalise(record_id))
        if row is None:
            raise no_such_record()
        self.core.locks.approvals.add(row["Id"])

    def unlock(self, record_id: str) -> None:
        self.core.locks.approvals.discard(normalise(record_id) or "")

    def hold(self, record_id: str, seconds: float) -> None:
        """Somebody's long transaction has the row: UNABLE_TO_LOCK_ROW for writes to it and its children."""
        row = self.core.live(normalise(record_id))
        if row is None:
            raise no_such_record()
        self.core.locks.held[row["Id"]] = self.core.clock.now() + timedelta(seconds=seconds)

    def release(self, record_id: str) -> None:
        self.core.locks.held.pop(normalise(record_id) or "", None)

    def touch(self, record_id: str) -> None:
        """The vendor moves SystemModstamp and changes nothing else, as it does now and then."""
        row = self.core.live(normalise(record_id))
        if row is None:
            raise no_such_record()
        name = self.core.shape_of(row["Id"]).name
        self.core.change(name, row, {}, stamp=self.core.stamp(row))

    def archive_activities(self, older_than_days: int = 365) -> int:
        """The vendor's own job: closed tasks and past events of that age leave ordinary queries."""
        count, today = 0, self.core.now().date()
        for name in ("Task", "Event"):
            for row in list(self.core.store.table(name).rows.values()):
                day = row.get("ActivityDate") or row["CreatedDate"].date()
                done = name == "Event" or row.get("IsClosed")
                if done and not row.get("IsArchived") and (today - day).days > older_than_days:
                    self.core.change(name, row, {"IsArchived": True})
                    count += 1
        return count

    def get(self, user: Id, object_name: str, record_id: str, fields: list[str] | None = None) -> dict[str, Any]:
        """One row in REST shape, all fields the user may see unless `fields` names some; 404 NOT_FOUND."""
        shape, row = self._visible(user, object_name, record_id)
        for name in fields or ():
            fact = shape.field(name)
            if fact is None or self.core.access.hides(user, shape.name, fact.name):
                raise no_such_column(name, shape.name)
        return render.record(self.core, user, shape, row, fields)

    def _readable(self, user: Id, object_name: str) -> ObjectSchema:
        shape = self.core.shape(object_name)
        if not self.core.access.may(user, shape.name, "read"):
            raise not_found()
        return shape

    def _visible(self, user: Id, object_name: str, record_id: str) -> tuple[ObjectSchema, Row]:
        shape = self._readable(user, object_name)
        row = self.core.store.table(shape.name).rows.get(normalise(record_id) or "")
        if row is not None and row.get("IsDeleted"):
            raise SalesforceError("ENTITY_IS_DELETED", "entity is deleted", 404)
        if row is None or not self.core.access.can_see(user, shape.name, row):
            raise SalesforceError("NOT_FOUND", "The requested resource does not exist", 404)
        return shape, row

    def find_by_external_id(self, user: Id, object_name: str, field: str, value: Any) -> list[Id]:
        """Live rows with that external-id or idLookup value that the user may see."""
        shape = self.core.shape(object_name)
        found = self.dml.find(shape, self.dml.key_field(user, shape, field), value)
        rows = self.core.store.table(shape.name).rows
        return [one for one in found if self.core.access.can_see(user, shape.name, rows[one])]

    def blob(self, user: Id, record_id: str, field: str) -> bytes:
        """The bytes of a base64 field (ContentVersion.VersionData)."""
        shape, row = self._visible(user, self.object_of(record_id), record_id)
        fact = shape.field(field)
        if fact is None or fact.type != "base64":
            raise SalesforceError("NOT_FOUND", "The requested resource does not exist", 404)
        return bytes(row.get(fact.name, b""))

    def object_of(self, record_id: str) -> str:
        """The object a record id belongs to, by its key prefix; MALFORMED_ID when there is none."""
        return self.core.shape_of(record_id).name

    @contextmanager
    def acting(self, user: Id, origin: str) -> Iterator[None]:
        """What is written within was written by this user through this door; change events say so."""
        before, self.core.actor = self.core.actor, Actor(user, origin)
        try:
            yield
        finally:
            self.core.actor = before

    def transaction(self) -> AbstractContextManager[None]:
        """All of it or none: an exception that leaves the block undoes every write made in it. Nests."""
        return self.core.store.transaction()

    # -- queries -------------------------------------------------------------------------------------

    def query(self, user: Id, soql: str, *, all_rows: bool = False, batch_size: int = 2000) -> QueryPage:
        """`all_rows` is queryAll: deleted and archived rows too."""
        return self.queries.query(user, soql, all_rows=all_rows, batch_size=batch_size)

    def query_more(self, user: Id, locator: str) -> QueryPage:
        return self.queries.more(user, locator)

    def catch_up(self) -> int:
        """What flows and others meant to do by now happens; answers how much that was."""
        return impolite.catch_up(self)

    def search(self, user: Id, sosl: str) -> list[dict[str, Any]]:
        """The records a SOSL statement finds, object by object."""
        return self.searches.find(user, sosl)

    @property
    def rows_examined(self) -> int:
        """Rows queries have looked at so far."""
        return self.core.store.examined

    def describe(self, user: Id, object_name: str) -> dict[str, Any]:
        """As REST has it, without the `urls` members; only fields this user may see."""
        return describe.describe_object(self.core, user, self._readable(user, object_name))

    def describe_global(self, user: Id) -> dict[str, Any]:
        shapes = [one for one in self.schema.present() if self.core.access.may(user, one.name, "read")]
        listed = [describe.summary(self.core, user, shape) for shape in shapes]
        return {"encoding": "UTF-8", "maxBatchSize": 200, "sobjects": listed}

    # -- what a customer has set up ------------------------------------------------------------------

    def add_validation_rule(
        self,
        object_name: str,
        condition: str | Predicate,
        message: str,
        field: str | None = None,
        *,
        name: str = "",
    ) -> None:
        """Refuse writes whose row-to-be satisfies the condition: a formula, or a function of its values as stored.

        Raises BadFormula for a formula that cannot be one here.
        """
        shape = self.core.shape(object_name)
        test = compiled(self.core, shape.name, condition) if isinstance(condition, str) else condition
        rules = self.core.customer.validation.setdefault(shape.name, [])
        rules.append(ValidationRule(name or f"Rule_{len(rules) + 1}", test, message, field))

    def add_automation(self, object_name: str, when: When, function: "Automation") -> None:
        """A customer's flow; `before` may change the row to be, the others write through the org."""
        name = self.core.shape(object_name).name
        self.dml.automation.setdefault((name, when), []).append(partial(function, self))


Automation = Callable[[Org, Id, dict[str, Any]], None]
"""`function(org, user, row)`: a before-automation changes `row`, an after-automation writes through `org`."""
