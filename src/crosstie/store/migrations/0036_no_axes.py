"""The tables of django-axes, which is not used any more: each sign-in stood in them with its network address."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0035_refused_sign_ins"),
    ]

    operations = [
        migrations.RunSQL(
            "DROP TABLE IF EXISTS axes_accessattemptexpiration, axes_accessattempt, axes_accessfailurelog, "
            "axes_accesslog; DELETE FROM django_migrations WHERE app = 'axes'",
            migrations.RunSQL.noop,
        ),
    ]
