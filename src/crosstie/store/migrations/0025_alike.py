"""Pairs that say the same are told by a digest, which 0030 indexes: copies that another product makes are counted."""

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
    ]
