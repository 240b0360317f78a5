"""The migrated installation of the ground's tests."""

from tests.system.ground.conftest import migrated_home

__all__ = ["migrated_home"]
