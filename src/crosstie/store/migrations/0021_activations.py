import django.db.models.deletion
import django.db.models.manager
from django.db import migrations, models


def _whole(model):
    return models.ForeignKey(
        db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to=f"store.{model}"
    )


def _person():
    return models.ForeignKey(
        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="store.person"
    )


def _same_tenant(table, column, target):
    name = f"{table}_{column}_same_tenant"
    return migrations.RunSQL(
        f"ALTER TABLE store_{table} ADD CONSTRAINT {name} FOREIGN KEY ({column}_id, tenant_id) "
        f"REFERENCES store_{target} (id, tenant_id) DEFERRABLE INITIALLY DEFERRED",
        f"ALTER TABLE store_{table} DROP CONSTRAINT {name}",
    )


KEY = ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"))
OPTIONS = {"abstract": False, "base_manager_name": "unguarded"}
MANAGERS = [
    ("objects", django.db.models.manager.Manager()),
    ("unguarded", django.db.models.manager.Manager()),
]


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0020_identities"),
    ]

    operations = [
        migrations.CreateModel(
            name="Activation",
            fields=[
                KEY,
                ("source", models.CharField(max_length=10)),
                ("named", models.TextField(blank=True, default="")),
                ("stage", models.CharField(max_length=10)),
                ("goes_on", models.BooleanField(default=False)),
                ("face", models.CharField(max_length=10)),
                ("asked_at", models.DateTimeField()),
                ("started_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("due_at", models.DateTimeField(null=True)),
                ("waits", models.CharField(blank=True, default="", max_length=60)),
                ("setbacks", models.PositiveIntegerField(default=0)),
                ("asker", _person()),
                ("org", _whole("org")),
                ("tenant", _whole("tenant")),
            ],
            options=OPTIONS
            | {
                "indexes": [
                    models.Index(
                        condition=models.Q(("due_at__isnull", False)), fields=["due_at"], name="activation_due"
                    ),
                    models.Index(fields=["tenant", "-id"], name="activation_recent"),
                ],
            },
            managers=MANAGERS,
        ),
        migrations.RunSQL(
            "ALTER TABLE store_activation ADD CONSTRAINT activation_of_tenant UNIQUE (id, tenant_id)",
            "ALTER TABLE store_activation DROP CONSTRAINT activation_of_tenant",
        ),
        migrations.CreateModel(
            name="Candidate",
            fields=[
                KEY,
                ("address", models.TextField()),
                ("name", models.TextField(blank=True, default="")),
                ("crm_user_id", models.CharField(blank=True, default="", max_length=18)),
                ("given_user", models.CharField(blank=True, default="", max_length=18)),
                ("time_zone", models.CharField(blank=True, default="", max_length=60)),
                ("profile", models.CharField(blank=True, default="", max_length=100)),
                ("license", models.CharField(blank=True, default="", max_length=100)),
                ("step", models.CharField(max_length=10)),
                ("code", models.CharField(blank=True, default="", max_length=60)),
                ("tries", models.PositiveIntegerField(default=0)),
                ("activation", _whole("activation")),
                ("person", _person()),
                ("tenant", _whole("tenant")),
            ],
            options=OPTIONS
            | {
                "indexes": [models.Index(fields=["activation", "step", "id"], name="candidate_step")],
                "constraints": [
                    models.UniqueConstraint(fields=("activation", "address"), name="candidate_once"),
                ],
            },
            managers=MANAGERS,
        ),
        _same_tenant("activation", "org", "org"),
        _same_tenant("activation", "asker", "person"),
        _same_tenant("candidate", "activation", "activation"),
        _same_tenant("candidate", "person", "person"),
    ]
