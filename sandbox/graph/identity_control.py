"""The sandbox's own addresses for what an administrator does: policies, consent, secrets, licences, revocation."""

from collections.abc import Callable
from typing import Any

from sandbox.checked import BadRequest, checked, json_object
from sandbox.graph.accounts import account
from sandbox.graph.entra import App, Policy, Tenant
from sandbox.http import Call, Response, Route, json_response
from sandbox.mailboxes import Mailbox

Act = Callable[[Call, dict[str, Any]], None]


def _route(name: str, path: str, act: Act) -> Route:
    def handle(call: Call) -> Response:
        act(call, json_object(call))
        return json_response({"done": name})

    return Route(f"microsoft_{name}", "POST", f"/sandbox/microsoft/{path}", checked(handle))


def _set_policy(call: Call, asked: dict[str, Any]) -> None:
    """`{"tenant", "kind": "block" | "mfa" | "none", "users": [...] | null, "apps": [...]}`"""
    kind, users, apps = asked.get("kind"), asked.get("users"), asked.get("apps", [])
    if kind not in ("block", "mfa", "none") or not isinstance(apps, list) or not isinstance(users, list | None):
        raise BadRequest("kind is block, mfa or none; users and apps are lists")
    policies, tenant = call.world.microsoft.policies, _tenant(call, asked)
    policies.pop(tenant.id, None)
    if kind in ("block", "mfa"):
        chosen = None if users is None else frozenset(str(one).lower() for one in users)
        policies[tenant.id] = Policy(kind, chosen, frozenset(map(str, apps)))


def _set_consent(call: Call, asked: dict[str, Any]) -> None:
    """`{"client_id", "tenant", "given": true | false, "scopes": [...], "mailbox"}`

    Without scopes all of it is withdrawn, and with a mailbox what that person consented to.
    """
    app, tenant, directory = _app(call, asked), _tenant(call, asked), call.world.microsoft
    given, scopes = asked.get("given"), _texts(asked, "scopes")
    if not isinstance(given, bool):
        raise BadRequest("given is true or false")
    if "mailbox" in asked:
        if given:
            raise BadRequest("people consent on the login page")
        directory.forget_app(app, tenant, str(_mailbox(call, asked).guid))
    elif given:
        directory.consent(app, tenant, scopes)
    elif scopes:
        directory.withdraw_scopes(app, tenant, scopes)
    else:
        directory.withdraw_consent(app, tenant)


def _set_account(call: Call, asked: dict[str, Any]) -> None:
    """`{"mailbox", "enabled", "admin", "mail", "password"}`, any of them.

    A new password ends what was granted before.
    """
    person, directory = _mailbox(call, asked), call.world.microsoft
    kinds = {"mailbox": str, "enabled": bool, "admin": bool, "mail": str, "password": str}
    if not all(type(value) is kinds.get(name) for name, value in asked.items()):
        raise BadRequest("enabled and admin are true or false, mail and password are texts")
    found = account(call, person)
    found.admin = asked.get("admin", found.admin)
    found.mail = asked.get("mail", found.mail)
    if asked.get("enabled", person.enabled) != person.enabled:
        person.enabled = asked["enabled"]
        directory.challenge(str(person.guid))
    if "password" in asked:
        found.password, found.failures, found.locked_until = asked["password"], 0, None
        directory.revoke_user(str(person.guid))


def _set_app(call: Call, asked: dict[str, Any]) -> None:
    """`{"client_id", "tenant", "enabled", "assigned": [addresses] | null}`: null lets everybody in."""
    app, tenant = _app(call, asked), _tenant(call, asked)
    if not isinstance(asked.get("enabled", True), bool):
        raise BadRequest("enabled is true or false")
    if "enabled" in asked:
        (app.disabled_in.discard if asked["enabled"] else app.disabled_in.add)(tenant.id)
    if "assigned" in asked:
        app.assigned.pop(tenant.id, None)
        if asked["assigned"] is not None:
            app.assigned[tenant.id] = frozenset(one.lower() for one in _texts(asked, "assigned"))


def _roll_keys(call: Call, asked: dict[str, Any]) -> None:
    """`{}`: id tokens are signed with new keys, and none of the old is published any more."""
    call.world.microsoft.signing.roll()


