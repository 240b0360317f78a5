"""What happens in some days, for showing live: a view of the calendar, whose occurrences come complete."""

from datetime import UTC, datetime
from urllib.parse import quote

from crosstie.domain.calendar import CalendarItem
from crosstie.domain.mailboxes import Span
from crosstie.mailboxes.graph.calendar import translate
from crosstie.mailboxes.graph.client import GraphClient, Part

MOST = 100


def coming(client: GraphClient, days: Span, limit: int) -> list[CalendarItem]:
    """The first of them; one whose times cannot be read is left out."""
    span = f"startDateTime={_stamp(days.since)}&endDateTime={_stamp(days.before)}"
    order = "$orderby=" + quote("start/dateTime", safe="")
    url = f"{client.root}/calendarView?{span}&{order}&$top={max(1, min(limit, MOST))}"
    answer = client.ask(Part("GET", url, prefer=translate.TEXT_BODY))
    client.raise_for(answer)
    return [translate.item(row) for row in answer.listed if translate.is_whole(row)]


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
