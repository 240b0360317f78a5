"""The steps of an activation run (accounts/activation/activation_runs.py), for whichever worker takes them.

What a step decides is written with what it did, in one transaction: whoever goes on after a worker's death does
nothing twice.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from crosstie.accounts import audit, people
from crosstie.accounts.activation import activation_runs, outcomes
from crosstie.accounts.activation.activation_runs import RunInfo
from crosstie.accounts.audit import SYSTEM, Deed
from crosstie.accounts.connection import mailboxes
from crosstie.accounts.people import PersonInfo
from crosstie.accounts.sign_in import sign_ins
from crosstie.accounts.sign_in.signing_in import Way
from crosstie.accounts.words import Unacceptable
from crosstie.domain.activation import CrmUser, Source, Stage, Step
from crosstie.domain.clock import Clock
from crosstie.store.models import Activation, Candidate, Mailbox, MailboxState, Operator, Role, Scope
from crosstie.store.sql import lock_org, org_of

VENDOR = "graph"
"""The one whose mailboxes can all be entered with an administrator's grant."""
WATCH = timedelta(seconds=60)
"""After so long without a step somebody sees to it that the run goes on."""
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=15), timedelta(hours=1)
"""After a step that came to nothing; doubled each time."""
MOST_TRIES = 5
"""Questions about one mailbox that came to nothing; then it has failed."""


def due(now: datetime) -> list[int]:
    """Runs that nobody has seen to for a while, or whose waiting time is over."""
    return list(
        Activation.everywhere().filter(due_at__lte=now).order_by("due_at").values_list("pk", flat=True)[:100]
    )


def at_work(run: RunInfo, now: datetime) -> None:
    """Somebody is: the next look of the ticker may come later."""
    Activation.of(run.scope).filter(pk=run.run_id, due_at__isnull=False).update(due_at=now + WATCH)


def went_on(run: RunInfo) -> None:
    Activation.of(run.scope).filter(pk=run.run_id).update(waits="", setbacks=0)


def put_off(run: RunInfo, code: str, now: datetime, until: datetime | None = None) -> None:
    """It came to nothing; the next try is later each time, and not before `until`."""
    rows = Activation.of(run.scope).filter(pk=run.run_id, due_at__isnull=False)
    rows.update(waits=code, setbacks=F("setbacks") + 1)
    setbacks = rows.values_list("setbacks", flat=True).first() or 1
    wait = min(FIRST_WAIT * 2 ** min(setbacks, 12), LONGEST_WAIT)
    rows.update(due_at=max(now + wait, until or now))


def waiting(run: RunInfo, step: Step, limit: int) -> list[Candidate]:
    return list(activation_runs.people_of(run.scope, run.run_id).filter(step=step).order_by("id")[:limit])


def know(run: RunInfo, asked: Sequence[Candidate], users: Sequence[CrmUser], ourselves: str) -> None:
    """What Salesforce said of those who were waiting."""
    by_id = {user.user_id: user for user in users}
    by_address: dict[str, list[CrmUser]] = {}
    for user in users:
        by_address.setdefault(user.email, []).append(user)
    for row in asked:
        given = [by_id[row.given_user]] if row.given_user in by_id else []
        _settle(row, given if row.given_user else by_address.get(row.address, []), ourselves)
    _write(run, asked, Step.WAITING)


def rehearse(run: RunInfo, asked: Sequence[Candidate], clock: Clock) -> list[Candidate]:
    """Find out whether anything of ours stands in the way; nothing of it stays. Those whom nothing does, and those
    of whom that is told once their mailbox has let us in: whose mailboxes are whose, nobody else learns.
    """
    for row in asked:
        with transaction.atomic():
            lock_org(org_of(run.scope), shared=False)
            code = _refusal(run, row, clock)
            transaction.set_rollback(True)
        row.person_id = None
        if code == outcomes.ELSEWHERE:
            row.code = code
        elif code:
            _fail(row, code)
    _write(run, [row for row in asked if row.step != Step.KNOWN], Step.KNOWN)
    return [row for row in asked if row.step == Step.KNOWN]


def reach(run: RunInfo, asked: Sequence[Candidate], closed: Mapping[str, str], again: Collection[str]) -> None:
    """What the mailboxes' vendor said: address → code of those that are closed, and of `again` nothing yet."""
    for row in asked:
        code, row.code = closed.get(row.address, row.code), ""
        if row.address in again:
            row.tries += 1
        if code and (row.address not in again or row.tries >= MOST_TRIES):
            _fail(row, code)
        elif not code:
            row.step = Step.READY
    _write(run, asked, Step.KNOWN)


def activate(run: RunInfo, candidate_id: int, clock: Clock) -> bool:
    """One mailbox, and that it was done, together. False where somebody else did it or the run was cancelled."""
    with transaction.atomic():
        lock_org(org_of(run.scope), shared=False)
        stage = Activation.of(run.scope).select_for_update(no_key=True).filter(pk=run.run_id)
        if stage.values_list("stage", flat=True).first() != Stage.RUNNING:
            return False
        people_left = activation_runs.people_of(run.scope, run.run_id).filter(pk=candidate_id, step=Step.READY)
        row = people_left.select_for_update().first()
        if row is None:
            return False
        if code := _refusal(run, row, clock):
            _fail(row, code)
        else:
            row.step = Step.ACTIVE
        row.save(update_fields=["step", "code", "person"])
    return True


