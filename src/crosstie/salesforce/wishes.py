"""Values that an administrator wants on new records, as far as the org's fields take them. Pure."""

from collections.abc import Mapping, Sequence

from crosstie.domain.records import RecordDraft, Value
from crosstie.salesforce.describe import FieldInfo, Schema
from crosstie.salesforce.errors import VendorError

TEXTS = ("string", "textarea", "combobox", "phone", "email", "url")
LISTS = ("picklist", "multipicklist")
_ABOUT_A_VALUE = frozenset(
    (
        "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
        "INVALID_TYPE_ON_FIELD_IN_RECORD",
        "STRING_TOO_LONG",
        "INVALID_EMAIL_ADDRESS",
        "JSON_PARSER_ERROR",
    )
)


def taken(draft: RecordDraft, schema: Schema) -> dict[str, Value]:
    """Field → the value that it takes; None where it takes none of those wanted."""
    described = schema.objects.get(draft.object)
    fields = described.fields if described else {}
    return {name: _value(fields.get(name), values) for name, values in draft.wished.items()}


def spoilt(draft: RecordDraft, error: VendorError) -> frozenset[str]:
    """The wishes that a refusal is about: those it names, or all if it is about a value and names none."""
    named = error.named & draft.wished.keys()
    return named or (frozenset(draft.wished) if error.code in _ABOUT_A_VALUE and not error.named else frozenset())


def _value(field: FieldInfo | None, values: Sequence[str]) -> Value:
    if field is None or not field.createable or not values:
        return None
    if field.type in LISTS:
        return _chosen(field, values)
    if field.type == "boolean":
        return {"true": True, "false": False}.get(values[0].casefold())
    fits = field.type in TEXTS and len(values[0]) <= (field.length or len(values[0]))
    return values[0] if fits else None


def _chosen(field: FieldInfo, values: Sequence[str]) -> Value:
    """As the org writes them; all of them must be there."""
    by_name: Mapping[str, str] = {choice.casefold(): choice for choice in field.choices}
    found = [by_name.get(value.casefold()) for value in values]
    known = [one for one in found if one is not None]
    if len(known) < len(found):
        return None
    return ";".join(dict.fromkeys(known)) if field.type == "multipicklist" else known[0]
