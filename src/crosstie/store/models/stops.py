"""When sync stopped, and whom we owe a word about it."""

from django.db import models
from django.db.models import Q

from crosstie.store.models.mailboxes import Mailbox
from crosstie.store.models.orgs import Org
from crosstie.store.models.scope import Owned
from crosstie.store.models.tenancy import Person


class Stop(Owned):
    """From the moment that a mailbox, or (without one) all of an org, was suspended until it ran again."""

    org = models.ForeignKey(Org, on_delete=models.CASCADE, related_name="+", db_index=False)
    mailbox = models.ForeignKey(Mailbox, null=True, on_delete=models.CASCADE, related_name="+", db_index=False)
    code = models.CharField(max_length=60)
    """Of the error that the last session or tick ended with."""
    since = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    """When it was decided who is told of it, if anybody is."""
    ended_at = models.DateTimeField(null=True)
    """When all was caught up."""

    class Meta(Owned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["mailbox"], condition=Q(ended_at=None), name="stop_of_mailbox"),
            models.UniqueConstraint(fields=["org"], condition=Q(ended_at=None, mailbox=None), name="stop_of_org"),
        ]
        indexes = [
            models.Index(fields=["id"], condition=Q(ended_at=None, decided_at=None), name="stop_undecided"),
            models.Index(fields=["org", "mailbox", "-since"], name="stop_recent"),
        ]


class Notice(Owned):
    """A mail that is owed to somebody: kept before it is sent, and kept with the moment that it was.

    Names and addresses of our own people, codes and times; of anybody's mail nothing.
    """

    person = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    """NULL: an address that an administrator named."""
    address = models.TextField()
    about = models.CharField(max_length=20)
    """`stopped` or `mended`, or `account`: of the reader's own."""
    cause = models.CharField(max_length=20)
    stops = models.JSONField(default=list)
    """Ids of the stops it tells of, those included that were added after it was sent."""
    subject = models.TextField()
    body = models.TextField()
    message_id = models.TextField(unique=True)
    """The same however often it is sent: a repeat is known by it."""
    owed_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    """When it is tried (again); NULL: no more."""
    claimed_until = models.DateTimeField(null=True)
    tries = models.PositiveIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    dropped = models.CharField(max_length=20, blank=True, default="")
    """Why it was not sent: `moot`, `lapsed` or `refused`."""
    answered_at = models.DateTimeField(null=True)
    """Of `stopped`: when everything it tells of had ended."""

    class Meta(Owned.Meta):
        indexes = [
            models.Index(fields=["due_at"], condition=Q(due_at__isnull=False), name="notice_due"),
            models.Index(fields=["tenant", "address", "-owed_at"], name="notice_recent"),
        ]
