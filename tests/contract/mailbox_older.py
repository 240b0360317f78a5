"""Cases of the mailbox suite: mails from before we came, listed when somebody asks for them."""

from datetime import datetime, timedelta

from crosstie.domain.backfills import Older
from crosstie.domain.email import Folder
from tests.contract.mailbox_office import START, Office, View, mail

HOUR = timedelta(hours=1)
LATER = START + 1000 * HOUR


def fill(office: Office, *subjects: str, folder: Folder = Folder.INBOX, apart: timedelta = HOUR) -> list[str]:
    keys = []
    for subject in subjects:
        office.pass_time(apart)
        keys.append(office.arrive(mail(subject), folder))
    return keys


def subjects(older: Older) -> list[str]:
    return [email.subject for email in older.emails]


def portions(office: Office, since: datetime, before: datetime, *, limit: int) -> list[Older]:
    """Until nothing is left, each by a session of its own."""
    found: list[Older] = []
    while before > since:
        found.append(office.open().older(since, before, limit=limit))
        assert since <= found[-1].reached < before, "each comes further"
        before = found[-1].reached
    return found


class Past:
    def test_older_mails_are_listed_from_the_newest_each_once(self, office: Office, view: View) -> None:
        view.look()
        names = [f"Mail {number}" for number in range(10)]
        for number, name in enumerate(names):
            fill(office, name, folder=Folder.SENT if number % 3 else Folder.INBOX)
        found = portions(office, START, LATER, limit=3)
        assert [subject for older in found for subject in subjects(older)] == names[::-1]
        assert all(len(older.emails) <= 3 for older in found)
        assert found[-1].reached == START
        assert {email.folder for older in found for email in older.emails} == {Folder.INBOX, Folder.SENT}

    def test_what_is_left_is_counted(self, office: Office, view: View) -> None:
        view.look()
        fill(office, *(f"In {number}" for number in range(4)))
        fill(office, *(f"Out {number}" for number in range(3)), folder=Folder.SENT)
        assert [older.left for older in portions(office, START, LATER, limit=3)] == [4, 1, 0]

    def test_a_window_begins_with_its_first_moment_and_ends_before_its_last(
        self, office: Office, view: View
    ) -> None:
        view.look()
        fill(office, "One", "Two", "Three", "Four")
        older = office.open().older(START + 2 * HOUR, START + 4 * HOUR, limit=10)
        assert subjects(older) == ["Three", "Two"]
        assert (older.reached, older.left) == (START + 2 * HOUR, 0)

    def test_mails_of_one_second_are_listed_together(self, office: Office, view: View) -> None:
        view.look()
        fill(office, "Older", "Oldest")
        office.pass_time(HOUR)
        fill(office, *(f"Import {number}" for number in range(7)), apart=timedelta())
        fill(office, "Newer")
        first, second, third = portions(office, START, LATER, limit=2)
        assert subjects(first) == ["Newer"]
        assert sorted(subjects(second)) == [f"Import {number}" for number in range(7)]
        assert subjects(third) == ["Oldest", "Older"]

    def test_what_leaves_between_two_portions_hides_no_other(self, office: Office, view: View) -> None:
        view.look()
        keys = fill(office, *(f"Mail {number}" for number in range(6)))
        older = office.open().older(START, LATER, limit=2)
        office.move(keys[5], Folder.OTHER)
        office.delete_for_good(keys[4])
        rest = [subject for one in portions(office, START, older.reached, limit=2) for subject in subjects(one)]
        assert rest == ["Mail 3", "Mail 2", "Mail 1", "Mail 0"]

    def test_wishes_and_what_lies_elsewhere_are_no_part_of_it(self, office: Office, view: View) -> None:
        view.look()
        fill(office, "Dropped", folder=Folder.DROP)
        fill(office, "Filed", folder=Folder.OTHER)
        (thrown,) = fill(office, "Thrown")
        office.throw_away(thrown)
        older = office.open().older(START, LATER, limit=10)
        assert (subjects(older), older.reached, older.left) == ([], START, 0)

    def test_it_is_as_a_change_stream_would_have_told_it(self, office: Office, view: View) -> None:
        fill(office, "Told")
        view.look()
        (email,) = office.open().older(START, LATER, limit=10).emails
        assert email == view.seen()["Told"]

    def test_a_portion_costs_one_call(self, office: Office, view: View) -> None:
        fill(office, *(f"Mail {number}" for number in range(9)))
        view.look()
        before = office.calls()
        office.open().older(START, LATER, limit=5)
        assert office.calls() - before == 1

    def test_what_lies_in_the_drop_folder_is_told_on_request(self, office: Office, view: View) -> None:
        view.look()
        fill(office, "Dropped", folder=Folder.DROP)
        fill(office, "Kept")
        older = office.open().older(START, LATER, limit=10, dropped=True)
        assert [(one.subject, one.folder) for one in older.emails] == [
            ("Kept", Folder.INBOX),
            ("Dropped", Folder.DROP),
        ]

    def test_whoever_only_looks_makes_nothing(self, office: Office) -> None:
        fill(office, "Old")
        assert subjects(office.open().older(START, LATER, limit=10, dropped=True)) == ["Old"]
        assert not office.has_marks()
