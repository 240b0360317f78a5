"""When a mailbox's folders are listed from the beginning again, as the product's log tells."""

import logging
from collections.abc import Mapping

from tests.simulation.ledger import DROP, INBOX, SENT, Ledger

PLACES = {"mail/inbox": INBOX, "mail/sent": SENT, "mail/drop": DROP}


class Listings(logging.Handler):
    """Writes them into the ledger."""

    def __init__(self, ledger: Ledger, people: Mapping[int, str]) -> None:
        super().__init__(logging.WARNING)
        self._ledger, self._people = ledger, people

    def emit(self, record: logging.LogRecord) -> None:
        if isinstance(record.args, tuple) and len(record.args) == 3:
            _, mailbox_id, collection = record.args
            person, place = self._people[int(str(mailbox_id))], PLACES[str(collection)]
            self._ledger.relisted.setdefault((person, place), []).append(self._ledger.next())
