"""What a person's own programs show instead of signing in."""

import django.db.models.deletion
import django.db.models.manager
from django.db import migrations, models

import crosstie.store.models.fields


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0027_operators"),
    ]

    operations = [
        migrations.CreateModel(
            name="AccessToken",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=60)),
                ("handle", models.CharField(max_length=12, unique=True)),
                ("digest", crosstie.store.models.fields.DigestField()),
                ("may_act", models.BooleanField(default=False)),
                ("created_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("used_on", models.DateField(null=True)),
                (
                    "person",
                    models.ForeignKey(
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
            options={
                "abstract": False,
                "base_manager_name": "unguarded",
                "indexes": [models.Index(fields=["expires_at"], name="accesstoken_age")],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("unguarded", django.db.models.manager.Manager()),
            ],
        ),
        migrations.RunSQL(
            "ALTER TABLE store_accesstoken ADD CONSTRAINT accesstoken_person_same_tenant "
            "FOREIGN KEY (person_id, tenant_id) "
            "REFERENCES store_person (id, tenant_id) DEFERRABLE INITIALLY DEFERRED",
            "ALTER TABLE store_accesstoken DROP CONSTRAINT accesstoken_person_same_tenant",
        ),
    ]
