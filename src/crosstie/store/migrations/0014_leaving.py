"""A mailbox may be on its way out, and what came down to it from Salesforce is found at once."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0013_links"),
    ]

    operations = [
        migrations.AddField(
            model_name="mailbox", name="leaving_since", field=models.DateTimeField(null=True)
        ),
        migrations.AddIndex(
            model_name="link",
            index=models.Index(
                condition=models.Q(("origin", "crm"), models.Q(("item_id", ""), _negated=True)),
                fields=["mailbox"],
                name="link_brought",
            ),
        ),
    ]
