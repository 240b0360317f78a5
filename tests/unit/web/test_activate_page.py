"""The page *Activate people*: preview, start, true figures meanwhile, a summary by kind, and the failed again."""

import re
from typing import TYPE_CHECKING

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from crosstie.accounts.activation import activation_runs, lists, outcomes
from crosstie.jobs import activations as acts
from crosstie.jobs import queue
from crosstie.store.models import Activation, AuditRow, Mailbox, Person
from sandbox.faults import Fault
from tests.unit.web import forms
from tests.unit.web.office import ADA, BEN, CLEO
from tests.unit.web.staff import EMIL, KINDS, Staff

if TYPE_CHECKING:
    from django.test import Client

    from tests.unit.web.office import Office

PAGE = "/people/activate"
KIND = re.compile(r'data-kind="([^"]+)">\s*<h3>(\d+) × ')


@pytest.fixture
def ada(staff: Staff, office: "Office") -> "Client":
    return office.signed_in()


def work(staff: Staff) -> str:
    """As workers would; the number of the newest run."""
    run = activation_runs.recent(staff.office.scope)[0]
    staff.work(run, 8)
    return str(run.run_id)


def shown(ada: "Client", run: str) -> str:
    return ada.get(f"{PAGE}/run", {"run": run}).content.decode()


def test_from_a_look_to_the_summary(ada: "Client", staff: Staff) -> None:
    page = ada.post(f"{PAGE}/begin", {"source": "users"}, follow=True).content.decode()
    assert "2 of 9 people looked at" in page
    assert 'hx-trigger="every 2s"' in page
    run = work(staff)
    page = shown(ada, run)
    assert "What would happen" in page
    assert "Activate 1 mailbox<" in page
    assert "hx-trigger" not in page
    assert dict(KIND.findall(page)) == {code: str(count) for code, count in KINDS.items()}
    assert staff.boxes() == [ADA, BEN]
    ada.post(f"{PAGE}/start", {"run": run})
    assert queue.waiting_or_running(acts.ACTIVATION, run)
    assert "0 of 1 mailboxes activated" in shown(ada, run)
    work(staff)
    page = shown(ada, run)
    assert "1 of 1 mailboxes activated" in page
    assert outcomes.KINDS[outcomes.DENIED].advice in page.replace("&#x27;", "'")
    assert "finn@larch.test" in page
    assert staff.boxes() == [ADA, BEN, CLEO]
    deeds = AuditRow.of(staff.office.scope).filter(action__startswith="activation").order_by("id")
    assert [(one.action, one.face) for one in deeds] == [
        ("activation.begin", "web"),
        ("activation.start", "web"),
        ("activation.done", "system"),
    ]
    added = AuditRow.of(staff.office.scope).filter(action="person.add").latest("id")
    assert added.actor == Person.of(staff.office.scope).get(address=ADA)


def test_the_failed_are_tried_again(ada: "Client", staff: Staff) -> None:
    ada.post(f"{PAGE}/begin", {"source": "users"})
    run = work(staff)
    ada.post(f"{PAGE}/start", {"run": run})
    work(staff)
    box = staff.office.app.world.mailboxes.mailbox(EMIL)
    assert box is not None
    box.licensed = True
    page = ada.post(f"{PAGE}/again", {"run": run}, follow=True).content.decode()
    assert "4 of 9 people looked at" in page
    work(staff)
    assert staff.boxes() == [ADA, BEN, CLEO, EMIL]
    assert "2 of 2 mailboxes activated" in shown(ada, run)


def test_what_changes_is_announced_once(ada: "Client", staff: Staff) -> None:
    ada.post(f"{PAGE}/begin", {"source": "users"})
    run = work(staff)
    told = "All mailboxes were looked at. Nobody was activated yet."
    part = ada.get(f"{PAGE}/progress", {"run": run, "seen": "looking"}).content.decode()
    assert told in part
    assert "<html" not in part
    assert told not in ada.get(f"{PAGE}/progress", {"run": run, "seen": "ready"}).content.decode()


def test_cancelling(ada: "Client", staff: Staff) -> None:
    ada.post(f"{PAGE}/begin", {"source": "users"})
    run = str(activation_runs.recent(staff.office.scope)[0].run_id)
    assert ">Cancelled</span>" in ada.post(f"{PAGE}/cancel", {"run": run}, follow=True).content.decode()
    page = ada.post(f"{PAGE}/start", {"run": run}, follow=True).content.decode()
    assert "This activation is over." in page
    assert "Cancelled" in ada.get(PAGE).content.decode()


