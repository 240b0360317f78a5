"""All mailboxes of a tenant, app-only: twenty for a round trip, and the members of a group.

https://learn.microsoft.com/graph/api/group-list-transitivemembers,
https://learn.microsoft.com/graph/auth-limit-mailbox-access
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from crosstie.domain.activation import Member
from crosstie.domain.address import canonical
from crosstie.domain.errors import CrosstieError, NeedsConsent, Refused, Retry
from crosstie.mailboxes.graph.client import GraphClient, Part
from crosstie.mailboxes.graph.errors import Answer, translate

GROUP_UNKNOWN, GROUP_SEVERAL = "GRAPH-GROUP-UNKNOWN", "GRAPH-GROUP-SEVERAL"
NO_GROUPS = "GRAPH-APP-NO-GROUPS"
"""The app lacks the permission to read groups or who is in them."""
PAGE = 999
MOST_PAGES = 100
OPENED = {
    "Mail.ReadWrite": "/mailFolders/inbox?$select=id",
    "Calendars.ReadWrite": "/calendar?$select=id",
    "MailboxSettings.ReadWrite": "/mailboxSettings?$select=timeZone",
    "User.Read.All": "?$select=mail,userPrincipalName,proxyAddresses",
}
"""Application permission → what it opens of a mailbox."""
_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_USER = "#microsoft.graph.user"
_SHOWN = "id,displayName,mail,userPrincipalName"


class GraphRoster:
    """Implements ports.roster.MailRoster."""

    def __init__(self, client: GraphClient) -> None:
        self._client = client

    def closed(self, addresses: Sequence[str]) -> Mapping[str, CrosstieError]:
        """Each is asked for its Inbox: that takes the permission, the licence and the scope a session needs."""
        parts = [Part("GET", f"/users/{quote(one, safe='')}/mailFolders/inbox?$select=id") for one in addresses]
        answers = self._client.batches(parts)
        now = self._client.clock.now()
        return {
            address: translate(answer, now)
            for address, answer in zip(addresses, answers, strict=True)
            if not answer.ok
        }

    def refused(self, address: str) -> Mapping[str, CrosstieError]:
        """Reading is asked for alone: whether writing is allowed cannot be told without doing it."""
        own = f"/users/{quote(address, safe='')}"
        answers = self._client.batches([Part("GET", own + path) for path in OPENED.values()])
        now = self._client.clock.now()
        pairs = zip(OPENED, answers, strict=True)
        return {permission: translate(answer, now) for permission, answer in pairs if not answer.ok}

    def members(self, group: str) -> Sequence[Member]:
        found: dict[str, Member] = {}
        path = f"/groups/{self._group_id(group)}/transitiveMembers?$select={_SHOWN}&$top={PAGE}"
        for _ in range(MOST_PAGES):
            answer = self._asked(path)
            for row in answer.listed:
                if row.get("@odata.type") == _USER:
                    found[str(row["id"])] = _member(row)
            link = answer.json.get("@odata.nextLink")
            if not isinstance(link, str):
                return list(found.values())
            path = self._client.relative(link)
        raise Retry("GRAPH-ENDLESS-ROUND")

    def _group_id(self, group: str) -> str:
        wanted = group.strip()
        if _ID.fullmatch(wanted):
            return wanted
        text = wanted.replace("'", "''")
        condition = quote(f"mail eq '{text}' or displayName eq '{text}'", safe="")
        found = self._asked(f"/groups?$filter={condition}&$select=id").listed
        if len(found) != 1:
            raise Refused(GROUP_SEVERAL if found else GROUP_UNKNOWN)
        return quote(str(found[0]["id"]), safe="")

    def _asked(self, path: str) -> Answer:
        answer = self._client.ask(Part("GET", path))
        if answer.status == 403:
            raise NeedsConsent(NO_GROUPS)
        if answer.status == 404:
            raise Refused(GROUP_UNKNOWN)
        self._client.raise_for(answer)
        return answer


def _member(row: Mapping[str, Any]) -> Member:
    """Without the right to read people a member has an id and nothing else."""
    if "userPrincipalName" not in row or row["userPrincipalName"] is None:
        raise NeedsConsent(NO_GROUPS)
    address = row.get("mail") or row["userPrincipalName"]
    return Member(canonical(str(address)), str(row.get("displayName") or ""))
