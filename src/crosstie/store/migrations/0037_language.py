"""The language that a person chose, for the mails that they are sent."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0036_no_axes"),
    ]

    operations = [
        migrations.AddField(
            model_name="person",
            name="language",
            field=models.CharField(db_default="", default="", max_length=10),
        ),
    ]
