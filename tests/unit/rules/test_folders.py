"""Folders by their paths: what a wish means, in a mailbox with folders of its own."""

import pytest

from crosstie.domain.folders import FolderWishes, Named, NotAPath, path_of

TREE = {
    "in": Named("Posteingang", "root"),
    "in/c": Named("Customers", "in"),
    "in/c/n": Named("North", "in/c"),
    "in/p": Named("Private", "in"),
    "out": Named("Gesendet", "root"),
    "out/o": Named("Offers", "out"),
    "ar": Named("Archiv", "root"),
    "ar/2025": Named("2025", "ar"),
    "junk": Named("Junk", "root"),
    "junk/x": Named("Customers", "junk"),
    "bin": Named("Trash", "root"),
    "pr": Named("Projects", "root"),
    "pr/s": Named("South", "pr"),
    "drafts": Named("Entwürfe", "root"),
    "own": Named("Drafts", "root"),
    "drop": Named("Salesforce Emails", "root"),
}
ROLES = {
    "in": "inbox",
    "out": "sentitems",
    "ar": "archive",
    "junk": "junkemail",
    "bin": "deleteditems",
    "drafts": "drafts",
    "drop": "drop",
}


@pytest.mark.parametrize(
    ("wanted", "excluded", "chosen"),
    [
        ("", "", ""),
        ("inbox/*", "", "in/c in/c/n in/p"),
        ("Posteingang/*", "", "in/c in/c/n in/p"),
        ("INBOX/customers", "", "in/c"),
        ("inbox/Customers/*", "", "in/c/n"),
        ("inbox/*", "inbox/Private", "in/c in/c/n"),
        ("inbox/*", "inbox/Customers", "in/p"),
        ("inbox/*", "inbox/Customers/*", "in/c in/p"),
        ("inbox", "", ""),
        ("archive", "", "ar"),
        ("Archiv", "", "ar"),
        ("archive,archive/*", "", "ar ar/2025"),
        ("sentitems/*", "", "out/o"),
        ("Projects", "", "pr"),
        ("Projects,Projects/*", "Projects/South", "pr"),
        ("junkemail/*,Junk/*,deleteditems,drafts,Entwürfe,drop,Salesforce Emails", "", "own"),
        ("Drafts", "", "own"),
        ("Nothing/of/the/kind", "", ""),
        ("inbox/*,Projects", "", "in/c in/c/n in/p pr"),
    ],
)
def test_what_is_chosen(wanted: str, excluded: str, chosen: str) -> None:
    wishes = FolderWishes(tuple(filter(None, wanted.split(","))), tuple(filter(None, excluded.split(","))))
    assert sorted(wishes.chosen(TREE, ROLES)) == chosen.split()


def test_a_circle_of_folders_ends() -> None:
    circle = {"a": Named("A", "b"), "b": Named("B", "a")}
    assert FolderWishes(("A",)).chosen(circle, {}) == []


def test_other_wishes_have_another_digest() -> None:
    several = [FolderWishes(), FolderWishes(("a",)), FolderWishes((), ("a",)), FolderWishes(("a", "b"))]
    assert len({one.digest for one in several}) == len(several)


@pytest.mark.parametrize(("text", "path"), [(" /Inbox/ Key accounts / ", "Inbox/Key accounts"), ("a/*", "a/*")])
def test_paths_have_one_form(text: str, path: str) -> None:
    assert path_of(text) == path


@pytest.mark.parametrize("text", ["", "/", "*", "a//b", "a/*/b", "a/b*", "*/a", "x" * 251])
def test_what_is_no_path(text: str) -> None:
    with pytest.raises(NotAPath):
        path_of(text)
