"""The sandbox on a socket, its control addresses, its saved world, and its command."""

import json
import os
import signal
import socket
import ssl
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import httpx2
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from sandbox import cli, state
from sandbox.build import build
from sandbox.clock import ManualClock
from sandbox.company import found
from sandbox.faults import Fault
from sandbox.outbox import SentMail
from sandbox.salesforce.site import open_org
from sandbox.serve import Server, Tls
from sandbox.world import World
from tests.places import ROOT

START = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture
def server() -> Iterator[Server]:
    with Server(build(ManualClock(START), seed=3)) as running:
        yield running


def test_requests_over_a_socket(server: Server) -> None:
    with httpx2.Client(base_url=server.url) as client:
        versions = [client.get("/services/data").json()[-1]["version"] for _ in range(3)]
    assert versions == ["68.0"] * 3
    assert server.app.world.requests.count == 3


@pytest.mark.parametrize("effect", ["lose_answer", "drop_before", "finish_later"])
def test_a_lost_connection_closes_the_socket_without_a_byte(server: Server, effect: str) -> None:
    server.app.world.faults.add(Fault(effect, route="versions", skip=1))  # type: ignore[arg-type]
    request = b"GET /services/data HTTP/1.1\r\nHost: x\r\n\r\n"
    with socket.create_connection(("127.0.0.1", server.port), timeout=5) as kept_alive:
        kept_alive.sendall(request)
        first = kept_alive.recv(65536)
        assert first.startswith(b"HTTP/1.1 200")
        while not first.rstrip().endswith(b"]"):
            first += kept_alive.recv(65536)
        kept_alive.sendall(request)
        assert kept_alive.recv(65536) == b""


def test_a_client_sees_the_same_error_as_in_process(server: Server) -> None:
    server.app.world.faults.add(Fault("lose_answer", route="versions", times=2))
    with pytest.raises(httpx2.RemoteProtocolError):
        httpx2.get(f"{server.url}/services/data")
    with (
        httpx2.Client(transport=httpx2.WSGITransport(app=server.app), base_url="http://x") as client,
        pytest.raises(httpx2.RemoteProtocolError),
    ):
        client.get("/services/data")


