"""The life of operations."""

from django.db import models
from django.db.models import Q

from crosstie.store.models.mailboxes import Mailbox
from crosstie.store.models.orgs import Org
from crosstie.store.models.scope import Owned


class JournalRow(Owned):
    """ports.journal.Entry as a row; kept 90 days, the last one of an item or record longer."""

    org = models.ForeignKey(Org, on_delete=models.CASCADE, related_name="+", db_index=False)
    mailbox = models.ForeignKey(Mailbox, on_delete=models.CASCADE, related_name="+", db_index=False)
    epoch = models.BigIntegerField()
    """The lease's: rows of an older epoch belong to a session that is over, or dead."""
    item_id = models.TextField()
    """Empty where it is about a record without an item."""
    kind = models.CharField(max_length=20)
    status = models.CharField(max_length=10)
    reason_code = models.CharField(max_length=60)
    reason_params = models.JSONField(default=dict)
    """Names of fields, codes, ids and settings; never content."""
    key = models.CharField(max_length=80, blank=True, default="")
    """The value of the key field, made without any secret (domain/keys.py)."""
    record_object = models.CharField(max_length=80, blank=True, default="")
    record_id = models.CharField(max_length=18, blank=True, default="")
    at = models.DateTimeField()
    """The last change of status."""
    sent_at = models.DateTimeField(null=True)

    class Meta(Owned.Meta):
        indexes = [
            models.Index(fields=["mailbox", "item_id", "-id"], name="journal_item"),
            models.Index(fields=["mailbox"], condition=Q(status__in=["planned", "sent"]), name="journal_open"),
            models.Index(fields=["org", "key"], condition=~Q(key=""), name="journal_key"),
            models.Index(
                fields=["mailbox", "record_id", "-id"], condition=~Q(record_id=""), name="journal_record"
            ),
            models.Index(fields=["at"], name="journal_age"),
        ]
