"""Pairs that say the same are told by a digest: copies that another product makes are counted by it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0024_inactive_users"),
    ]

    operations = [
        migrations.AddField(
            model_name="link",
            name="alike",
            field=models.BinaryField(null=True),
        ),
        migrations.AddIndex(
            model_name="link",
            index=models.Index(
                condition=models.Q(("alike__isnull", False)), fields=["mailbox", "alike"], name="link_alike"
            ),
        ),
    ]
