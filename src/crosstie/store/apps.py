from django.apps import AppConfig


class StoreConfig(AppConfig):
    name = "crosstie.store"
    label = "store"
    verbose_name = "Crosstie"
    default_auto_field = "django.db.models.BigAutoField"
