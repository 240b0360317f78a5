"""Users who are switched off. Those that were so already are read with the next slow set, from the beginning."""

import django.db.models.deletion
import django.db.models.manager
from django.db import migrations, models

READ_ANEW = "UPDATE store_watermark SET modstamp = '2000-01-01T00:00:00Z', record_id = '' WHERE object = 'User'"
SAME_TENANT = (
    "ALTER TABLE store_inactiveuser ADD CONSTRAINT inactiveuser_org_same_tenant "
    "FOREIGN KEY (org_id, tenant_id) REFERENCES store_org (id, tenant_id) DEFERRABLE INITIALLY DEFERRED"
)
FORGET = "ALTER TABLE store_inactiveuser DROP CONSTRAINT inactiveuser_org_same_tenant"


def _owner(model):
    return models.ForeignKey(
        db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to=f"store.{model}"
    )


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0023_owners_sign_in"),
    ]

    operations = [
        migrations.CreateModel(
            name="InactiveUser",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("record_id", models.CharField(max_length=18)),
                ("org", _owner("org")),
                ("tenant", _owner("tenant")),
            ],
            options={"abstract": False, "base_manager_name": "unguarded"},
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("unguarded", django.db.models.manager.Manager()),
            ],
        ),
        migrations.AddConstraint(
            model_name="inactiveuser",
            constraint=models.UniqueConstraint(fields=("org", "record_id"), name="inactiveuser_record"),
        ),
        migrations.RunSQL(SAME_TENANT, FORGET),
        migrations.RunSQL(READ_ANEW, migrations.RunSQL.noop),
    ]
