"""Whether an item was given the error category."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0014_leaving"),
    ]

    operations = [
        migrations.AddField(model_name="link", name="warned", field=models.BooleanField(default=False)),
    ]
