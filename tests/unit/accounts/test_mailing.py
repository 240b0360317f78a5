"""A mail on its way to a real mail server: what it says there, and what its refusals mean."""

import email
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import Message

import pytest

from crosstie.accounts.trouble import noticing
from crosstie.accounts.trouble.noticing import House
from crosstie.config.mail import server
from crosstie.jobs import mailing
from crosstie.jobs.mailing import Mailer
from crosstie.store.models import Notice
from tests.unit.accounts.homes import Home
from tests.unit.accounts.test_noticing import stop


@dataclass
class Sink:
    """Speaks as much SMTP (RFC 5321) as a sender needs, on a socket of this machine."""

    listening: socket.socket
    refuse: str = ""
    """What it answers to the reader instead of taking them."""
    told: list[str] = field(default_factory=list)
    mails: list[Message] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.listening.getsockname()[1]}"

    def serve(self) -> None:
        while True:
            try:
                connection, _ = self.listening.accept()
            except OSError:
                return
            with connection, connection.makefile("rwb", buffering=0) as wire:
                self._talk(wire)

    def _talk(self, wire: "socket.SocketIO") -> None:
        wire.write(b"220 sink.test\r\n")
        for raw in wire:
            line = raw.decode().strip()
            self.told.append(line)
            verb = line.partition(" ")[0].upper()
            if verb == "RCPT" and self.refuse:
                wire.write(f"{self.refuse}\r\n".encode())
            elif verb == "DATA":
                wire.write(b"354 go on\r\n")
                self.mails.append(_mail(wire))
                wire.write(b"250 taken\r\n")
            else:
                wire.write(b"221 bye\r\n" if verb == "QUIT" else b"250 fine\r\n")


def _mail(wire: "socket.SocketIO") -> Message:
    lines: list[bytes] = []
    for raw in wire:
        if raw == b".\r\n":
            break
        lines.append(raw)
    return email.message_from_bytes(b"".join(lines))


@pytest.fixture
def sink() -> Iterator[Sink]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        made = Sink(listening)
        thread = threading.Thread(target=made.serve, daemon=True)
        thread.start()
        yield made
        listening.shutdown(socket.SHUT_RDWR)
    thread.join(5)


def post(home: Home, sink: Sink) -> Notice:
    stop(home, home.mailbox(home.person(address="boss@acme.example")))
    noticing.decide(House("https://sync.example.com/mend", "sync.example.com", home.clock))
    mailer = Mailer(server(sink.url), "crosstie@sync.example.com")
    mailing.send_owed(mailer.send, home.clock)
    return Notice.of(home.scope).get()


def test_a_server_takes_it_with_the_id_that_is_kept(home: Home, sink: Sink) -> None:
    notice = post(home, sink)
    (mail,) = sink.mails
    assert mail["Message-ID"] == notice.message_id
    assert (mail["From"], mail["To"]) == ("Crosstie <crosstie@sync.example.com>", "boss@acme.example")
    assert mail["Auto-Submitted"] == "auto-generated"
    assert "mail from:<crosstie@sync.example.com>" in sink.told[1].casefold()
    assert (notice.sent_at, notice.due_at, notice.tries) == (home.clock.now(), None, 1)


@pytest.mark.parametrize(
    ("answer", "dropped"), [("550 no such user", "refused"), ("451 later", "")], ids=["for good", "for now"]
)
def test_a_reader_who_is_refused(home: Home, sink: Sink, answer: str, dropped: str) -> None:
    sink.refuse = answer
    notice = post(home, sink)
    assert sink.mails == []
    assert (notice.sent_at, notice.dropped, notice.due_at is None) == (None, dropped, bool(dropped))
