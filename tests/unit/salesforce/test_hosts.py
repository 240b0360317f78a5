"""Tokens go to the vendor's hosts, or to one that the deployment trusts; never where an answer says."""

import pytest

from crosstie.domain.errors import Refused
from crosstie.salesforce import hosts
from crosstie.salesforce.auth import audience

TRUSTED = frozenset(("http://localhost:8401",))


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://login.salesforce.com", "https://login.salesforce.com"),
        ("https://LOGIN.Salesforce.com:443/services", "https://login.salesforce.com"),
        ("https://acme--dev.sandbox.my.salesforce.com/", "https://acme--dev.sandbox.my.salesforce.com"),
        ("https://acme.my.site.force.com", "https://acme.my.site.force.com"),
        ("http://localhost:8401/x", "http://localhost:8401"),
    ],
)
def test_login_addresses_that_are_taken(url: str, origin: str) -> None:
    assert hosts.login_origin(url, TRUSTED) == origin


@pytest.mark.parametrize(
    "url",
    [
        "",
        "login.salesforce.com",
        "ftp://login.salesforce.com",
        "http://login.salesforce.com",
        "https://login.salesforce.com:8443",
        "https://salesforce.com.evil.test",
        "https://evilsalesforce.com",
        "https://login.salesforce.com@evil.test",
        "https://user@login.salesforce.com",
        "https://localhost:8401",
        "http://localhost:8402",
        "http://169.254.169.254/latest/meta-data",
        "https://[::1]/",
        "https://login.salesforce.com:nonsense",
        "https:///services",
    ],
)
def test_login_addresses_that_are_refused(url: str) -> None:
    with pytest.raises(Refused) as caught:
        hosts.login_origin(url, TRUSTED)
    assert caught.value.code == "CRM-ADDRESS"


@pytest.mark.parametrize(
    ("url", "login", "taken"),
    [
        ("https://acme.my.salesforce.com", "https://login.salesforce.com", True),
        ("https://acme.my.salesforce.com/id/1/2", "http://localhost:8401", True),
        ("http://localhost:8401", "http://localhost:8401", True),
        ("http://localhost:8402", "http://localhost:8401", False),
        ("http://acme.my.salesforce.com", "https://login.salesforce.com", False),
        ("https://acme.test", "https://login.salesforce.com", False),
    ],
)
def test_addresses_named_by_an_answer(url: str, login: str, taken: bool) -> None:
    if taken:
        assert url.startswith(hosts.answered_origin(url, login))
    else:
        with pytest.raises(Refused):
            hosts.answered_origin(url, login)


@pytest.mark.parametrize(
    ("login", "expected"),
    [
        ("https://login.salesforce.com", "https://login.salesforce.com"),
        ("https://test.salesforce.com/", "https://test.salesforce.com"),
        ("https://acme.my.salesforce.com", "https://login.salesforce.com"),
        ("https://acme--dev.sandbox.my.salesforce.com", "https://test.salesforce.com"),
        ("http://localhost:8401/", "http://localhost:8401"),
    ],
)
def test_whom_an_assertion_is_for(login: str, expected: str) -> None:
    assert audience(login) == expected
