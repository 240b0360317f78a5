"""What servers do although nobody asked: rewriting at rest, repeating, shuffling. Switched, by the dice."""

from collections.abc import Callable
from dataclasses import replace

from sandbox.graph.context import Context
from sandbox.graph.odata import Options
from sandbox.graph.shape import Shape, message_shape
from sandbox.graph.switches import (
    CATEGORIES_DROPPED,
    CHANGE_KEY_MOVES_AT_REST,
    HTML_MOVES_AT_REST,
    ROWS_SHUFFLED,
    ROWS_TWICE,
    SUBJECTS_TRIMMED,
    UNCHANGED_EMITTED,
)
from sandbox.mailboxes import Folder, Message


def rewrite_at_rest(context: Context, folder: Folder) -> None:
    """In one poll of five a message gets another change key, or other HTML that means the same."""
    _tidy(context, folder)
    switches, dice = context.world.switches, context.world.dice
    of_html, of_key = switches.on(HTML_MOVES_AT_REST), switches.on(CHANGE_KEY_MOVES_AT_REST)
    message = _any_message(context, folder) if of_html or of_key else None
    if message is None or dice.random() > 0.2:
        return
    if of_html and message.mail.html:
        html = message.mail.html + f"\r\n<!-- {dice.getrandbits(32):08x} -->"
        message.mail = replace(message.mail, html=html)
    elif not of_key:
        return
    context.store.touch(context.mailbox, message, silently=True)


def _tidy(context: Context, folder: Folder) -> None:
    """In one poll of ten another client drops a message's categories, or the server tidies a subject."""
    on, dice = context.world.switches.on, context.world.dice
    if on(CATEGORIES_DROPPED) and dice.random() < 0.1:
        message = _any_message(context, folder)
        if message is not None and message.categories:
            context.store.set_categories(context.mailbox, message, ())
    if on(SUBJECTS_TRIMMED) and dice.random() < 0.1:
        message = _any_message(context, folder)
        subject = " ".join(message.mail.subject.split()) if message is not None else ""
        if message is not None and subject != message.mail.subject:
            message.mail = replace(message.mail, subject=subject)
            context.store.touch(context.mailbox, message, silently=True)


def disturb(context: Context, folder: Folder, rows: list[Shape], options: Options) -> list[Shape]:
    def unchanged() -> Shape | None:
        message = _any_message(context, folder)
        return message_shape(context, message, options, always_typed=True) if message else None

    return disturbed(context, rows, unchanged)


def disturbed(context: Context, rows: list[Shape], unchanged: Callable[[], Shape | None]) -> list[Shape]:
    """The page as a careless server sends it; an item that occurs twice keeps its last state last.

    `unchanged` gives the row of an item that nothing happened to.
    """
    switches, dice = context.world.switches, context.world.dice
    rows = list(rows)
    if switches.on(UNCHANGED_EMITTED):
        shape = unchanged()
        if shape is not None:
            rows = [shape] * all(row["id"] != shape["id"] for row in rows) + rows
    if switches.on(ROWS_SHUFFLED) and len({row["id"] for row in rows}) == len(rows):
        dice.shuffle(rows)
    if switches.on(ROWS_TWICE) and rows:
        rows.insert(0, dice.choice(rows))
    return rows


def _any_message(context: Context, folder: Folder) -> Message | None:
    numbers = sorted(context.mailbox.contents[folder.number])
    return context.mailbox.messages[context.world.dice.choice(numbers)] if numbers else None
