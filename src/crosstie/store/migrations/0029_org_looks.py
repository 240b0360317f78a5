"""What was found of other products in an org, once a day."""

import django.db.models.deletion
import django.db.models.manager
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0028_access_tokens"),
    ]

    operations = [
        migrations.CreateModel(
            name="OrgLook",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("looked_at", models.DateTimeField()),
                ("findings", models.JSONField(default=list)),
                ("unseen", models.JSONField(default=list)),
                (
                    "org",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="store.org"
                    ),
                ),
                (
                    "tenant",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="store.tenant",
                    ),
                ),
            ],
            options={"abstract": False, "base_manager_name": "unguarded"},
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("unguarded", django.db.models.manager.Manager()),
            ],
        ),
        migrations.RunSQL(
            "ALTER TABLE store_orglook ADD CONSTRAINT orglook_org_same_tenant FOREIGN KEY (org_id, tenant_id) "
            "REFERENCES store_org (id, tenant_id) DEFERRABLE INITIALLY DEFERRED",
            "ALTER TABLE store_orglook DROP CONSTRAINT orglook_org_same_tenant",
        ),
    ]
