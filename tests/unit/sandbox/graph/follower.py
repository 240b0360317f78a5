"""A careful follower of a delta feed: it keeps every rule a client must, and holds a copy of the folder."""

from dataclasses import dataclass, field
from typing import Any

from tests.unit.sandbox.graph.conftest import Office

MOST_PAGES = 60


@dataclass
class Follower:
    office: Office
    link: str
    headers: dict[str, str] = field(default_factory=dict)
    rows: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Id → the last row told."""
    pages: int = 0

    def round(self) -> list[dict[str, Any]]:
        """All rows of one round in the order told; the copy is brought up to date with them."""
        told: list[dict[str, Any]] = []
        for _ in range(MOST_PAGES):
            page = self.office.get(self.link, headers=self.headers)
            assert ("@odata.nextLink" in page) != ("@odata.deltaLink" in page)
            told += page["value"]
            self.pages += 1
            self.link = page.get("@odata.nextLink") or page["@odata.deltaLink"]
            if "@odata.deltaLink" in page:
                break
        else:
            raise AssertionError("the round does not end")
        for row in told:
            if "@removed" in row:
                self.rows.pop(row["id"], None)
            else:
                self.rows[row["id"]] = row
        return told

    @property
    def subjects(self) -> list[str]:
        return sorted(row["subject"] for row in self.rows.values())


def follow(office: Office, folder: str = "inbox", query: str = "", **headers: str) -> Follower:
    return Follower(office, f"mailFolders/{folder}/messages/delta{query}", headers)
