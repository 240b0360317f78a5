"""How often somebody did something lately: nobody's row, because strangers are counted too."""

from django.db import models


class Purse(models.Model):
    """Unlogged (migration 0038): what a crash forgets is worth no write-ahead log."""

    key = models.CharField(max_length=64, primary_key=True)
    """A digest of what is done and by whom: of one length however long an address is, and nobody reads it back."""
    began_at = models.DateTimeField()
    """Of its window."""
    count = models.PositiveIntegerField()
