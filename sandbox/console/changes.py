"""What a Salesforce user does by hand: create, change, delete, bring back, convert. The org's rules apply."""

from typing import Any

from markupsafe import Markup

from sandbox.console.html import address, button, choice, form, tag, text_field
from sandbox.console.page import Refused, go
from sandbox.console.people import active_users
from sandbox.console.rows import place, title
from sandbox.http import Call, Response
from sandbox.salesforce.ids import Id, normalise
from sandbox.salesforce.records import Row
from sandbox.salesforce.schema import ObjectSchema
from sandbox.salesforce.schema.facts import Field
from sandbox.salesforce.site import Site
from sandbox.salesforce.values import NUMBER_TYPES

CREATED = {
    "Contact": ("FirstName", "LastName", "Email", "AccountId"),
    "Lead": ("FirstName", "LastName", "Email", "Company"),
    "Account": ("Name", "Website"),
}
"""Objects a person can create here, with the fields of the form."""
_NUMBERS = (*NUMBER_TYPES, "int")
_UNTYPED = ("base64", "junctionidlist", "address")


def create_forms(site: Site) -> Markup:
    return tag("div", (_create_form(site, name) for name in CREATED), class_="acts")


def _create_form(site: Site, name: str) -> Markup:
    return form(
        f"create-{name}",
        address(*place(site), "objects", name),
        tag("h2", f"Create {'an' if name[0] in 'AEIOU' else 'a'} {name}"),
        *(_input(site, name, field) for field in CREATED[name]),
        _actor(site),
        button(f"Create {name}"),
    )


def _input(site: Site, name: str, field: str) -> Markup:
    fact = site.org.core.shape(name).field(field)
    if field == "AccountId":
        rows = site.org.core.store.table("Account").rows.values()
        accounts = [(row["Id"], title(site, row)) for row in rows if not row.get("IsDeleted")]
        return choice("Account", field, [("", "none"), *accounts])
    required = fact is not None and not fact.nillable
    return text_field(fact.label if fact else field, field, required=required, autocomplete="off")


def _actor(site: Site, owner: Id = "") -> Markup:
    return choice("Acting as", "as", active_users(site), owner)


def record_forms(site: Site, shape: ObjectSchema, row: Row) -> Markup:
    here, owner = place(site, row["Id"]), str(row.get("OwnerId", ""))
    if row.get("IsDeleted"):
        return form("undelete", address(*here, "undelete"), _actor(site, owner), button("Undelete"))
    verbs = shape.facts.verbs
    forms = []
    if "u" in verbs and shape.field("Email"):
        email = text_field("E-mail address", "value", row.get("Email", ""), autocomplete="off")
        field = tag("input", type="hidden", name="field", value="Email")
        forms.append(
            form("email", address(*here, "change"), field, email, _actor(site, owner), button("Change address"))
        )
    if "u" in verbs:
        forms.append(_change_form(site, shape, here, owner))
    if shape.name == "Lead" and not row.get("IsConverted"):
        deal = text_field("Name of the deal, if there is one", "opportunity", autocomplete="off")
        forms.append(form("convert", address(*here, "convert"), deal, _actor(site, owner), button("Convert lead")))
    if "d" in verbs:
        note = tag("p", "Into the recycle bin, with what hangs on it.")
        forms.append(form("delete", address(*here, "delete"), note, _actor(site, owner), button("Delete")))
    return tag("div", *forms, class_="acts")


def _change_form(site: Site, shape: ObjectSchema, here: tuple[str, ...], owner: Id) -> Markup:
    names = sorted(one.name for one in shape.present() if _changeable(one))
    return form(
        "change",
        address(*here, "change"),
        choice("Field", "field", [(name, name) for name in names]),
        text_field("New value, empty for none", "value", autocomplete="off"),
        _actor(site, owner),
        button("Change field"),
    )


def _changeable(fact: Field) -> bool:
    return fact.updateable and fact.type not in _UNTYPED


def _user(call: Call, site: Site) -> Id:
    chosen = call.request.form.get("as", "")
    if chosen not in {user for user, _ in active_users(site)}:
        raise Refused("Acting as: choose one of the org's active users.")
    return chosen


def create(call: Call, site: Site, name: str) -> Response:
    if name not in CREATED:
        raise Refused(f"The console creates {', '.join(CREATED)}; other records come from the vendors' own calls.")
    given = call.request.form
    fields = {field: given[field].strip() for field in CREATED[name] if given.get(field, "").strip()}
    record_id = site.org.insert(_user(call, site), name, fields)
    return go(*place(site, record_id), done="created")


def change(call: Call, site: Site, record_id: str) -> Response:
    row = _existing(site, record_id)
    shape = site.org.core.shape_of(row["Id"])
    given = call.request.form
    fact = shape.field(given.get("field", ""))
    if fact is None or not _changeable(fact):
        raise Refused(f"Field: {shape.name} has no such field that can be changed here.")
    value = _value(fact, given.get("value", "").strip())
    site.org.update(_user(call, site), shape.name, row["Id"], {fact.name: value})
    return go(*place(site, row["Id"]), done="saved")


def _value(fact: Field, text: str) -> Any:
    """Text as JSON would have it for this field; what does not fit is left for Salesforce to refuse."""
    if fact.type == "boolean":
        words = {"true": True, "yes": True, "false": False, "no": False}
        if text.lower() not in words:
            raise Refused(f"{fact.name}: say yes or no.")
        return words[text.lower()]
    if not text:
        return None
    if fact.type in _NUMBERS:
        try:
            return int(text) if fact.type == "int" else float(text)
        except ValueError:
            raise Refused(f"{fact.name}: give a number.") from None
    return text


def delete(call: Call, site: Site, record_id: str) -> Response:
    row = _existing(site, record_id)
    site.org.delete(_user(call, site), row["Id"])
    if site.org.core.row(row["Id"]) is None:
        return go(*place(site), "objects", site.org.core.shape_of(row["Id"]).name, done="deleted")
    return go(*place(site, row["Id"]), done="deleted")


def undelete(call: Call, site: Site, record_id: str) -> Response:
    row = _existing(site, record_id)
    site.org.undelete(_user(call, site), row["Id"])
    return go(*place(site, row["Id"]), done="restored")


def convert(call: Call, site: Site, record_id: str) -> Response:
    row = _existing(site, record_id)
    if site.org.core.shape_of(row["Id"]).name != "Lead":
        raise Refused("Only a lead can be converted.")
    deal = call.request.form.get("opportunity", "").strip()
    made = site.org.convert_lead(_user(call, site), row["Id"], opportunity=deal or None)
    return go(*place(site, made.contact), done="converted")


def _existing(site: Site, record_id: str) -> Row:
    row = site.org.core.row(normalise(record_id))
    if row is None:
        raise Refused("That record is gone.")
    return row
