"""The sandbox's Microsoft 365 as an Office of the mailbox suite."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage

import httpx2

from crosstie.domain.email import Folder
from crosstie.domain.mailboxes import DROP_FOLDER, SALESFORCE_CATEGORY
from crosstie.mailboxes.graph.connection import GraphConnection
from crosstie.mailboxes.graph.mailbox import GraphAccess, GraphMailbox
from crosstie.transport import Http
from sandbox.app import Application
from sandbox.build import build
from sandbox.clock import ManualClock
from sandbox.faults import Fault
from sandbox.mailboxes import Mailbox as Stored
from sandbox.mailboxes import Message
from tests.clocks import WorldClock
from tests.contract import graph_schema
from tests.contract.mailbox_office import START, Office
from tests.places import SHARED
from tests.remembered import RememberedFacts
from tests.secrets import KeptSecrets

HOST = "http://sandbox.test"
ROLES = ("Mail.ReadWrite", "MailboxSettings.ReadWrite")
PLACES = {Folder.INBOX: "inbox", Folder.SENT: "sentitems", Folder.DROP: DROP_FOLDER, Folder.OTHER: "archive"}
MAILBOX = 7


class GraphOffice(Office):
    address = "ada@larch.test"

    def __init__(self, seed: int = 0, address: str = address, roles: Iterable[str] = ROLES) -> None:
        clock = ManualClock(START)
        self.app: Application = build(clock, seed)
        self.world = self.app.world
        self.clock = WorldClock(clock)
        microsoft = self.world.microsoft
        self.tenant = microsoft.add_tenant("larch.test")
        self.client = microsoft.register_app("Crosstie", client_id="crosstie", secret="s3cret", roles=roles)
        microsoft.consent(self.client, self.tenant)
        self.stored: Stored = self.world.mailboxes.add_mailbox(address, "Ada Keller")
        self.connection = GraphConnection(
            address=address,
            tenant=self.tenant.id,
            client_id="crosstie",
            secret="s3cret",
            login_url=HOST,
            graph_url=f"{HOST}/v1.0",
        )
        self.memory = RememberedFacts()
        self.secrets = KeptSecrets()
        self.http = Http(transport=httpx2.WSGITransport(app=self.app))
        self.access = GraphAccess(
            self.http,
            lambda mailbox_id: self.connection if mailbox_id == MAILBOX else None,
            self.clock,
            self.memory,
            self.secrets.exchange,
        )

    def change_connection(self, **changes: object) -> None:
        self.connection = replace(self.connection, **changes)  # type: ignore[arg-type]
        if "refresh_token" in changes:
            self.secrets.hand_in(MAILBOX, self.connection.refresh_token)

    def open(self) -> GraphMailbox:
        return self.access.open(MAILBOX)

    def pass_time(self, by: timedelta) -> None:
        self.clock.world.advance(by)

    def arrive(self, mail: EmailMessage, folder: Folder = Folder.INBOX) -> str:
        place = self.stored.folder(PLACES[folder])
        assert place is not None, f"{folder} is missing"
        return str(self.world.mailboxes.put(self.stored, mail.as_bytes(), place).number)

    def message(self, key: str) -> Message:
        return self.stored.messages[int(key)]

    def move(self, key: str, folder: Folder) -> None:
        place = self.stored.folder(PLACES[folder])
        assert place is not None
        self.world.mailboxes.move(self.stored, self.message(key), place)

    def throw_away(self, key: str) -> None:
        self.world.mailboxes.delete(self.stored, self.message(key))

    def delete_for_good(self, key: str) -> None:
        self.world.mailboxes.purge(self.stored, self.message(key))

    def categorise(self, key: str, categories: Iterable[str]) -> None:
        self.world.mailboxes.set_categories(self.stored, self.message(key), categories)

    def categories(self, key: str) -> set[str]:
        return set(self.message(key).categories)

    def folder_of(self, key: str) -> Folder | None:
        message = self.stored.messages.get(int(key))
        if message is None:
            return None
        for folder, name in PLACES.items():
            place = self.stored.folder(name)
            if place is not None and place.number == message.folder:
                return folder
        return Folder.OTHER

    def item_id(self, key: str) -> str:
        from sandbox.graph.ids import message_id

        message = self.message(key)
        return message_id(self.stored, message.number, message.moves, "immutable")

    def delete_drop_folder(self) -> None:
        folder = self.stored.folder(DROP_FOLDER)
        assert folder is not None
        self.world.mailboxes.delete_folder(self.stored, folder)

    def delete_category(self) -> None:
        self.stored.categories = [one for one in self.stored.categories if one.name != SALESFORCE_CATEGORY]

    def has_marks(self) -> bool:
        blue = [one.color for one in self.stored.categories if one.name == SALESFORCE_CATEGORY]
        return self.stored.folder(DROP_FOLDER) is not None and blue == ["preset7"]

    def kill_cursors(self) -> None:
        self.world.mailboxes.expire_cursors(self.stored)

    def calls(self) -> int:
        return sum(entry.face == "graph" for entry in self.world.requests.entries)

    def tokens_asked(self) -> int:
        return sum(entry.route == "login.token" for entry in self.world.requests.entries)

    def parts(self) -> list[tuple[str, ...]]:
        """What each batch so far carried."""
        return [entry.parts for entry in self.world.requests.entries if entry.face == "graph"]

    def refuse(self, *, status: int, times: int, retry_after: int | None = None, route: str = "batch") -> None:
        headers = (("Retry-After", str(retry_after)),) if retry_after is not None else ()
        body = b'{"error": {"code": "TooManyRequests", "message": "Not now."}}'
        self.world.faults.add(
            Fault("refuse", "graph", route, status=status, times=times, headers=headers, body=body)
        )

    def lose_next_answer(self) -> None:
        self.world.faults.add(Fault("lose_answer", "graph", "batch"))

    def revoke(self) -> None:
        self.world.microsoft.withdraw_consent(self.client, self.tenant)

    def judge(self) -> None:
        """Every request that was sent is one that Microsoft's schema allows."""
        if not SHARED.is_dir():
            return
        entries = (entry for entry in self.world.requests.entries if entry.face == "graph")
        calls = ((entry.method, entry.path, entry.query, entry.request_body) for entry in entries)
        report = graph_schema.GraphSchema.load().judge(calls)
        graph_schema.TOTAL.add(report)
        assert report.problems == []
