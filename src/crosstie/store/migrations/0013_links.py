"""Items and records that are mirrored, and how far each mailbox has read the org's log."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import crosstie.store.models.fields


def _owner(model, **options):
    return models.ForeignKey(
        db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to=f"store.{model}", **options
    )


def _same_tenant(table, column):
    name = f"{table}_{column}_same_tenant"
    return migrations.RunSQL(
        f"ALTER TABLE store_{table} ADD CONSTRAINT {name} FOREIGN KEY ({column}_id, tenant_id) "
        f"REFERENCES store_{column} (id, tenant_id) DEFERRABLE INITIALLY DEFERRED",
        f"ALTER TABLE store_{table} DROP CONSTRAINT {name}",
    )


_FIELDS = [
    ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
    ("item_id", models.TextField(blank=True, default="")),
    ("natural_digest", crosstie.store.models.fields.DigestField()),
    ("key", models.CharField(max_length=80)),
    ("bond", models.CharField(max_length=10)),
    ("origin", models.CharField(max_length=10)),
    ("role", models.CharField(max_length=10)),
    ("reason_code", models.CharField(max_length=60)),
    ("decided_at", models.DateTimeField()),
    ("record_object", models.CharField(blank=True, default="", max_length=80)),
    ("record_id", models.CharField(blank=True, default="", max_length=18)),
    ("item_version", models.TextField(blank=True, default="")),
    ("item_digests", models.JSONField(null=True)),
    ("record_version", models.TextField(blank=True, default="")),
    ("record_digests", models.JSONField(null=True)),
    ("generation", models.PositiveIntegerField(default=0)),
    ("marked", models.BooleanField(default=False)),
    ("series_id", models.TextField(blank=True, default="")),
    ("recheck_at", models.DateTimeField(null=True)),
    ("recheck", models.BigIntegerField(null=True)),
    ("joined_at", models.DateTimeField(null=True)),
    (
        "news",
        django.contrib.postgres.fields.ArrayField(
            base_field=crosstie.store.models.fields.DigestField(), null=True, size=None
        ),
    ),
    ("mailbox", _owner("mailbox")),
    ("org", _owner("org")),
    ("tenant", _owner("tenant")),
]
_INDEXES = [
    models.Index(fields=["org", "natural_digest", "-role", "id"], name="link_natural"),
    models.Index(
        condition=models.Q(("record_id", ""), _negated=True), fields=["org", "record_id"], name="link_record"
    ),
    models.Index(fields=["mailbox", "series_id"], name="link_series"),
    models.Index(condition=models.Q(("recheck__isnull", False)), fields=["mailbox"], name="link_recheck"),
    models.Index(
        condition=models.Q(("recheck_at__isnull", False)), fields=["mailbox", "recheck_at"], name="link_recheck_at"
    ),
    models.Index(condition=models.Q(("news__isnull", False)), fields=["org"], name="link_news"),
]
_CONSTRAINTS = [
    models.UniqueConstraint(
        condition=models.Q(("item_id", ""), _negated=True), fields=("mailbox", "item_id"), name="link_item"
    ),
    models.UniqueConstraint(
        condition=models.Q(("item_id", "")), fields=("mailbox", "record_id"), name="link_record_alone"
    ),
]


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0012_journaled"),
    ]

    operations = [
        migrations.CreateModel(
            name="Link",
            fields=_FIELDS,
            options={"abstract": False, "base_manager_name": "unguarded"},
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("unguarded", django.db.models.manager.Manager()),
            ],
        ),
        *(migrations.AddIndex(model_name="link", index=index) for index in _INDEXES),
        *(migrations.AddConstraint(model_name="link", constraint=constraint) for constraint in _CONSTRAINTS),
        migrations.RunSQL(
            "ALTER TABLE store_link ADD CONSTRAINT link_of_tenant UNIQUE (id, tenant_id)",
            "ALTER TABLE store_link DROP CONSTRAINT link_of_tenant",
        ),
        _same_tenant("link", "org"),
        _same_tenant("link", "mailbox"),
        migrations.AlterField(model_name="awaitedaddress", name="item", field=_owner("itemstate", null=True)),
        migrations.AddField(model_name="awaitedaddress", name="link", field=_owner("link", null=True)),
        migrations.AddConstraint(
            model_name="awaitedaddress",
            constraint=models.UniqueConstraint(fields=("link", "address"), name="awaited_link_address"),
        ),
        migrations.AddConstraint(
            model_name="awaitedaddress",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("item", None), ("link__isnull", False)),
                    models.Q(("item__isnull", False), ("link", None)),
                    _connector="OR",
                ),
                name="awaited_by_one",
            ),
        ),
        _same_tenant("awaitedaddress", "link"),
        migrations.AddField(model_name="mailbox", name="log_position", field=models.BigIntegerField(null=True)),
        migrations.AddField(model_name="org", name="log_cleared", field=models.BigIntegerField(default=0)),
    ]
