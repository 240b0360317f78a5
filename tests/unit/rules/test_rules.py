"""Every rule, case by case; the tables are the documentation."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from crosstie.domain import reasons
from crosstie.domain.address import Address
from crosstie.domain.email import Attachment, AttachmentKind
from crosstie.domain.operations import Save, Stranger, Trigger
from crosstie.domain.reasons import reason
from crosstie.domain.records import CONTACT, EMAIL_MESSAGE, LEAD, Housed, Person, RecordRef, long_id
from crosstie.domain.settings import Level, MailWay, Resolving, Settings
from crosstie.domain.states import SavedMail
from crosstie.mapping.person import Name, name_of
from crosstie.rules.deduplication import same_letter, same_mail
from crosstie.rules.direction import direction
from crosstie.rules.files import SENTENCES, LeftOut, choose, unwanted
from crosstie.rules.linking import Links, link
from crosstie.rules.mentions import MOST, answered, mentioned
from crosstie.rules.participants import Circle, Participants, free_mail_domains
from crosstie.rules.relating import account_verdict, latest, sought
from crosstie.rules.relevance import auto_verdict, hits, mark_verdict, text_decides, unknown_verdict
from crosstie.rules.resolving import MOST as MOST_MADE
from crosstie.rules.resolving import account_of, is_somebody, strangers
from crosstie.rules.spam import stamped
from crosstie.rules.threads import combined
from crosstie.rules.wishes import subject_prefix, wishes
from tests.unit.rules import (
    cases_files,
    cases_linking,
    cases_mentions,
    cases_participants,
    cases_relating,
    cases_relevance,
    cases_resolving,
    cases_spam,
    cases_threads,
    cases_wishes,
)
from tests.unit.rules.builders import (
    ACTIVATED,
    OWN,
    Cases,
    circle,
    mail,
    mailbox,
    opportunities,
    people,
    thread_links,
)

LISTED = mailbox(
    internal_domains=("sister.test", "Bücher.Test", " "),
    blocklist=(
        "news.test",
        "Rival@Partner.Test",
        "shop+ann@deals.test",
        "@spam.test",
        "*.wild.test",
        "bot@sister.test",
        "pest@free.test",
        "",
        "@",
    ),
)


def named(cases: Cases) -> list[Any]:
    return [pytest.param(*case[1:], id=case[0]) for case in cases]


@pytest.mark.parametrize(("address", "group"), named(cases_participants.CASES))
def test_participants(address: str, group: str) -> None:
    sorted_out = circle(LISTED).sort(mail(sender=address, to=""))
    found = {name: [one.email for one in getattr(sorted_out, name)] for name in Participants.__slots__}
    assert [name for name, members in found.items() if members] == [group]


def test_everybody_is_in_one_group_in_the_mails_order() -> None:
    email = mail(
        sender="joe@customer.test", to="ann@north.test pat@free.test", cc="list@news.test mia@customer.test"
    )
    sorted_out = circle(mailbox()).sort(email)
    assert [one.email for one in sorted_out.outside] == ["joe@customer.test", "mia@customer.test"]
    assert sum(len(getattr(sorted_out, name)) for name in Participants.__slots__) == len(email.participants)
    assert sorted_out.linkable == {"joe@customer.test", "mia@customer.test", "pat@free.test"}


def test_free_mail_services_are_loaded_and_never_make_colleagues() -> None:
    assert {"gmail.com", "outlook.com", "web.de"} <= free_mail_domains()
    info = mailbox()
    alone = Circle.of(type(info)(1, 1, "solo@gmail.com", "005A", ACTIVATED, info.settings))
    assert "gmail.com" not in alone.internal_domains
    assert alone.own == {"solo@gmail.com"}
    assert Circle.of(mailbox(exclude_free_mail=False)).free_domains == frozenset()


@pytest.mark.parametrize(("special", "settings", "answer"), named(cases_relevance.AUTOMATIC))
def test_automatic_saving(special: dict[str, Any], settings: dict[str, Any], answer: str) -> None:
    info = mailbox(**settings)
    dates = {"sent_at"} if special.get("sent_at", "") is None else set()
    email = mail(**{name: value for name, value in special.items() if name not in dates})
    if dates:
        email = type(email)(email.item_id, "v1", email.folder, "", email.sender, email.to)
    verdict = auto_verdict(email, circle(info).sort(email), info)
    assert (verdict.code if verdict else "saved") == answer
    assert verdict is None or "{" not in verdict.sentence


@pytest.mark.parametrize(("special", "levels", "whose", "entries"), named(cases_relevance.BLOCKING))
def test_whose_blocklist(special: dict[str, Any], levels: dict[str, Level], whose: str, entries: str) -> None:
    info, email = replace(mailbox(), listed_by=levels), mail(**special)
    participants = circle(info).sort(email)
    verdict = auto_verdict(email, participants, info)
    assert verdict is not None
    assert f"on the e-mail is on {whose} blocklist" in verdict.sentence
    assert "@" not in repr(verdict.params), "whom it is from is not kept"
    assert " ".join(hits(participants, info.settings.blocklist)) == entries


@pytest.mark.parametrize(("special", "answer"), named(cases_relevance.MARKED))
def test_marked_mails(special: dict[str, Any], answer: str) -> None:
    verdict = mark_verdict(mail(**special))
    assert (verdict.code if verdict else "saved") == answer


def test_sentences_name_what_a_person_must_know() -> None:
    old = auto_verdict(mail(sent_at="2026-01-01T00:00"), Participants(), mailbox(mail_lookback_days=9))
    assert old is not None
    assert "9 days" in old.sentence
    way = auto_verdict(mail(), Participants(), mailbox(mail_way=MailWay.OUTBOUND))
    assert way is not None
    assert "only outbound e-mails are, and this one is inbound" in way.sentence
    receipt = mark_verdict(mail(kind="read-receipt"))
    assert receipt is not None
    assert "read receipt" in receipt.sentence


@pytest.mark.parametrize(("special", "settings", "known", "answer"), named(cases_relevance.UNKNOWN))
def test_unknown_people(special: dict[str, Any], settings: dict[str, Any], known: str, answer: str) -> None:
    info = mailbox(**settings)
    links = Links(who=Person("Contact", known)) if known.startswith("C") else Links(what_id=known)
    verdict = unknown_verdict(links, circle(info).sort(mail(**special)), info)
    assert (verdict.code if verdict else "saved") == answer


@pytest.mark.parametrize(("settings", "answer"), named(cases_relevance.BY_NAME))
def test_whether_a_text_decides(settings: dict[str, Any], answer: bool) -> None:
    assert text_decides(mailbox(**settings)) is answer


@pytest.mark.parametrize(("special", "settings", "known", "answer"), named(cases_relevance.ADMITTED))
def test_who_is_in_salesforce(special: dict[str, Any], settings: dict[str, Any], known: str, answer: str) -> None:
    info, email = mailbox(**settings), mail(**special)
    participants = circle(info).sort(email, known.split())
    links = link(email, participants, people({known: "C1"} if known else {}))
    verdict = auto_verdict(email, participants, info, known.split()) or unknown_verdict(links, participants, info)
    assert (verdict.code if verdict else "saved") == answer


def test_only_those_whose_records_matter_are_looked_up_and_awaited() -> None:
    email = mail(sender="pat@free.test", to="ann@north.test bo@north.test", cc="list@news.test joe@customer.test")
    pat, bo = "pat@free.test", "bo@north.test"
    for info, undecided, awaited in (
        (mailbox(), {pat}, set[str]()),
        (mailbox(free_mail_known=True), {pat}, {pat}),
        (mailbox(internal_known=True), {pat, bo}, {bo}),
    ):
        one = circle(info)
        found = one.sort(email)
        assert one.undecided(found) == undecided
        assert one.awaited(found) == awaited


def test_a_colleague_who_is_blocked_for_being_known_is_awaited_to_be_so_no_more() -> None:
    email, bo = mail(sender="ann@north.test", to="bo@north.test joe@customer.test"), "bo@north.test"
    blocklist = ("north.test", "joe@customer.test")
    for info, awaited in (
        (mailbox(internal_known=True, blocklist=blocklist), {bo}),
        (mailbox(internal_known=True, include_internal=True, blocklist=blocklist), set[str]()),
        (mailbox(blocklist=blocklist), set[str]()),
    ):
        one = circle(info)
        assert one.awaited(one.sort(email, {bo})) == awaited


@pytest.mark.parametrize(("header", "answer"), named(cases_spam.CASES))
def test_spam_marks(header: str, answer: str) -> None:
    assert stamped(f"Received: by mx.north.test\n{header}\nTo: ann@north.test\n") is (answer == "spam")


@pytest.mark.parametrize(("special", "answer"), named(cases_relevance.DIRECTIONS))
def test_direction(special: dict[str, Any], answer: str) -> None:
    assert direction(mail(**special), OWN) == answer


@pytest.mark.parametrize(("special", "settings", "object_name", "prefix", "fields"), named(cases_wishes.CASES))
def test_what_an_administrator_wants_on_records(
    special: dict[str, Any], settings: dict[str, Any], object_name: str, prefix: str, fields: str
) -> None:
    email, given = mail(**special), Settings(**settings)
    way = direction(email, OWN)
    assert subject_prefix(way, given) == prefix
    found = wishes(email, way, object_name, given)
    assert " ".join(f"{one.field}={';'.join(one.values)}" for one in found) == fields


@pytest.mark.parametrize(("special", "known", "who", "what", "linked"), named(cases_linking.CASES))
def test_linking(special: dict[str, Any], known: dict[str, str], who: str, what: str, linked: str) -> None:
    email = mail(**special)
    links = link(email, circle(mailbox()).sort(email), people(known))
    assert (links.who.record_id if links.who else "") == who
    assert links.what_id == what
    assert " ".join(f"{one.role}:{one.person.record_id}" for one in links.people) == linked


@pytest.mark.parametrize(("special", "known", "held", "settings", "answer"), named(cases_relating.CASES))
def test_relating(
    special: dict[str, Any], known: dict[str, str], held: str, settings: dict[str, Any], answer: str
) -> None:
    email, info = mail(**special), mailbox(**settings)
    participants = circle(info).sort(email)
    links = link(email, participants, people(known))
    against = account_verdict(links, participants, info)
    accounts = sought(links, info.settings)
    fitting = [one for one in opportunities(held) if one.account_id in accounts]
    found = latest(fitting, info.settings, ACTIVATED.date())
    related = found.record_id if found else links.what_id
    assert (against.code if against else related or "–") == answer


@pytest.mark.parametrize(("special", "known", "links", "never", "answer"), named(cases_threads.LIKE))
def test_like_its_thread(
    special: dict[str, Any], known: dict[str, str], links: str, never: str, answer: str
) -> None:
    assert linked_with(Trigger.THREAD, special, known, links, never) == answer


@pytest.mark.parametrize(("special", "known", "links", "never", "answer"), named(cases_threads.BESIDE))
def test_beside_a_colleagues_thread(
    special: dict[str, Any], known: dict[str, str], links: str, never: str, answer: str
) -> None:
    assert linked_with(Trigger.AUTO, special, known, links, never) == answer


def linked_with(trigger: Trigger, special: dict[str, Any], known: dict[str, str], links: str, never: str) -> str:
    email, info = mail(**special), mailbox(never_linked=tuple(never.split()))
    participants, found = circle(info).sort(email), people(known)
    own = link(email, participants, found)
    save = Save(
        email, "mid:1", "1:1", 0, "Task", trigger, direction(email, OWN), reason(reasons.NEXT),
        people=own.people, who=own.who, what_id=own.what_id,
    )  # fmt: skip
    after = combined(save, thread_links(links), participants, found, info.settings)
    first = next((one.person.record_id for one in after.people if one.person.object in (CONTACT, LEAD)), "")
    assert (after.who.record_id if after.who else "") == first
    shown = " ".join(f"{one.role}:{one.person.record_id}" for one in after.people)
    return f"{shown} > {after.what_id.removeprefix('001').removeprefix('006')}".strip()


@pytest.mark.parametrize(("subject", "text", "answer"), named(cases_mentions.CASES))
def test_mentions(subject: str, text: str, answer: str) -> None:
    found = mentioned(subject, text, cases_mentions.HOSTS)
    assert " ".join([*(cases_mentions.IDS[one] for one in found.records), *found.cases]) == answer


@pytest.mark.parametrize(("subject", "text", "case", "others"), named(cases_mentions.REFERENCES))
def test_references_of_cases(subject: str, text: str, case: str, others: int) -> None:
    found = mentioned(subject, text, (), org_id=cases_mentions.ORG).references
    assert len(found) == (1 if case else 0)
    assert not case or (long_id(case) in found[0] and len(found[0]) == others + 1)


def test_a_reference_says_nothing_where_the_org_is_not_known_or_cases_are_never_linked() -> None:
    text = "ref:_00D50IQwR._50050PQo5L:ref thread::pp5XPGfmNf2hRZdRCWnrohc::"
    assert mentioned("", text, ()).references == ()
    nothing = mentioned("Case 00001026", text, (), never=("Case",), org_id=cases_mentions.ORG)
    assert (nothing.references, nothing.cases, nothing.threaded) == ((), (), False)


@pytest.mark.parametrize(("headers", "answer"), named(cases_mentions.ANSWERED))
def test_what_a_mail_answers(headers: str, answer: str) -> None:
    assert " ".join(answered(headers)) == answer


@pytest.mark.parametrize(("text", "answer"), named(cases_mentions.TOKENS))
def test_tokens_of_lightning_threading(text: str, answer: bool) -> None:
    assert mentioned("", text, ()).threaded is mentioned(text, "", ()).threaded is answer


def test_what_is_asked_about_is_bounded() -> None:
    links = " ".join(f"{cases_mentions.CLASSIC}/0060000000000{number:02}" for number in range(40))
    links += " ".join(f"ref:_00D50IQwR._50050PQo{number}:ref" for number in range(10, 50))
    cases = " ".join(f"Case {number:08}" for number in range(40))
    found = mentioned(cases, links, cases_mentions.HOSTS, org_id=cases_mentions.ORG)
    assert (len(found.records), len(found.cases), len(found.references)) == (MOST, MOST, MOST)
    assert len(answered("References: " + " ".join(f"<{number}@x.test>" for number in range(40)))) == MOST


@pytest.mark.parametrize(("never", "who", "what", "linked"), named(cases_linking.NEVER))
def test_what_is_never_linked(never: tuple[str, ...], who: str, what: str, linked: str) -> None:
    email = mail(cc="mia@customer.test")
    known = people({"joe@customer.test": "L1", "mia@customer.test": "C2/A2", "ann@north.test": "U1"})
    links = link(email, circle(mailbox()).sort(email), known).without(never)
    assert (links.who.record_id if links.who else "") == who
    assert links.what_id == what
    assert " ".join(one.person.record_id for one in links.people) == linked


def test_linking_does_not_depend_on_the_order_people_are_told_in() -> None:
    email = mail()
    participants = circle(mailbox()).sort(email)
    told = people({"joe@customer.test": "C3/A3/2024-01-01 L1 C1/A1/2024-01-01 C2"})["joe@customer.test"]
    answers = {
        link(email, participants, {"joe@customer.test": told[turn:] + told[:turn]}).what_id for turn in range(4)
    }
    assert answers == {"A1"}


@pytest.mark.parametrize(("special", "settings", "answer"), named(cases_files.CASES))
def test_files(special: dict[str, Any], settings: dict[str, Any], answer: str) -> None:
    plain = {"name": "offer.pdf", "content_type": "application/pdf", "size": 10_000, "data": bytes(10_000)}
    fields: dict[str, Any] = plain | special
    fields["kind"] = AttachmentKind(fields.get("kind", "file"))
    attachment = Attachment("a1", **fields)
    files = choose([attachment], Settings(**settings))
    assert len(files.kept) + len(files.left_out) == 1
    assert (files.left_out[0][1] if files.left_out else "saved") == answer
    before = unwanted(attachment, Settings(**settings))
    assert before == (None if answer in ("saved", "not-fetched", "attached-item", "too-many") else answer)


def test_a_person_who_asks_for_a_mail_gets_attachments_of_any_ending_but_the_blocked() -> None:
    settings = Settings(attachments_allowed_extensions=("pdf",), attachments_blocked_extensions=("exe",))
    given = [Attachment(name, name, "", 9, data=bytes(9)) for name in ("a.zip", "b.exe", "c.pdf")]
    assert [one.name for one in choose(given, settings).kept] == ["c.pdf"]
    assert [one.name for one in choose(given, settings, by_hand=True).kept] == ["a.zip", "c.pdf"]


def test_where_salesforce_takes_no_files_that_is_said_of_those_that_would_be_saved() -> None:
    given = [Attachment(name, name, "", 9, data=bytes(9)) for name in ("a.pdf", "b.png")]
    files = choose(given, Settings(), takes_files=False)
    assert files.kept == ()
    assert [why for _, why in files.left_out] == ["no-files", "small-image"]


def test_the_first_attachments_count_and_only_those_that_would_be_saved() -> None:
    given = [Attachment(name, name, "", 9, data=bytes(9)) for name in ("a.exe", "b.pdf", "c.pdf", "d.pdf")]
    files = choose(given, Settings(attachments_max_count=2, attachments_blocked_extensions=("exe",)))
    assert [one.name for one in files.kept] == ["b.pdf", "c.pdf"]
    assert [(one.name, why) for one, why in files.left_out] == [("a.exe", "ending"), ("d.pdf", "too-many")]


def test_every_left_out_file_has_a_sentence_and_a_case() -> None:
    assert set(SENTENCES) == set(LeftOut)
    said_by_salesforce = {LeftOut.NO_FILES, LeftOut.NOT_ON_RELATED}
    assert {case[-1] for case in cases_files.CASES} == {*LeftOut, "saved"} - said_by_salesforce
    assert all(one.sentence.endswith(".") for one in LeftOut)


SAME_MAIL: Cases = (
    ("The colleague's copy", "joe@customer.test", timedelta(0), True),
    ("A copy whose clock differs by hours", "joe@customer.test", timedelta(hours=5), True),
    ("A day apart, to the second", "joe@customer.test", timedelta(hours=24), True),
    ("A second more than a day", "joe@customer.test", timedelta(hours=24, seconds=1), False),
    ("A second more than a day, the other way", "joe@customer.test", -timedelta(hours=24, seconds=1), False),
    ("Another sender with the same Message-ID", "eve@other.test", timedelta(0), False),
    ("No sender", "", timedelta(0), False),
    ("Its time is not known", "joe@customer.test", None, True),
)


@pytest.mark.parametrize(("sender", "apart", "same"), named(SAME_MAIL))
def test_same_mail(sender: str, apart: timedelta | None, same: bool) -> None:
    def digest(plain: str) -> str:
        return f"digest of {plain}"

    sent_at = None if apart is None else ACTIVATED + apart
    saved = SavedMail("n", digest(sender), sent_at, RecordRef(EMAIL_MESSAGE, "02s1"))

    def matches(remembered: str, plain: str) -> bool:
        return remembered == digest(plain)

    assert same_mail(mail(), saved, matches) is same
    other = mail(sender=sender, **({"sent_at": sent_at.replace(tzinfo=None).isoformat()} if sent_at else {}))
    assert same_letter(mail(), other if sent_at else replace(other, sent_at=None)) is same


# -- records made for strangers ---------------------------------------------------------------------------


def made(special: dict[str, Any], settings: dict[str, Any], contacts: str) -> list[str]:
    info = mailbox(**{"resolving": Resolving.LEAD} | settings)
    email, known = mail(**special), people(dict.fromkeys(contacts.split(), "C1"))
    sorted_out = circle(info).sort(email)
    links = link(email, sorted_out, known)
    return [one.email for one in strangers(email, sorted_out, circle(info), known, links, info.settings)]


@pytest.mark.parametrize(("special", "settings", "contacts", "expected"), named(cases_resolving.CASES))
def test_for_whom_a_record_is_made(
    special: dict[str, Any], settings: dict[str, Any], contacts: str, expected: str
) -> None:
    assert made(special, settings, contacts) == expected.split()


def test_a_circular_makes_few_records() -> None:
    crowd = " ".join(f"guest{number}x@customer.test" for number in range(50))
    assert len(made({"cc": crowd}, {}, "")) == MOST_MADE


@pytest.mark.parametrize(("address", "expected"), named(cases_resolving.SOMEBODY))
def test_whose_address_may_be_one_persons(address: str, expected: bool) -> None:
    assert is_somebody(Address.of(address)) is expected


@pytest.mark.parametrize(("shown", "address", "first", "last"), named(cases_resolving.NAMES))
def test_what_a_stranger_is_called(shown: str, address: str, first: str, last: str) -> None:
    assert name_of(Stranger(address, shown, "Lead")) == Name(first, last)


@pytest.mark.parametrize(("there", "settings", "expected"), named(cases_resolving.ACCOUNTS))
def test_under_which_account_a_contact_is_put(
    there: dict[str, Any], settings: dict[str, Any], expected: str
) -> None:
    given = Settings(**{"resolving": Resolving.CONTACT} | settings)
    assert account_of(Housed(**there), given) == expected
