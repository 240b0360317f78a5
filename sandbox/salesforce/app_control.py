"""The sandbox's own addresses for what an administrator does with an org's connected apps and people's sign-in."""

from datetime import timedelta
from typing import Any

from sandbox.checked import BadRequest, NoSuch, checked, json_object, site_named
from sandbox.http import Call, Response, Route, json_response
from sandbox.salesforce.apps import App
from sandbox.salesforce.ids import Id
from sandbox.salesforce.logins import Login
from sandbox.salesforce.site import Site

_FLAGS = ("blocked", "installed", "relax_ip", "rotate_refresh_tokens", "require_pkce", "require_secret")
_CHOICES = {"permitted": ("all", "approved"), "refresh_counts_from": ("issue", "use")}


def _list(call: Call, org_id: str) -> Response:
    return json_response({"apps": [_shown(app) for app in site_named(call, org_id).apps.values()]})


def _set_app(call: Call, org_id: str, client_id: str) -> Response:
    """Policies of one app, any of them.

    `blocked`, `installed`, `relax_ip`, `rotate_refresh_tokens`, `require_pkce`, `require_secret` (true or false),
    `permitted` (all, approved), `approved` (usernames, or everybody), `refresh_life` (seconds or null),
    `refresh_counts_from` (issue, use), `scopes` and `callbacks` (lists). To block an app ends what it holds.
    """
    site = site_named(call, org_id)
    app, asked = _app(site, client_id), json_object(call)
    changes = {name: _read(site, name, value) for name, value in asked.items()}
    for name, value in changes.items():
        setattr(app, name if name != "approved" else "preauthorised", value)
    if app.blocked:
        site.tokens.revoke_app(client_id)
    site.org.signins.show(app)
    return json_response(_shown(app))


def _read(site: Site, name: str, value: Any) -> Any:
    if name in _FLAGS and isinstance(value, bool):
        return value
    if value in _CHOICES.get(name, ()):
        return value
    if name == "approved":
        return "everybody" if value == "everybody" else frozenset(_user(site, one) for one in _texts(value))
    if name == "refresh_life" and (value is None or type(value) in (int, float)):
        return None if value is None else timedelta(seconds=value)
    if name in ("scopes", "callbacks"):
        return (frozenset if name == "scopes" else tuple)(_texts(value))
    raise BadRequest(f"{name} cannot be {value!r}")


def _texts(value: Any) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise BadRequest(f"{value!r} is no list of texts")
    return value


def _revoke(call: Call, org_id: str, client_id: str) -> Response:
    """`{"user": username | null}`: as on the page of the apps in use, for one person or for everybody."""
    site, asked = site_named(call, org_id), json_object(call)
    app = _app(site, client_id)
    user = None if asked.get("user") is None else _user(site, asked["user"])
    ended = site.tokens.revoke_app(client_id, user)
    for one in [user] if user else list(app.consented):
        app.withdraw(one)
    return json_response({"ended": ended})


def _set_login(call: Call, org_id: str) -> Response:
    """`{"user", "password", "expired", "foreign_network"}`: how a person signs in; any but `user` may be left out.

    A new password ends the person's sessions. Whoever comes from a foreign network is outside of the login ranges.
    """
    site, asked = site_named(call, org_id), json_object(call)
    kinds = {"user": str, "password": str, "expired": bool, "foreign_network": bool}
    if not all(type(value) is kinds.get(name) for name, value in asked.items()):
        raise BadRequest(f"give {', '.join(kinds)}: texts, and true or false")
    user = _user(site, asked.get("user"))
    login = site.logins.setdefault(user, Login(""))
    if "password" in asked:
        site.change_password(user, asked["password"])
        site.tokens.end_sessions(user)
    login.expired = asked.get("expired", login.expired)
    login.foreign_network = asked.get("foreign_network", login.foreign_network)
    return json_response({"done": "login"})


def _set_domain(call: Call, org_id: str) -> Response:
    """`{"own_domain_only": true | false}`: nobody signs in at login.salesforce.com any more."""
    site, asked = site_named(call, org_id), json_object(call)
    if not isinstance(asked.get("own_domain_only"), bool):
        raise BadRequest("own_domain_only is true or false")
    site.own_domain_only = asked["own_domain_only"]
    return json_response({"done": "domain"})


def _roll_keys(call: Call) -> Response:
    """Id tokens of every org are signed with new keys, and none of the old is published any more."""
    call.world.signing.roll()
    return json_response({"done": "keys"})


def _app(site: Site, client_id: str) -> App:
    if client_id not in site.apps:
        raise NoSuch(f"the org has no app {client_id}; it has {', '.join(site.apps)}")
    return site.apps[client_id]


def _user(site: Site, name: Any) -> Id:
    found = site.org.user_by_username(name) if isinstance(name, str) else None
    if found is None:
        raise BadRequest(f"there is no active user {name}")
    return found


def _shown(app: App) -> dict[str, Any]:
    approved = app.preauthorised if isinstance(app.preauthorised, str) else sorted(app.preauthorised)
    life = None if app.refresh_life is None else app.refresh_life.total_seconds()
    shown = {name: getattr(app, name) for name in (*_FLAGS, *_CHOICES)}
    return {"client_id": app.client_id, "name": app.name, "approved": approved, "refresh_life": life, **shown}


_BASE = "/sandbox/salesforce/orgs/<org_id>"
ROUTES = (
    Route("apps_list", "GET", f"{_BASE}/apps", checked(_list)),
    Route("apps_set", "POST", f"{_BASE}/apps/<client_id>", checked(_set_app)),
    Route("apps_revoke", "POST", f"{_BASE}/apps/<client_id>/revoke", checked(_revoke)),
    Route("logins_set", "POST", f"{_BASE}/logins", checked(_set_login)),
    Route("domain_set", "POST", f"{_BASE}/domain", checked(_set_domain)),
    Route("keys_roll", "POST", "/sandbox/salesforce/keys/roll", _roll_keys),
)
"""For the sandbox's own face."""
