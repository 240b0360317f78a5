"""The mailbox's master list of categories."""

from sandbox.graph.context import Context
from sandbox.graph.errors import GraphError, bad_request, item_not_found
from sandbox.graph.switches import CATEGORY_TWICE_IS_409
from sandbox.graph.values import one_of
from sandbox.http import Response
from sandbox.mailboxes import Category

COLORS = ("none", *(f"preset{number}" for number in range(25)))


def list_categories(context: Context) -> Response:
    rows = [_shape(category) for category in context.mailbox.categories]
    return context.answer({"@odata.context": f"{context.metadata}/outlook/masterCategories", "value": rows})


def get_category(context: Context, category: str) -> Response:
    return _one(context, _find(context, category), 200)


def create_category(context: Context) -> Response:
    body = {name: value for name, value in context.body().items() if "@" not in name}
    if set(body) - {"displayName", "color"}:
        raise bad_request("A category has displayName and color.", "RequestBodyRead")
    name = body.get("displayName")
    if not isinstance(name, str) or not name.strip() or len(name) > 255:
        raise bad_request("displayName is missing or too long.", "ErrorInvalidRequest")
    color = _color(body.get("color", "none"))
    if any(one.name.casefold() == name.casefold() for one in context.mailbox.categories):
        status = 409 if context.world.switches.on(CATEGORY_TWICE_IS_409) else 400
        raise GraphError(status, "ErrorDuplicateName", "There is a category of that name already.")
    category = Category(context.store.new_guid(), name, color)
    context.mailbox.categories.append(category)
    return _one(context, category, 201)


def update_category(context: Context, category: str) -> Response:
    found = _find(context, category)
    body = {name: value for name, value in context.body().items() if "@" not in name}
    if set(body) != {"color"}:
        raise bad_request("Only the color of a category can be changed.", "ErrorInvalidPropertySet")
    found.color = _color(body["color"])
    return _one(context, found, 200)


def delete_category(context: Context, category: str) -> Response:
    """The items that bear it keep it, without a colour."""
    context.mailbox.categories.remove(_find(context, category))
    return context.nothing()


def _color(value: object) -> str:
    return one_of(*COLORS)("color", value)


def _find(context: Context, category: str) -> Category:
    for one in context.mailbox.categories:
        if str(one.guid) == category.lower():
            return one
    raise item_not_found()


def _shape(category: Category) -> dict[str, str]:
    return {"id": str(category.guid), "displayName": category.name, "color": category.color}


def _one(context: Context, category: Category, status: int) -> Response:
    odata_context = f"{context.metadata}/outlook/masterCategories/$entity"
    return context.answer({"@odata.context": odata_context, **_shape(category)}, status)
