"""Operators: platform admins who sign in here with a password and a second factor, though no vendor answers.

The password is Django's affair, the one-time codes pyotp's (RFC 6238); their secret lies in the vault.
"""

import base64
import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import pyotp
import segno
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.hashers import check_password
from django.contrib.auth.models import User
from django.contrib.auth.password_validation import validate_password
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import Case, When
from pyotp.exceptions import OTPVerificationError

from crosstie.accounts import admin_words, audit, checks, people, words
from crosstie.accounts.audit import SYSTEM, WEB, Actor, Deed
from crosstie.accounts.people import PersonDetails, PersonInfo
from crosstie.accounts.sign_in import account_notices, refused_sign_ins, sign_ins
from crosstie.accounts.sign_in.account_notices import Change
from crosstie.accounts.words import Unacceptable
from crosstie.domain.address import canonical
from crosstie.domain.clock import Clock
from crosstie.ports.vault import Vault
from crosstie.store.models import Operator, Role, Scope

ISSUER = "Crosstie"
INVITATION = timedelta(hours=24)
FAILURES, LOCKED = 10, timedelta(minutes=15)
"""Wrong codes in a row after the right password; then no one-time code is right for a while, and nobody is told
that it is so. Whoever has not the password comes not so far, and a recovery code is nothing to guess: it is right
all the time, so that nobody can keep out an operator who has both.
"""
CODES = 10
LONGEST_PASSWORD = 128


@dataclass(frozen=True, slots=True)
class OperatorInfo:
    operator_id: int
    person: PersonInfo
    enrolled_at: datetime | None
    """None: invited, and cannot sign in yet."""
    codes_left: int


def add(scope: Scope, address: str, name: str, clock: Clock, actor: Actor = SYSTEM) -> OperatorInfo:
    """Whoever has the address becomes a platform admin; nobody yet: a person without a mailbox."""
    scope, address = Scope(scope.tenant_id), checks.address(address)
    with transaction.atomic():
        if Operator.everywhere().filter(name=address).exists():
            raise Unacceptable(admin_words.OPERATOR_TAKEN, address=address)
        person = people.at(scope, address) or people.add(
            scope, PersonDetails(name or address, address), clock, actor
        )
        people.give_role(scope, person.person_id, Role.PLATFORM_ADMIN, clock, actor)
        people.login(scope, person.person_id)
        row = Operator.of(scope).create(person_id=person.person_id, name=address, created_at=clock.now())
        audit.record(scope, Deed(clock.now(), actor, "operator.add", f"person {person.person_id}"))
    return _info(row)


def reset(scope: Scope, address: str, vault: Vault, clock: Clock, actor: Actor = SYSTEM) -> OperatorInfo:
    """Password, second factor and recovery codes are forgotten, and every sign-in ends. An invitation is due."""
    row = _of(scope, address)
    with transaction.atomic():
        _forget(row, vault, clock, actor)
        Operator.of(Scope(row.tenant_id)).filter(pk=row.pk).update(
            enrolled_at=None, recovery=[], failures=0, locked_until=None
        )
        audit.record(scope, Deed(clock.now(), actor, "operator.reset", f"person {row.person_id}"))
        account_notices.owe(scope, row.person_id, Change.RESET, clock)
    return _info(_of(scope, address))


def remove(scope: Scope, address: str, vault: Vault, clock: Clock, actor: Actor = SYSTEM) -> None:
    """The person stays, with their role."""
    row = _of(scope, address)
    with transaction.atomic():
        _forget(row, vault, clock, actor)
        audit.record(scope, Deed(clock.now(), actor, "operator.remove", f"person {row.person_id}"))
        account_notices.owe(scope, row.person_id, Change.REMOVED, clock)
        row.delete()


def of_tenant(scope: Scope) -> Sequence[OperatorInfo]:
    return [_info(row) for row in Operator.of(Scope(scope.tenant_id)).order_by("name")]


# -- the invitation ------------------------------------------------------------------------------------


