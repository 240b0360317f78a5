"""Runs that activate many mailboxes in one action, and the people each one is about."""

from django.db import models
from django.db.models import Q

from crosstie.store.models.orgs import Org
from crosstie.store.models.scope import Owned
from crosstie.store.models.tenancy import Person


class Activation(Owned):
    """A run: asked for once, worked off in steps by whichever worker comes, kept for 90 days after its end."""

    org = models.ForeignKey(Org, on_delete=models.CASCADE, related_name="+", db_index=False)
    source = models.CharField(max_length=10)
    named = models.TextField(blank=True, default="")
    """The group or the file, as the administrator named it."""
    stage = models.CharField(max_length=10)
    goes_on = models.BooleanField(default=False)
    """It begins by itself once all is known: nobody wants to look at it before."""
    asker = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    """NULL: by command."""
    face = models.CharField(max_length=10)
    asked_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    """When somebody must see to it (again); NULL: there is nothing to do."""
    waits = models.CharField(max_length=60, blank=True, default="")
    """Code of what keeps it from going on; empty when nothing does."""
    setbacks = models.PositiveIntegerField(default=0)
    """Steps in a row that came to nothing."""

    class Meta(Owned.Meta):
        indexes = [
            models.Index(fields=["due_at"], condition=Q(due_at__isnull=False), name="activation_due"),
            models.Index(fields=["tenant", "-id"], name="activation_recent"),
        ]


class Candidate(Owned):
    """A person of a run: name and address of our customer's own people, codes, nothing else."""

    activation = models.ForeignKey(Activation, on_delete=models.CASCADE, related_name="+", db_index=False)
    person = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    """Whose mailbox it was that became active."""
    address = models.TextField()
    """Canonical (domain/address.py)."""
    name = models.TextField(blank=True, default="")
    crm_user_id = models.CharField(max_length=18, blank=True, default="")
    given_user = models.CharField(max_length=18, blank=True, default="")
    """The Salesforce user that the file names; empty: whoever has the address."""
    time_zone = models.CharField(max_length=60, blank=True, default="")
    profile = models.CharField(max_length=100, blank=True, default="")
    license = models.CharField(max_length=100, blank=True, default="")
    step = models.CharField(max_length=10)
    code = models.CharField(max_length=60, blank=True, default="")
    """Why it was skipped or failed."""
    tries = models.PositiveIntegerField(default=0)
    """Questions about the mailbox that came to nothing."""

    class Meta(Owned.Meta):
        constraints = [models.UniqueConstraint(fields=["activation", "address"], name="candidate_once")]
        indexes = [models.Index(fields=["activation", "step", "id"], name="candidate_step")]
