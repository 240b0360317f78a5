"""What Graph does although nobody asked: seen by a client that polls, or that writes and reads again."""

from tests.unit.sandbox.doubts.stage import Stage, case

OFTEN = 50
"""Polls: enough for what happens in one of ten."""


@case("graph.categories_dropped", on=[], off=["Blue"])
def _(stage: Stage) -> object:
    stage.world.mailboxes.set_categories(stage.box, stage.arrive(), ["Blue"])
    list(stage.polls(OFTEN))
    return stage.message()["categories"]


@case("graph.change_key_moves_at_rest", on=True, off=False)
def _(stage: Stage) -> object:
    stage.arrive()
    before = stage.message()["changeKey"]
    list(stage.polls(OFTEN))
    return stage.message()["changeKey"] != before


@case("graph.html_moves_at_rest", on=True, off=False)
def _(stage: Stage) -> object:
    stage.arrive(html="<p>Hi</p>")
    before = stage.message()["body"]
    list(stage.polls(OFTEN))
    return stage.message()["body"] != before


@case("graph.subjects_trimmed", on="Hello there", off="Hello   there")
def _(stage: Stage) -> object:
    stage.arrive("Hello   there")
    list(stage.polls(OFTEN))
    return stage.message()["subject"]


@case("graph.unchanged_emitted", on=True, off=False)
def _(stage: Stage) -> object:
    stage.arrive()
    return any(stage.polls(3))


@case("graph.rows_shuffled", on=False, off=True)
def _(stage: Stage) -> object:
    """Newest first, as a first round is."""
    for number in range(8):
        stage.wait(minutes=1)
        stage.arrive(str(number))
    rounds = [[row["subject"] for row in page["value"]] for _ in range(3) for page in stage.pages()]
    return all(round_ == sorted(round_, reverse=True) for round_ in rounds)


@case("graph.empty_pages", on=True, off=False)
def _(stage: Stage) -> object:
    stage.arrive()
    pages = [page for _ in range(20) for page in stage.pages()]
    return any(not page["value"] and "@odata.nextLink" in page for page in pages)


@case("graph.pages_repeated", on=True, off=False)
def _(stage: Stage) -> object:
    stage.arrive()
    told = [sum(len(page["value"]) for page in stage.pages()) for _ in range(20)]
    return max(told) > 1


@case("graph.delta_tokens_die", on=True, off=False)
def _(stage: Stage) -> object:
    link = stage.follow(list(stage.pages()))
    return any(stage.graph("GET", link).status_code == 410 for _ in range(OFTEN))


@case("graph.tokens_end_early", on=True, off=False)
def _(stage: Stage) -> object:
    fresh = [stage.graph("GET", "messages").status_code for _ in range(OFTEN)]
    assert set(fresh) == {200}, "a fresh token lives"
    stage.wait(minutes=2)
    return any(stage.graph("GET", "messages").status_code == 401 for _ in range(OFTEN))


@case("graph.writes_tell_no_values", on=False, off=True)
def _(stage: Stage) -> object:
    stage.arrive()
    answer = stage.graph("PATCH", f"messages/{stage.message()['id']}", {"isRead": True}).json()
    assert answer["id"] == stage.message()["id"]
    return "subject" in answer


@case("graph.writes_tell_old_stamp", on=False, off=True)
def _(stage: Stage) -> object:
    stage.arrive()
    answer = stage.graph("PATCH", f"messages/{stage.message()['id']}", {"isRead": True}).json()
    assert answer["isRead"] is True
    return answer["changeKey"] == stage.message()["changeKey"]
