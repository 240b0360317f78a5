"""Put the sandbox together: a world and every vendor's face on one WSGI application."""

from sandbox import control
from sandbox.app import Application
from sandbox.clock import Clock, SystemClock
from sandbox.console import face as console
from sandbox.google import face as google
from sandbox.graph import face as graph
from sandbox.salesforce import face as salesforce
from sandbox.salesforce.events import stream
from sandbox.world import World

DECLARED_APART = (stream.EVENTS_TWICE,)
"""Switches of what has a port of its own: listed with the others, whether it listens or not."""
FACES = (salesforce.FACE, graph.FACE, graph.LOGIN_FACE, graph.UPLOAD_FACE, google.FACE, control.FACE, console.FACE)


def build(
    clock: Clock | None = None, seed: int = 0, *, world: World | None = None, auto_login: bool = False
) -> Application:
    """An empty world unless one is given. `auto_login` lets `auto=<user name>` stand for a click."""
    world = world or World(clock or SystemClock(), seed)
    world.auto_login = auto_login
    return Application(world, FACES)
