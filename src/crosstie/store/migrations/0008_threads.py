"""Threads of which every mail is saved, and their saved mails."""

import django.db.models.deletion
from django.db import migrations, models

import crosstie.store.models.fields

REFERENCES = (("thread", "org"), ("thread", "mailbox"), ("threadmail", "org"), ("threadmail", "thread"))


def _id():
    return models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")


def _owner(model):
    return models.ForeignKey(
        db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to=f"store.{model}"
    )


def _table(name, fields):
    return migrations.CreateModel(
        name=name,
        fields=[("id", _id()), *fields, ("org", _owner("org")), ("tenant", _owner("tenant"))],
        options={"abstract": False, "base_manager_name": "unguarded"},
        managers=[
            ("objects", django.db.models.manager.Manager()),
            ("unguarded", django.db.models.manager.Manager()),
        ],
    )


def _same_tenant(table, column):
    name = f"{table}_{column}_same_tenant"
    return migrations.RunSQL(
        f"ALTER TABLE store_{table} ADD CONSTRAINT {name} FOREIGN KEY ({column}_id, tenant_id) "
        f"REFERENCES store_{column} (id, tenant_id) DEFERRABLE INITIALLY DEFERRED",
        f"ALTER TABLE store_{table} DROP CONSTRAINT {name}",
    )


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0007_asked_fields"),
    ]

    operations = [
        _table(
            "Thread",
            [
                ("conversation", crosstie.store.models.fields.DigestField()),
                ("item_id", models.TextField()),
                ("marked_at", models.DateTimeField()),
                ("gathered", models.BooleanField(default=False)),
                ("mailbox", _owner("mailbox")),
            ],
        ),
        migrations.AddConstraint(
            model_name="thread",
            constraint=models.UniqueConstraint(fields=("mailbox", "conversation"), name="thread_conversation"),
        ),
        migrations.AddIndex(
            model_name="thread",
            index=models.Index(
                condition=models.Q(("gathered", False)), fields=["mailbox"], name="thread_to_gather"
            ),
        ),
        _table(
            "ThreadMail",
            [
                ("letter", crosstie.store.models.fields.DigestField()),
                ("record_object", models.CharField(max_length=80)),
                ("record_id", models.CharField(max_length=18)),
                ("first", models.BooleanField(default=False)),
                ("foreign", models.BooleanField(default=False)),
                ("thread", _owner("thread")),
            ],
        ),
        migrations.AddConstraint(
            model_name="threadmail",
            constraint=models.UniqueConstraint(fields=("thread", "letter"), name="threadmail_letter"),
        ),
        migrations.AddIndex(
            model_name="threadmail",
            index=models.Index(fields=["org", "letter"], name="threadmail_by_letter"),
        ),
        migrations.AddIndex(
            model_name="threadmail",
            index=models.Index(fields=["org", "record_id"], name="threadmail_by_record"),
        ),
        migrations.RunSQL(
            "ALTER TABLE store_thread ADD CONSTRAINT thread_of_tenant UNIQUE (id, tenant_id)",
            "ALTER TABLE store_thread DROP CONSTRAINT thread_of_tenant",
        ),
        *(_same_tenant(*pair) for pair in REFERENCES),
    ]
