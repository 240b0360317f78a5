"""A Salesforce org: how it is reached, how far it was read, who is in it (as digests)."""

from django.db import models

from crosstie.store.models.fields import DigestField
from crosstie.store.models.scope import Owned


class OrgState(models.TextChoices):
    CONNECTED = "connected"
    NEEDS_CONSENT = "needs-consent"
    DISABLED = "disabled"


class Registration(models.TextChoices):
    """Who may make themselves an account here by signing in."""

    NOBODY = "nobody"
    USERS = "users"
    """Active users of the org who are people."""


class Org(Owned):
    """Belongs to one tenant: the id is unique over all of them."""

    org_id = models.CharField(max_length=18, unique=True)
    """Salesforce's own id of the org, 18 characters."""
    label = models.CharField(max_length=100, blank=True, default="")
    login_url = models.TextField()
    instance_url = models.TextField()
    auth_mode = models.CharField(max_length=30)
    """`jwt-bearer`, `client-credentials` or `refresh-token`. The secret lies in the vault."""
    client_id = models.TextField(blank=True, default="")
    username = models.TextField(blank=True, default="")
    """The service account that reads and writes for everybody."""
    user_id = models.CharField(max_length=18, blank=True, default="", db_default="")
    """The User that it is; empty until that was seen."""
    state = models.CharField(max_length=20, choices=OrgState, default=OrgState.CONNECTED)
    registration = models.CharField(
        max_length=20, choices=Registration, default=Registration.NOBODY, db_default=Registration.NOBODY
    )
    claim = models.CharField(max_length=64, blank=True, default="")
    """The stamp of this installation that the org carries; another one there means another installation."""
    claimed_at = models.DateTimeField(null=True)
    tick_number = models.BigIntegerField(default=0)
    ticked_at = models.DateTimeField(null=True)
    tick_due_at = models.DateTimeField(null=True)
    """Not before; moved on when a tick is handed out. NULL: at once."""
    tick_failures = models.PositiveIntegerField(default=0)
    """Ticks in a row that failed: the next one waits the longer."""
    log_cleared = models.BigIntegerField(default=0, db_default=0)
    """The last row of its log that was deleted for its age: who did not read that far has missed something."""
    error_code = models.CharField(max_length=60, blank=True, default="")
    rejections = models.PositiveIntegerField(default=0)
    """Ticks in a row that the org refused (accounts/trouble/refusals.py)."""
    strikes = models.PositiveIntegerField(default=0, db_default=0)
    """Ticks in a row that failed, whatever the reason but being asked to wait."""


class OrgLook(Owned):
    """What was last found of other products in the org: codes, ids, counts and names of fields' packages alone."""

    org = models.OneToOneField(Org, on_delete=models.CASCADE, related_name="+")
    claimed_at = models.DateTimeField(null=True)
    """When a look was begun, whatever became of it: the next one is a day later, unless somebody asks."""
    looked_at = models.DateTimeField(null=True)
    """When the look began that found this; None: none has come to an end."""
    findings = models.JSONField(default=list)
    unseen = models.JSONField(default=list)


class OrgRun(Owned):
    """What an administrator last had done in an org, of each kind: how far it is, and what it came to, in codes,
    names of fields and numbers.
    """

    org = models.ForeignKey(Org, on_delete=models.CASCADE, related_name="+", db_index=False)
    kind = models.CharField(max_length=20)
    asked_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    total = models.PositiveIntegerField(default=0)
    """Steps; 0 until they are known."""
    results = models.JSONField(default=list)
    """domain/preflight.py's items."""
    error_code = models.CharField(max_length=60, blank=True, default="")
    """Of what ended it before its end."""

    class Meta(Owned.Meta):
        constraints = [models.UniqueConstraint(fields=["org", "kind"], name="orgrun_kind")]


class Watermark(Owned):
    org = models.ForeignKey(Org, on_delete=models.CASCADE, related_name="+")
    object = models.CharField(max_length=80)
    modstamp = models.DateTimeField()
    record_id = models.CharField(max_length=18, blank=True, default="")
    fields = models.TextField(blank=True, default="")
    """Names of the fields that were asked for, apart by blanks."""

    class Meta(Owned.Meta):
        constraints = [models.UniqueConstraint(fields=["org", "object"], name="watermark_object")]


class RecordLog(Owned):
    """What changed in the org, in the order we learnt of it: the id is the sequence. Ids and times only."""

    org = models.ForeignKey(Org, on_delete=models.CASCADE, related_name="+", db_index=False)
    object = models.CharField(max_length=80)
    record_id = models.CharField(max_length=18)
    modstamp = models.DateTimeField()
    deleted = models.BooleanField()
    owner_id = models.CharField(max_length=18, blank=True, default="")
    logged_at = models.DateTimeField()

    class Meta(Owned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["org", "record_id", "modstamp", "deleted"], name="recordlog_version")
        ]
        indexes = [
            models.Index(fields=["org", "id"], name="recordlog_position"),
            models.Index(fields=["logged_at"], name="recordlog_age"),
        ]


class OpenOpportunity(Owned):
    """domain.records.Opportunity as a row: ids and times alone."""

    org = models.ForeignKey(Org, on_delete=models.CASCADE, related_name="+", db_index=False)
    record_id = models.CharField(max_length=18)
    account_id = models.CharField(max_length=18)
    owner_id = models.CharField(max_length=18)
    closes_on = models.DateField()
    modified_at = models.DateTimeField()
    created_at = models.DateTimeField()

    class Meta(Owned.Meta):
        constraints = [models.UniqueConstraint(fields=["org", "record_id"], name="openopportunity_record")]
        indexes = [models.Index(fields=["org", "owner_id", "account_id"], name="openopportunity_holding")]


class InactiveUser(Owned):
    """A User of the org who is switched off there: nothing can be written in their name. Others have no row.

    Who is both inactive and frozen has two.
    """

    org = models.ForeignKey(Org, on_delete=models.CASCADE, related_name="+", db_index=False)
    record_id = models.CharField(max_length=18)
    frozen = models.BooleanField(default=False, db_default=False)

    class Meta(Owned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["org", "record_id", "frozen"], name="inactiveuser_record"),
        ]


class DirectoryEntry(Owned):
    """An e-mail address, as a digest, and the record it belongs to."""

    org = models.ForeignKey(Org, on_delete=models.CASCADE, related_name="+", db_index=False)
    address = DigestField()
    object = models.CharField(max_length=80)
    record_id = models.CharField(max_length=18)
    account_id = models.CharField(max_length=18, blank=True, default="")
    created_at = models.DateTimeField(null=True)
    """When the record was created in Salesforce."""

    class Meta(Owned.Meta):
        constraints = [models.UniqueConstraint(fields=["org", "address", "record_id"], name="directory_address")]
        indexes = [models.Index(fields=["org", "record_id"], name="directory_record")]
