"""Records that may lack their files or people yet are remembered as such."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0010_backfills"),
    ]

    operations = [
        migrations.AddField(model_name="savedmail", name="half", field=models.BooleanField(default=False)),
    ]
