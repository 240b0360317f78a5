"""Did you mean …?"""

import difflib
from collections.abc import Iterable


def hint(wrong: str, known: Iterable[str]) -> str:
    """` Did you mean x?`, or nothing where nothing is near. Case and separators do not count."""
    forms = {_plain(name): name for name in known}
    found = difflib.get_close_matches(_plain(wrong), forms, n=1, cutoff=0.6)
    return f" Did you mean {forms[found[0]]}?" if found else ""


def _plain(name: str) -> str:
    return "".join(character for character in name.casefold() if character.isalnum())
