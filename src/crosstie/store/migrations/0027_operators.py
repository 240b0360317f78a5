"""Operators: platform admins with a password and a second factor."""

import django.db.models.deletion
import django.db.models.manager
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0026_sign_ins_and_audit"),
    ]

    operations = [
        migrations.CreateModel(
            name="Operator",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.TextField(unique=True)),
                ("totp_step", models.BigIntegerField(default=0)),
                ("recovery", models.JSONField(default=list)),
                ("failures", models.PositiveIntegerField(default=0)),
                ("locked_until", models.DateTimeField(null=True)),
                ("enrolled_at", models.DateTimeField(null=True)),
                ("created_at", models.DateTimeField()),
                (
                    "person",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="store.person"
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
            "ALTER TABLE store_operator ADD CONSTRAINT operator_person_same_tenant FOREIGN KEY (person_id, tenant_id) "
            "REFERENCES store_person (id, tenant_id) DEFERRABLE INITIALLY DEFERRED",
            "ALTER TABLE store_operator DROP CONSTRAINT operator_person_same_tenant",
        ),
    ]
