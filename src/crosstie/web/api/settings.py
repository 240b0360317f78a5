"""What is set for the person, where it comes from, and changing what is theirs to change."""

from functools import partial
from typing import Annotated, Literal

from ninja import Query, Router

from crosstie.accounts.governance import settings, values
from crosstie.accounts.governance.settings import Explanation
from crosstie.jobs import changing
from crosstie.web.api.gate import Asked, resource
from crosstie.web.api.shapes import SettingsGiven, SettingShape, SettingsShape

router = Router()


@resource(router, "GET", "/settings", SettingsShape)
def get_settings(request: Asked) -> SettingsShape:
    """Every setting: its value, where that comes from, and whether you may change it."""
    caller = request.auth
    found = settings.explain_all(caller.bearer.person.scope, caller.place)
    return SettingsShape(settings=[_shape(one) for one in found if one.name not in settings.OF_ADMINISTRATORS])


@resource(router, "PATCH", "/settings", SettingsShape, acts=True, refusals=(400, 409, 413, 415))
def change_settings(
    request: Asked,
    given: SettingsGiven,
    take_away: Annotated[
        Literal["true", "false"],
        Query(description="Whether it may be done though items are taken out of your calendar by it."),
    ] = "false",
) -> SettingsShape:
    """Change one setting or several: all of them or, with the reasons, none.

    The body has the name of each with its new value; null takes your own value away, so that what applies to
    everybody is in force again. A list replaces your own list as a whole. The answer has those that were named.
    """
    wanted = given.model_dump(by_alias=True, exclude_unset=True)
    change = partial(changing.change, request.auth.bearer.person, wanted, request.auth.actor)
    return SettingsShape(settings=[_shape(one) for one in change(take_away=take_away == "true")])


def _shape(one: Explanation) -> SettingShape:
    return SettingShape(
        name=one.name,
        meaning=one.help,
        value=values.to_json(one.value),
        own=one.own,
        origins=list(one.origins),
        locked_by=one.locked_by,
        may_set=one.may_set,
        sentence=one.sentence,
    )
