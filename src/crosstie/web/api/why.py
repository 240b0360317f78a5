"""The rule that decided, for any item."""

from typing import Annotated

from ninja import Query, Router

from crosstie.accounts.sign_in import api_words
from crosstie.jobs import asking
from crosstie.jobs.asking import Told
from crosstie.web.api import bodies
from crosstie.web.api.gate import Asked, resource
from crosstie.web.api.problems import Mistake, problem
from crosstie.web.api.shapes import LeftOutShape, WhyShape, WhysShape
from crosstie.web.listing import LOOKS

router = Router()
LONGEST = 998
"""Characters of a line of a mail's headers (RFC 5322)."""


@resource(router, "GET", "/why", WhysShape, refusals=(404, 409, 503))
def why(
    request: Asked,
    item: Annotated[
        str,
        Query(
            min_length=1,
            max_length=LONGEST,
            description="The id of an e-mail or calendar item in the mailbox, or a Message-ID with its brackets.",
        ),
    ],
) -> WhysShape:
    """Why an e-mail or a calendar item was saved, left alone, or is waiting: the sentence that the pages show.

    Of an e-mail that lies in several folders each copy is answered for.
    """
    _check(item)
    request.auth.spend("mail", LOOKS)
    mailbox = request.auth.mailbox
    found = asking.why(mailbox.scope, mailbox.mailbox_id, item)
    if not found:
        raise problem(404, api_words.WHY_UNKNOWN)
    return WhysShape(items=[_shape(one) for one in found])


def _check(item: str) -> None:
    try:
        bodies.check_text(item)
    except ValueError as wrong:
        mistake = Mistake("item", api_words.INPUT_BAD.code, api_words.NO_NULL.said())
        raise problem(422, api_words.INPUT_BAD, [mistake]) from wrong


def _shape(one: Told) -> WhyShape:
    return WhyShape(
        item=one.item_id,
        message_id=one.message_id or None,
        code=one.code,
        outcome=one.outcome or None,
        sentence=one.sentence,
        record_url=one.record_url or None,
        left_out=[LeftOutShape(ending=two.ending, count=two.count, code=two.why.value) for two in one.left_out],
    )
