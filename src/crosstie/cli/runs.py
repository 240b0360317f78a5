"""What the commands about activation runs share: which org, and how a run is shown."""

from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from crosstie.cli import frame

if TYPE_CHECKING:
    from crosstie.accounts.activation.activation_runs import Progress, RunInfo
    from crosstie.store.models import Scope

NAMED = 5
"""People of a kind that a line names."""
SOURCES = {"users": "all Salesforce users", "group": "the group", "file": "the file"}


def add_org(parser: ArgumentParser) -> None:
    parser.add_argument("--tenant", default="", help="name of the tenant, where there are several")
    parser.add_argument(
        "--org", default="", metavar="ID", help="id of the Salesforce org, where there are several"
    )


def org(options: Namespace) -> "Scope":
    from crosstie.accounts import tenants, words
    from crosstie.accounts.connection import orgs
    from crosstie.accounts.words import Unacceptable

    scope = tenants.find(options.tenant)
    if not options.org:
        return orgs.only(scope).scope
    found = orgs.by_crm_id(options.org)
    if found is None or found.scope.tenant_id != scope.tenant_id:
        raise Unacceptable(words.UNKNOWN, what="org", name=options.org, hint="")
    return found.scope


def line(run: "RunInfo") -> str:
    named = f" {run.named}" if run.named else ""
    return f"{run.run_id}  {run.asked_at:%Y-%m-%d %H:%M} UTC  {run.stage}: {SOURCES[run.source]}{named}"


def lines(found: "Progress") -> Iterator[str]:
    from crosstie.accounts.trouble import advice

    run = found.run
    yield f"{SOURCES[run.source].capitalize()}{f' {run.named}' if run.named else ''}: {found.all} people."
    if found.looked < found.all:
        yield f"{found.looked} of them were looked at."
    yield f"{found.active} active, {found.ready} to be activated, {found.skipped} skipped, {found.failed} failed."
    for group in found.groups:
        first, more = ", ".join(group.first[:NAMED]), group.count - NAMED
        yield f"  {group.count} × {group.kind.sentence} [{group.kind.code}]"
        yield f"      {frame.plain(first)}{f' and {more} more' if more > 0 else ''}"
        if group.kind.advice:
            yield f"      {group.kind.advice}"
    if run.waits:
        yield f"It waits. {advice.for_code(run.waits)}"


def shown(found: "Progress") -> dict[str, Any]:
    """As JSON has it."""
    totals = {name: getattr(found, name) for name in ("all", "looked", "ready", "active", "skipped", "failed")}
    kinds = [asdict(group.kind) | {"count": group.count, "first": group.first} for group in found.groups]
    run = {"run": found.run.run_id, "source": found.run.source, "named": found.run.named}
    return run | {"stage": found.run.stage, "waits": found.run.waits} | totals | {"kinds": kinds}
