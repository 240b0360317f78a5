"""The journal knows more kinds of operations, and is asked about records without an item too."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0011_half_written"),
    ]

    operations = [
        migrations.AlterField(model_name="journalrow", name="kind", field=models.CharField(max_length=20)),
        migrations.AddIndex(
            model_name="journalrow",
            index=models.Index(
                condition=models.Q(("record_id", ""), _negated=True),
                fields=["mailbox", "record_id", "-id"],
                name="journal_record",
            ),
        ),
    ]
