"""What a person's own programs show instead of signing in."""

from django.db import models
from django.db.models.functions import Now

from crosstie.store.models.fields import DigestField
from crosstie.store.models.scope import Owned
from crosstie.store.models.tenancy import Person


class AccessToken(Owned):
    """The token itself is known to its holder alone; it goes with its person."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=60)
    """As the person calls it."""
    handle = models.CharField(max_length=12, unique=True)
    """Its first part, which is no secret: by it the row is found, and by it people know it again."""
    digest = DigestField()
    """Keyed, of the rest."""
    may_act = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    proven_at = models.DateTimeField(null=True, db_default=Now())
    """When its person last signed in; empty: since then a way by which they came was closed to them."""
    expires_at = models.DateTimeField()
    used_on = models.DateField(null=True)
    """The last day, in UTC."""

    class Meta(Owned.Meta):
        indexes = [models.Index(fields=["expires_at"], name="accesstoken_age")]
