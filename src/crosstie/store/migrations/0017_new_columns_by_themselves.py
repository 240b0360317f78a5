"""A worker of the version before, which goes on while the tables are already these, knows nothing of new columns."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0016_brought_in_order"),
    ]

    operations = [
        migrations.AlterField(
            model_name="link", name="warned", field=models.BooleanField(default=False, db_default=False)
        ),
        migrations.AlterField(
            model_name="org", name="log_cleared", field=models.BigIntegerField(default=0, db_default=0)
        ),
    ]
