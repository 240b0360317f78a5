"""What waits at a free mail service is pointed to a colleague's record as well; until now it was not told apart by
its natural key, so it is looked at once more.
"""

from django.db import migrations, models

LOOK_AGAIN = "UPDATE store_itemstate SET recheck_at = now() WHERE reason_code = 'MAIL-FREE-UNKNOWN'"


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0008_threads"),
    ]

    operations = [
        migrations.RemoveIndex(model_name="itemstate", name="itemstate_waiting"),
        migrations.AddIndex(
            model_name="itemstate",
            index=models.Index(
                condition=models.Q(("reason_code__in", ("MAIL-UNKNOWN", "MAIL-NO-ACCOUNT", "MAIL-FREE-UNKNOWN"))),
                fields=["org", "natural_digest"],
                name="itemstate_waiting",
            ),
        ),
        migrations.RunSQL(LOOK_AGAIN, migrations.RunSQL.noop),
    ]
