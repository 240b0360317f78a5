"""`crosstie notices [ADDRESS] [--all]`."""

from argparse import ArgumentParser, Namespace
from typing import TYPE_CHECKING

from crosstie.cli import frame

if TYPE_CHECKING:
    from crosstie.store.models import Notice

MOST = 100
SHOWN = ("address", "about", "cause", "subject", "body", "message_id", "owed_at", "sent_at", "dropped", "tries")
NONE = "Nobody was owed a mail."


def configure(parser: ArgumentParser) -> None:
    parser.add_argument("address", nargs="?", default="", metavar="ADDRESS", help="to this reader alone")
    parser.add_argument("--tenant", default="", help="name of the tenant, where there are several")
    parser.add_argument("--all", action="store_true", help="with the texts")
    frame.add_json(parser)


def run(options: Namespace) -> int:
    """The newest first."""
    with frame.server():
        from crosstie.accounts import tenants
        from crosstie.store.models import Notice

        rows = Notice.of(tenants.find(options.tenant)).order_by("-owed_at", "-pk")
        if options.address:
            rows = rows.filter(address=options.address.strip().casefold())
        found = list(rows[:MOST])
        text = "\n".join(_line(one, whole=options.all) for one in found)
        frame.answer(options, [_shown(one) for one in found], text or NONE)
    return 0


def _shown(one: "Notice") -> dict[str, object]:
    names = (
        "address",
        "about",
        "cause",
        "subject",
        "body",
        "message_id",
        "owed_at",
        "sent_at",
        "dropped",
        "tries",
    )
    return {name: getattr(one, name) for name in names}


def _line(one: "Notice", *, whole: bool) -> str:
    line = f"{one.owed_at:%Y-%m-%d %H:%M} UTC  {_state(one):<22} {one.address}  {one.subject}"
    return f"{line}\n\n{one.body}\n" if whole else line


def _state(one: "Notice") -> str:
    if one.sent_at:
        return f"sent {one.sent_at:%H:%M} UTC"
    return one.dropped or (f"owed, {one.tries} tries" if one.tries else "owed")