def test_a_file_and_a_group(ada: "Client", staff: Staff) -> None:
    given = SimpleUploadedFile("people.csv", f"email\n{CLEO}\n".encode(), "text/csv")
    page = ada.post(f"{PAGE}/begin", {"source": "file", "file": given}, follow=True).content.decode()
    assert "The people in a file: people.csv" in page
    work(staff)
    answer = ada.post(f"{PAGE}/begin", {"source": "group", "group": "Sales"})
    assert answer.status_code == 503
    assert "GroupMember.Read.All" in answer.content.decode()


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"source": "group", "group": " "}, "Give a name for the group."),
        ({"source": "file"}, "Nobody is named there"),
        ({"source": "nonsense"}, "Nobody is named there"),
        ({}, "Nobody is named there"),
        ({"source": "file", "file": b"email\nada\n"}, "Line 2: ada is not an e-mail address."),
        ({"source": "file", "file": b"email\n"}, "Nobody is named there"),
        ({"source": "file", "file": b"x" * (lists.LARGEST + 1)}, "larger than"),
    ],
)
def test_what_cannot_be_meant(ada: "Client", staff: Staff, form: dict[str, object], said: str) -> None:
    if isinstance(form.get("file"), bytes):
        form = form | {"file": SimpleUploadedFile("x.csv", form["file"], "text/csv")}  # type: ignore[arg-type]
    answer = ada.post(f"{PAGE}/begin", form)
    assert answer.status_code == 400
    assert said in answer.content.decode()
    shown = forms.form(answer, f"{PAGE}/begin").fields
    chosen = {"source": form.get("source", "users"), "group": form.get("group", "")}
    assert shown.items() >= ({} if chosen["source"] == "nonsense" else chosen).items(), "as it was typed"
    assert not Activation.of(staff.office.scope).exists()


def test_a_second_one_waits_and_a_look_too_often_is_refused(ada: "Client", staff: Staff) -> None:
    answers = [ada.post(f"{PAGE}/begin", {"source": "users"}) for _ in range(11)]
    assert [one.status_code for one in answers] == [302, *[400] * 9, 429]
    assert "is not over yet" in answers[1].content.decode()


def test_a_side_that_is_away_is_told(ada: "Client", staff: Staff) -> None:
    staff.office.app.world.faults.add(Fault("refuse", "salesforce", status=503, times=9))
    answer = ada.post(f"{PAGE}/begin", {"source": "users"})
    assert answer.status_code == 503
    assert "Salesforce cannot be reached at the moment." in answer.content.decode()
    staff.office.app.world.faults.clear()
    ada.post(f"{PAGE}/begin", {"source": "users"})
    staff.office.app.world.faults.add(Fault("refuse", "graph", status=503, times=1000))
    run = work(staff)
    assert "The mailbox cannot be reached at the moment." in shown(ada, run)


def test_only_an_administrator_may(ada: "Client", staff: Staff, office: "Office") -> None:
    ada.post(f"{PAGE}/begin", {"source": "users"})
    run = work(staff)
    ben = office.signed_in(BEN)
    for path in ("", "/run", "/progress"):
        assert ben.get(PAGE + path, {"run": run}).status_code == 403
    for path in ("/begin", "/start", "/again", "/cancel"):
        assert ben.post(PAGE + path, {"run": run, "source": "users"}).status_code == 403
    assert PAGE not in ben.get("/").content.decode()
    assert PAGE in ada.get("/").content.decode()
    assert office.browser().get(PAGE).headers["Location"].startswith("/sign-in")
    Person.of(office.scope).filter(address=ADA).update(role="profile-admin")
    assert ada.get(PAGE).status_code == 403
    assert Mailbox.of(office.scope).count() == 2


@pytest.mark.parametrize("run", ["", "x", "-1", "9" * 30, "1.5", "999999"])
def test_a_run_that_is_none(ada: "Client", staff: Staff, run: str) -> None:
    assert ada.get(f"{PAGE}/run", {"run": run}).status_code == 404
    assert ada.get(f"{PAGE}/progress", {"run": run}).status_code == 404
    assert ada.post(f"{PAGE}/start", {"run": run}).headers["Location"] == PAGE