def _rotate(call: Call, asked: dict[str, Any]) -> None:
    """`{"client_id", "secret"}`: what was good before has expired."""
    if not isinstance(asked.get("secret"), str) or not asked["secret"]:
        raise BadRequest("secret is a text")
    call.world.microsoft.rotate_secret(_app(call, asked), asked["secret"])


def _restrict(call: Call, asked: dict[str, Any]) -> None:
    """`{"client_id", "only": [addresses] | null, "group": id | null}`: which mailboxes Exchange lets an app of its
    own into.
    """
    only, group = asked.get("only"), asked.get("group")
    if not isinstance(only, list | None):
        raise BadRequest("only is a list of addresses or null")
    if group is not None and group not in call.world.microsoft.groups:
        raise BadRequest("group is the id of a group or null")
    app = _app(call, asked)
    app.only_mailboxes = None if only is None else frozenset(str(one).lower() for one in only)
    app.only_group = group or ""


def _set_group(call: Call, asked: dict[str, Any]) -> None:
    """`{"tenant", "name", "mail", "members": [addresses of people and groups]}`: made, or given other members."""
    directory, tenant = call.world.microsoft, _tenant(call, asked)
    name, mail = asked.get("name"), asked.get("mail")
    if not isinstance(name, str) or not isinstance(mail, str) or "@" not in mail:
        raise BadRequest("name is a text, mail an address")
    by_mail = {one.mail: one for one in directory.groups.values() if one.tenant == tenant.id}
    ids = []
    for address in _texts(asked, "members"):
        below = by_mail.get(address.lower())
        ids.append(below.id if below else str(_mailbox(call, {"mailbox": address}).guid))
    if known := by_mail.get(mail.lower()):
        known.name, known.members = name, ids
    else:
        directory.add_group(tenant, name, mail, ids)


def _license(call: Call, asked: dict[str, Any]) -> None:
    """`{"mailbox", "licensed": true | false}`"""
    if not isinstance(asked.get("licensed"), bool):
        raise BadRequest("licensed is true or false")
    _mailbox(call, asked).licensed = asked["licensed"]


def _revoke(call: Call, asked: dict[str, Any]) -> None:
    """`{"mailbox"}`: as after a password reset."""
    call.world.microsoft.revoke_user(str(_mailbox(call, asked).guid))


def _challenge(call: Call, asked: dict[str, Any]) -> None:
    """`{"mailbox"}` or `{"client_id", "tenant"}`: access tokens that are out are challenged where possible."""
    if "mailbox" in asked:
        whom = str(_mailbox(call, asked).guid)
    else:
        whom = f"{_app(call, asked).client_id}@{_tenant(call, asked).id}"
    call.world.microsoft.challenge(whom)


def _texts(asked: dict[str, Any], name: str) -> list[str]:
    found = asked.get(name, [])
    if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
        raise BadRequest(f"{name} is a list of texts")
    return found


def _app(call: Call, asked: dict[str, Any]) -> App:
    app = call.world.microsoft.apps.get(str(asked.get("client_id")))
    if app is None:
        raise BadRequest(f"there is no app {asked.get('client_id')}")
    return app


def _tenant(call: Call, asked: dict[str, Any]) -> Tenant:
    tenant = call.world.microsoft.tenant(str(asked.get("tenant")))
    if tenant is None:
        raise BadRequest(f"there is no tenant {asked.get('tenant')}")
    return tenant


def _mailbox(call: Call, asked: dict[str, Any]) -> Mailbox:
    mailbox = call.world.mailboxes.mailbox(str(asked.get("mailbox")))
    if mailbox is None:
        raise BadRequest(f"there is no mailbox {asked.get('mailbox')}")
    return mailbox


ROUTES = (
    _route("policy", "policy", _set_policy),
    _route("consent", "consent", _set_consent),
    _route("account", "account", _set_account),
    _route("app", "app", _set_app),
    _route("roll", "keys/roll", _roll_keys),
    _route("rotate", "secrets/rotate", _rotate),
    _route("restrict", "mailboxes/restrict", _restrict),
    _route("group", "groups", _set_group),
    _route("license", "mailboxes/license", _license),
    _route("revoke", "tokens/revoke", _revoke),
    _route("challenge", "tokens/challenge", _challenge),
)
"""For the sandbox's own face."""
