"""The sandbox's own addresses for bad luck: faults that wait, a script of them, the weather."""

import json
from dataclasses import asdict, fields
from typing import Any, get_args

from sandbox import spoil
from sandbox.checked import BadRequest, checked, json_body
from sandbox.faults import Effect, Fault, Step
from sandbox.http import Call, Response, Route, json_response
from sandbox.luck import Luck

_LUCK_KINDS = {"seed": (int,), "rate": (int, float), "face": (str,), "route": (str,), "subject": (str,)}


def list_all(call: Call) -> Response:
    faults = call.world.faults
    shown: dict[str, Any] = {"faults": [_shown(fault) for fault in faults.waiting], "script": [], "luck": None}
    if faults.script:
        shown["script"] = [{"after": step.after} | _shown(step.fault) for step in faults.script.steps]
    if faults.luck:
        weather = {name: getattr(faults.luck, name) for name in ("seed", "rate", "face", "route", "subject")}
        told = {"kinds": list(faults.luck.kinds), "asked": faults.luck.asked, "done": dict(faults.luck.done)}
        shown["luck"] = weather | told
    return json_response(shown)


def _shown(fault: Fault) -> dict[str, Any]:
    return asdict(fault) | {"body": fault.body.decode("utf-8", "replace")}


def add(call: Call) -> Response:
    """One fault or a list of them, fields as in sandbox.faults.Fault, `body` as text or JSON."""
    body = json_body(call)
    for fault in [read_fault(one) for one in (body if isinstance(body, list) else [body])]:
        call.world.faults.add(fault)
    return list_all(call)


def clear(call: Call) -> Response:
    call.world.faults.clear()
    return list_all(call)


def follow(call: Call) -> Response:
    """A list of faults, each with `after`: seconds since now. An empty list ends a script."""
    call.world.faults.follow(read_script(json_body(call)))
    return list_all(call)


def turn_weather(call: Call) -> Response:
    """`{"seed": 7, "rate": 0.05, "kinds": ["graph.*"]}`, all of it optional; null ends it."""
    raw = json_body(call)
    call.world.faults.luck = None if raw is None else read_luck(raw)
    return list_all(call)


def read_script(raw: Any) -> list[Step]:
    if not isinstance(raw, list) or not all(isinstance(one, dict) for one in raw):
        raise BadRequest("a script is a list of faults, each an object that may have `after`")
    steps = []
    for number, one in enumerate(raw, 1):
        after = one.get("after", 0)
        if type(after) not in (int, float) or after < 0:
            raise BadRequest(f"step {number}: after is a number of seconds")
        try:
            steps.append(Step(read_fault({name: one[name] for name in one if name != "after"}), float(after)))
        except BadRequest as problem:
            raise BadRequest(f"step {number}: {problem}") from problem
    return steps


def read_fault(raw: Any) -> Fault:
    known = {field.name for field in fields(Fault)}
    if not isinstance(raw, dict) or not set(raw) <= known:
        raise BadRequest(f"a fault is an object with some of: {', '.join(sorted(known))}")
    if raw.get("effect") not in get_args(Effect):
        raise BadRequest(f"effect is one of: {', '.join(get_args(Effect))}")
    if raw.get("effect") == "spoil" and raw.get("spoil") not in spoil.KINDS:
        raise BadRequest(f"spoil is one of: {', '.join(spoil.KINDS)}")
    model = Fault("refuse")
    for name in set(raw) - {"effect", "headers", "body"}:
        expected = type(getattr(model, name))
        if type(raw[name]) is not expected and not (expected is float and type(raw[name]) is int):
            raise BadRequest(f"{name} is a {expected.__name__}")
    headers = raw.get("headers", {})
    if not isinstance(headers, dict):
        raise BadRequest("headers is an object of names and values")
    content = raw.get("body", "")
    text = content if isinstance(content, str) else json.dumps(content)
    pairs = tuple((str(name), str(value)) for name, value in headers.items())
    return Fault(**raw | {"body": text.encode(), "headers": pairs})


def read_luck(raw: Any) -> Luck:
    names = (*_LUCK_KINDS, "kinds")
    if not isinstance(raw, dict) or not set(raw) <= set(names):
        raise BadRequest(f"the weather is an object with some of: {', '.join(names)}")
    for name, kinds in _LUCK_KINDS.items():
        if name in raw and type(raw[name]) not in kinds:
            raise BadRequest(f"{name} is a {kinds[-1].__name__}")
    chosen = raw.get("kinds", ["*"])
    chosen = [chosen] if isinstance(chosen, str) else chosen
    if not isinstance(chosen, list) or not all(isinstance(one, str) for one in chosen):
        raise BadRequest("kinds is a list of patterns")
    try:
        return Luck(**raw | {"kinds": tuple(chosen)})
    except ValueError as problem:
        raise BadRequest(str(problem)) from problem


ROUTES = (
    Route("faults", "GET", "/sandbox/faults", list_all),
    Route("faults_add", "POST", "/sandbox/faults", checked(add)),
    Route("faults_clear", "DELETE", "/sandbox/faults", clear),
    Route("script", "POST", "/sandbox/faults/script", checked(follow)),
    Route("weather", "POST", "/sandbox/faults/weather", checked(turn_weather)),
)
"""For the sandbox's own face."""
