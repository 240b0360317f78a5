"""Which user a service account is, and what an administrator last had done in an org."""

import django.db.models.deletion
import django.db.models.manager
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0034_warned_mails"),
    ]

    operations = [
        migrations.AddField(
            model_name="org",
            name="user_id",
            field=models.CharField(blank=True, db_default="", default="", max_length=18),
        ),
        migrations.CreateModel(
            name="OrgRun",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("kind", models.CharField(max_length=20)),
                ("asked_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("total", models.PositiveIntegerField(default=0)),
                ("results", models.JSONField(default=list)),
                ("error_code", models.CharField(blank=True, default="", max_length=60)),
                (
                    "org",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="store.org",
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
            options={
                "abstract": False,
                "base_manager_name": "unguarded",
                "constraints": [models.UniqueConstraint(fields=("org", "kind"), name="orgrun_kind")],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("unguarded", django.db.models.manager.Manager()),
            ],
        ),
        migrations.RunSQL(
            "ALTER TABLE store_orgrun ADD CONSTRAINT orgrun_org_same_tenant FOREIGN KEY (org_id, tenant_id) "
            "REFERENCES store_org (id, tenant_id) DEFERRABLE INITIALLY DEFERRED",
            "ALTER TABLE store_orgrun DROP CONSTRAINT orgrun_org_same_tenant",
        ),
    ]
