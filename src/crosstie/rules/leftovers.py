"""What is remembered of attachments that were left out: how many, of what ending and why; never their names.

`small-image:png=3,cloud-link:=1` is the form in which the journal keeps it.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from crosstie.domain.email import Attachment
from crosstie.domain.settings import Settings
from crosstie.domain.speech import noted, say
from crosstie.rules.files import IMAGE_ENDINGS, LeftOut, ending, listed

TOLD_ENDINGS = IMAGE_ENDINGS | frozenset(
    {"7z", "avi", "bat", "bin", "cmd", "com", "csv", "dll", "doc", "docm", "docx", "dwg", "eml", "exe", "gz",
     "htm", "html", "ics", "iso", "jar", "js", "json", "key", "lnk", "log", "mov", "mp3", "mp4", "msg", "msi",
     "numbers", "odp", "ods", "odt", "p7m", "p7s", "pages", "pdf", "ppt", "pptm", "pptx", "ps1", "rar", "rtf",
     "scr", "tar", "tgz", "txt", "vbs", "vcf", "wav", "xls", "xlsb", "xlsm", "xlsx", "xml", "zip"}
)  # fmt: skip
"""Endings that say what kind of file it is; any other may be a part of its name."""
ATTACHMENT = noted("attachment")
MOST = 20
"""Groups kept of one mail."""
_GROUP = re.compile(r"([a-z-]{1,20}):([a-z0-9.]{0,20})=([0-9]{1,4})")


@dataclass(frozen=True, slots=True)
class Leftover:
    why: LeftOut
    ending: str
    """Empty where it is none that is told."""
    count: int

    @property
    def label(self) -> str:
        return f"{self.count} × {self.ending or say(ATTACHMENT)}"

    @property
    def sentence(self) -> str:
        return f"{self.label}: {self.why.sentence}"


def kept_of(left_out: Iterable[tuple[Attachment, LeftOut]], settings: Settings) -> str:
    """The form for the journal; empty where nothing was left out."""
    told = TOLD_ENDINGS | listed(settings.attachments_blocked_extensions)
    groups = Counter((why, _told(ending(one.name), told)) for one, why in left_out)
    return ",".join(f"{why}:{end}={count}" for (why, end), count in groups.most_common(MOST))


def with_unpublished(kept: str, count: int) -> str:
    return ",".join(filter(None, (kept, f"{LeftOut.NOT_ON_RELATED}:={count}")))


def read(kept: str) -> Sequence[Leftover]:
    """What an earlier version wrote and this one does not know is left out."""
    found = (_GROUP.fullmatch(group) for group in kept.split(","))
    known = set(LeftOut)
    return [Leftover(LeftOut(one[1]), one[2], int(one[3])) for one in found if one and one[1] in known]


def _told(end: str, told: frozenset[str] | set[str]) -> str:
    return end if end in told and re.fullmatch("[a-z0-9.]{1,20}", end) else ""
