"""Who of an org may make themselves an account here."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0030_looks_are_claimed"),
    ]

    operations = [
        migrations.AddField(
            model_name="org",
            name="registration",
            field=models.CharField(
                choices=[("nobody", "Nobody"), ("users", "Users")],
                db_default="nobody",
                default="nobody",
                max_length=20,
            ),
        ),
    ]
