"""A worker of the version before, which goes on while the tables are already these, knows nothing of new columns."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0017_stops"),
    ]

    operations = [
        migrations.AlterField(
            model_name="link", name="warned", field=models.BooleanField(default=False, db_default=False)
        ),
        migrations.AlterField(
            model_name="org", name="log_cleared", field=models.BigIntegerField(default=0, db_default=0)
        ),
        *(
            migrations.AlterField(
                model_name=name, name="strikes", field=models.PositiveIntegerField(default=0, db_default=0)
            )
            for name in ("mailbox", "org")
        ),
    ]
