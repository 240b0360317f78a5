"""What a mailbox shows of an issue: the category *Sync Error*, which is red, and a second one that says which.

The second is in no list of categories, so it is white, and making it costs nothing. Outlook parts categories at
commas and semicolons and keeps 255 characters of each (MS-OXCICAL 2.1.3.1.1.20.3), so it has none of the first and
no more of the second. It is English, as all categories of ours: a list of categories is everybody's who sees the
mailbox.
"""

import re
from collections.abc import Collection
from functools import cache

from crosstie.domain.mailboxes import ERROR_CATEGORY
from crosstie.domain.reasons import KINDS, Outcome, Reason

STATUS = "Status: "
LONGEST = 255
_SEPARATORS = re.compile(r"\s*[,;\u061b\ufe54\uff1b]\s*")


def warnings(why: Reason) -> frozenset[str]:
    """The categories of an item that has this issue; none where it is no issue."""
    if why.kind.outcome is not Outcome.ISSUE:
        return frozenset()
    return frozenset({ERROR_CATEGORY} | ({_status(why)} if why.kind.status else set()))


def ours(categories: Collection[str], *, warned: bool) -> frozenset[str]:
    """Those of them that we have put there, or that a reply inherited from an item where we had. Nobody else says
    what our second one says; the first may be a person's own where it stands alone and we have not `warned`.
    """
    statuses = {one for one in categories if is_status(one)}
    red = {ERROR_CATEGORY} & set(categories) if statuses or warned else set[str]()
    return frozenset(statuses | red)


def is_status(category: str) -> bool:
    return category.startswith(STATUS) and _said().fullmatch(category.removeprefix(STATUS)) is not None


def _status(why: Reason) -> str:
    said = STATUS + _SEPARATORS.sub(" / ", why.kind.status.format_map(why.params))
    return said if len(said) <= LONGEST else said[: LONGEST - 1] + "…"


@cache
def _said() -> re.Pattern[str]:
    kinds = [re.split(r"\{\w+\}", kind.status) for kind in KINDS.values() if kind.status]
    return re.compile("|".join(".+".join(map(re.escape, parts)) for parts in kinds))
