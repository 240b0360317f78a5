"""Open Opportunities. Those that are there already are read with the next slow set, from the beginning."""

import django.db.models.deletion
from django.db import migrations, models

READ_ANEW = "DELETE FROM store_watermark WHERE object = 'Opportunity'"
SAME_TENANT = (
    "ALTER TABLE store_openopportunity ADD CONSTRAINT openopportunity_org_same_tenant "
    "FOREIGN KEY (org_id, tenant_id) REFERENCES store_org (id, tenant_id) DEFERRABLE INITIALLY DEFERRED"
)
FORGET = "ALTER TABLE store_openopportunity DROP CONSTRAINT openopportunity_org_same_tenant"


def _owner(model):
    return models.ForeignKey(
        db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to=f"store.{model}"
    )


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0005_copies_wait"),
    ]

    operations = [
        migrations.CreateModel(
            name="OpenOpportunity",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("record_id", models.CharField(max_length=18)),
                ("account_id", models.CharField(max_length=18)),
                ("owner_id", models.CharField(max_length=18)),
                ("closes_on", models.DateField()),
                ("modified_at", models.DateTimeField()),
                ("created_at", models.DateTimeField()),
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
            model_name="openopportunity",
            constraint=models.UniqueConstraint(fields=("org", "record_id"), name="openopportunity_record"),
        ),
        migrations.AddIndex(
            model_name="openopportunity",
            index=models.Index(fields=["org", "owner_id", "account_id"], name="openopportunity_holding"),
        ),
        migrations.RemoveIndex(model_name="itemstate", name="itemstate_waiting"),
        migrations.AddIndex(
            model_name="itemstate",
            index=models.Index(
                condition=models.Q(("reason_code__in", ("MAIL-UNKNOWN", "MAIL-NO-ACCOUNT"))),
                fields=["org", "natural_digest"],
                name="itemstate_waiting",
            ),
        ),
        migrations.RunSQL(SAME_TENANT, FORGET),
        migrations.RunSQL(READ_ANEW, migrations.RunSQL.noop),
    ]
