"""Which fields were asked for. Of earlier readings that is not known, so people and Accounts are read once more."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0006_open_opportunities"),
    ]

    operations = [
        migrations.AddField(
            model_name="watermark",
            name="fields",
            field=models.TextField(blank=True, default=""),
        ),
    ]
