"""The database itself keeps tenants apart: a row can only refer to rows of its own tenant."""

from django.db import migrations

PARENTS = ("license", "profile", "org", "person", "mailbox", "itemstate")

REFERENCES = (
    ("profile", "license"),
    ("person", "profile"),
    ("person", "license"),
    ("person", "org"),
    ("mailbox", "org"),
    ("mailbox", "person"),
    ("connection", "mailbox"),
    ("cursor", "mailbox"),
    ("sessionrun", "org"),
    ("sessionrun", "mailbox"),
    ("watermark", "org"),
    ("recordlog", "org"),
    ("directoryentry", "org"),
    ("itemstate", "org"),
    ("itemstate", "mailbox"),
    ("awaitedaddress", "org"),
    ("awaitedaddress", "item"),
    ("savedmail", "org"),
    ("journalrow", "org"),
    ("journalrow", "mailbox"),
    ("settingvalue", "profile"),
    ("settingvalue", "person"),
)


def _unique(table):
    name = f"{table}_of_tenant"
    return migrations.RunSQL(
        f"ALTER TABLE store_{table} ADD CONSTRAINT {name} UNIQUE (id, tenant_id)",
        f"ALTER TABLE store_{table} DROP CONSTRAINT {name}",
    )


def _reference(table, column):
    name = f"{table}_{column}_same_tenant"
    parent = "itemstate" if column == "item" else column
    return migrations.RunSQL(
        f"ALTER TABLE store_{table} ADD CONSTRAINT {name} FOREIGN KEY ({column}_id, tenant_id) "
        f"REFERENCES store_{parent} (id, tenant_id) DEFERRABLE INITIALLY DEFERRED",
        f"ALTER TABLE store_{table} DROP CONSTRAINT {name}",
    )


class Migration(migrations.Migration):
    dependencies = [("store", "0001_initial")]
    operations = [*map(_unique, PARENTS), *(_reference(*pair) for pair in REFERENCES)]