def self_signed(folder: Path) -> Tls:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "vendors.test")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(datetime.now(UTC) - timedelta(days=1))
        .not_valid_after(datetime.now(UTC) + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    files = Tls(folder / "cert.pem", folder / "key.pem")
    files.certificate.write_bytes(certificate.public_bytes(Encoding.PEM))
    files.key.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return files


def test_tls_with_the_vendors_host_names(tmp_path: Path) -> None:
    tls = self_signed(tmp_path)
    context = ssl.create_default_context(cafile=str(tls.certificate))
    with Server(build(ManualClock(START)), tls=tls) as server, httpx2.Client(verify=context) as client:
        assert server.url.startswith("https://")
        answer = client.get(f"{server.url}/services/data", headers={"Host": "acme.my.salesforce.com"})
        assert answer.status_code == 200
        elsewhere = client.get(f"{server.url}/services/data", headers={"Host": "graph.microsoft.com"})
        assert elsewhere.status_code != 200
        server.app.world.faults.add(Fault("lose_answer", route="versions"))
        with pytest.raises(httpx2.TransportError):
            client.get(f"{server.url}/services/data")


def test_a_large_body_over_a_socket(server: Server) -> None:
    answer = httpx2.post(f"{server.url}/services/data/v67.0/sobjects/Lead", content=b"x" * 5_000_000)
    assert answer.status_code == 401
    assert server.app.world.requests.entries[-1].request_size == 5_000_000
    assert server.app.world.requests.entries[-1].request_body == b""


def test_a_taken_port_is_an_error(server: Server) -> None:
    with pytest.raises(OSError, match=r"."):
        Server(build(), port=server.port).start()


@pytest.fixture
def control() -> Iterator[tuple[World, httpx2.Client]]:
    app = build(ManualClock(START))
    with httpx2.Client(transport=httpx2.WSGITransport(app=app), base_url="http://localhost") as client:
        yield app.world, client


def test_control_counts_requests_but_not_itself(control: tuple[World, httpx2.Client]) -> None:
    _, client = control
    client.get("/services/data")
    client.get("/services/data")
    client.get("/services/data/v67.0/limits")
    counted = client.get("/sandbox/requests").json()
    assert (counted["last"], counted["count"]) == (3, 3)
    assert counted["by"] == [
        {"face": "salesforce", "route": "limits", "subject": "", "requests": 1, "parts": {}},
        {"face": "salesforce", "route": "versions", "subject": "", "requests": 2, "parts": {}},
    ]
    later = client.get("/sandbox/requests", params={"since": 2, "entries": 1}).json()
    assert [entry["number"] for entry in later["entries"]] == [3]
    assert later["entries"][0]["status"] == 401
    assert client.get("/sandbox/requests", params={"route": "versions"}).json()["count"] == 2


def test_control_of_faults(control: tuple[World, httpx2.Client]) -> None:
    world, client = control
    fault = {"effect": "refuse", "route": "versions", "status": 503, "headers": {"X-A": "b"}, "body": [{"a": 1}]}
    assert len(client.post("/sandbox/faults", json=[fault, fault | {"times": 3}]).json()["faults"]) == 2
    answer = client.get("/services/data")
    assert (answer.status_code, answer.headers["X-A"], answer.json()) == (503, "b", [{"a": 1}])
    assert client.request("DELETE", "/sandbox/faults").json() == {"faults": [], "script": [], "luck": None}
    assert world.faults.waiting == []


def test_control_of_scripts_and_weather(control: tuple[World, httpx2.Client]) -> None:
    world, client = control
    steps = [{"effect": "refuse", "status": 500}, {"effect": "refuse", "status": 502, "after": 1, "skip": 1}]
    shown = client.post("/sandbox/faults/script", json=steps).json()["script"]
    assert [(one["status"], one["after"]) for one in shown] == [(500, 0), (502, 1)]
    assert client.get("/services/data").status_code == 500
    assert len(client.get("/sandbox/faults").json()["script"]) == 1
    assert client.post("/sandbox/faults/script", json=[]).json()["script"] == []
    client.post("/sandbox/faults/weather", json={"seed": 4, "rate": 1, "kinds": "salesforce.unknown"})
    assert client.get("/services/data").status_code == 500
    told = client.get("/sandbox/faults").json()["luck"]
    assert (told["asked"], told["done"]) == (1, {"salesforce.unknown": 1})
    assert client.post("/sandbox/faults/weather", content=b"null").json()["luck"] is None
    assert world.faults.luck is None


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("POST", "/sandbox/faults", {"effect": "explode"}, 400),
        ("POST", "/sandbox/faults", {"effect": "spoil", "spoil": "sour"}, 400),
        ("POST", "/sandbox/faults", {"effect": "refuse", "colour": "red"}, 400),
        ("POST", "/sandbox/faults/script", {"effect": "refuse"}, 400),
        ("POST", "/sandbox/faults/script", [{"effect": "refuse", "after": -1}], 400),
        ("POST", "/sandbox/faults/script", [{"effect": "explode"}], 400),
        ("POST", "/sandbox/faults/weather", {"rate": 2}, 400),
        ("POST", "/sandbox/faults/weather", {"rate": "often"}, 400),
        ("POST", "/sandbox/faults/weather", {"kinds": ["sunshine"]}, 400),
        ("POST", "/sandbox/faults/weather", {"colour": "grey"}, 400),
        ("POST", "/sandbox/faults", {"effect": "refuse", "times": "2"}, 400),
        ("POST", "/sandbox/faults", {"effect": "refuse", "early_stamp": 1}, 400),
        ("POST", "/sandbox/faults", {"effect": "refuse", "headers": ["X-A"]}, 400),
        ("POST", "/sandbox/faults", "refuse", 400),
        ("POST", "/sandbox/switches", {"no.such": True}, 400),
        ("POST", "/sandbox/switches", {"salesforce.files_in_graph": "yes"}, 400),
        ("POST", "/sandbox/clock", {"seconds": "many"}, 400),
        ("POST", "/sandbox/salesforce/orgs/00D/allowance", {"allowance": 1}, 404),
        ("GET", "/sandbox/requests?since=x", None, 400),
        ("GET", "/sandbox/nonsense", None, 404),
        ("PUT", "/sandbox/faults", {}, 405),
    ],
)
def test_control_says_what_to_mend(
    control: tuple[World, httpx2.Client], method: str, path: str, body: Any, status: int
) -> None:
    answer = control[1].request(method, path, json=body)
    assert answer.status_code == status
    assert answer.json()["error"]


