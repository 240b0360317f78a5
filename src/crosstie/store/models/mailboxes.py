"""A mailbox: whose it is, when it is due, who works on it, how its last session went."""

from django.db import models
from django.db.models import Q

from crosstie.store.models.orgs import Org
from crosstie.store.models.scope import Owned
from crosstie.store.models.tenancy import Person


class MailboxState(models.TextChoices):
    ACTIVE = "active"
    NEEDS_CONSENT = "needs-consent"
    SUSPENDED = "suspended"
    """It failed again and again for another reason than access."""
    DISABLED = "disabled"


class Mailbox(Owned):
    """One mailbox ↔ one Salesforce user; the address is unique over all tenants.

    `due_at` is NULL while a session runs: a wake that comes meanwhile sets it and is seen by the release.
    """

    org = models.ForeignKey(Org, on_delete=models.CASCADE, related_name="+", db_index=False)
    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="+")
    vendor = models.CharField(max_length=20)
    address = models.TextField(unique=True)
    """Canonical (domain/address.py)."""
    aliases = models.JSONField(default=list)
    time_zone = models.CharField(max_length=60, default="UTC")
    """IANA name."""
    state = models.CharField(max_length=20, choices=MailboxState, default=MailboxState.ACTIVE)
    activated_at = models.DateTimeField()
    paused = models.BooleanField(default=False)
    leaving_since = models.DateTimeField(null=True)
    """Since then it is being deactivated: sessions only take away what came from Salesforce."""

    due_at = models.DateTimeField(null=True)
    forced_at = models.DateTimeField(null=True)
    lease_epoch = models.BigIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    """NULL: nobody works on it."""
    lease_holder = models.CharField(max_length=100, blank=True, default="")
    rules_epoch = models.BigIntegerField(default=0)
    """The lease epoch during or after which settings or blocklists last moved."""

    session_started_at = models.DateTimeField(null=True)
    session_ended_at = models.DateTimeField(null=True)
    session_summary = models.JSONField(default=dict)
    """Counts by word, of the last session."""
    last_error_code = models.CharField(max_length=60, blank=True, default="")
    failures = models.PositiveIntegerField(default=0)
    """Sessions in a row that ended in an error."""
    setbacks = models.PositiveIntegerField(default=0)
    """Sessions in a row that ended in an error or put work off: the next one waits the longer."""
    rejections = models.PositiveIntegerField(default=0)
    """Sessions in a row that the mailbox refused (accounts/trouble/refusals.py)."""
    strikes = models.PositiveIntegerField(default=0, db_default=0)
    """Sessions in a row that failed of the mailbox, whatever the reason but being asked to wait."""
    log_position = models.BigIntegerField(null=True)
    """Up to which row of the org's log it was read; NULL: its records were never looked at."""
    facts = models.JSONField(default=dict)
    """What its connector need not ask again (ports/remembered.py)."""

    class Meta(Owned.Meta):
        indexes = [
            models.Index(fields=["org", "due_at"], condition=Q(state="active", paused=False), name="mailbox_due"),
        ]


class Access(models.TextChoices):
    """How mailboxes of a vendor are reached; by the last not at all."""

    APP_ONLY = "app-only"
    DELEGATED = "delegated"
    SIGN_IN = "sign-in"


class Connection(Owned):
    """Access to mailboxes: the whole tenant's, or one mailbox's own. The secret lies in the vault.

    A tenant's own delegated row opens nothing: it is the app that mailboxes' owners sign in to. One for signing in
    (accounts/sign_in/workspaces.py) says that people of the domain `directory` may come in, and is no other
    tenant's.
    """

    mailbox = models.OneToOneField(Mailbox, null=True, on_delete=models.CASCADE, related_name="+")
    vendor = models.CharField(max_length=20)
    access = models.CharField(max_length=20, choices=Access)
    directory = models.TextField(blank=True, default="")
    """The vendor's own id of the customer, such as a directory (tenant) id."""
    client_id = models.TextField(blank=True, default="")
    authority = models.TextField(blank=True, default="")
    """Base address of the sign-in service; empty for the vendor's public one."""
    endpoint = models.TextField(blank=True, default="")
    """Base address of the interface; empty for the vendor's public one."""
    error_code = models.CharField(max_length=60, blank=True, default="")
    created_at = models.DateTimeField()

    class Meta(Owned.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "vendor", "access"],
                condition=Q(mailbox=None) & ~Q(access="sign-in"),
                name="connection_tenant_access",
            ),
            models.UniqueConstraint(
                fields=["vendor", "directory"], condition=Q(access="sign-in"), name="connection_sign_in"
            ),
        ]


class Cursor(Owned):
    mailbox = models.ForeignKey(Mailbox, on_delete=models.CASCADE, related_name="+", db_index=False)
    collection = models.TextField()
    token = models.TextField()
    baseline = models.BooleanField(default=False)

    class Meta(Owned.Meta):
        constraints = [models.UniqueConstraint(fields=["mailbox", "collection"], name="cursor_collection")]


class Backfill(Owned):
    """domain.backfills.Backfill as a row; kept, because what it has gone through is not too old any more."""

    org = models.ForeignKey(Org, on_delete=models.CASCADE, related_name="+", db_index=False)
    mailbox = models.ForeignKey(Mailbox, on_delete=models.CASCADE, related_name="+", db_index=False)
    since = models.DateTimeField()
    before = models.DateTimeField()
    stage = models.CharField(max_length=10)
    reached = models.DateTimeField()
    asked_at = models.DateTimeField()
    saved = models.PositiveIntegerField(default=0)
    already = models.PositiveIntegerField(default=0)
    left_out = models.JSONField(default=dict)
    """Counts by reason code."""
    left = models.PositiveIntegerField(null=True)
    stepped_at = models.DateTimeField(null=True)
    waits = models.CharField(max_length=60, blank=True, default="")

    class Meta(Owned.Meta):
        indexes = [models.Index(fields=["mailbox", "id"], name="backfill_mailbox")]


class SessionRun(Owned):
    """A session that ended; kept 90 days."""

    org = models.ForeignKey(Org, on_delete=models.CASCADE, related_name="+", db_index=False)
    mailbox = models.ForeignKey(Mailbox, on_delete=models.CASCADE, related_name="+", db_index=False)
    epoch = models.BigIntegerField()
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField()
    counts = models.JSONField(default=dict)
    error_code = models.CharField(max_length=60, blank=True, default="")

    class Meta(Owned.Meta):
        constraints = [models.UniqueConstraint(fields=["mailbox", "epoch"], name="sessionrun_epoch")]
        indexes = [models.Index(fields=["ended_at"], name="sessionrun_age")]
