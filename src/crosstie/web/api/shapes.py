"""What goes over the wire, and what openapi.json says of it."""

from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictInt, StrictStr, create_model

from crosstie.accounts.governance import values
from crosstie.domain.settings import Level, SettingInfo, catalogue

LONGEST, MOST = 400, 1000
"""Characters of a text, and entries of a list."""


class Shape(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class MistakeShape(Shape):
    pointer: str = Field(description="A JSON pointer into the body, or the name of a parameter.")
    code: str
    detail: str


class ProblemShape(Shape):
    """RFC 9457. `code` is ours and stable; `detail` is the sentence that a page would show."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    errors: list[MistakeShape] = []


class PersonShape(Shape):
    name: str
    address: str
    role: str
    profile: str
    licence: str | None


class MailboxShape(Shape):
    address: str
    vendor: str
    time_zone: str = Field(description="An IANA name.")


class ConnectionShape(Shape):
    """Whether nothing keeps us from working with one side; `code` and `sentence` say what does."""

    side: Literal["mailbox", "salesforce"]
    state: Literal["connected", "trouble"]
    code: str | None
    sentence: str | None
    since: datetime | None


class TokenShape(Shape):
    """The one that was sent along."""

    name: str
    beginning: str
    may_act: bool
    expires_at: datetime


class MeShape(Shape):
    person: PersonShape
    mailbox: MailboxShape | None = Field(description="null for somebody who has none yet.")
    connections: list[ConnectionShape]
    token: TokenShape


class LastShape(Shape):
    started_at: datetime | None
    ended_at: datetime
    counts: dict[str, int] = Field(description="By outcome: saved, skipped, waiting, issue.")
    error_code: str | None
    sentence: str


class SyncShape(Shape):
    state: str
    code: str
    sentence: str
    running_since: datetime | None
    next_at: datetime | None = Field(description="null while a session runs, and where there will be none.")
    interval_seconds: int
    failures: int = Field(description="Sessions in a row that ended in an error.")
    last: LastShape | None


class DoneShape(Shape):
    """What was done, or was so already."""

    code: str
    sentence: str


class SyncDoneShape(DoneShape):
    sync: SyncShape


class SettingShape(Shape):
    name: str
    meaning: str
    value: bool | int | str | list[str]
    own: bool | int | str | list[str] | None = Field(
        description="What you yourself say; lists of all levels are joined into value."
    )
    origins: list[Level] = Field(description="The levels that value comes from; none: it is the default.")
    locked_by: Level | None
    may_set: bool = Field(description="Whether PATCH may change it.")
    sentence: str


class SettingsShape(Shape):
    settings: list[SettingShape]


class IssueShape(Shape):
    id: str | None = Field(description="null for what keeps all of the mailbox from being synchronized.")
    kind: Literal["e-mail", "event", "sync"]
    code: str
    source: str
    sentence: str
    advice: str
    first_at: datetime | None
    last_at: datetime | None
    message_id: str | None
    mailbox_url: str | None
    record_url: str | None


class HeldShape(Shape):
    """Events whose removal waits for a person's word on the page Issues."""

    code: str
    side: Literal["salesforce", "calendar"]
    events: int
    first_at: datetime
    last_at: datetime


class IssuesShape(Shape):
    issues: list[IssueShape]
    held: list[HeldShape]


class LeftOutShape(Shape):
    """Attachments of a saved e-mail that were not saved with it."""

    ending: str
    count: int
    code: str


class WhyShape(Shape):
    item: str
    message_id: str | None
    code: str
    outcome: str | None = Field(description="null where nothing was decided yet; then it is what would be.")
    sentence: str
    record_url: str | None
    left_out: list[LeftOutShape]


class WhysShape(Shape):
    items: list[WhyShape]


class SessionShape(Shape):
    started_at: datetime
    ended_at: datetime
    counts: dict[str, int] = Field(description="By outcome: saved, skipped, waiting, issue.")
    error_code: str | None
    advice: str | None


class SessionsShape(Shape):
    sessions: list[SessionShape]
    next: str | None = Field(description="Send it as cursor for those before; null at the end.")


def _fields() -> Iterator[tuple[str, Any]]:
    """Of the body of PATCH settings: one for each that a person may set, of the kind that its value is of."""
    for attribute, info in catalogue().values():
        if info.lowest is not Level.USER:
            continue
        yield attribute, (_kind(info) | None, Field(None, alias=info.name, description=info.help))


def _kind(info: SettingInfo) -> Any:
    model = values.default(info)
    if isinstance(model, bool):
        return StrictBool
    if isinstance(model, int):
        return Annotated[StrictInt, Field(ge=info.minimum or 0, le=info.maximum or 2**31 - 1)]
    if isinstance(model, StrEnum):
        return Literal[tuple(one.value for one in type(model))]
    text = Annotated[StrictStr, Field(max_length=LONGEST)]
    return Annotated[list[text], Field(max_length=MOST)] if isinstance(model, tuple) else text


if TYPE_CHECKING:
    SettingsGiven = BaseModel
else:
    SettingsGiven = create_model(
        "SettingsGiven",
        # Others come through, to be refused with their own reason beside those of their neighbours.
        __config__=ConfigDict(
            extra="allow", json_schema_extra={"minProperties": 1, "additionalProperties": False}
        ),
        __doc__="The name of each setting to be changed, with its new value; null takes your own value away.",
        **dict(_fields()),
    )
