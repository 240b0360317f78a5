"""Under which Account a new Contact is put: one that is there, one that is made, or the one for everybody."""

from collections.abc import Mapping
from dataclasses import dataclass

from crosstie.domain import reasons
from crosstie.domain.keys import account_key
from crosstie.domain.reasons import Reason, reason
from crosstie.domain.records import ACCOUNT, Housed, RecordRef, WriteStatus, Written
from crosstie.domain.settings import Resolving, Settings
from crosstie.engine.claims import Claim, claimed
from crosstie.engine.ports import Ports
from crosstie.engine.session import Session
from crosstie.mapping.person import account_draft
from crosstie.ports.journal import Status
from crosstie.rules.resolving import account_of, defaults_of

ACCOUNT_PREFIX = "001"


@dataclass(frozen=True, slots=True)
class Home:
    """The Account of a domain, or none. `why` speaks against making anybody there now."""

    account_id: str = ""
    status: Status = Status.DONE
    why: Reason | None = None


WAITS = Home(status=Status.SKIPPED, why=reason(reasons.WAITS))


def homes(ports: Ports, met: Mapping[str, Session]) -> dict[str, Home]:
    """Domain → home. `met`: who met it first; the settings are the same for everybody."""
    if not met:
        return {}
    settings = next(iter(met.values())).info.settings
    if settings.resolving is not Resolving.SMART and settings.resolving_account:
        return dict.fromkeys(met, Home(settings.resolving_account))
    makes = settings.resolving is not Resolving.SMART and settings.resolving_create
    if not makes:
        return _looked_up(ports, list(met), settings) if _looks(settings) else dict.fromkeys(met, Home())
    claims = claimed(ports, [(session, account_key(domain), ACCOUNT) for domain, session in met.items()])
    held = {domain: claims[key] for domain in met if (key := account_key(domain)) in claims}
    return dict.fromkeys(met, WAITS) | _made(ports, held, settings)


def _looks(settings: Settings) -> bool:
    return settings.resolving is Resolving.SMART or settings.resolving_lookup


def _looked_up(ports: Ports, domains: list[str], settings: Settings) -> dict[str, Home]:
    found = ports.crm.accounts({domain: account_key(domain) for domain in domains})
    return {domain: Home(account_of(found[domain], settings)) for domain in domains}


def _made(ports: Ports, held: Mapping[str, Claim], settings: Settings) -> dict[str, Home]:
    """Every claim is let go of, whatever happens; what was never sent was not made."""
    made = dict.fromkeys(held, WAITS)
    try:
        found = ports.crm.accounts({domain: account_key(domain) for domain in held}) if held else {}
        made |= {domain: home for domain, one in found.items() if (home := _there(one, settings))}
        missing = [domain for domain in held if made[domain] is WAITS]
        defaults = defaults_of(ACCOUNT, settings)
        drafts = [account_draft(one, held[one].session.info.crm_user_id, defaults) for one in missing]
        written = ports.crm.create(drafts, duplicates=False) if drafts else ()
        made |= {domain: _home(one) for domain, one in zip(missing, written, strict=True)}
    finally:
        for domain, claim in held.items():
            home = made[domain]
            record = RecordRef(ACCOUNT, home.account_id) if home.account_id else None
            claim.finish(ports, home.status, home.why or reason(reasons.SAVED_NEW, made=ACCOUNT), record)
    return made


def _there(found: Housed, settings: Settings) -> Home | None:
    """One that somebody deleted is not made again; its people are put under none."""
    account = account_of(found, settings)
    return Home(account) if account or found.deleted else None


def _home(written: Written) -> Home:
    if written.status in (WriteStatus.CREATED, WriteStatus.EXISTS):
        return Home(written.record_id)
    if written.status is WriteStatus.ALIKE and written.record_id.startswith(ACCOUNT_PREFIX):
        return Home(written.record_id)
    if written.status is WriteStatus.UNCLEAR:
        return Home(status=Status.UNCLEAR, why=reason(reasons.UNCLEAR))
    if written.status in (WriteStatus.LATER, WriteStatus.TAKEN):
        return WAITS
    return Home(status=Status.STUCK, why=written.reason or reason(reasons.DUPLICATE))
