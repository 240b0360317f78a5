"""The sandbox's own addresses for what an org's administrator and its people do by hand.

`POST .../setup/<act>` calls a method of Setup, `POST .../acts/<act>` one of the org's own, with the JSON object of
the body as its arguments; a person may be named by username. A GET of either lists the acts.
"""

import inspect
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, is_dataclass
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from sandbox.checked import BadRequest, checked, json_object, site_named
from sandbox.http import Call, Response, Route, json_response
from sandbox.salesforce.errors import SalesforceError
from sandbox.salesforce.org import Org

PEOPLE = ("user", "owner")
"""Arguments that may be a username in place of an id."""
ACTS = (
    "convert_lead", "delete", "empty_bin", "hold", "lock", "merge", "purge", "release", "share", "touch",
    "undelete", "unlock", "unshare",
)  # fmt: skip
"""Methods of Org."""


def _setup_acts(org: Org) -> dict[str, Callable[..., Any]]:
    names = [name for name in dir(org.setup) if not name.startswith("_")]
    return {name: getattr(org.setup, name) for name in names}


def _people_acts(org: Org) -> dict[str, Callable[..., Any]]:
    return {name: getattr(org, name) for name in ACTS}


def _list(acts_of: Callable[[Org], dict[str, Callable[..., Any]]]) -> Callable[..., Response]:
    def handler(call: Call, org_id: str) -> Response:
        acts = acts_of(site_named(call, org_id).org)
        listed = [
            {
                "act": name,
                "takes": [str(one) for one in _parameters(act)],
                "does": inspect.getdoc(act) or "",
            }
            for name, act in acts.items()
        ]
        return json_response({"acts": listed})

    return checked(handler)


def _do(acts_of: Callable[[Org], dict[str, Callable[..., Any]]]) -> Callable[..., Response]:
    def handler(call: Call, org_id: str, act: str) -> Response:
        org = site_named(call, org_id).org
        chosen = _chosen(acts_of(org), act)
        given = json_object(call) if call.request.get_data() else {}
        try:
            found = chosen(**_arguments(org, chosen, given))
        except SalesforceError as refusal:
            return json_response({"error": str(refusal), "code": refusal.code}, 409)
        except (ValueError, OSError) as problem:
            raise BadRequest(str(problem)) from problem
        whole = is_dataclass(found) and not isinstance(found, type)
        return json_response({"result": asdict(found) if whole else found})

    return checked(handler)


def _chosen(acts: dict[str, Callable[..., Any]], name: str) -> Callable[..., Any]:
    if name not in acts:
        raise BadRequest(f"there is no act {name}; known: {', '.join(acts)}")
    return acts[name]


def _parameters(act: Callable[..., Any]) -> list[inspect.Parameter]:
    return [one for one in inspect.signature(act).parameters.values() if one.name != "options"]


def _arguments(org: Org, act: Callable[..., Any], given: dict[str, Any]) -> dict[str, Any]:
    """The body's members as the act's arguments. Raises ValueError."""
    known = {one.name: one for one in _parameters(act)}
    missing = [name for name, one in known.items() if one.default is one.empty and name not in given]
    stray = sorted(set(given) - set(known))
    if missing or stray:
        raise ValueError(
            f"arguments missing: {missing}, unknown: {stray}; it takes {[str(o) for o in known.values()]}"
        )
    hints = get_type_hints(act)
    for name, value in given.items():
        if not _fits(value, hints[name]):
            raise ValueError(f"{name}: {json.dumps(value)} does not fit {known[name]}")
        if name in PEOPLE and isinstance(value, str):
            given[name] = org.user_by_username(value) or value
    return given


def _fits(value: Any, hint: Any) -> bool:
    """A JSON value against an annotation; only what acts are annotated with is known."""
    origin, inner = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        return any(_fits(value, one) for one in inner)
    if origin is Literal:
        return value in inner
    if origin in (Sequence, list, tuple):
        return isinstance(value, list) and all(_fits(one, inner[0]) for one in value)
    if origin in (Mapping, dict):
        return isinstance(value, dict) and all(_fits(one, inner[1]) for one in value.values())
    if hint is Any:
        return True
    if hint is float:
        return isinstance(value, int | float) and not isinstance(value, bool)
    return value is None if hint is NoneType else type(value) is hint


_BASE = "/sandbox/salesforce/orgs/<org_id>"
ROUTES = (
    Route("setup_list", "GET", f"{_BASE}/setup", _list(_setup_acts)),
    Route("setup_do", "POST", f"{_BASE}/setup/<act>", _do(_setup_acts)),
    Route("acts_list", "GET", f"{_BASE}/acts", _list(_people_acts)),
    Route("acts_do", "POST", f"{_BASE}/acts/<act>", _do(_people_acts)),
)
"""For the sandbox's own face."""
