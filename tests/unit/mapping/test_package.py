"""The names in `mapping/fields.py` are those of `salesforce-package/`, and the package is in order."""

from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from crosstie.domain.keys import child_key, record_key
from crosstie.domain.records import KEY_FIELD
from crosstie.mapping.fields import INBOUND, OUTBOUND, PACKAGE
from crosstie.mapping.package import ALL, metadata
from tests.places import ROOT

SOURCE = ROOT / "salesforce-package/force-app/main/default"
NAMESPACE = "{http://soap.sforce.com/2006/04/metadata}"
ROOTS = {
    "field": "CustomField",
    "permissionset": "PermissionSet",
    "eca": "ExternalClientApplication",
    "ecaOauth": "ExtlClntAppOauthSettings",
    "ecaGlblOauth": "ExtlClntAppGlobalOauthSettings",
}
FILES = sorted((ROOT / "salesforce-package").rglob("*-meta.xml"))
FIELD_FILES = sorted(SOURCE.glob("objects/*/fields/*.field-meta.xml"))


def text(path: Path, *tags: str) -> str:
    return etree.parse(path).findtext("/".join(NAMESPACE + tag for tag in tags)) or ""


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_metadata_is_well_formed_and_its_elements_are_in_order(path: Path) -> None:
    root = etree.parse(path).getroot()
    kind = path.name.removesuffix("-meta.xml").rpartition(".")[2]
    assert root.tag == NAMESPACE + ROOTS[kind]
    names = [child.tag for child in root]
    assert [name for name in names if name != NAMESPACE + "fullName"] == sorted(
        name for name in names if name != NAMESPACE + "fullName"
    )


def test_the_package_has_the_fields_and_no_others() -> None:
    found: dict[str, set[str]] = {}
    for path in FIELD_FILES:
        name = path.name.removesuffix(".field-meta.xml")
        assert text(path, "fullName") == name
        found.setdefault(path.parent.parent.name, set()).add(name)
    assert found == {owner: set(names) for owner, names in PACKAGE.items()}


@pytest.mark.parametrize("owner", [owner for owner, names in PACKAGE.items() if KEY_FIELD in names])
def test_keys_are_unique_and_have_room(owner: str) -> None:
    path = SOURCE / f"objects/{owner}/fields/{KEY_FIELD}.field-meta.xml"
    assert [text(path, tag) for tag in ("type", "externalId", "unique", "caseSensitive")] == [
        "Text",
        *["true"] * 3,
    ]
    longest = max(len(record_key("n", 10**6)), len(child_key(record_key("n"), "part")))
    assert longest <= int(text(path, "length"))


def test_direction_takes_our_values_only() -> None:
    path = SOURCE / "objects/Activity/fields/Crosstie_Direction__c.field-meta.xml"
    values = etree.parse(path).iterfind(".//" + NAMESPACE + "value/" + NAMESPACE + "fullName")
    assert [value.text for value in values] == [INBOUND, OUTBOUND]


@pytest.mark.parametrize(("name", "editable"), [("Crosstie_Integration", "true"), ("Crosstie_User", "false")])
def test_permission_sets_grant_every_field(name: str, editable: str) -> None:
    """Fields of Activity are granted under the names of Task and Event."""
    tree = etree.parse(SOURCE / f"permissionsets/{name}.permissionset-meta.xml")
    granted = {
        grant.findtext(NAMESPACE + "field"): grant.findtext(NAMESPACE + "editable")
        for grant in tree.iterfind(NAMESPACE + "fieldPermissions")
    }
    owners = {"Activity": ("Task", "Event")}
    wanted = {
        f"{shown}.{name}"
        for owner, names in PACKAGE.items()
        for shown in owners.get(owner, (owner,))
        for name in names
    }
    assert granted == dict.fromkeys(wanted, editable)


def plain(element: "etree._Element") -> Any:
    """As JSON has it."""
    if not len(element):
        told = element.text or ""
        return {"true": True, "false": False}.get(told, int(told) if told.isdigit() else told)
    found: dict[str, Any] = {}
    for child in element:
        name = str(child.tag).removeprefix(NAMESPACE)
        found[name] = [*found[name], plain(child)] if name in found else plain(child)
        if name == "value" and not isinstance(found[name], list):
            found[name] = [found[name]]
    return found


@pytest.mark.parametrize(("owner", "name"), ALL)
def test_an_org_is_told_the_same_as_the_package_says(owner: str, name: str) -> None:
    found = plain(etree.parse(SOURCE / f"objects/{owner}/fields/{name}.field-meta.xml").getroot())
    assert found.pop("fullName") == name
    assert metadata(owner, name) == found


def test_nothing_private_is_in_the_package() -> None:
    """Consumer keys and secrets belong to one org; retrieving the app would put them there."""
    assert list(SOURCE.rglob("*.ecaGlblOauth-meta.xml")) == []
    assert not any("consumerKey" in path.read_text() for path in FILES)


def test_every_field_is_explained() -> None:
    page = (ROOT / "salesforce-package/README.md").read_text()
    assert [name for names in PACKAGE.values() for name in names if f"`{name}`" not in page] == []
