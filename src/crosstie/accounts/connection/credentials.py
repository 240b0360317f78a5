"""What lies in a place of the vault: a JSON object of texts, the same for every vendor."""

import json

from crosstie.ports.vault import Secrets, Step, Vault


def of(vault: Vault, place: str) -> Secrets:
    """Empty where nothing is kept."""
    return _read(vault.get(place))


def put(vault: Vault, place: str, secrets: Secrets) -> None:
    """What was kept before is replaced, the access token that was got for it too."""
    vault.put(place, written(secrets))


def change(vault: Vault, place: str, step: Step) -> Secrets:
    """See ports.vault.Exchange."""
    return _read(vault.change(place, lambda kept: written(step(_read(kept)))))


def written(secrets: Secrets) -> str:
    return json.dumps(dict(secrets), sort_keys=True)


def _read(kept: str | None) -> Secrets:
    found: dict[str, str] = json.loads(kept) if kept else {}
    return found
