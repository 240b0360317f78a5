"""What people set, entrust and do."""

from django.db import models
from django.db.models import Q

from crosstie.store.models.scope import Owned
from crosstie.store.models.tenancy import Person, Profile


class SettingValue(Owned):
    """A setting at one level. `locked`: no level below it may say otherwise."""

    level = models.CharField(max_length=10)
    profile = models.ForeignKey(Profile, null=True, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(Person, null=True, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=80)
    value = models.JSONField()
    locked = models.BooleanField(default=False)

    class Meta(Owned.Meta):
        constraints = [
            models.CheckConstraint(
                name="setting_level",
                condition=Q(level="global", profile=None, person=None)
                | Q(level="profile", profile__isnull=False, person=None)
                | Q(level="user", profile=None, person__isnull=False),
            ),
            models.UniqueConstraint(fields=["tenant", "name"], condition=Q(level="global"), name="setting_global"),
            models.UniqueConstraint(
                fields=["profile", "name"], condition=Q(level="profile"), name="setting_profile"
            ),
            models.UniqueConstraint(fields=["person", "name"], condition=Q(level="user"), name="setting_user"),
        ]


class Secret(Owned):
    """A credential, encrypted and bound to its place (store/vault.py)."""

    place = models.CharField(max_length=200, unique=True)
    token = models.BinaryField()
    key_id = models.CharField(max_length=40)
    """Which key of the ring encrypted it, to find what is left to re-encrypt."""


class AuditRow(Owned):
    """Who did what, when. Names of settings, ids and codes; values of settings, never of credentials.

    The database takes new rows alone, and deletes those whose time is over (migration 0026).
    """

    at = models.DateTimeField()
    actor = models.ForeignKey(
        Person, null=True, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+"
    )
    """NULL: the command line or Crosstie itself; `face` says which. The id stays when the person goes."""
    face = models.CharField(max_length=20)
    caller = models.TextField(default="", db_default="")
    """Network address, of what was done on a page."""
    action = models.CharField(max_length=60)
    target = models.CharField(max_length=120, blank=True, default="")
    details = models.JSONField(default=dict)

    class Meta(Owned.Meta):
        indexes = [models.Index(fields=["tenant", "-at"], name="audit_recent")]
