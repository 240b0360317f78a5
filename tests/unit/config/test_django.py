"""The Django settings: what a browser is told, and what changes when people come over TLS."""

import runpy
from typing import Any

import pytest
from django.test import Client

from crosstie import __version__
from crosstie.config import django as settings_module


def settings_with(monkeypatch: pytest.MonkeyPatch, **environ: str) -> dict[str, Any]:
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    assert settings_module.__file__ is not None
    return runpy.run_path(settings_module.__file__)


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("X-Frame-Options", "DENY"),
        ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", "same-origin"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
    ],
)
def test_headers(header: str, expected: str) -> None:
    assert Client().get("/").headers[header] == expected


def test_a_page_may_load_nothing_from_elsewhere_and_run_nothing_inline() -> None:
    policy = dict(
        part.strip().split(" ", 1) for part in Client().get("/").headers["Content-Security-Policy"].split(";")
    )
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == "'self'"
    assert policy["frame-ancestors"] == policy["base-uri"] == policy["object-src"] == "'none'"
    assert not any("unsafe" in sources or "*" in sources for sources in policy.values())


def test_a_host_that_is_not_ours_is_refused() -> None:
    assert Client().get("/", headers={"host": "evil.example.com"}).status_code == 400


@pytest.mark.django_db
def test_health() -> None:
    answer = Client().get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok\n")
    assert Client().post("/healthz").status_code == 405


def test_static_files_come_with_the_version_in_their_path_and_stay_a_year() -> None:
    answer = Client().get(f"/static/{__version__}/django_htmx/htmx-2.min.js")
    assert answer.status_code == 200
    assert f"max-age={365 * 24 * 3600}" in answer.headers["Cache-Control"]
    assert b"htmx" in b"".join(answer)


def test_over_tls_cookies_are_tied_to_the_host(monkeypatch: pytest.MonkeyPatch) -> None:
    plain = settings_with(monkeypatch)
    assert not plain["SESSION_COOKIE_SECURE"]
    assert plain["SECURE_HSTS_SECONDS"] == 0
    tls = settings_with(monkeypatch, CROSSTIE_PUBLIC_URL="https://sync.example.com")
    assert tls["SESSION_COOKIE_SECURE"]
    assert tls["CSRF_COOKIE_SECURE"]
    assert tls["SESSION_COOKIE_NAME"].startswith("__Host-")
    assert tls["CSRF_COOKIE_NAME"].startswith("__Host-")
    assert tls["SECURE_HSTS_SECONDS"] > 0
    assert "sync.example.com" in tls["ALLOWED_HOSTS"]
    assert tls["CSRF_TRUSTED_ORIGINS"] == ["https://sync.example.com"]


@pytest.mark.parametrize(
    "environ", [{}, {"CROSSTIE_PUBLIC_URL": "https://sync.example.com"}, {"CROSSTIE_DEBUG": "1"}]
)
def test_djangos_debug_pages_are_never_shown(monkeypatch: pytest.MonkeyPatch, environ: dict[str, str]) -> None:
    assert settings_with(monkeypatch, **environ)["DEBUG"] is False


def test_reading_the_settings_before_the_first_start_makes_no_keys(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    home = tmp_path_factory.mktemp("empty")
    first = settings_with(monkeypatch, CROSSTIE_HOME=str(home))
    assert len(first["SECRET_KEY"]) >= 48
    assert first["SECRET_KEY"] != settings_with(monkeypatch)["SECRET_KEY"]
    assert list(home.iterdir()) == []
