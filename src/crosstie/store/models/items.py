"""What is remembered of e-mails: ids, versions, digests, codes and times. Never what they say."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from crosstie.domain.reasons import AWAITING
from crosstie.store.models.fields import DigestField
from crosstie.store.models.links import Link
from crosstie.store.models.mailboxes import Mailbox
from crosstie.store.models.orgs import Org
from crosstie.store.models.scope import Owned


class ItemState(Owned):
    """domain.states.ItemState as a row.

    `recheck` holds the mailbox's lease epoch at the moment something made the item worth another look. A
    session clears it only if it began later, so that a wish made while it ran is not lost.
    """

    org = models.ForeignKey(Org, on_delete=models.CASCADE, related_name="+", db_index=False)
    mailbox = models.ForeignKey(Mailbox, on_delete=models.CASCADE, related_name="+", db_index=False)
    item_id = models.TextField()
    version = models.TextField()
    folder = models.CharField(max_length=20)
    marked = models.BooleanField()
    natural_digest = DigestField()
    conversation = DigestField()
    reason_code = models.CharField(max_length=60)
    decided_at = models.DateTimeField()
    record_object = models.CharField(max_length=80, blank=True, default="")
    record_id = models.CharField(max_length=18, blank=True, default="")
    recheck_at = models.DateTimeField(null=True)
    recheck = models.BigIntegerField(null=True)
    warned = models.BooleanField(default=False, db_default=False)

    class Meta(Owned.Meta):
        constraints = [models.UniqueConstraint(fields=["mailbox", "item_id"], name="itemstate_item")]
        indexes = [
            models.Index(fields=["mailbox"], condition=Q(recheck__isnull=False), name="itemstate_recheck"),
            models.Index(
                fields=["mailbox", "recheck_at"],
                condition=Q(recheck_at__isnull=False),
                name="itemstate_recheck_at",
            ),
            models.Index(
                fields=["mailbox", "conversation"],
                condition=~Q(record_id=""),
                name="itemstate_conversation",
            ),
            models.Index(
                fields=["org", "natural_digest"],
                condition=Q(reason_code__in=AWAITING),
                name="itemstate_waiting",
            ),
        ]


class AwaitedAddress(Owned):
    """An address, as a digest, whose appearance in Salesforce makes an item, or a link, worth another look."""

    org = models.ForeignKey(Org, on_delete=models.CASCADE, related_name="+", db_index=False)
    item = models.ForeignKey(ItemState, null=True, on_delete=models.CASCADE, related_name="+", db_index=False)
    link = models.ForeignKey(Link, null=True, on_delete=models.CASCADE, related_name="+", db_index=False)
    address = DigestField()

    class Meta(Owned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["item", "address"], name="awaited_item_address"),
            models.UniqueConstraint(fields=["link", "address"], name="awaited_link_address"),
            models.CheckConstraint(
                name="awaited_by_one",
                condition=Q(item=None, link__isnull=False) | Q(item__isnull=False, link=None),
            ),
        ]
        indexes = [models.Index(fields=["org", "address"], name="awaited_address")]


class SavedMail(Owned):
    """domain.states.SavedMail as a row: the one record of an e-mail in the org, alive or deleted."""

    org = models.ForeignKey(Org, on_delete=models.CASCADE, related_name="+", db_index=False)
    natural_digest = DigestField()
    sender = DigestField()
    sent_at = models.DateTimeField(null=True)
    record_object = models.CharField(max_length=80)
    record_id = models.CharField(max_length=18)
    generation = models.PositiveIntegerField(default=0)
    deleted = models.BooleanField(default=False)
    origin_mailbox_id = models.BigIntegerField(default=0)
    """0 where the copy that was saved is not known. Not a foreign key: the mailbox may go, the record stays."""
    origin_item_id = models.TextField(blank=True, default="")
    half = models.BooleanField(default=False)
    news = ArrayField(DigestField(), null=True)
    """Its natural digests, under every key, until the next tick has looked for copies that wait."""

    class Meta(Owned.Meta):
        constraints = [models.UniqueConstraint(fields=["org", "natural_digest"], name="savedmail_natural")]
        indexes = [
            models.Index(fields=["org", "record_id"], name="savedmail_record"),
            models.Index(fields=["org"], condition=Q(news__isnull=False), name="savedmail_news"),
        ]
