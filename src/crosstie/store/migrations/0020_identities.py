"""Who a person is at a provider of identities."""

import django.db.models.deletion
import django.db.models.manager
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0019_listed"),
    ]

    operations = [
        migrations.CreateModel(
            name="Identity",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("issuer", models.TextField()),
                ("subject", models.TextField()),
                ("bound_at", models.DateTimeField()),
                (
                    "person",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="store.person",
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
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "issuer", "subject"), name="identity_subject"),
                    models.UniqueConstraint(fields=("person", "issuer"), name="identity_person"),
                ],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("unguarded", django.db.models.manager.Manager()),
            ],
        ),
        migrations.RunSQL(
            "ALTER TABLE store_identity ADD CONSTRAINT identity_person_same_tenant FOREIGN KEY (person_id, tenant_id) "
            "REFERENCES store_person (id, tenant_id) DEFERRABLE INITIALLY DEFERRED",
            "ALTER TABLE store_identity DROP CONSTRAINT identity_person_same_tenant",
        ),
    ]
