"""The Django settings (DJANGO_SETTINGS_MODULE = "crosstie.config.django")."""

import os
from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF

from crosstie import __version__
from crosstie.config import database, environment, logs, secrets
from crosstie.domain.clock import SystemClock

CONFIG = environment.load(os.environ)
KEYS = secrets.peek(CONFIG.home, os.environ)
"""None only where a tool reads these settings before the first start: every service calls `secrets.ensure`."""

SECRET_KEY = KEYS.secret_key if KEYS else SystemClock().token(48)
DEBUG = False
PUBLIC_URL = CONFIG.public_url
ALLOWED_HOSTS = [CONFIG.public_host, "localhost", "127.0.0.1", "[::1]"]
CSRF_TRUSTED_ORIGINS = [CONFIG.public_url]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "csp",
    "procrastinate.contrib.django",
    "crosstie.store",
    "crosstie.web",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "crosstie.web.api.middleware.ApiMiddleware",
    "csp.middleware.CSPMiddleware",
    "crosstie.web.null.NullMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "crosstie.web.access.AccessMiddleware",
]
ROOT_URLCONF = "crosstie.web.urls"
WSGI_APPLICATION = "crosstie.web.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

DATABASES = {"default": database.django_database(database.url(CONFIG))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Of operators alone (accounts/sign_in/operators.py); everybody else has no password here.
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
PASSWORD_RESET_TIMEOUT = 24 * 3600  # seconds an invitation is good for

SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 12 * 3600  # seconds; what ends a sign-in is accounts/sign_in/sign_ins.py
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"  # a sign-in comes back from Salesforce's own site
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = CONFIG.https
# The __Host- prefix ties a cookie to this very host and path; browsers accept it over TLS only.
SESSION_COOKIE_NAME = "__Host-crosstie" if CONFIG.https else "crosstie"
CSRF_COOKIE_NAME = "__Host-crosstie-csrf" if CONFIG.https else "crosstie-csrf"
CSRF_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_NAME = "crosstie-language"
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_SECURE = CONFIG.https
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600  # seconds

# TLS ends at a proxy in front of us, which must set this header itself.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if CONFIG.https else None
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if CONFIG.https else 0
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY: dict[str, Any] = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
    },
}

# The version in the path lets browsers keep a file for ever and still see the next release's.
STATIC_URL = f"/static/{__version__}/"
STATIC_ROOT = None
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 365 * 24 * 3600

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("de", "Deutsch")]
LOCALE_PATHS = [Path(__file__).parent.parent / "web" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

LOGGING_CONFIG = "logging.config.dictConfig"
LOGGING = logs.settings(CONFIG.log_level)
