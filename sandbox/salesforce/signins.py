"""What an org remembers of sign-ins: connected apps, who approved which, and every attempt.

It has dice of its own, so that a sign-in more or less leaves all other chances as they were.
"""

import random
import string
from collections import deque
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from sandbox.salesforce.apps import App
from sandbox.salesforce.core import Core
from sandbox.salesforce.ids import Id, IdMaker

LoginType = Literal["Application", "Remote Access 2.0", "Other Apex API"]
SUCCESS = "Success"
KEPT = 20_000
"""Attempts that the vendor keeps at most (and for six months, which is not modelled)."""


@dataclass(slots=True)
class Approval:
    """One row of OauthToken; its id says nothing, so that it is found by what it stands for."""

    row: Id
    delete_token: str


@dataclass(slots=True)
class SignIns:
    core: Core
    dice: random.Random
    ids: IdMaker = field(init=False)
    attempts: deque[Id] = field(default_factory=deque)
    approvals: dict[str, Approval] = field(default_factory=dict)
    """By refresh token; by `user/client id` where the app holds none."""
    apps: dict[str, Id] = field(default_factory=dict)
    """Client id → the app's row, while it is installed."""

    def __post_init__(self) -> None:
        self.ids = IdMaker(self.dice)

    def attempt(
        self, user: Id, kind: LoginType, application: str, *, status: str = SUCCESS, host: str = "", ip: str = ""
    ) -> None:
        """A sign-in that worked or not, of a user who exists."""
        nothing = dict.fromkeys(("ClientVersion", "ApiType", "ApiVersion"), "N/A")
        row: dict[str, Any] = {
            "Id": self.ids.make("0Ya"), "UserId": user, "LoginTime": self.core.now(), "LoginType": kind,
            "SourceIp": ip or "127.0.0.1", "LoginUrl": host or None, "Status": status, "Application": application,
            "Browser": "Unknown", "Platform": "Unknown", "OptionsIsGet": False, "OptionsIsPost": True, **nothing,
        }  # fmt: skip
        self.core.store.put("LoginHistory", {name: value for name, value in row.items() if value is not None})
        self.attempts.append(row["Id"])
        while len(self.attempts) > KEPT:
            self.core.store.remove("LoginHistory", self.attempts.popleft())

    # -- approvals

    def used(self, key: str, app: App, user: Id) -> None:
        """A session was opened on the strength of this approval."""
        now = self.core.now()
        known = self.approvals.get(key)
        if known is None:
            known = self.approvals[key] = Approval(self.ids.make("0CQ"), self._random(60))
        old = self.core.store.table("OauthToken").rows.get(known.row, {"CreatedDate": now, "UseCount": 0})
        row = {
            "Id": known.row, "UserId": user, "AppName": app.name, "DeleteToken": known.delete_token,
            "CreatedDate": old["CreatedDate"], "LastUsedDate": now, "UseCount": old["UseCount"] + 1,
        }  # fmt: skip
        self.core.store.put("OauthToken", row)

    def forget(self, key: str) -> None:
        known = self.approvals.pop(key, None)
        if known is not None:
            self.core.store.remove("OauthToken", known.row)

    def rename(self, old: str, new: str) -> None:
        """A refresh token took another's place; the approval is the same."""
        if old in self.approvals:
            self.approvals[new] = self.approvals.pop(old)

    def meant_by(self, delete_token: str) -> str | None:
        """The approval that `DeleteToken` of its row ends."""
        return next((key for key, one in self.approvals.items() if one.delete_token == delete_token), None)

    # -- apps

    def show(self, app: App) -> None:
        """The row of an app as it is set up now; none while nobody has installed it."""
        row_id = self.apps.get(app.client_id)
        if not app.installed:
            if row_id is not None:
                self.core.store.remove("ConnectedApplication", self.apps.pop(app.client_id))
            return
        now = self.core.now()
        row_id = self.apps.setdefault(app.client_id, row_id or self.ids.make("0H4"))
        old = self.core.store.table("ConnectedApplication").rows.get(row_id, {"CreatedDate": now})
        admin = str(next(iter(self.core.store.table("User").rows), ""))
        hours = None if app.refresh_life is None else int(app.refresh_life.total_seconds() // 3600)
        row: dict[str, Any] = {
            "Id": row_id, "Name": app.name, "CreatedDate": old["CreatedDate"], "CreatedById": admin,
            "LastModifiedDate": now, "LastModifiedById": admin, "SystemModstamp": now,
            "OptionsAllowAdminApprovedUsersOnly": app.permitted == "approved",
            "OptionsRefreshTokenValidityMetric": app.refresh_counts_from == "use",
            "OptionsHasSessionLevelPolicy": False, "OptionsIsInternal": False, "RefreshTokenValidityPeriod": hours,
        }  # fmt: skip
        self.core.store.put(
            "ConnectedApplication", {name: value for name, value in row.items() if value is not None}
        )

    def _random(self, length: int) -> str:
        return "".join(self.dice.choices(string.ascii_letters + string.digits, k=length))


def is_over(app: App, issued: datetime | None, used: datetime | None, now: datetime) -> bool:
    """Whether the app's policy has ended a refresh token. None is a token of before there were policies."""
    since = issued if app.refresh_counts_from == "issue" else used
    return app.refresh_life is not None and since is not None and now - since >= app.refresh_life