class _Invitations(PasswordResetTokenGenerator):
    """Signed, good for a day (PASSWORD_RESET_TIMEOUT), and for nothing once there is another password.

    Django's own are for nothing either once their reader was signed in, which here is another way of coming in.
    """

    key_salt = "crosstie.operator.invitation"

    def __init__(self, clock: Clock) -> None:
        super().__init__()
        self._clock = clock

    def _make_hash_value(self, user: AbstractBaseUser, timestamp: int) -> str:
        return f"{user.pk}{user.password}{timestamp}"

    def _now(self) -> datetime:
        return self._clock.now().replace(tzinfo=None)


def invitation(operator_id: int, clock: Clock) -> str:
    """For the address that is given to the operator by another way than this server's."""
    return _Invitations(clock).make_token(_login(_row(operator_id)))


def invited(operator_id: int, token: str, clock: Clock) -> OperatorInfo:
    """Raises Unacceptable for an invitation that is no more."""
    row = Operator.everywhere().filter(pk=operator_id, enrolled_at=None).first()
    if row is None or not _Invitations(clock).check_token(_login(row), token):
        raise Unacceptable(admin_words.INVITATION_OVER)
    return _info(row)


def new_secret(clock: Clock) -> str:
    """160 bits, as apps take them."""
    return base64.b32encode(hashlib.sha256(clock.token(32).encode()).digest()[:20]).decode()


def enrolment_uri(secret: str, address: str) -> str:
    return pyotp.TOTP(secret).provisioning_uri(name=address, issuer_name=ISSUER)


def enrolment_picture(uri: str) -> str:
    """A QR code for an app's camera, as the address of an image: dark on light in any scheme, with its quiet zone,
    because cameras want both.
    """
    return segno.make(uri, micro=False).svg_data_uri(border=4, light="#fff", omitsize=True)


def enrol(operator_id: int, password: str, secret: str, code: str, vault: Vault, clock: Clock) -> Sequence[str]:
    """From here on the operator can sign in. Answers the recovery codes, which are kept as digests alone."""
    with transaction.atomic():
        row = Operator.everywhere().select_for_update().filter(pk=operator_id, enrolled_at=None).first()
        if row is None:  # somebody else was let in by the same invitation at the same moment, and was quicker
            raise Unacceptable(admin_words.INVITATION_OVER)
        login = _login(row)
        _check_new(password, login, row.name)
        step = _step_of(secret, code, clock.now(), 0)
        if step is None:
            raise Unacceptable(admin_words.CODE_WRONG)
        codes = [_recovery_code(clock) for _ in range(CODES)]
        login.set_password(password)
        login.save(update_fields=["password"])
        vault.put(_place(row), secret)
        row.totp_step, row.recovery = step, [_digest(one) for one in codes]
        row.enrolled_at, row.failures, row.locked_until = clock.now(), 0, None
        row.save()
        deed = Deed(clock.now(), Actor(WEB, row.person_id), "operator.enrol", f"person {row.person_id}")
        audit.record(Scope(row.tenant_id), deed)
        account_notices.owe(Scope(row.tenant_id), row.person_id, Change.ENROLLED, clock)
    return codes


# -- signing in ----------------------------------------------------------------------------------------


def by_password(name: str, password: str, clock: Clock) -> int | None:
    """The first step: the operator's id. What is done for one whose password is wrong is done for one who is not
    there too, and not kept; nor does the answer wait for the disk. So the time it takes tells nobody who is an
    operator here.
    """
    name = canonical(name)
    by_name = Operator.everywhere().order_by(Case(When(name=name, then=0), default=1), "pk")
    first = by_name.select_related("person__login").first()
    row = first if first and first.name == name else None
    login = row.person.login if row else None
    right = check_password(password[: LONGEST_PASSWORD + 1], login.password if login else "")
    if row and right:
        return row.pk
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit TO off")
        if first:
            _refused(first, "WRONG-PASSWORD", clock)
        transaction.set_rollback(row is None)
    return None


def by_code(operator_id: int, code: str, vault: Vault, clock: Clock) -> PersonInfo | None:
    """The second step: a one-time code, each good once, or a recovery code, which is spent by it."""
    with transaction.atomic():
        row = Operator.everywhere().select_for_update().filter(pk=operator_id).exclude(enrolled_at=None).first()
        if row is None:
            return None
        if not (_takes_code(row, code, vault, clock.now()) or _takes_recovery(row, code, clock)):
            _fail(row, clock)
            _refused(row, "WRONG-CODE", clock)
            return None
        row.failures, row.locked_until = 0, None
        row.save()
    return _info(row).person


