"""Pairs that say the same are found by an index, which is built while sessions go on writing to the table."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [
        ("store", "0029_org_looks"),
    ]

    operations = [
        # whoever was stopped over it has left half of one behind
        migrations.RunSQL("DROP INDEX CONCURRENTLY IF EXISTS link_alike", migrations.RunSQL.noop),
        AddIndexConcurrently(
            model_name="link",
            index=models.Index(
                condition=models.Q(("alike__isnull", False)), fields=["mailbox", "alike"], name="link_alike"
            ),
        ),
    ]
