"""Whose address is Salesforce's word alone: of whoever registered themselves, so far too (decision 68).

Who registered is told by the audit. Accounts at Microsoft and Google that were bound to them may have been found by the
address, so they are forgotten, and whoever came in by one is out. What was granted for all mailboxes opens theirs no more.
"""

from django.db import migrations, models

UNPROVEN = """
    UPDATE store_person person SET address_proven = false
    FROM store_auditrow deed
    WHERE deed.tenant_id = person.tenant_id AND deed.action = 'person.register'
      AND deed.target = 'person ' || person.id
"""
FOUND_BY_ADDRESS = """
    DELETE FROM store_identity identity USING store_person person
    WHERE person.id = identity.person_id AND NOT person.address_proven;
    DELETE FROM store_signin visit USING store_person person
    WHERE person.id = visit.person_id AND NOT person.address_proven AND visit.way IN ('microsoft', 'google')
"""
OPENED_FOR_THEM = """
    WITH shut AS (
        UPDATE store_mailbox mailbox SET state = 'disabled', due_at = NULL, leaving_since = NULL
        FROM store_person person
        WHERE person.id = mailbox.person_id AND NOT person.address_proven AND mailbox.state <> 'disabled'
          AND NOT EXISTS (SELECT FROM store_connection own WHERE own.mailbox_id = mailbox.id)
        RETURNING mailbox.id, mailbox.tenant_id
    ), forgotten AS (
        DELETE FROM store_stop stop USING shut WHERE stop.mailbox_id = shut.id AND stop.ended_at IS NULL
    )
    INSERT INTO store_auditrow (tenant_id, at, face, action, target, details)
    SELECT tenant_id, now(), 'system', 'mailbox.deactivate', 'mailbox ' || id, '{}' FROM shut
"""


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0040_proofs"),
    ]

    operations = [
        migrations.AddField(
            model_name="person",
            name="address_proven",
            field=models.BooleanField(db_default=True, default=True),
        ),
        *(
            migrations.RunSQL(statement, migrations.RunSQL.noop)
            for statement in (UNPROVEN, FOUND_BY_ADDRESS, OPENED_FOR_THEM)
        ),
    ]