def test_control_of_switches_clock_orgs_and_outbox(control: tuple[World, httpx2.Client]) -> None:
    world, client = control
    site = open_org(world)
    before = {one["name"]: one["on"] for one in client.get("/sandbox/switches").json()["switches"]}
    turned = client.post("/sandbox/switches", json={"salesforce.files_in_graph": False}).json()["switches"]
    assert before["salesforce.files_in_graph"]
    assert not {one["name"]: one["on"] for one in turned}["salesforce.files_in_graph"]

    assert client.post("/sandbox/clock", json={"seconds": 90}).json()["now"] == "2026-11-20T12:01:30+00:00"
    allowance = f"/sandbox/salesforce/orgs/{site.org.id}/allowance"
    assert client.post(allowance, json={"allowance": "many"}).status_code == 400
    assert client.post(allowance, json={"allowance": 7, "hard_cap": None, "soft": True}).status_code == 200
    assert client.get("/sandbox/salesforce/orgs").json()["orgs"][0]["api_allowance"] == 7
    site.tokens.open_session("005", "app", "api", world.clock.now(), timedelta(hours=1))
    assert client.post("/sandbox/salesforce/sessions/end").json() == {"ended": 1}

    world.outbox.add(SentMail(START, "graph", "a@b.test", ("c@d.test",), "Hi", "send_mail"))
    assert client.get("/sandbox/outbox").json()["mails"][0]["recipients"] == ["c@d.test"]
    assert client.get("/sandbox/outbox", params={"since": 1}).json() == {"last": 1, "by": [], "mails": []}
    assert client.get("/sandbox").json()["outbox"] == 1


def test_a_machine_clock_is_not_moved() -> None:
    app = build()
    with httpx2.Client(transport=httpx2.WSGITransport(app=app), base_url="http://localhost") as client:
        assert client.post("/sandbox/clock", json={"seconds": 1}).status_code == 400


def test_a_world_survives_on_disk(tmp_path: Path) -> None:
    world = World(ManualClock(START), seed=5)
    site = open_org(world)
    user = site.org.add_user("ada@acme.test", "Ada", "Byron")
    contact = site.org.insert(user, "Contact", {"LastName": "Kept"})
    world.faults.add(Fault("refuse"))
    world.requests.add(at=START, face="x", route="y", method="GET", path="/", status=200, subject="")
    path = tmp_path / "world"
    state.save(world, path)

    back = state.load(path)
    assert back is not None
    assert back.orgs[site.org.id].org.get(user, "Contact", contact)["LastName"] == "Kept"
    assert back.orgs[site.org.id].org.insert(user, "Contact", {"LastName": "New"}) != contact
    assert len(back.faults.waiting) == 1
    assert (back.requests.count, len(back.requests.entries)) == (1, 0)
    assert len(world.requests.entries) == 1
    assert [one.name for one in tmp_path.iterdir()] == ["world"]


