import django.db.models.deletion
import django.db.models.manager
from django.db import migrations, models


def _same_tenant(table, column):
    name = f"{table}_{column}_same_tenant"
    return migrations.RunSQL(
        f"ALTER TABLE store_{table} ADD CONSTRAINT {name} FOREIGN KEY ({column}_id, tenant_id) "
        f"REFERENCES store_{column} (id, tenant_id) DEFERRABLE INITIALLY DEFERRED",
        f"ALTER TABLE store_{table} DROP CONSTRAINT {name}",
    )


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0016_brought_in_order"),
    ]

    operations = [
        migrations.AddField(
            model_name="mailbox",
            name="strikes",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="org",
            name="strikes",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AlterField(
            model_name="mailbox",
            name="state",
            field=models.CharField(
                choices=[
                    ("active", "Active"),
                    ("needs-consent", "Needs Consent"),
                    ("suspended", "Suspended"),
                    ("disabled", "Disabled"),
                ],
                default="active",
                max_length=20,
            ),
        ),
        migrations.CreateModel(
            name="Notice",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("address", models.TextField()),
                ("about", models.CharField(max_length=20)),
                ("cause", models.CharField(max_length=20)),
                ("stops", models.JSONField(default=list)),
                ("subject", models.TextField()),
                ("body", models.TextField()),
                ("message_id", models.TextField(unique=True)),
                ("owed_at", models.DateTimeField()),
                ("due_at", models.DateTimeField(null=True)),
                ("claimed_until", models.DateTimeField(null=True)),
                ("tries", models.PositiveIntegerField(default=0)),
                ("sent_at", models.DateTimeField(null=True)),
                ("dropped", models.CharField(blank=True, default="", max_length=20)),
                ("answered_at", models.DateTimeField(null=True)),
                (
                    "person",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
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
                "indexes": [
                    models.Index(
                        condition=models.Q(("due_at__isnull", False)), fields=["due_at"], name="notice_due"
                    ),
                    models.Index(fields=["tenant", "address", "-owed_at"], name="notice_recent"),
                ],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("unguarded", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="Stop",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("code", models.CharField(max_length=60)),
                ("since", models.DateTimeField()),
                ("decided_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "mailbox",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="store.mailbox",
                    ),
                ),
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
                "indexes": [
                    models.Index(
                        condition=models.Q(("decided_at", None), ("ended_at", None)),
                        fields=["id"],
                        name="stop_undecided",
                    ),
                    models.Index(fields=["org", "mailbox", "-since"], name="stop_recent"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)), fields=("mailbox",), name="stop_of_mailbox"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None), ("mailbox", None)),
                        fields=("org",),
                        name="stop_of_org",
                    ),
                ],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("unguarded", django.db.models.manager.Manager()),
            ],
        ),
        _same_tenant("notice", "person"),
        _same_tenant("stop", "org"),
        _same_tenant("stop", "mailbox"),
    ]
