"""Addresses of databases, and the socket's path that the kernel limits."""

import os
from pathlib import Path

import pytest
from django.db import connection

from crosstie.config import database
from crosstie.config.environment import ConfigError


def test_a_url_becomes_djangos_entry() -> None:
    entry = database.django_database("postgresql://anna:p%40ss@db.example.com:6432/sync?sslmode=verify-full")
    assert (entry["NAME"], entry["USER"], entry["PASSWORD"]) == ("sync", "anna", "p@ss")
    assert (entry["HOST"], entry["PORT"]) == ("db.example.com", "6432")
    assert entry["OPTIONS"]["sslmode"] == "verify-full"
    assert entry["OPTIONS"]["connect_timeout"] == 10


def test_the_url_may_overrule_our_patience() -> None:
    entry = database.django_database("postgresql:///x?connect_timeout=3")
    assert entry["OPTIONS"]["connect_timeout"] == "3"


def test_who_is_frozen_within_a_transaction_does_not_hold_its_locks_for_ever(transactional_db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SHOW idle_in_transaction_session_timeout")
        assert cursor.fetchone() == ("1min",)


def test_options_of_the_url_come_after_ours() -> None:
    entry = database.django_database("postgresql:///x?options=-c%20work_mem%3D8MB")
    assert entry["OPTIONS"]["options"] == "-c idle_in_transaction_session_timeout=60s -c work_mem=8MB"


def test_an_unreadable_url_is_said_without_its_password() -> None:
    with pytest.raises(ConfigError) as caught:
        database.django_database("postgresql://anna:hunter2@db.example.com/x?nonsense=1")
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize("home", [Path("/srv/crosstie"), Path("/srv") / ("long" * 40), Path("/srv") / ("ü" * 45)])
def test_the_socket_fits(home: Path) -> None:
    folder = database.socket_directory(home)
    assert len(os.fsencode(folder / database.SOCKET_NAME)) < database.SOCKET_PATH_LIMIT
    assert database.django_database(database.embedded_url(home))["HOST"] == str(folder)


def test_two_long_homes_do_not_share_a_socket() -> None:
    one, two = (Path("/srv") / (letter * 200) for letter in "ab")
    assert database.socket_directory(one) != database.socket_directory(two)
