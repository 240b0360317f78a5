"""Errors by their consequence. Connectors translate into these; nothing above sees a vendor's text.

The docstring of each class is the sentence shown where nothing more precise is known.
"""

from dataclasses import dataclass
from datetime import datetime


@dataclass(eq=False)
class CrosstieError(Exception):
    """Something went wrong."""

    code: str
    """Stable, for issues and logs: never a vendor's text, which may quote content."""
    detail: str = ""
    """The vendor's own words, shown live at most; never stored or logged."""

    def __str__(self) -> str:
        return f"{self.code}: {type(self).__doc__}"


class Retry(CrosstieError):
    """The other side is not available at the moment; the next session tries again."""


@dataclass(eq=False)
class Throttled(CrosstieError):
    """The other side asks us to slow down."""

    until: datetime | None = None


class Unclear(CrosstieError):
    """A write was sent and its answer was lost; it is looked up before anything else is done."""


class NeedsConsent(CrosstieError):
    """Access was refused; somebody has to sign in or grant it again."""


class Conflict(CrosstieError):
    """The item changed on the other side between reading and writing."""


class Gone(CrosstieError):
    """The item no longer exists."""


class CursorDead(CrosstieError):
    """The position in the change stream is no longer known; the collection is read anew."""


class Refused(CrosstieError):
    """The other side refuses this item; a person can put it right."""


class Fatal(CrosstieError):
    """A mistake in the set-up or in Crosstie; trying again changes nothing."""


class LeaseLost(CrosstieError):
    """Another worker took the mailbox over; this one stops without writing anything more."""
