"""What is kept of attachments that were left out: no name, and nothing that only looks like an ending."""

from typing import Any

import pytest

from crosstie.domain.email import Attachment
from crosstie.domain.settings import Settings
from crosstie.rules.files import SENTENCES, LeftOut, choose
from crosstie.rules.leftovers import MOST, kept_of, read


def named(*names: str) -> list[Attachment]:
    return [Attachment(name, name, "", 9, data=b"123456789") for name in names]


@pytest.mark.parametrize(
    ("names", "settings", "kept"),
    [
        (("offer.pdf",), {}, ""),
        (("logo.png", "Photo.PNG", "offer.pdf"), {}, "small-image:png=2"),
        (
            ("setup.exe", "logo.gif"),
            {"attachments_blocked_extensions": (".exe",)},
            "ending:exe=1,small-image:gif=1",
        ),
        (("a.secret",), {"attachments_max_count": 0}, "too-many:=1"),
        (("contract with john.smith",), {"attachments_max_count": 0}, "too-many:=1"),
        (("README",), {"attachments_max_count": 0}, "too-many:=1"),
        (("a.smith",), {"attachments_blocked_extensions": ("smith",)}, "ending:smith=1"),
    ],
)
def test_what_is_kept(names: tuple[str, ...], settings: dict[str, Any], kept: str) -> None:
    rules = Settings(**settings)
    assert kept_of(choose(named(*names), rules).left_out, rules) == kept


def test_it_reads_back_with_its_sentence() -> None:
    png, link = read("small-image:png=2,cloud-link:=1")
    assert (png.why, png.ending, png.count) == (LeftOut.SMALL_IMAGE, "png", 2)
    assert png.sentence == f"2 × png: {SENTENCES[LeftOut.SMALL_IMAGE]}"
    assert link.sentence == f"1 × attachment: {SENTENCES[LeftOut.CLOUD_LINK]}"


@pytest.mark.parametrize(
    "kept", ["", ",", "of another version", "unheard-of:png=2", "small-image:png=", "ending:<b>=1"]
)
def test_what_is_not_understood_is_left_out(kept: str) -> None:
    assert read(kept) == []


def test_it_stays_short() -> None:
    given = [(one, why) for why in LeftOut for one in named("a.png", "a.pdf", "a.zip", "a.doc")]
    kept = kept_of(given, Settings())
    assert len(read(kept)) == MOST
    assert len(kept) < 1_000
