"""When a mailbox's folders are listed from the beginning again, as the product's log tells."""

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from crosstie.mailboxes.graph import rounds
from tests.simulation.ledger import ARCHIVE, DROP, INBOX, SENT, Ledger

PLACES = {"mail/inbox": INBOX, "mail/sent": SENT, "mail/drop": DROP}


@contextmanager
def noted(ledger: Ledger, ids: Mapping[str, int]) -> Iterator[None]:
    """Write them into the ledger."""
    listener = _Listener(ledger, {number: person for person, number in ids.items()})
    log = logging.getLogger(rounds.__name__)
    log.addHandler(listener)
    try:
        yield
    finally:
        log.removeHandler(listener)


class _Listener(logging.Handler):
    def __init__(self, ledger: Ledger, people: Mapping[int, str]) -> None:
        super().__init__(logging.WARNING)
        self._ledger, self._people = ledger, people

    def emit(self, record: logging.LogRecord) -> None:
        assert isinstance(record.args, tuple)
        _, mailbox_id, collection = record.args
        if str(collection).startswith("mail/"):
            person, place = self._people[int(str(mailbox_id))], PLACES.get(str(collection), ARCHIVE)
            self._ledger.relisted.setdefault((person, place), []).append(self._ledger.next())
