"""A receiver of change notifications, as a small application in this process."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

import httpx2
from werkzeug.wrappers import Request, Response

from sandbox.graph.subscriptions.sender import WsgiSender
from tests.unit.sandbox.graph.conftest import CSDL, Office
from tests.unit.sandbox.graph.csdl import metadata

URL = "https://crosstie.test/push/graph"
LIFE_URL = "https://crosstie.test/push/graph/life"


@dataclass
class Receiver:
    office: Office
    notices: list[dict[str, Any]] = field(default_factory=list)
    life: list[dict[str, Any]] = field(default_factory=list)
    proofs: list[str] = field(default_factory=list)
    """Tokens that came along with sealed content."""
    validated: list[str] = field(default_factory=list)
    status: int = 202
    before: Callable[[], None] = lambda: None
    """What happens before it answers, such as time going by."""
    echo: Callable[[str], Response] = lambda token: Response(token, content_type="text/plain")

    def __post_init__(self) -> None:
        client = httpx2.Client(transport=httpx2.WSGITransport(app=self._application))
        self.office.world.subscriptions.sender = WsgiSender(client)

    def _answer(self, request: Request) -> Response:
        self.before()
        if "validationToken" in request.args:
            self.validated.append(request.base_url)
            return self.echo(request.args["validationToken"])
        if self.status < 300:
            kept = self.life if request.base_url == LIFE_URL else self.notices
            body = json.loads(request.get_data())
            if CSDL.exists():
                self.office.faults += metadata(CSDL).faults_of(body, "changeNotificationCollection")
            kept += body["value"]
            self.proofs += body.get("validationTokens", [])
        return Response(status=self.status)

    def _application(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        return self._answer(Request(environ))(environ, start_response)

    def changes(self) -> list[str]:
        return [notice["changeType"] for notice in self.notices]

    def events(self) -> list[str]:
        return [event["lifecycleEvent"] for event in self.life]
