"""What a listing that takes several sessions has shown, so that what it does not show is known in the end."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.manager
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0018_new_columns_by_themselves"),
    ]

    operations = [
        migrations.CreateModel(
            name="Listed",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("item_ids", django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None)),
                (
                    "mailbox",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="store.mailbox"
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
            "ALTER TABLE store_listed ADD CONSTRAINT listed_mailbox_same_tenant FOREIGN KEY (mailbox_id, tenant_id) "
            "REFERENCES store_mailbox (id, tenant_id) DEFERRABLE INITIALLY DEFERRED",
            "ALTER TABLE store_listed DROP CONSTRAINT listed_mailbox_same_tenant",
        ),
    ]
