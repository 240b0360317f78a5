"""What came down from Salesforce is found in its order, so that the first of it costs no walk through all links."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0015_warned"),
    ]

    operations = [
        migrations.RemoveIndex(model_name="link", name="link_brought"),
        migrations.AddIndex(
            model_name="link",
            index=models.Index(
                condition=models.Q(("origin", "crm"), models.Q(("item_id", ""), _negated=True)),
                fields=["mailbox", "id"],
                name="link_brought_in_order",
            ),
        ),
    ]
