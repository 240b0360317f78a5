"""Sign-ins that can be ended, and an audit whose rows nobody changes: the database itself refuses."""

import django.db.models.deletion
import django.db.models.manager
from django.db import migrations, models

# By the database's own clock, a day short of what the clean-up keeps, which goes by the server's.
GUARD = """
    CREATE FUNCTION store_auditrow_guard() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'DELETE' AND OLD.at < now() - interval '364 days' THEN
            RETURN OLD;
        END IF;
        RAISE EXCEPTION 'rows of the audit are neither changed nor deleted before their time';
    END $$;
    CREATE TRIGGER store_auditrow_guard BEFORE UPDATE OR DELETE ON store_auditrow
        FOR EACH ROW EXECUTE FUNCTION store_auditrow_guard();
"""
UNGUARD = """
    DROP TRIGGER store_auditrow_guard ON store_auditrow;
    DROP FUNCTION store_auditrow_guard();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0025_alike"),
    ]

    operations = [
        migrations.CreateModel(
            name="SignIn",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("way", models.CharField(max_length=20)),
                ("began_at", models.DateTimeField()),
                ("seen_at", models.DateTimeField()),
                ("caller", models.TextField()),
                ("agent", models.TextField()),
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
            options={"abstract": False, "base_manager_name": "unguarded"},
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("unguarded", django.db.models.manager.Manager()),
            ],
        ),
        migrations.RunSQL(
            "ALTER TABLE store_signin ADD CONSTRAINT signin_person_same_tenant FOREIGN KEY (person_id, tenant_id) "
            "REFERENCES store_person (id, tenant_id) DEFERRABLE INITIALLY DEFERRED",
            "ALTER TABLE store_signin DROP CONSTRAINT signin_person_same_tenant",
        ),
        migrations.AddField(
            model_name="auditrow", name="caller", field=models.TextField(db_default="", default="")
        ),
        migrations.AlterField(
            model_name="auditrow",
            name="actor",
            field=models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="store.person",
            ),
        ),
        migrations.RunSQL(GUARD, UNGUARD),
    ]