def test_the_whole_company_survives_on_disk(tmp_path: Path) -> None:
    world = World(ManualClock(START))
    company = found(world)
    state.save(world, tmp_path / "world")
    back = state.load(tmp_path / "world")
    assert back is not None
    site = back.orgs[company.site.org.id]
    soql = "SELECT Email FROM Contact ORDER BY Email"
    assert site.org.query(site.org.admin, soql).records == company.site.org.query(site.org.admin, soql).records
    assert site.clock.now() == START
    assert set(site.apps) == set(company.site.apps)


@pytest.mark.parametrize("content", [b"", b"not a world", state.FORMAT + b"broken", state.FORMAT + b"\x80\x05N."])
def test_a_file_that_is_no_world_is_left_alone(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "world"
    path.write_bytes(content)
    with pytest.raises(state.UnreadableState, match="Move it away"):
        state.load(path)
    assert path.read_bytes() == content
    assert state.load(tmp_path / "absent") is None


def test_a_keeper_waits_until_the_world_is_at_rest(tmp_path: Path) -> None:
    clock = ManualClock(START)
    world = World(clock)
    keeper = state.Keeper(world, tmp_path / "world", clock)
    assert not keeper.save_if_settled()
    world.changes += 1
    assert not keeper.save_if_settled()
    clock.advance(timedelta(seconds=2))
    world.changes += 1
    assert not keeper.save_if_settled()
    clock.advance(state.SETTLED)
    assert keeper.save_if_settled()
    assert not keeper.save_if_settled()


def test_the_command_serves_keeps_its_world_and_can_be_steered(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = tmp_path / "world"
    words = [sys.executable, "-m", "sandbox", "serve", "--port", "0", "--empty", "--state", str(kept)]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    with subprocess.Popen(words, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        url = process.stdout.readline().split()[-1]
        try:
            assert cli.main(["faults", "add", "effect=refuse", "status=503", "route=versions", "--url", url]) == 0
            assert cli.main(["switches", "salesforce.files_in_graph=off", "--url", url]) == 0
            assert httpx2.get(f"{url}/services/data").status_code == 503
            capsys.readouterr()
            assert cli.main(["requests", "--url", url]) == 0
            assert json.loads(capsys.readouterr().out)["count"] == 1
            assert cli.main(["switches", "nonsense=on", "--url", url]) == 1
            assert "no switch named nonsense" in capsys.readouterr().err
        finally:
            process.send_signal(signal.SIGTERM)
    assert process.returncode == 0
    world = state.load(kept)
    assert world is not None
    assert world.switches.turned == {"salesforce.files_in_graph": False}
    assert world.requests.count == 1


def test_the_console_of_a_served_company_takes_a_mail() -> None:
    words = [sys.executable, "-m", "sandbox", "serve", "--port", "0"]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    with subprocess.Popen(words, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            url = process.stdout.readline().split()[-1]
            assert process.stdout.readline().split()[-1] == f"{url}/console"
            letter = {"from": "nora@birchworks.test", "to": "ada@larch.test", "subject": "Saw blades"}
            with httpx2.Client(base_url=url, follow_redirects=True) as client:
                assert client.post("/console/send", data=letter).status_code == 403
                assert client.post("/console/send", data=letter, headers={"Origin": url}).status_code == 200
                assert client.get("/console").text.count("Saw blades</a>") == 1
                assert client.get("/sandbox/requests").json()["count"] == 0
        finally:
            process.send_signal(signal.SIGTERM)
    assert process.returncode == 0


def test_the_command_says_what_to_mend(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    broken = tmp_path / "world"
    broken.write_text("x")
    assert cli.main(["serve", "--state", str(broken)]) == 1
    assert "Move it away" in capsys.readouterr().err
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert cli.main(["serve", "--empty", "--port", port]) == 1
    assert "cannot listen on" in capsys.readouterr().err
    assert cli.main(["requests", "--url", "http://127.0.0.1:9"]) == 1
    assert "no sandbox answers" in capsys.readouterr().err
