"""`crosstie plan [ADDRESS]`."""

from argparse import ArgumentParser, Namespace
from dataclasses import asdict
from typing import TYPE_CHECKING

from crosstie.cli import frame, mailbox

if TYPE_CHECKING:
    from crosstie.accounts.connection.mailboxes import MailboxRef
    from crosstie.store.models import Scope


def configure(parser: ArgumentParser) -> None:
    mailbox.add_arguments(parser, required=False)


def run(options: Namespace) -> int:
    """Reads the mailboxes and Salesforce; writes nothing anywhere."""
    with frame.server():
        from crosstie.jobs import commands

        found: dict[str, list[commands.Planned]] = {}
        for scope, refs in _by_org(mailbox.chosen(options)).items():
            planned = commands.preview(scope, [ref.mailbox_id for ref in refs])
            found |= {ref.address: planned.get(ref.mailbox_id, []) for ref in refs}
        lines = [
            f"{address}: {one.operation} {one.item_id}: {one.sentence}"
            for address, plan in found.items()
            for one in plan
        ]
        frame.answer(
            options,
            {address: [asdict(one) for one in plan] for address, plan in found.items()},
            "\n".join(lines) or "The next session would do nothing.",
        )
    return 0


def _by_org(refs: "list[MailboxRef]") -> "dict[Scope, list[MailboxRef]]":
    grouped: dict[Scope, list[MailboxRef]] = {}
    for ref in refs:
        grouped.setdefault(ref.scope, []).append(ref)
    return grouped
