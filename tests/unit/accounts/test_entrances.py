"""Where somebody signs in to Salesforce: which addresses are a site's, and which org is behind one."""

import pytest

from crosstie.accounts.sign_in.entrances import Entrance, Kind, entrance, site
from crosstie.accounts.words import Unacceptable

TRUSTED = frozenset({"http://localhost:8401"})
ORG = ("https://example.my.salesforce.com", "https://example.my.salesforce.com")
UAT = ("https://test.salesforce.com", "https://example--uat.sandbox.my.salesforce.com")


@pytest.mark.parametrize(
    ("typed", "taken"),
    [
        ("https://example.my.site.com/partners", "https://example.my.site.com/partners"),
        ("  Example.My.Site.com/partners/ ", "https://example.my.site.com/partners"),
        ("https://example.my.site.com", "https://example.my.site.com"),
        ("https://example.my.site.com/s/login/?startURL=%2F#top", "https://example.my.site.com"),
        ("https://example.my.site.com/partners/s/topic/1", "https://example.my.site.com/partners"),
        ("https://example--uat.sandbox.my.site.com/p", "https://example--uat.sandbox.my.site.com/p"),
        ("https://example.force.com/partners", "https://example.force.com/partners"),
        ("https://example.secure.force.com", "https://example.secure.force.com"),
        ("https://example.na1.siteforce.com", "https://example.na1.siteforce.com"),
        ("https://example.my.salesforce.com", "https://example.my.salesforce.com"),
        ("https://example.my.site.com/..%2f..%2f", "https://example.my.site.com"),
        ("http://localhost:8401/partners", "http://localhost:8401/partners"),
    ],
)
def test_a_site_is_its_origin_and_its_name(typed: str, taken: str) -> None:
    assert site(typed, TRUSTED) == taken


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "SITE-MISSING"),
        ("   ", "SITE-MISSING"),
        ("https://evilforce.com", "SITE-FOREIGN"),
        ("https://example.evilforce.com/partners", "SITE-FOREIGN"),
        ("https://my.site.com.evil.test", "SITE-FOREIGN"),
        ("https://example.my.site.com.evil.test/partners", "SITE-FOREIGN"),
        ("https://example.site.com", "SITE-FOREIGN"),
        ("https://partners.example.com", "SITE-FOREIGN"),
        ("https://force.com", "SITE-FOREIGN"),
        ("https://my.site.com", "SITE-FOREIGN"),
        ("https://127.0.0.1", "SITE-FOREIGN"),
        ("https://[::1]/", "SITE-BAD"),
        ("https://2130706433", "SITE-BAD"),
        ("https://example.my.site.com@evil.test", "SITE-BAD"),
        ("https://evil.test\\@example.my.site.com", "SITE-BAD"),
        ("https://user:word@example.my.site.com", "SITE-BAD"),
        ("https://@example.my.site.com", "SITE-BAD"),
        ("https://example.my.site.com:8443", "SITE-BAD"),
        ("https://example.my.site.com:443", "SITE-BAD"),
        ("https://example.my.site.com:x", "SITE-BAD"),
        ("https://example.my.site.com:", "SITE-BAD"),
        ("https://example.my.site.com.", "SITE-BAD"),
        ("https://.my.site.com", "SITE-BAD"),
        ("https://exämple.my.site.com", "SITE-BAD"),
        ("https://example.my.site。com", "SITE-BAD"),
        ("https://ex ample.my.site.com", "SITE-BAD"),
        ("https://evil.test#.my.site.com", "SITE-FOREIGN"),
        ("https://evil.test?.my.site.com", "SITE-FOREIGN"),
        ("https://evil.test/.my.site.com", "SITE-FOREIGN"),
        ("http://example.my.site.com", "SITE-BAD"),
        ("ftp://example.my.site.com", "SITE-BAD"),
        ("javascript://example.my.site.com/%0aalert(1)", "SITE-BAD"),
        ("//example.my.site.com", "SITE-BAD"),
        ("https://", "SITE-BAD"),
        ("http://localhost:8402/partners", "SITE-BAD"),
        ("http://localhost:8401@evil.test/", "SITE-BAD"),
        ("https://" + "a" * 300 + ".my.site.com", "SITE-BAD"),
        ("http://localhost:8401/" + "a" * 300, "SITE-BAD"),
    ],
)
def test_what_is_not_at_salesforce_is_refused(typed: str, code: str) -> None:
    with pytest.raises(Unacceptable) as refusal:
        site(typed, TRUSTED)
    assert refusal.value.code == code


@pytest.mark.parametrize("kind", ["", "elsewhere", "site "])
def test_a_form_names_one_of_three(kind: str) -> None:
    with pytest.raises(Unacceptable, match="press one of the three buttons"):
        entrance(kind, "https://example.my.site.com", TRUSTED)
    assert entrance("production", "https://evil.test", TRUSTED) == Entrance(Kind.PRODUCTION)
    assert entrance("site", f"{ORG[0]}/x", TRUSTED) == Entrance(Kind.SITE, f"{ORG[0]}/x")


@pytest.mark.parametrize(
    ("addresses", "found"),
    [
        (ORG, Kind.PRODUCTION),
        (("https://login.salesforce.com", ORG[1]), Kind.PRODUCTION),
        (("http://localhost:8401", "http://localhost:8401"), Kind.PRODUCTION),
        (("https://crm--eu.example.com",) * 2, Kind.PRODUCTION),
        (UAT, Kind.SANDBOX),
        (("https://example--uat.my.salesforce.com",) * 2, Kind.SANDBOX),
        (("https://test.salesforce.com", "https://cs1.salesforce.com"), Kind.SANDBOX),
    ],
)
def test_an_org_is_behind_one_of_two(addresses: tuple[str, str], found: Kind) -> None:
    assert [kind for kind in (Kind.PRODUCTION, Kind.SANDBOX) if Entrance(kind).is_of(addresses)] == [found]


@pytest.mark.parametrize(
    ("at", "addresses", "is_its"),
    [
        ("https://example.my.site.com/partners", ORG, True),
        ("https://example.my.site.com", ("https://login.salesforce.com", ORG[1]), True),
        ("https://example.my.salesforce.com", ORG, True),
        ("https://example--uat.sandbox.my.site.com/p", UAT, True),
        ("http://localhost:8401/partners", ("http://localhost:8401",), True),
        ("https://example.my.site.com", UAT, False),
        ("https://example--uat.sandbox.my.site.com", ORG, False),
        ("https://another.my.site.com/partners", ORG, False),
        ("https://example.another.my.site.com", ORG, False),
        ("https://example.force.com/partners", ORG, False),
        ("https://login.salesforce.com", ORG, False),
        ("http://localhost:8401/partners", ORG, False),
        ("https://example.my.site.com", ("http://localhost:8401",), False),
        ("https://localhost.my.site.com", ("http://localhost:8401",), False),
        ("https://login.salesforce.com.my.site.com", ("https://login.salesforce.com", ORG[1]), False),
    ],
)
def test_a_site_is_of_the_org_whose_name_it_carries(at: str, addresses: tuple[str, ...], is_its: bool) -> None:
    assert Entrance(Kind.SITE, at).is_of(addresses) is is_its
