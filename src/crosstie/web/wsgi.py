"""The WSGI application that granian serves."""

import os

from django.core.wsgi import get_wsgi_application

from crosstie.config import environment, lifeline, logs, secrets

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crosstie.config.django")
if os.environ.get("CROSSTIE_SERVED_BY") == str(os.getppid()):
    lifeline.die_with_parent()  # granian's own child would outlive a killed parent and keep the port
secrets.ensure(environment.load(os.environ).home, os.environ)
application = get_wsgi_application()
logs.guard_threads()
