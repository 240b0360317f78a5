"""Doubts and bad luck: switches that are turned, faults that wait."""

from dataclasses import fields
from typing import cast, get_args

from sandbox import doubts, switches
from sandbox.console.html import (
    Child,
    address,
    button,
    choice,
    form,
    labelled,
    link,
    table,
    tag,
    text_field,
)
from sandbox.console.page import Refused, act, go, page
from sandbox.faults import Effect, Fault, Faults
from sandbox.http import Call, Response
from sandbox.spoil import KINDS

_PATTERNS = ("face", "route", "subject")
_NUMBERS = {"times": 1, "skip": 0, "status": 503, "delay": 0}
_TEXTS = ("code", "message", "spoil")
_LARGEST = 1_000_000


def show_switches(call: Call) -> Response:
    rows = (_switch(call, one) for one in sorted(switches.declared(), key=lambda one: one.name))
    explain = "What nobody outside the vendors knows for certain has both answers here."
    heads = ("Switch", "Question", "Answer", "Turn")
    others = ((one.where, one.what, one.why) for one in doubts.register() if not one.switch)
    return page(
        call,
        "Switches",
        tag("p", explain),
        table("Doubts", heads, rows),
        tag("h2", "Without a switch"),
        table("Doubts without a switch", ("Where", "What", "Why none"), others),
    )


def _switch(call: Call, one: switches.Switch) -> tuple[Child, ...]:
    on = call.world.switches.on(one)
    turn = "off" if on else "on"
    turned = "" if on == one.default else " (turned)"
    control = form(
        f"switch-{one.name}",
        address("switches"),
        tag("input", type="hidden", name="name", value=one.name),
        button(f"Turn {turn}", name="on", value=turn, aria_label=f"Turn {turn} {one.name}"),
    )
    return (
        one.name,
        [one.question, tag("br"), tag("small", one.source)],
        ("on" if on else "off") + turned,
        control,
    )


@act
def turn_switch(call: Call) -> Response:
    given = call.request.form
    name = given.get("name", "")
    if name not in {one.name for one in switches.declared()} or given.get("on") not in ("on", "off"):
        raise Refused("There is no such switch, or no such answer.")
    call.world.switches.turn(name, given["on"] == "on")
    return go("switches", done="turned")


def show_faults(call: Call) -> Response:
    names = [one.name for one in fields(Fault) if one.name not in ("headers", "body", "early_stamp")]
    rows = ([str(getattr(fault, name)) for name in names] for fault in call.world.faults.waiting)
    clear = form("clear", address("faults", "clear"), button("Clear all faults"))
    left = len(call.world.unfinished)
    return page(
        call,
        "Faults",
        table("Waiting faults", names, rows),
        *_other_sources(call.world.faults),
        clear if not call.world.faults.quiet else None,
        tag("p", f"{left} requests wait to be carried out although their clients are gone.") if left else None,
        tag("h2", "Add a fault"),
        tag(
            "p",
            "It waits for a request whose face, route and subject match (shell patterns). Names are in the ",
            link("request log", address("requests")),
            "; for inside, the route is a step such as insert:Contact.",
        ),
        _fault_form(),
    )


def _other_sources(faults: Faults) -> tuple[Child, ...]:
    """What is left of a script, and what the weather has done; both are begun by command or over `/sandbox`."""
    found: list[Child] = []
    if faults.script and faults.script.steps:
        rows = (
            (f"{step.after:g} s", step.fault.effect, step.fault.face, step.fault.route)
            for step in faults.script.steps
        )
        found.append(table("Left of the script", ("After", "Effect", "Face", "Route"), rows))
    if faults.luck:
        struck = ", ".join(f"{name} {times}" for name, times in faults.luck.done.most_common())
        told = f"The weather ({faults.luck.rate:.0%}) has struck {faults.luck.done.total()} of {faults.luck.asked}"
        found.append(tag("p", f"{told} requests{': ' if struck else ''}{struck}."))
    return tuple(found)


def _fault_form() -> Child:
    return form(
        "fault",
        address("faults"),
        choice("Effect", "effect", [(one, one) for one in get_args(Effect)]),
        tag("div", *(text_field(name.capitalize(), name, "*") for name in _PATTERNS), class_="row"),
        tag(
            "div",
            *(
                text_field(name.capitalize(), name, str(start), inputmode="decimal")
                for name, start in _NUMBERS.items()
            ),
            class_="row",
        ),
        tag("div", *(text_field(name.capitalize(), name) for name in _TEXTS), class_="row"),
        labelled("Body of the refusal", tag("textarea", name="body", rows=2)),
        tag(
            "label",
            tag("input", type="checkbox", name="early_stamp", value="1"),
            tag("span", " Stamped with the time of the request (finish_later)"),
            class_="tick",
        ),
        button("Add fault"),
        class_="block",
    )


@act
def add_fault(call: Call) -> Response:
    given = call.request.form
    effect = given.get("effect", "")
    if effect not in get_args(Effect):
        raise Refused(f"Effect: one of {', '.join(get_args(Effect))}.")
    spoil = given.get("spoil", "").strip()
    if effect == "spoil" and spoil not in KINDS:
        raise Refused(f"Spoil: one of {', '.join(KINDS)}.")
    numbers = {name: _number(name, given.get(name, str(start))) for name, start in _NUMBERS.items()}
    if not 100 <= numbers["status"] <= 599:
        raise Refused("Status: a number from 100 to 599.")
    fault = Fault(
        cast("Effect", effect),
        face=given.get("face", "").strip() or "*",
        route=given.get("route", "").strip() or "*",
        subject=given.get("subject", "").strip() or "*",
        times=int(numbers["times"]),
        skip=int(numbers["skip"]),
        status=int(numbers["status"]),
        delay=numbers["delay"],
        body=given.get("body", "").encode(),
        code=given.get("code", ""),
        message=given.get("message", ""),
        spoil=spoil,
        early_stamp=bool(given.get("early_stamp")),
    )
    call.world.faults.add(fault)
    return go("faults", done="fault")


def _number(name: str, text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = -1.0
    whole = name == "delay" or number.is_integer()
    if not (0 <= number <= _LARGEST and whole):
        raise Refused(f"{name.capitalize()}: a number from 0 to {_LARGEST}.")
    return number


@act
def clear_faults(call: Call) -> Response:
    call.world.faults.clear()
    return go("faults", done="cleared")
