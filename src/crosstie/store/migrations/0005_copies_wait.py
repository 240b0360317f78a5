import django.contrib.postgres.fields
from django.db import migrations, models

import crosstie.store.models.fields


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0004_setbacks"),
    ]

    operations = [
        migrations.AddField(
            model_name="savedmail",
            name="news",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=crosstie.store.models.fields.DigestField(), null=True, size=None
            ),
        ),
        migrations.AddIndex(
            model_name="itemstate",
            index=models.Index(
                condition=models.Q(("reason_code", "MAIL-UNKNOWN")),
                fields=["org", "natural_digest"],
                name="itemstate_waiting",
            ),
        ),
        migrations.AddIndex(
            model_name="savedmail",
            index=models.Index(
                condition=models.Q(("news__isnull", False)),
                fields=["org"],
                name="savedmail_news",
            ),
        ),
    ]
