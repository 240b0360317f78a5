"""Whether an e-mail was given what tells of an issue. A worker that does not know the column yet leaves it out."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0037_language"),
    ]

    operations = [
        migrations.AddField(
            model_name="itemstate", name="warned", field=models.BooleanField(default=False, db_default=False)
        ),
    ]
