"""What stands in the forms of Connections: how things are, or what was typed and refused. Never a secret."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from django.http import HttpRequest

from crosstie.accounts.connection.connections import ConnectionInfo
from crosstie.accounts.connection.orgs import OrgInfo
from crosstie.jobs.service_accounts import PRODUCTION, SANDBOX

LEFT_WITH = "connections-typed"
"""The session's key for what was typed by somebody who is at a vendor, or came back from one refused."""
LONGEST = 500
"""Characters of a field, as the page says too."""
PLACES = {"production": PRODUCTION, "sandbox": SANDBOX}
"""Where an account logs in; any other place is told as an address."""
OWN = "own"


class Form(StrEnum):
    SIGN_IN = "sign-in"
    CERTIFICATE = "certificate"
    MICROSOFT = "microsoft"


FIELDS: Mapping[Form, Sequence[str]] = {
    Form.SIGN_IN: ("org", "place", "address", "client_id"),
    Form.CERTIFICATE: ("org", "place", "address", "client_id", "username"),
    Form.MICROSOFT: ("directory", "client_id", "authority", "endpoint"),
}
"""Those that are shown again."""


@dataclass(frozen=True, slots=True)
class Typed:
    form: Form
    fields: Mapping[str, str]
    sentence: str = ""
    """Why it was refused; empty where the page says that above."""

    def is_of(self, form: Form, org: str) -> bool:
        return self.form is form and self.fields.get("org", "") == org


@dataclass(frozen=True, slots=True)
class Filled:
    """One form as it is shown."""

    fields: Mapping[str, str]
    refused: bool = False
    sentence: str = ""


def typed(request: HttpRequest, form: Form, sentence: str = "") -> Typed:
    return Typed(form, {name: request.POST.get(name, "")[:LONGEST] for name in FIELDS[form]}, sentence)


def leave_with(request: HttpRequest, given: Typed) -> None:
    """It is shown once more to who comes back without having been let in."""
    request.session[LEFT_WITH] = [given.form.value, dict(given.fields)]


def forget(request: HttpRequest) -> None:
    request.session.pop(LEFT_WITH, None)


def left_with(request: HttpRequest) -> Typed | None:
    """Once."""
    kept = request.session.pop(LEFT_WITH, None)
    return Typed(Form(kept[0]), kept[1]) if kept else None


def is_here(given: Typed, orgs: Sequence[OrgInfo]) -> bool:
    """Whether the page has the form that it was typed in: an org may have come, or have never been."""
    return given.form is Form.MICROSOFT or given.fields["org"] in ([str(one.org_id) for one in orgs] or [""])


def of_org(info: OrgInfo | None, given: Typed | None) -> dict[str, Filled]:
    """The forms about an org, or about the first one."""
    login = info.details.login_url if info else PRODUCTION
    place = next((name for name, address in PLACES.items() if address == login), OWN)
    known = {
        "place": place,
        "address": login if place == OWN else "",
        "client_id": info.details.client_id if info else "",
        "username": "",
    }
    org = str(info.org_id) if info else ""
    return {
        "by_sign_in": _filled(Form.SIGN_IN, known, given, org),
        "by_certificate": _filled(Form.CERTIFICATE, known, given, org),
    }


def of_mailboxes(info: ConnectionInfo | None, given: Typed | None) -> Filled:
    """A directory that is known is not for a form to say, so what one said all the same is not shown."""
    names = FIELDS[Form.MICROSOFT]
    known = {name: getattr(info.details, name) if info else "" for name in names}
    filled = _filled(Form.MICROSOFT, known, given)
    fixed = {"directory": known["directory"]} if info else {}
    return replace(filled, fields={**filled.fields, **fixed})


def _filled(form: Form, known: Mapping[str, str], given: Typed | None, org: str = "") -> Filled:
    if given and given.is_of(form, org):
        return Filled({**known, **given.fields}, refused=True, sentence=given.sentence)
    return Filled(known)
