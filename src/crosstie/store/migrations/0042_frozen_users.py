"""Users who are frozen beside those who are inactive."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0041_proven_addresses"),
    ]

    operations = [
        migrations.AddField(
            model_name="inactiveuser", name="frozen", field=models.BooleanField(db_default=False, default=False)
        ),
        migrations.RemoveConstraint(model_name="inactiveuser", name="inactiveuser_record"),
        migrations.AddConstraint(
            model_name="inactiveuser",
            constraint=models.UniqueConstraint(fields=("org", "record_id", "frozen"), name="inactiveuser_record"),
        ),
    ]
