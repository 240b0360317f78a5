"""The address of a mail server: what each may be, and that a wrong one is refused without being repeated."""

from pathlib import Path

import pytest

from crosstie.config import environment
from crosstie.config.environment import ConfigError
from crosstie.config.mail import Guard, MailServer, server

HOME = {"HOME": "/people/anna"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("smtp://mail.example.com", MailServer("mail.example.com", 25)),
        ("smtp://mail.example.com:2525/", MailServer("mail.example.com", 2525)),
        (
            "smtp+starttls://ann:s%2Fecret@mail.example.com",
            MailServer("mail.example.com", 587, Guard.STARTTLS, "ann", "s/ecret"),
        ),
        (
            "smtps://ann%40example.com:x@mail.example.com:4650",
            MailServer("mail.example.com", 4650, Guard.TLS, "ann@example.com", "x"),
        ),
        ("smtp://ann:x@localhost", MailServer("localhost", 25, Guard.NONE, "ann", "x")),
        ("file:///tmp", MailServer(folder=Path("/tmp"))),
    ],
)
def test_addresses(text: str, expected: MailServer) -> None:
    assert server(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "mail.example.com",
        "http://mail.example.com",
        "smtp://",
        "smtp://mail.example.com:port",
        "smtp://mail.example.com:99999",
        "smtp://mail.example.com/path",
        "smtps://ann:hunter/2@mail.example.com",
        "smtps://ann:hunter#2@mail.example.com",
        "smtps://ann@mail.example.com",
        "smtp://ann:hunter2@mail.example.com",
        "file://host/folder",
        "file:relative",
    ],
)
def test_a_wrong_one_is_refused_at_the_start_without_the_password(text: str) -> None:
    with pytest.raises(ConfigError) as caught:
        environment.load(HOME | {"CROSSTIE_SMTP_URL": text})
    assert str(caught.value).startswith("CROSSTIE_SMTP_URL ")
    assert "hunter" not in str(caught.value)


def test_without_one_nobody_is_written_to() -> None:
    config = environment.load(HOME | {"CROSSTIE_PUBLIC_URL": "https://sync.example.com"})
    assert (config.mail, config.mail_from) == (None, "crosstie@sync.example.com")
    assert "hunter2" not in repr(server("smtps://ann:hunter2@m.test"))


def test_a_sender_is_one_address() -> None:
    with pytest.raises(ConfigError, match="CROSSTIE_MAIL_FROM"):
        environment.load(HOME | {"CROSSTIE_MAIL_FROM": "Ann <ann@example.com>"})
