"""`crosstie settings get|set|unset|export|import`."""

import json
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from crosstie.cli import frame, levels

if TYPE_CHECKING:
    from crosstie.accounts.governance.layers import Place
    from crosstie.accounts.governance.settings import Explanation
    from crosstie.store.models import Scope


def configure(parser: ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="get|set|unset|export|import")
    reader = verbs.add_parser("get", help="one setting or all, with where each value comes from")
    reader.add_argument("name", nargs="?", default="")
    writer = verbs.add_parser("set", help="set a value for everybody, a profile or a person")
    writer.add_argument("name")
    writer.add_argument("value", help="lists are separated by commas")
    writer.add_argument("--lock", action="store_true", help="nobody below may change it")
    taker = verbs.add_parser("unset", help="take a level's own value away")
    taker.add_argument("name")
    keeper = verbs.add_parser("export", help="all values of all levels, as one JSON document")
    bringer = verbs.add_parser("import", help="set what such a document says: all of it or nothing")
    bringer.add_argument("file", help="- for standard input")
    bringer.add_argument("--replace", action="store_true", help="take away every value it does not name")
    bringer.add_argument("--dry-run", action="store_true", help="say what would change, and change nothing")
    for verb in (writer, taker, bringer):
        verb.add_argument("--yes", action="store_true", help="though items are taken out of calendars by it")
    for verb in (keeper, bringer):
        verb.add_argument("--tenant", default="")
        frame.add_json(verb)
    for verb in (reader, writer, taker):
        levels.add_arguments(verb)
        frame.add_json(verb)


def run(options: Namespace) -> int:
    with frame.server():
        if options.verb in ("export", "import"):
            return _document(options)
        found = _carry_out(options, *levels.chosen(options))
        text = "\n".join(f"{one.name} = {one.shown}    {one.sentence}" for one in found)
        frame.answer(options, [asdict(one) for one in found], text)
    return 0


def _document(options: Namespace) -> int:
    from crosstie.accounts import tenants
    from crosstie.accounts.governance import settings_file
    from crosstie.domain.clock import SystemClock

    scope = tenants.find(options.tenant)
    if options.verb == "export":
        sys.stdout.write(json.dumps(settings_file.export(scope), indent=2, ensure_ascii=False) + "\n")
        return 0
    bring_in = partial(settings_file.bring_in, scope, _read(options.file), SystemClock(), replace=options.replace)
    changes = bring_in(dry=True)
    if not options.dry_run:
        _check(options, scope, [(one.name, one.after) for one in changes], bring_in)
        changes = bring_in()
    lines = [f"{one.whose}: {one.name} {_shown(one.before)} → {_shown(one.after)}" for one in changes]
    if options.dry_run and lines:
        lines.append("Nothing was changed yet: leave --dry-run out to do it.")
    frame.answer(options, [asdict(one) for one in changes], "\n".join(lines) or "Everything is so already.")
    return 0


def _read(name: str) -> str:
    try:
        if name == "-":
            return sys.stdin.read()
        return Path(name).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise frame.CommandError(f"{name} cannot be read as text.") from error


def _shown(value: object) -> str:
    return "none" if value is None else json.dumps(value, ensure_ascii=False)


def _carry_out(options: Namespace, scope: "Scope", place: "Place") -> "list[Explanation]":
    from crosstie.accounts.governance import settings
    from crosstie.domain.clock import SystemClock

    act: Callable[[], Explanation] | None = None
    given = options.value if options.verb == "set" else None
    if options.verb == "set":
        act = partial(settings.put, scope, place, options.name, given, SystemClock(), locked=options.lock)
    elif options.verb == "unset":
        act = partial(settings.unset, scope, place, options.name, SystemClock())
    if act:
        _check(options, scope, [(options.name, given)], act)
        return [act()]
    if options.name:
        return [settings.explain(scope, place, options.name)]
    return list(settings.explain_all(scope, place))


def _check(
    options: Namespace, scope: "Scope", said: Sequence[tuple[str, object]], act: Callable[[], object]
) -> None:
    """What the org has no room for is refused, and what takes much away is said first. `said`: setting → value."""
    from crosstie.jobs import conditions, withdrawing

    for name, value in said:
        if value is not None:
            conditions.check(scope, name, value)
    losing = 0 if options.yes else withdrawing.losing(scope, [name for name, _ in said], act)
    if losing:
        raise frame.CommandError(
            f"{losing} item(s) that came from Salesforce would be taken out of calendars, unless somebody was "
            "invited to them; Salesforce keeps them. Nothing was changed. To do it, add --yes."
        )
