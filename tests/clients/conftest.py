"""One running org for each test: what a client did is nobody else's surprise."""

from collections.abc import Iterator

import pytest

from tests.clients.salesforce import Vendor, open_vendor


@pytest.fixture
def vendor() -> Iterator[Vendor]:
    found = open_vendor()
    with found.server:
        yield found
