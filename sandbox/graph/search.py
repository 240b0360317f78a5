"""`$search` over messages: the part of KQL that Outlook's documentation names. Words must all occur."""

import re
from collections.abc import Callable

from sandbox.graph.errors import bad_request
from sandbox.graph.shape import plain_text
from sandbox.mailboxes import Mail, Message, Person

Texts = Callable[[Message], str]
_TERM = re.compile(r'(?:(\w+):)?(?:\\?"((?:[^"\\]|\\[^"])*)\\?"|([^\s"]+))')
_WORD = re.compile(r"\w(?:[\w@.-]*\w)?")
"""Quotes, stars and other signs around a word say nothing."""
MOST_FOUND = 1_000
"""Rows of a search; older ones are not found."""


def _people(*people: Person | None) -> str:
    return " ".join(f"{one.name} {one.address}" for one in people if one is not None)


def _names(message: Message) -> str:
    return " ".join(one.name for one in message.attachments)


def _everything(message: Message) -> str:
    mail: Mail = message.mail
    return " ".join((mail.subject, plain_text(mail), _people(mail.author, *mail.recipients), _names(message)))


_FIELDS: dict[str, Texts] = {
    "subject": lambda m: m.mail.subject,
    "body": lambda m: plain_text(m.mail),
    "from": lambda m: _people(m.mail.author),
    "to": lambda m: _people(*m.mail.to),
    "cc": lambda m: _people(*m.mail.cc),
    "bcc": lambda m: _people(*m.mail.bcc),
    "recipients": lambda m: _people(*m.mail.recipients),
    "participants": lambda m: _people(m.mail.author, *m.mail.recipients),
    "attachment": _names,
    "importance": lambda m: m.importance,
    "hasattachments": lambda m: str(any(not one.inline for one in m.attachments)),
    "isread": lambda m: str(m.is_read),
    "category": lambda m: " ".join(m.categories),
    "kind": lambda _: "email",
}


def read_search(text: str) -> Callable[[Message], bool]:
    """The whole may stand in quotes, as the documentation has it. Raises 400 for what is not searched."""
    inner = text.strip()
    if len(inner) > 1 and inner[0] == inner[-1] == '"' and inner.count('"') - inner.count('\\"') == 2:
        inner = inner[1:-1]
    tests: list[tuple[Texts, list[str]]] = []
    for name, phrase, word in _TERM.findall(inner):
        if not name and word.upper() == "AND":
            continue
        if (not name and word.upper() in ("OR", "NOT")) or word.startswith(("(", "-")):
            raise bad_request("This sandbox searches for words that all occur.", "RequestBroker--ParseUri")
        if name and name.lower() not in _FIELDS:
            raise bad_request(f"There is no property {name} to search.", "RequestBroker--ParseUri")
        words = _WORD.findall((phrase or word).lower())
        tests.append((_FIELDS.get(name.lower(), _everything), words))
    if not any(words for _, words in tests):
        raise bad_request("$search is empty.", "RequestBroker--ParseUri")
    return lambda message: all(_occur(words, read(message)) for read, words in tests)


def _occur(words: list[str], text: str) -> bool:
    return all(word in text.lower() for word in words)
