"""SFDX source of the custom objects and fields that the published SOQL cases name."""

from pathlib import Path

HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
SPACE = 'xmlns="http://soap.sforce.com/2006/04/metadata"'
OBJECTS = (
    "Merchandise__c",
    "Line_Item__c",
    "Mother__c",
    "Daughter__c",
    "Warehouse__c",
    "CustObj__c",
    "SBQQ__Quoteline__c",
)
TEXT = "<type>Text</type><length>80</length>"
PLACE = "<type>Location</type><scale>5</scale>"
SEVERAL = "<type>MultiselectPicklist</type><visibleLines>4</visibleLines><valueSet><valueSetDefinition>{}"
VALUES = "".join(
    f"<value><fullName>{name}</fullName><label>{name}</label></value>" for name in ("AAA", "BBB", "CCC")
)
FIELDS = {
    "Line_Item__c.Merchandise__c": "<type>Lookup</type><referenceTo>Merchandise__c</referenceTo>"
    "<relationshipName>Line_Items</relationshipName>",
    "Mother__c.FirstName__c": TEXT,
    "Mother__c.LastName__c": TEXT,
    "Daughter__c.FirstName__c": TEXT,
    "Daughter__c.Mother_of_Child__c": "<type>Lookup</type><referenceTo>Mother__c</referenceTo>"
    "<relationshipName>Daughters</relationshipName>",
    "Warehouse__c.StreetAddress__c": TEXT,
    "Warehouse__c.Location__c": PLACE,
    "Contact.Location__c": PLACE,
    "Account.Invoice_Type__c": TEXT,
    "CustObj__c.MSP1__c": SEVERAL.format(VALUES) + "</valueSetDefinition></valueSet>",
    "SBQQ__Quoteline__c.SBQQ__Product__c": "<type>Lookup</type><referenceTo>Merchandise__c</referenceTo>"
    "<relationshipName>Quotelines</relationshipName>",
    "SBQQ__Quoteline__c.SBQQ__Quote__c": "<type>Lookup</type><referenceTo>Opportunity</referenceTo>"
    "<relationshipName>Quotelines</relationshipName>",
}


def write(root: Path) -> None:
    for name in OBJECTS:
        body = f"<label>{name}</label><nameField><label>Name</label><type>Text</type></nameField>"
        _file(root / "objects" / name / f"{name}.object-meta.xml", "CustomObject", body)
    for place, body in FIELDS.items():
        owner, _, name = place.partition(".")
        whole = f"<fullName>{name}</fullName><label>{name}</label>{body}"
        _file(root / "objects" / owner / "fields" / f"{name}.field-meta.xml", "CustomField", whole)


def _file(path: Path, kind: str, body: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"{HEAD}<{kind} {SPACE}>{body}</{kind}>")
