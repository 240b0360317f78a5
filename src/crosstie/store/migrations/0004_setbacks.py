from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0003_rejections"),
    ]

    operations = [
        migrations.AddField(
            model_name="mailbox",
            name="setbacks",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="org",
            name="tick_failures",
            field=models.PositiveIntegerField(default=0),
        ),
    ]
