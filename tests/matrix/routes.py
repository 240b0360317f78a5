"""Who asks for an address of the sandbox's vendors: the product, or nobody of ours, and why not."""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from fnmatch import fnmatchcase

from sandbox.build import FACES
from tests.matrix.cases import used
from tests.matrix.troubles import Target


class Why(StrEnum):
    PEOPLE = "people's own clients ask it"
    ADMINISTRATORS = "administrators' tools ask it"
    LATER = "a part of the product that is not there yet will ask it"
    OTHERWISE = "the product gets the same by another address"
    SIGN_IN = (
        "asked when people sign in or connect their mailbox, which has its trouble in tests/unit/web and "
        "tests/unit/test_openid.py"
    )
    LEFT = "asked once, by the last session of a mailbox that is deactivated, and no life here ends so"
    RARE = "asked only behind an answer of more than 2,000 rows, which no life here has"


UNUSED: Mapping[Why, tuple[str, ...]] = {
    Why.PEOPLE: (
        "graph folders.purge", "microsoft_login login.sign_out", "graph folders.update", "graph folders.delete",
        "graph folders.move", "graph folders.copy",
        "graph messages.create*", "graph messages.delete*", "graph messages.copy*", "graph messages.purge",
        "graph messages.send", "graph mail.*", "graph answers.*", "graph attachments.add",
        "graph attachments.delete", "graph attachments.upload", "outlook_uploads *", "graph categories.update",
        "graph settings.update", "microsoft_login login.authorize",
        "microsoft_login login.sign_in", "microsoft_login login.admin_consent*", "salesforce oauth_authorize",
        "salesforce oauth_choose", "salesforce row_delete*", "google_login openid.authorize",
        "google_login openid.choose",
    ),
    Why.ADMINISTRATORS: (
        "graph users.list", "graph users.delta", "graph users.count", "graph groups.*",
        "graph organization",        "salesforce async_*", "salesforce ingest_*",
        "salesforce bulk_query_*", "salesforce soap*",
        "salesforce resources", "salesforce versions", "salesforce composite_resources",
        "salesforce describe_global", "salesforce describe_basics", "salesforce tooling*",
        "salesforce password*", "salesforce setup*",
    ),
    Why.LATER: (
        "graph subscriptions.*", "graph extensions.*", "graph events.*", "graph calendar*", "graph contacts.*",
        "graph contact_folders.*", "graph todo.*", "graph tasks.*", "graph people.*", "graph search.*",
        "salesforce row_update", "salesforce row_upsert", "salesforce collection_upsert", "salesforce search*",
        "salesforce list_view*", "salesforce recent*", "salesforce quick_actions*", "salesforce approvals*",
        "salesforce parameterized*", "salesforce sosl*", "salesforce blob", "salesforce layouts*",
    ),
    Why.OTHERWISE: (
        "graph folders.count*", "graph folders.children", "graph folders.create_child",
        "graph messages.delta_of_all", "graph messages.mime",
        "graph messages.get_in", "graph messages.update_in", "graph messages.move_in",
        "graph messages.count*", "graph attachments.get", "graph categories.get",
        "graph settings.time_zone", "graph settings.one", "graph ids.translate",
        "google_login openid.userinfo", "google_login openid.revoke", "graph userinfo*",
        "microsoft_login login.instance", "salesforce oauth_revoke_get",
        "salesforce oauth_userinfo*", "salesforce oauth_identity_post", "salesforce updated",
        "salesforce deleted", "salesforce row_read_by_key", "salesforce collection_read*", "salesforce batch",
        "salesforce tree",
    ),
    Why.SIGN_IN: (
        "graph users.get", "graph settings.get", "microsoft_login login.configuration",
        "microsoft_login login.keys", "salesforce oauth_configuration", "salesforce oauth_keys",
        "google_login openid.configuration", "google_login openid.keys", "google_login openid.token",
    ),
    Why.LEFT: ("graph categories.delete",),
    Why.RARE: ("salesforce query_more",),
}  # fmt: skip
"""Shell patterns, some for addresses that other work on the sandbox is about to add."""


def routes() -> Iterator[Target]:
    """Every address of every vendor's face."""
    return (Target(face.name, route.name) for face in FACES if face.logged for route in face.routes)


def used_routes() -> frozenset[Target]:
    """Those that undisturbed lives asked for, alone or as a part of something."""
    named = {Target(target.face, target.name.rpartition(" ")[2]) for target in used()}
    return frozenset(named & set(routes()))


def why_unused(route: Target) -> Why | None:
    found = (why for why, patterns in UNUSED.items() if any(fnmatchcase(str(route), one) for one in patterns))
    return next(found, None)
