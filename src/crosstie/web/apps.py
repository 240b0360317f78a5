"""Django's name for the pages."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "crosstie.web"
    label = "web"
