"""Addresses of the server."""

from django.urls import path

from crosstie.web import health, start

urlpatterns = [
    path("", start.page, name="start"),
    path("healthz", health.page, name="health"),
]
