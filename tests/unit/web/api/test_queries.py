"""What a request costs the database: a bounded number of statements, however many people there are."""

from typing import TYPE_CHECKING

from django.db import connection
from django.test.utils import CaptureQueriesContext

from crosstie.accounts import people
from crosstie.accounts.connection import mailboxes
from crosstie.accounts.governance import settings
from crosstie.store.models import ItemState
from tests.unit.web.api.program import Program, of
from tests.unit.web.api.test_isolation import operations
from tests.unit.web.office import ADA

if TYPE_CHECKING:
    from tests.unit.web.office import Office

MOST = {
    "me": 9,
    "sync": 7,
    "get_settings": 8,
    "sessions": 7,
    "force_sync": 19,
    "pause_sync": 13,
    "start_sync": 15,
    "issues": 22,
    "why": 26,
    "retry_issue": 22,
    "change_settings": 61,
}
"""Operation → statements, of which one for each limit that it draws on."""


def spent(office: "Office", program: Program, item: str) -> dict[str, int]:
    found = {}
    for method, path, name in operations():
        office.clock.pass_time(61)
        full = path.replace("{item_id}", item) + ("?item=" + item if name == "why" else "")
        body = {"mail.auto-save": True, "mail.threads": None} if name == "change_settings" else None
        with CaptureQueriesContext(connection) as queries:
            answer = program.ask(method, full, body)
        assert answer.status_code == 200, (name, answer.content)
        found[name] = len(queries)
    return found


def test_statements_are_bounded_and_as_many_for_a_hundred_people_as_for_two(office: "Office") -> None:
    office.company.site.org.add_validation_rule("EmailMessage", 'Subject = "Drawings"', "Drawings stay secret.")
    office.mail("Drawings", "nora@birchworks.test")
    office.sync()
    item = str(ItemState.of(office.scope).get(reason_code="CRM-VALIDATION").item_id)
    ada = settings.for_person(office.scope, people.find(office.scope, ADA).person_id)
    settings.put(office.scope, ada, "mail.auto-save", "on", office.clock)
    program = of(office)
    program.get("/me")
    few = spent(office, program, item)
    for number in range(30):
        user = f"005{number:012d}"
        details = people.PersonDetails(f"P{number}", f"p{number}@larch.test", user, office.org.org_id)
        added = people.add(office.scope, details, office.clock)
        mailboxes.activate(office.scope, added.person_id, mailboxes.MailboxDetails("graph"), office.clock)
    many = spent(office, program, item)
    assert many == few
    assert {name: count for name, count in few.items() if count > MOST[name]} == {}
