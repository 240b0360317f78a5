"""That a look at other products is somebody's to do is not that it was done."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0030_alike_is_indexed"),
    ]

    operations = [
        migrations.AddField(model_name="orglook", name="claimed_at", field=models.DateTimeField(null=True)),
        migrations.AlterField(model_name="orglook", name="looked_at", field=models.DateTimeField(null=True)),
    ]