def _takes_code(row: Operator, code: str, vault: Vault, now: datetime) -> bool:
    secret = None if _is_locked(row, now) else vault.get(_place(row))
    step = _step_of(secret, code, now, row.totp_step) if secret else None
    if step is None:
        return False
    row.totp_step = step
    return True


def _takes_recovery(row: Operator, code: str, clock: Clock) -> bool:
    given = _digest(code)
    left = [one for one in row.recovery if not hmac.compare_digest(one, given)]
    if len(left) == len(row.recovery):
        return False
    row.recovery = left
    deed = Deed(clock.now(), Actor(WEB, row.person_id), "operator.recovery-code", details={"left": len(left)})
    audit.record(Scope(row.tenant_id), deed)
    account_notices.owe(Scope(row.tenant_id), row.person_id, Change.RECOVERY_CODE, clock)
    return True


def _step_of(secret: str, code: str, now: datetime, last: int) -> int | None:
    """The half minute that a code is of, now or next to it, later than `last`; None: it is wrong, or was used."""
    plain = "".join(code.split())
    try:
        step = pyotp.TOTP(secret).verify_and_get_timecode(plain, for_time=now, valid_window=1)
    except OTPVerificationError:
        return None
    return step if step > last else None


def _is_locked(row: Operator, now: datetime) -> bool:
    return row.locked_until is not None and now < row.locked_until


def _fail(row: Operator, clock: Clock) -> None:
    """What comes while the lock lasts does not make it last longer."""
    now = clock.now()
    if _is_locked(row, now):
        return
    row.failures += 1
    if row.failures >= FAILURES:
        row.failures, row.locked_until = 0, now + LOCKED
        account_notices.owe(Scope(row.tenant_id), row.person_id, Change.LOCKED, clock)
    row.save(update_fields=["failures", "locked_until"])


def _refused(row: Operator, code: str, clock: Clock) -> None:
    whose = f"person {row.person_id}"
    refused_sign_ins.note(Scope(row.tenant_id), sign_ins.PASSWORD, code, clock, target=whose)


def _check_new(password: str, login: User, address: str) -> None:
    if len(password) > LONGEST_PASSWORD:
        raise Unacceptable(admin_words.PASSWORD_LONG, most=LONGEST_PASSWORD)
    try:
        validate_password(password, User(username=login.username, email=address))
    except ValidationError as bad:
        raise Unacceptable(admin_words.PASSWORD_BAD, why=" ".join(bad.messages)) from bad


def _recovery_code(clock: Clock) -> str:
    """120 bits, in groups of four."""
    text = base64.b32encode(hashlib.sha256(clock.token(32).encode()).digest()[:15]).decode()
    return "-".join(text[at : at + 4] for at in range(0, len(text), 4))


def _digest(code: str) -> str:
    plain = "".join(one for one in code.upper() if one.isalnum())
    return hashlib.sha256(plain.encode()).hexdigest()


def _forget(row: Operator, vault: Vault, clock: Clock, actor: Actor) -> None:
    login = _login(row)
    login.set_unusable_password()
    login.save(update_fields=["password"])
    vault.forget(_place(row))
    sign_ins.end_all(_info(row).person, clock, actor)


def _place(row: Operator) -> str:
    return f"operator/{row.tenant_id}/person-{row.person_id}"


def _login(row: Operator) -> User:
    return people.login(Scope(row.tenant_id), row.person_id)


def _row(operator_id: int) -> Operator:
    return Operator.everywhere().get(pk=operator_id)


def _of(scope: Scope, address: str) -> Operator:
    row = Operator.of(Scope(scope.tenant_id)).filter(name=canonical(address)).first()
    if row is None:
        raise Unacceptable(words.UNKNOWN, what="operator", name=address, hint="")
    return row


def _info(row: Operator) -> OperatorInfo:
    person = people.get(Scope(row.tenant_id), row.person_id)
    return OperatorInfo(row.pk, person, row.enrolled_at, len(row.recovery))
