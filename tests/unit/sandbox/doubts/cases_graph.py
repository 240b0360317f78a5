"""What each of Graph's doubts changes for a client."""

from email.utils import parsedate_to_datetime

from sandbox.company import GRAPH_CLIENT
from sandbox.graph.throttle import REQUESTS, Meter
from tests.unit.sandbox.doubts.stage import Stage, case

ATTACHED = (
    b"From: nora@birch.test\r\nTo: ada@larch.test\r\nSubject: Plan\r\nMIME-Version: 1.0\r\n"
    b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nHi.\r\n'
    b'--b\r\nContent-Type: text/csv\r\nContent-Disposition: attachment; filename="a.csv"\r\n\r\n1,2,3\r\n--b--\r\n'
)


def batch(stage: Stage, *urls: str) -> list[int]:
    """The status of each part, in the order of the parts."""
    parts = [{"id": str(number), "method": "GET", "url": url} for number, url in enumerate(urls)]
    answers = stage.graph("POST", "/v1.0/$batch", {"requests": parts}).json()["responses"]
    return [one["status"] for one in sorted(answers, key=lambda one: int(one["id"]))]


@case("graph.any_category_is_taken", on=200, off=400)
def _(stage: Stage) -> object:
    stage.arrive()
    return stage.graph("PATCH", f"messages/{stage.message()['id']}", {"categories": ["Strange"]}).status_code


@case("graph.attachment_size_has_overhead", on=True, off=False)
def _(stage: Stage) -> object:
    stage.world.mailboxes.put(stage.box, ATTACHED)
    (shown,) = stage.graph("GET", f"messages/{stage.message()['id']}/attachments").json()["value"]
    return shown["size"] > len(b"1,2,3")


@case("graph.batch_takes_delta_links", on=[200], off=[400])
def _(stage: Stage) -> object:
    link = stage.follow(list(stage.pages()))
    return batch(stage, link.partition("/v1.0")[2])


@case("graph.batch_takes_many_mailboxes", on=[200, 200, 200], off=[200, 200, 400])
def _(stage: Stage) -> object:
    ada, ben = "/users/ada@larch.test", "/users/ben@larch.test"
    return batch(stage, f"{ada}/messages", f"{ada}/mailFolders", f"{ben}/messages")


@case("graph.default_page_is_small", on=10, off=12)
def _(stage: Stage) -> object:
    for _n in range(12):
        stage.arrive()
    return len(next(stage.pages())["value"])


@case("graph.filtered_is_counted", on=1, off=None)
def _(stage: Stage) -> object:
    stage.arrive()
    query = "$filter=receivedDateTime ge 2000-01-01T00:00:00Z&$count=true"
    return stage.graph("GET", f"mailFolders/inbox/messages?{query}").json().get("@odata.count")


@case("graph.received_is_finer", on=0, off=1)
def _(stage: Stage) -> object:
    stage.arrive()
    shown = stage.message()["receivedDateTime"]
    listed = stage.graph("GET", f"mailFolders/inbox/messages?$filter=receivedDateTime le {shown}").json()["value"]
    return len(listed)


@case("graph.delete_to_deleted_items", on=1, off=0)
def _(stage: Stage) -> object:
    stage.arrive()
    stage.graph("DELETE", f"messages/{stage.message()['id']}")
    return len(stage.graph("GET", "mailFolders/deleteditems/messages").json()["value"])


@case("graph.denied_by_exchange", on="ErrorAccessDenied", off="Authorization_RequestDenied")
def _(stage: Stage) -> object:
    stage.world.microsoft.apps[GRAPH_CLIENT].only_mailboxes = frozenset(("ben@larch.test",))
    return stage.graph("GET", "messages").json()["error"]["code"]


@case("graph.expired_token_has_claims", on=True, off=False)
def _(stage: Stage) -> object:
    stage.wait(hours=2)
    return "claims=" in stage.graph("GET", "messages").headers["WWW-Authenticate"]


@case("graph.folder_counts_are_changes", on=["Inbox"], off=[])
def _(stage: Stage) -> object:
    link = stage.follow(list(stage.pages("mailFolders/delta")))
    stage.arrive()
    return [row["displayName"] for page in stage.pages(link) for row in page["value"]]


@case("graph.folder_twice_is_folder_exists", on="ErrorFolderExists", off="nameAlreadyExists")
def _(stage: Stage) -> object:
    stage.graph("POST", "mailFolders", {"displayName": "Deals"})
    return stage.graph("POST", "mailFolders", {"displayName": "Deals"}).json()["error"]["code"]


@case("graph.message_id_is_added", on=True, off=False)
def _(stage: Stage) -> object:
    stage.arrive(nameless=True)
    return bool(stage.message()["internetMessageId"])


@case("graph.spam_level_is_told", on=True, off=False)
def _(stage: Stage) -> object:
    stage.world.mailboxes.put(stage.box, b"X-MS-Exchange-Organization-SCL: 6\r\n" + ATTACHED)
    level = "$expand=singleValueExtendedProperties($filter=id eq 'Integer 0x4076')"
    return (
        "singleValueExtendedProperties" in stage.graph("GET", f"messages/{stage.message()['id']}?{level}").json()
    )


@case("graph.mime_as_received", on=True, off=False)
def _(stage: Stage) -> object:
    stage.world.mailboxes.put(stage.box, ATTACHED)
    return stage.graph("GET", f"messages/{stage.message()['id']}/$value").content == ATTACHED


@case("graph.plain_text_stays_text", on="text", off="html")
def _(stage: Stage) -> object:
    stage.arrive()
    return stage.message()["body"]["contentType"]


@case("graph.stale_key_is_irresolvable", on="ErrorIrresolvableConflict", off="resourceModified")
def _(stage: Stage) -> object:
    stage.arrive()
    path = f"messages/{stage.message()['id']}"
    return stage.graph("PATCH", path, {"isRead": True}, If_Match='W/"old"').json()["error"]["code"]


def exhausted(stage: Stage) -> None:
    """The mailbox has had all the requests it may have in ten minutes."""
    meter = stage.world.microsoft.meters[GRAPH_CLIENT, "ada@larch.test"] = Meter()
    meter.requests.extend([stage.clock.now()] * REQUESTS)


@case("graph.retry_after_is_a_date", on="2026-11-20T12:10:00+00:00", off="600")
def _(stage: Stage) -> object:
    exhausted(stage)
    told = stage.graph("GET", "messages").headers["Retry-After"]
    if told.isdigit():
        return told
    return parsedate_to_datetime(told).isoformat()


@case("graph.throttled_names_the_app", on="ApplicationThrottled", off="TooManyRequests")
def _(stage: Stage) -> object:
    exhausted(stage)
    return stage.graph("GET", "messages").json()["error"]["code"]


@case("graph.move_arrives_unseen", on=False, off=True)
def _(stage: Stage) -> object:
    """With immutable ids, seen from the folder a mail is moved to."""
    archive, immutable = "mailFolders/archive/messages/delta", {"Prefer": 'IdType="ImmutableId"'}
    link = stage.follow(list(stage.pages(archive, **immutable)))
    stage.arrive()
    moved = stage.graph("POST", f"messages/{stage.message()['id']}/move", {"destinationId": "archive"})
    assert moved.status_code == 201
    return any(page["value"] for page in stage.pages(link, **immutable))
