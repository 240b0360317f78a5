"""Who the token speaks for."""

from typing import Literal

from ninja import Router

from crosstie.accounts.connection import mailboxes
from crosstie.accounts.connection.mailboxes import MailboxRef
from crosstie.accounts.trouble import mending
from crosstie.accounts.trouble.mending import Trouble
from crosstie.web.api.gate import Asked, resource
from crosstie.web.api.shapes import ConnectionShape, MailboxShape, MeShape, PersonShape, TokenShape

router = Router()


@resource(router, "GET", "/me", MeShape)
def me(request: Asked) -> MeShape:
    """The person whose token it is, their mailbox, and whether both sides let us in."""
    person, token = request.auth.bearer.person, request.auth.bearer.token
    mailbox = mailboxes.of_person(person.scope, person.person_id) if person.mailbox_id else None
    return MeShape(
        person=PersonShape(
            name=person.name,
            address=person.address,
            role=person.role,
            profile=person.profile,
            licence=person.license or None,
        ),
        mailbox=_mailbox(mailbox) if mailbox else None,
        connections=_connections(mailbox) if mailbox else [],
        token=TokenShape(
            name=token.name, beginning=token.beginning, may_act=token.may_act, expires_at=token.expires_at
        ),
    )


def _mailbox(ref: MailboxRef) -> MailboxShape:
    return MailboxShape(address=ref.address, vendor=ref.vendor, time_zone=ref.time_zone)


def _connections(ref: MailboxRef) -> list[ConnectionShape]:
    """What stands still, stands still on one side."""
    trouble = mending.of_mailbox(ref.scope, ref.mailbox_id)
    return [
        _connection("mailbox", trouble if trouble and not trouble.of_crm else None),
        _connection("salesforce", trouble if trouble and trouble.of_crm else None),
    ]


def _connection(side: Literal["mailbox", "salesforce"], trouble: Trouble | None) -> ConnectionShape:
    return ConnectionShape(
        side=side,
        state="trouble" if trouble else "connected",
        code=trouble.code if trouble else None,
        sentence=trouble.advice.reason if trouble else None,
        since=trouble.since if trouble else None,
    )
