import django.db.models.deletion
from django.db import migrations, models


def _owner(model):
    return models.ForeignKey(
        db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to=f"store.{model}"
    )


def _same_tenant(column):
    name = f"backfill_{column}_same_tenant"
    return migrations.RunSQL(
        f"ALTER TABLE store_backfill ADD CONSTRAINT {name} FOREIGN KEY ({column}_id, tenant_id) "
        f"REFERENCES store_{column} (id, tenant_id) DEFERRABLE INITIALLY DEFERRED",
        f"ALTER TABLE store_backfill DROP CONSTRAINT {name}",
    )


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0009_free_mail_waits"),
    ]

    operations = [
        migrations.CreateModel(
            name="Backfill",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("since", models.DateTimeField()),
                ("before", models.DateTimeField()),
                ("stage", models.CharField(max_length=10)),
                ("reached", models.DateTimeField()),
                ("asked_at", models.DateTimeField()),
                ("saved", models.PositiveIntegerField(default=0)),
                ("already", models.PositiveIntegerField(default=0)),
                ("left_out", models.JSONField(default=dict)),
                ("left", models.PositiveIntegerField(null=True)),
                ("stepped_at", models.DateTimeField(null=True)),
                ("waits", models.CharField(blank=True, default="", max_length=60)),
                ("mailbox", _owner("mailbox")),
                ("org", _owner("org")),
                ("tenant", _owner("tenant")),
            ],
            options={"abstract": False, "base_manager_name": "unguarded"},
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("unguarded", django.db.models.manager.Manager()),
            ],
        ),
        migrations.AddIndex(
            model_name="backfill",
            index=models.Index(fields=["mailbox", "id"], name="backfill_mailbox"),
        ),
        _same_tenant("mailbox"),
        _same_tenant("org"),
    ]
