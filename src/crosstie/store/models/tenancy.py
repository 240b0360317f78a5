"""Tenant › profile › person, and the licence that says how often a mailbox is looked at."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from crosstie.store.models.scope import Owned

DEFAULT_INTERVAL = 1800
"""Seconds: the longest wait of the standard licence."""


class Tenant(models.Model):
    """A customer. Nothing of one tenant is ever seen, counted or touched by work for another."""

    name = models.CharField(max_length=200, unique=True)
    own_domains = models.JSONField(default=list)
    """E-mail domains of its mailboxes, free mail services left out: what is internal by itself."""
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"tenant {self.pk}"


class License(Owned):
    name = models.CharField(max_length=100)
    interval_seconds = models.PositiveIntegerField(default=DEFAULT_INTERVAL)
    active = models.BooleanField(default=True)
    """Mailboxes of an inactive licence have no sessions."""

    class Meta(Owned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "name"], name="license_name"),
            models.CheckConstraint(condition=Q(interval_seconds__gte=60), name="license_interval"),
        ]


class Profile(Owned):
    """People who share settings; switching its sync off stops it for all of them."""

    name = models.CharField(max_length=100)
    is_default = models.BooleanField(default=False)
    sync_enabled = models.BooleanField(default=True)
    license = models.ForeignKey(License, null=True, on_delete=models.SET_NULL, related_name="+")
    """What a new person of the profile is given."""

    class Meta(Owned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "name"], name="profile_name"),
            models.UniqueConstraint(fields=["tenant"], condition=Q(is_default=True), name="profile_default"),
        ]


class Role(models.TextChoices):
    USER = "user"
    PROFILE_ADMIN = "profile-admin"
    PLATFORM_ADMIN = "platform-admin"


class Person(Owned):
    """One of our users: somebody with a Salesforce user and, once it is activated, one mailbox."""

    profile = models.ForeignKey(Profile, on_delete=models.RESTRICT, related_name="+")
    license = models.ForeignKey(License, null=True, on_delete=models.SET_NULL, related_name="+")
    org = models.ForeignKey("store.Org", null=True, on_delete=models.CASCADE, related_name="+")
    """The org that `crm_user_id` is a User of."""
    crm_user_id = models.CharField(max_length=18, blank=True, default="")
    name = models.CharField(max_length=200)
    address = models.TextField()
    """Canonical (domain/address.py)."""
    address_proven = models.BooleanField(default=True, db_default=True)
    """False: that it is theirs is said by Salesforce alone, of somebody who registered themselves."""
    role = models.CharField(max_length=20, choices=Role, default=Role.USER)
    language = models.CharField(max_length=10, default="", db_default="")
    """That they chose on the pages; empty: none yet."""
    login = models.OneToOneField(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()

    class Meta(Owned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "address"], name="person_address"),
            models.UniqueConstraint(
                fields=["org", "crm_user_id"], condition=~Q(crm_user_id=""), name="person_crm_user"
            ),
        ]


class Operator(Owned):
    """A person who signs in with a password, which `login` has, and a second factor, which the vault has."""

    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="+")
    name = models.TextField(unique=True)
    """What they sign in with: an address, canonical, unique over all tenants."""
    totp_step = models.BigIntegerField(default=0)
    """Of the last code that was taken: none is good twice."""
    recovery = models.JSONField(default=list)
    """Digests of the codes that are left."""
    failures = models.PositiveIntegerField(default=0)
    """Wrong codes in a row, after the right password."""
    locked_until = models.DateTimeField(null=True)
    enrolled_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()


class SignIn(Owned):
    """A browser in which a person is signed in; deleting it ends that."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    way = models.CharField(max_length=20)
    began_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    caller = models.TextField()
    """Network address it was begun from."""
    agent = models.TextField()
    """The browser's name for itself."""


class RefusedSignIn(Owned):
    """How often a sign-in was refused within an hour, for the same reason and from the same network address."""

    hour = models.DateTimeField()
    """Its beginning."""
    way = models.CharField(max_length=20)
    code = models.CharField(max_length=40)
    target = models.CharField(max_length=40, default="")
    """Whose it would have been, where that is known: `person 7`."""
    caller = models.TextField(default="")
    """Empty: from addresses that were too many to be told apart."""
    count = models.PositiveIntegerField(default=0)

    class Meta(Owned.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "hour", "way", "code", "target", "caller"], name="refusedsignin_kind"
            ),
        ]


class Identity(Owned):
    """Who a person is at a provider of identities, by what never changes there and is given to nobody else."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+", db_index=False)
    issuer = models.TextField()
    """As its tokens name it: of Microsoft one for each directory."""
    subject = models.TextField()
    domain = models.TextField(default="", db_default="")
    """Of a Google Workspace: the one that it was of when the person last came with it; empty: not known."""
    bound_at = models.DateTimeField()

    class Meta(Owned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "issuer", "subject"], name="identity_subject"),
            models.UniqueConstraint(fields=["person", "issuer"], name="identity_person"),
        ]
