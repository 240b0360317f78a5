"""The states of pages: how the small company comes to each, and what only that state says."""

from tests.browser.states import connections, pages, registering
from tests.browser.states.state import State

__all__ = ["STATES", "State"]

STATES = {one.name: one for one in (*pages.ALL, *connections.ALL, *registering.ALL)}
