"""Refused sign-ins are counted, so that nobody can fill the audit with them."""

import django.db.models.deletion
import django.db.models.manager
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0031_registration"),
    ]

    operations = [
        migrations.CreateModel(
            name="RefusedSignIn",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("hour", models.DateTimeField()),
                ("way", models.CharField(max_length=20)),
                ("code", models.CharField(max_length=40)),
                ("target", models.CharField(default="", max_length=40)),
                ("caller", models.TextField(default="")),
                ("count", models.PositiveIntegerField(default=0)),
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
                "constraints": [
                    models.UniqueConstraint(
                        fields=("tenant", "hour", "way", "code", "target", "caller"), name="refusedsignin_kind"
                    )
                ],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("unguarded", django.db.models.manager.Manager()),
            ],
        ),
    ]
