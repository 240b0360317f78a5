"""Threads of which a person wants every mail saved: ids, digests and times."""

from django.db import models
from django.db.models import Q

from crosstie.store.models.fields import DigestField
from crosstie.store.models.mailboxes import Mailbox
from crosstie.store.models.orgs import Org
from crosstie.store.models.scope import Owned


class Thread(Owned):
    """A conversation of a mailbox, from its being marked until the mark is taken back."""

    org = models.ForeignKey(Org, on_delete=models.CASCADE, related_name="+", db_index=False)
    mailbox = models.ForeignKey(Mailbox, on_delete=models.CASCADE, related_name="+", db_index=False)
    conversation = DigestField()
    item_id = models.TextField()
    """The mail that it was marked at."""
    marked_at = models.DateTimeField()
    gathered = models.BooleanField(default=False)

    class Meta(Owned.Meta):
        constraints = [models.UniqueConstraint(fields=["mailbox", "conversation"], name="thread_conversation")]
        indexes = [models.Index(fields=["mailbox"], condition=Q(gathered=False), name="thread_to_gather")]


class ThreadMail(Owned):
    """domain.threads.ThreadMail as a row: by `letter` colleagues' mails are told to be of the same thread."""

    org = models.ForeignKey(Org, on_delete=models.CASCADE, related_name="+", db_index=False)
    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="+", db_index=False)
    letter = DigestField()
    record_object = models.CharField(max_length=80)
    record_id = models.CharField(max_length=18)
    first = models.BooleanField(default=False)
    foreign = models.BooleanField(default=False)

    class Meta(Owned.Meta):
        constraints = [models.UniqueConstraint(fields=["thread", "letter"], name="threadmail_letter")]
        indexes = [
            models.Index(fields=["org", "letter"], name="threadmail_by_letter"),
            models.Index(fields=["org", "record_id"], name="threadmail_by_record"),
        ]
