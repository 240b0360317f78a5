"""`sandbox load`: files and folders of mail, in process and into a sandbox that runs."""

import argparse
import json
from pathlib import Path

import pytest

from sandbox import control, load
from sandbox.app import Application
from sandbox.cli import Problem
from sandbox.graph.face import FACE
from sandbox.load import LARGEST, Where
from sandbox.serve import Server
from tests.places import SHARED
from tests.unit.sandbox.graph.conftest import START, Office

MAIL = (
    "From: nora@birch.test\r\nTo: {to}\r\nSubject: {subject}\r\n"
    "Date: Mon, 2 Nov 2026 08:00:00 +0000\r\n\r\nText\r\n"
)
EVENT = (
    "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:{uid}\r\nDTSTART:20261124T100000Z\r\n"
    "ORGANIZER:mailto:{who}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)


def write(path: Path, content: str | bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def mail(subject: str = "S", to: str = "anna@acme.test") -> str:
    return MAIL.format(subject=subject, to=to)


def subjects(office: Office, folder: str = "inbox") -> list[str]:
    return [one.mail.subject for one in office.store.find(office.anna, folder=folder)]


def test_a_mail_goes_to_its_people_when_it_says_and_gets_no_message_id(office: Office, tmp_path: Path) -> None:
    path = write(tmp_path / "a.eml", mail(to="a.alt@acme.test, ben@acme.test, x@y.test"))
    report = load.load(office.world, [path])
    assert (len(report.loaded), report.refused) == (2, [])
    [message] = office.anna.messages.values()
    assert message.received.isoformat() == "2026-11-02T08:00:00+00:00"
    assert message.mail.message_id == ""
    assert message.raw == path.read_bytes()
    [row] = office.get("messages")["value"]
    assert row["internetMessageId"] is None


def test_what_a_colleague_sent_is_in_sent_items(office: Office, tmp_path: Path) -> None:
    write(tmp_path / "a.eml", mail(to="ben@acme.test").replace("nora@birch.test", "anna@acme.test"))
    load.load(office.world, [tmp_path])
    assert subjects(office, "sentitems") == ["S"]
    assert [one.is_read for one in office.anna.messages.values()] == [True]


@pytest.mark.parametrize("who", ["anna@acme.test", "a.alt@acme.test", "anna", "Anna Alt", "ANNA"])
def test_to_a_person_and_folder_now(office: Office, tmp_path: Path, who: str) -> None:
    path = write(tmp_path / "a.eml", mail(to="x@y.test"))
    report = load.load(office.world, [path], Where(who, "Archive", now=True))
    assert report.loaded == [f"{path}: anna@acme.test, Archive"]
    assert [one.received for one in office.anna.messages.values()] == [START]


def test_mbox_and_maildir(office: Office, tmp_path: Path) -> None:
    second = mail("Two") + ">From the text\r\n"
    write(tmp_path / "box.mbox", f"From x Mon\r\n{mail('One')}\r\nFrom y Tue\r\n{second}\r\n")
    write(tmp_path / "dir" / "cur" / "1:2,S", mail("Three"))
    write(tmp_path / "dir" / "new" / "2", mail("Four"))
    write(tmp_path / "dir" / "tmp" / "3", mail("Half written"))
    report = load.load(office.world, [tmp_path / "box.mbox", tmp_path / "dir"])
    assert report.refused == []
    assert sorted(subjects(office)) == ["Four", "One", "Three", "Two"]
    [two] = office.store.find(office.anna, subject="Two")
    assert (two.mail.text or "").splitlines() == ["Text", "From the text"]
    assert any(name.endswith("box.mbox#2: anna@acme.test, Inbox") for name in report.loaded)


def test_events_are_kept_in_the_calendar(office: Office, tmp_path: Path) -> None:
    write(tmp_path / "a.ics", EVENT.format(uid="1", who="anna@acme.test"))
    write(tmp_path / "b.ics", EVENT.format(uid="1", who="anna@acme.test"))
    write(tmp_path / "c.ics", EVENT.format(uid="2", who="nora@birch.test"))
    report = load.load(office.world, [tmp_path])
    assert [item.uid for item in office.anna.appointments.values()] == ["1"]
    assert [one.rpartition("/")[2].partition(":")[0] for one in report.refused] == ["c.ics"]
    load.load(office.world, [tmp_path / "c.ics"], Where("ben"))
    assert [item.uid for item in office.ben.appointments.values()] == ["2"]


@pytest.mark.parametrize(
    ("name", "content", "fault"),
    [
        ("empty.eml", b"", "is empty"),
        ("page.eml", b"<html><body>no mail</body></html>", "no mail"),
        ("noise.eml", bytes(range(256)) * 40, "no mail"),
        ("stranger.eml", mail(to="x@y.test").encode(), "--to"),
        ("box.mbox", b"nothing of the kind\n", "begins with From"),
        ("empty.mbox", b"", "is empty"),
        ("bad.ics", b"BEGIN:VCALENDAR\r\n", "never closed"),
        ("missing.eml", None, "no such file"),
        ("folder/readme.txt", b"x", "neither a Maildir nor"),
    ],
)
def test_bad_files_are_named_and_the_others_loaded(
    office: Office, tmp_path: Path, name: str, content: bytes | None, fault: str
) -> None:
    good = write(tmp_path / "good.eml", mail("Good"))
    bad = tmp_path / name if content is None else write(tmp_path / name, content)
    shown = bad.parent if bad.parent != tmp_path else bad
    report = load.load(office.world, [shown, good])
    [sentence] = report.refused
    assert sentence.startswith(str(shown))
    assert fault in sentence
    assert subjects(office) == ["Good"]


@pytest.mark.parametrize(
    ("where", "fault"),
    [
        (Where("nobody"), "there is no mailbox of nobody"),
        (Where("anna", "Nowhere"), "has no folder Nowhere"),
        (Where(folder="Nowhere"), "has no folder Nowhere"),
    ],
)
def test_wrong_places_change_nothing(office: Office, tmp_path: Path, where: Where, fault: str) -> None:
    report = load.load(office.world, [write(tmp_path / "a.eml", mail())], where)
    assert fault in report.refused[0]
    assert office.anna.messages == {}


def test_too_large_a_file_is_refused_unread(office: Office, tmp_path: Path) -> None:
    path = tmp_path / "large.eml"
    with path.open("wb") as file:
        file.truncate(LARGEST + 1)
    [sentence] = load.load(office.world, [path]).refused
    assert "too much" in sentence


def test_into_a_sandbox_that_runs(office: Office, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good, bad = write(tmp_path / "a.eml", mail("Über")), write(tmp_path / "b.eml", b"junk")
    parser = argparse.ArgumentParser()
    load.add_arguments(parser)
    with Server(Application(office.world, [FACE, control.FACE])) as server:
        words = [
            str(good),
            str(bad),
            "--to",
            "anna",
            "--folder",
            "Archive",
            "--received",
            "now",
            "--url",
            server.url,
        ]
        assert load.run(parser.parse_args(words)) == 1
        assert capsys.readouterr().out == "1 loaded, 1 refused\n"
        assert load.run(parser.parse_args([*words, "--json"])) == 1
        assert json.loads(capsys.readouterr().out)["refused"][0].startswith(str(bad))
    assert subjects(office, "archive") == ["Über", "Über"]
    assert office.world.requests.count == 1, "the sandbox's own addresses are not logged"
    with pytest.raises(Problem, match="no sandbox answers"):
        load.run(parser.parse_args(words))


@pytest.mark.shared
def test_all_real_mail_loads_or_is_refused_with_a_sentence(office: Office) -> None:
    files = sorted((SHARED / "corpora" / "mail").rglob("*.eml"))
    report = load.load(office.world, [SHARED / "corpora" / "mail"], Where("anna"))
    assert len(report.loaded) + len(report.refused) == len(files) > 100
    assert len(report.refused) <= 1
    for sentence in report.refused:
        assert "is no mail" in sentence
    rows = office.get("messages?$top=200&$expand=attachments&$select=subject,from,body,internetMessageHeaders")
    assert len(rows["value"]) == len(report.loaded)
    for headers in (
        {},
        {"Prefer": 'outlook.body-content-type="text"'},
        {"Prefer": 'outlook.body-content-type="html"'},
    ):
        assert office.call("GET", "messages?$top=200", headers=headers).status_code == 200


@pytest.mark.shared
def test_all_real_calendars_load_or_are_refused_with_a_sentence(office: Office) -> None:
    files = sorted((SHARED / "corpora" / "calendar").rglob("*.ics"))
    report = load.load(office.world, [SHARED / "corpora" / "calendar"], Where("anna"))
    assert len(report.loaded) + len(report.refused) == len(files) > 150
    assert len(report.loaded) > 55
    known = ("is no calendar that can be read", "has what no mailbox keeps")
    assert all(any(one in sentence for one in known) for sentence in report.refused)
