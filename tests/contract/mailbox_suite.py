"""What every mailbox connector must do, whichever vendor keeps the mailbox: one suite, the same cases for each.

A vendor brings an `Office`: the sandbox's person, acting in the vendor's own program, and the connector's view of
the same mailbox.
"""

import pytest

from tests.contract.mailbox_observing import Observing
from tests.contract.mailbox_office import Office, View
from tests.contract.mailbox_older import Past
from tests.contract.mailbox_writing import Reading, Trouble, Writing


class MailboxSuite(Observing, Past, Writing, Reading, Trouble):
    """Subclasses provide the `office` fixture."""

    @pytest.fixture
    def view(self, office: Office) -> View:
        return View(office)
