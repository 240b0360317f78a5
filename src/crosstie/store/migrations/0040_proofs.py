"""When the person of a token last signed in, and of which Workspace an account was. Tokens that are there get their
whole time from now on.
"""

from django.db import migrations, models
from django.db.models.functions import Now


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0039_workspaces"),
    ]

    operations = [
        migrations.AddField(
            model_name="identity", name="domain", field=models.TextField(db_default="", default="")
        ),
        migrations.AddField(
            model_name="accesstoken", name="proven_at", field=models.DateTimeField(db_default=Now(), null=True)
        ),
    ]
