"""A day on which everything that meets content does so: mails, errors that quote it, pages and commands."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from tests.system.rest.browser import Browser
from tests.system.rest.ground import Ground
from tests.system.rest.letters import ADA, BEN, CONTACT, CUSTOMER, STRANGER, letter
from tests.system.rest.words import IN_ERRORS, IN_MAIL, IN_SALESFORCE

PAGES = ("/", "/sync", "/mail", "/mail?next=/mail")


@dataclass(frozen=True, slots=True)
class Day:
    refused: list[dict[str, str]]
    """What `why` answers when a validation rule has refused a mail."""
    after: list[dict[str, str]]
    """What it answers in the end."""
    mail_page: str
    said: str
    """All that the commands wrote to stderr."""
    codes: dict[str, str]
    """Which error ended the session that met Graph's refusal, by mailbox."""


def live(ground: Ground) -> Day:
    _people(ground)
    now = datetime.now(UTC) - timedelta(minutes=1)
    refused = _refused(ground, now)
    _lost(ground, now)
    codes = _graph_refusal(ground, now)
    page = _visit(ground)
    said = "".join(
        ground.command(*words).stderr
        for words in (("why", ADA), ("plan",), ("status",), ("why", ADA, "no-such-mail"), ("doctor",))
    )
    return Day(refused, ground.json("why", ADA), page, said, codes)


def _people(ground: Ground) -> None:
    account = ground.sandbox.insert(
        "Account",
        {
            "Name": f"{IN_SALESFORCE['Account']} Ltd",
            "Website": f"https://{IN_SALESFORCE['Account, domain']}.test",
        },
    )
    for email, last in ((CUSTOMER, IN_MAIL["display name"]), (CONTACT, IN_SALESFORCE["Contact"])):
        ground.sandbox.insert("Contact", {"LastName": last, "Email": email, "AccountId": account})
    ground.sync(ADA, BEN)


def _refused(ground: Ground, now: datetime) -> list[dict[str, str]]:
    """A validation rule words its error with the subject of the mail it refuses."""
    message = f"{IN_ERRORS['Salesforce']}: {IN_MAIL['subject']} {IN_MAIL['subject, not ASCII']} is not allowed"
    for object_name in ("EmailMessage", "Task"):
        ground.sandbox.fault(
            effect="inside",
            face="salesforce",
            route=f"insert:{object_name}",
            code="FIELD_CUSTOM_VALIDATION_EXCEPTION",
            message=message,
            times=3,
        )
    ground.sandbox.deliver(letter(1, CUSTOMER, ADA, now, attach=True), ADA)
    ground.sync(ADA)
    found: list[dict[str, str]] = ground.json("why", ADA)
    ground.sandbox.no_more_faults()
    return found


def _lost(ground: Ground, now: datetime) -> None:
    """Salesforce does it and the answer is lost; beside it, mails that are saved, shared and left alone."""
    ground.sandbox.fault(effect="lose_answer", face="salesforce", route="graph", times=1)
    for number, sender in ((2, CUSTOMER), (3, CONTACT), (4, STRANGER)):
        mail = letter(number, sender, ADA, now, attach=number == 2)
        ground.sandbox.deliver(mail, ADA)
        ground.sandbox.deliver(mail, BEN)
    ground.sync(ADA, BEN)
    ground.sandbox.fault(effect="lose_answer", face="salesforce", route="graph", times=2)
    ground.sandbox.deliver(letter(6, CUSTOMER, ADA, now), ADA)
    ground.sync(ADA)
    ground.sandbox.no_more_faults()


def _graph_refusal(ground: Ground, now: datetime) -> dict[str, str]:
    """Graph and Salesforce refuse whole requests, in words that quote."""
    quoted = f"{IN_ERRORS['Graph']}: '{IN_MAIL['subject']}' of {CUSTOMER}"
    body = {"error": {"code": "ErrorInvalidRequest", "message": quoted}}
    ground.sandbox.deliver(letter(5, CUSTOMER, BEN, now), BEN)
    ground.sandbox.fault(effect="refuse", face="graph", route="batch", status=400, body=body, times=4)
    crm = [{"errorCode": "MALFORMED_QUERY", "message": f"{IN_ERRORS['Salesforce']} {quoted}"}]
    ground.sandbox.fault(effect="refuse", face="salesforce", route="composite", status=400, body=crm, times=1)
    ground.sync(BEN)
    codes = {one["address"]: one["last"]["error_code"] for one in ground.json("status")}
    ground.command("why", BEN)
    ground.sandbox.no_more_faults()
    ground.sync(BEN)
    return codes


def _visit(ground: Ground) -> str:
    """A person signs in, looks at the pages, and sends words of their own in addresses and forms."""
    with Browser(f"http://localhost:{ground.server.port}") as browser:
        browser.sign_in(ADA)
        pages = {path: browser.get(path).text for path in PAGES}
        browser.get(f"/mail/{IN_MAIL['subject']}?q={IN_MAIL['subject']}&next=/{IN_MAIL['subject, not ASCII']}")
        browser.post("/sync/force", note=IN_MAIL["text"])
    return pages["/mail"]
