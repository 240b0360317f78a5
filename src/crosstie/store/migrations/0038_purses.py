"""Limits that hold over all processes."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0033_org_runs"),
    ]

    operations = [
        migrations.CreateModel(
            name="Purse",
            fields=[
                ("key", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("began_at", models.DateTimeField()),
                ("count", models.PositiveIntegerField()),
            ],
        ),
        migrations.RunSQL("ALTER TABLE store_purse SET UNLOGGED, SET (fillfactor = 50)", migrations.RunSQL.noop),
    ]
