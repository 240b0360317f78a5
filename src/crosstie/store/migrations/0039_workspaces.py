"""Domains whose people sign in with Google: several to a tenant, and each one tenant's alone."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0038_purses"),
    ]

    operations = [
        migrations.AlterField(
            model_name="connection",
            name="access",
            field=models.CharField(
                choices=[("app-only", "App Only"), ("delegated", "Delegated"), ("sign-in", "Sign In")], max_length=20
            ),
        ),
        migrations.RemoveConstraint(model_name="connection", name="connection_tenant_access"),
        migrations.AddConstraint(
            model_name="connection",
            constraint=models.UniqueConstraint(
                fields=("tenant", "vendor", "access"),
                condition=Q(mailbox=None) & ~Q(access="sign-in"),
                name="connection_tenant_access",
            ),
        ),
        migrations.AddConstraint(
            model_name="connection",
            constraint=models.UniqueConstraint(
                fields=("vendor", "directory"), condition=Q(access="sign-in"), name="connection_sign_in"
            ),
        ),
    ]
