"""What is remembered of mirrored pairs: ids, versions, digests, codes and times. Never what they say."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from crosstie.store.models.fields import DigestField
from crosstie.store.models.mailboxes import Mailbox
from crosstie.store.models.orgs import Org
from crosstie.store.models.scope import Owned


class Listed(Owned):
    """Items of a calendar that a listing has shown, a session's in one row, until the listing is over."""

    mailbox = models.ForeignKey(Mailbox, on_delete=models.CASCADE, related_name="+")
    item_ids = ArrayField(models.TextField())


class Link(Owned):
    """domain.links.Link as a row. A side's digests are kept by the id of their key, then by field; NULL where that
    side was never seen. `recheck` is as in ItemState.
    """

    org = models.ForeignKey(Org, on_delete=models.CASCADE, related_name="+", db_index=False)
    mailbox = models.ForeignKey(Mailbox, on_delete=models.CASCADE, related_name="+", db_index=False)
    item_id = models.TextField(blank=True, default="")
    natural_digest = DigestField()
    key = models.CharField(max_length=80)
    bond = models.CharField(max_length=10)
    origin = models.CharField(max_length=10)
    role = models.CharField(max_length=10)
    reason_code = models.CharField(max_length=60)
    decided_at = models.DateTimeField()
    record_object = models.CharField(max_length=80, blank=True, default="")
    record_id = models.CharField(max_length=18, blank=True, default="")
    item_version = models.TextField(blank=True, default="")
    item_digests = models.JSONField(null=True)
    record_version = models.TextField(blank=True, default="")
    record_digests = models.JSONField(null=True)
    generation = models.PositiveIntegerField(default=0)
    marked = models.BooleanField(default=False)
    warned = models.BooleanField(default=False, db_default=False)
    series_id = models.TextField(blank=True, default="")
    recheck_at = models.DateTimeField(null=True)
    recheck = models.BigIntegerField(null=True)
    joined_at = models.DateTimeField(null=True)
    """When it was joined to the record that it has."""
    news = ArrayField(DigestField(), null=True)
    """Its natural digests, under every key, until the next tick has looked for colleagues' items that wait: it is
    the first that was joined to its record.
    """

    alike = models.BinaryField(null=True)
    """Digest of what the pair says, packed: equal ones say the same. Empty: like no other."""

    class Meta(Owned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["mailbox", "item_id"], condition=~Q(item_id=""), name="link_item"),
            models.UniqueConstraint(
                fields=["mailbox", "record_id"], condition=Q(item_id=""), name="link_record_alone"
            ),
        ]
        indexes = [
            models.Index(fields=["org", "natural_digest", "-role", "id"], name="link_natural"),
            models.Index(fields=["org", "record_id"], condition=~Q(record_id=""), name="link_record"),
            models.Index(fields=["mailbox", "series_id"], name="link_series"),
            models.Index(fields=["mailbox"], condition=Q(recheck__isnull=False), name="link_recheck"),
            models.Index(
                fields=["mailbox", "recheck_at"], condition=Q(recheck_at__isnull=False), name="link_recheck_at"
            ),
            models.Index(
                fields=["mailbox", "id"],
                condition=Q(origin="crm") & ~Q(item_id=""),
                name="link_brought_in_order",
            ),
            models.Index(fields=["org"], condition=Q(news__isnull=False), name="link_news"),
            models.Index(fields=["mailbox", "alike"], condition=Q(alike__isnull=False), name="link_alike"),
        ]