def settle(run: RunInfo, clock: Clock) -> RunInfo:
    """Nobody is left in this stage: on to the next one."""
    with transaction.atomic():
        row = activation_runs.locked(run.scope, run.run_id)
        left = activation_runs.people_of(run.scope, run.run_id)
        if row.stage == Stage.LOOKING and not left.filter(step__in=activation_runs.AHEAD).exists():
            activation_runs.move(row, Stage.RUNNING if row.goes_on else Stage.READY, clock)
        elif row.stage == Stage.RUNNING and not left.exclude(step__in=activation_runs.OVER).exists():
            activation_runs.move(row, Stage.DONE, clock)
            audit.record(run.scope, Deed(clock.now(), SYSTEM, "activation.done", f"activation {row.pk}"))
    return activation_runs.info(row)


def _refusal(run: RunInfo, row: Candidate, clock: Clock) -> str:
    """Activate it; the code of what stood in the way, and then nothing was changed."""
    scope = Scope(run.scope.tenant_id)
    try:
        with transaction.atomic():
            if code := _known_mailbox(run, row):
                return code
            person_id, code = _person(run, row, clock)
            if code:
                return code
            given = mailboxes.MailboxDetails(VENDOR, row.address, time_zone=row.time_zone or "UTC")
            mailboxes.activate(scope, person_id, given, clock, run.actor)
            row.person_id = person_id
    except Unacceptable as refusal:
        return refusal.code
    return ""


def _known_mailbox(run: RunInfo, row: Candidate) -> str:
    """One that is there is left as somebody put it, were it paused, suspended or switched off."""
    found = Mailbox.of(Scope(run.scope.tenant_id)).filter(address=row.address).first()
    if found is None:
        return ""
    if found.state != MailboxState.DISABLED and found.leaving_since is None:
        return outcomes.ALREADY
    return "" if run.source == Source.FILE else outcomes.OFF


def _person(run: RunInfo, row: Candidate, clock: Clock) -> tuple[int, str]:
    """Whose mailbox it is to be, added where nobody here has the address."""
    scope, org_id = Scope(run.scope.tenant_id), org_of(run.scope)
    known = people.at(scope, row.address)
    if known is None:
        given = people.PersonDetails(
            row.name or row.address, row.address, row.crm_user_id, org_id, row.profile, row.license
        )
        return people.add(scope, given, clock, run.actor, first_is_admin=False).person_id, ""
    if (known.crm_user_id, known.org_id) == (row.crm_user_id, org_id):
        return known.person_id, ""
    if known.crm_user_id and not (row.given_user and known.org_id == org_id):
        return known.person_id, outcomes.OTHER_USER
    if not row.given_user and _is_more(known):
        return known.person_id, outcomes.MORE
    people.bind_crm_user(scope, known.person_id, row.crm_user_id, org_id, clock, run.actor)
    if known.crm_user_id:  # whoever has the old user is somebody else by now, or nobody
        sign_ins.end_way(scope, [known.person_id], Way.SALESFORCE)
    return known.person_id, ""


def _is_more(person: PersonInfo) -> bool:
    """Whether whoever comes in as this person may see or change what is others'. Then an address, which anybody
    may write who may change users in Salesforce, does not say which user that is.
    """
    operator = Operator.of(person.scope).filter(person_id=person.person_id)
    return person.role != Role.USER or operator.exists()


def _settle(row: Candidate, found: Sequence[CrmUser], ourselves: str) -> None:
    """Whose Salesforce user it is: of several the only active person, as others may share an address."""
    people_found = [user for user in found if user.person and user.active and user.user_id != ourselves]
    if len(people_found) == 1:
        (user,) = people_found
        row.crm_user_id, row.step, row.code = user.user_id, Step.KNOWN, ""
        row.name = row.name or user.name
        row.time_zone = row.time_zone or user.time_zone
    else:
        _fail(row, _why_not(found, people_found, ourselves))


def _why_not(found: Sequence[CrmUser], people_found: Sequence[CrmUser], ourselves: str) -> str:
    if people_found:
        return outcomes.SEVERAL
    if any(user.user_id == ourselves for user in found):
        return outcomes.OURSELVES
    if any(user.person for user in found):
        return outcomes.INACTIVE
    return outcomes.NOBODY if found else outcomes.NO_USER


def _fail(row: Candidate, code: str) -> None:
    row.code, row.step = code, outcomes.of(code).step


def _write(run: RunInfo, rows: Sequence[Candidate], before: Step) -> None:
    """Of those that nobody else has gone on with meanwhile."""
    with transaction.atomic():
        mine = activation_runs.people_of(run.scope, run.run_id).filter(
            pk__in=[row.pk for row in rows], step=before
        )
        free = set(mine.select_for_update().values_list("pk", flat=True))
        changed = [row for row in rows if row.pk in free]
        fields = ["step", "code", "tries", "crm_user_id", "name", "time_zone"]
        Candidate.unguarded.bulk_update(changed, fields, batch_size=500)
