"""An edit of a pair finds room beside its row, and then touches none of the indexes."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0021_activations"),
    ]

    operations = [
        migrations.RunSQL(
            "ALTER TABLE store_link SET (fillfactor = 80)", "ALTER TABLE store_link RESET (fillfactor)"
        ),
    ]
