"""Django's name for the pages."""

from django.apps import AppConfig
from django.utils.translation import gettext

from crosstie.domain.speech import speak


class WebConfig(AppConfig):
    name = "crosstie.web"
    label = "web"

    def ready(self) -> None:
        speak(gettext)
