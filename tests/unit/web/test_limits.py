"""Counts of how often somebody asked: they must outlast whoever asks from many addresses."""

import pytest
from django.core.cache import cache

from crosstie.accounts.words import Unacceptable
from crosstie.web import limits


def test_many_addresses_drive_out_no_count() -> None:
    cache.clear()
    for _ in range(3):
        limits.spend("test", "192.0.2.1", 3)
    for number in range(5000):
        limits.spend("test", f"2001:db8::{number:x}", 3)
    with pytest.raises(Unacceptable):
        limits.spend("test", "192.0.2.1", 3)
    cache.clear()
