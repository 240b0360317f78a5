"""A tenant may have an app that mailboxes' owners sign in to beside the access that its administrator granted."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0022_room_for_edits"),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="connection", name="connection_tenant_vendor"),
        migrations.AddConstraint(
            model_name="connection",
            constraint=models.UniqueConstraint(
                fields=["tenant", "vendor", "access"], condition=Q(mailbox=None), name="connection_tenant_access"
            ),
        ),
    ]
