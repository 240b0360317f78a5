"""Which Account a domain stands for, asked of the org itself: by the people there, by website, by name, by key."""

from collections import Counter
from collections.abc import Mapping, Sequence

from crosstie.domain.address import canonical, website_domain
from crosstie.domain.records import ACCOUNT, CONTACT, KEY_FIELD, Housed
from crosstie.salesforce import soql
from crosstie.salesforce.client import Client
from crosstie.salesforce.describe import Schema
from crosstie.salesforce.queries import Row, fetch
from crosstie.salesforce.tracing import IS_PERSON

PEOPLE = 200
"""Contacts of one domain that are looked at, the first ones: whose most of them are is plain by then."""
ACCOUNTS = 50


def accounts(client: Client, schema: Schema, domains: Mapping[str, str]) -> dict[str, Housed]:
    queries = [query for domain, key in domains.items() for query in _queries(schema, domain, key)]
    rows = fetch(client, "accounts", queries, deleted_too=True)
    people = [row for row in rows if "Email" in row and not row["IsDeleted"] and row["AccountId"]]
    companies = [row for row in rows if "Name" in row and not row.get(IS_PERSON)]
    return {domain: _housed(domain, key, people, companies) for domain, key in domains.items()}


def _queries(schema: Schema, domain: str, key: str) -> list[soql.Select]:
    keys = [KEY_FIELD] if schema.shows(ACCOUNT, KEY_FIELD) else []
    persons = [IS_PERSON] if schema.shows(ACCOUNT, IS_PERSON) else []
    is_it = [soql.like("Website", f"%{domain}%"), soql.equal("Name", domain)]
    is_it += [soql.equal(name, key) for name in keys]
    at_domain = [soql.like("Email", f"%@{domain}")]
    at_domain += [soql.equal(name, False) for name in persons if schema.shows(CONTACT, name)]
    fields = ("Id", "Name", "Website", "IsDeleted", "MasterRecordId", *keys, *persons)
    order = ("CreatedDate", "Id")
    return [
        soql.Select(ACCOUNT, fields, soql.any_of(is_it), order, ACCOUNTS),
        soql.Select(CONTACT, ("Id", "AccountId", "Email", "IsDeleted"), soql.every(at_domain), order, PEOPLE),
    ]


def _housed(domain: str, key: str, people: Sequence[Row], companies: Sequence[Row]) -> Housed:
    """A person at a subdomain matched the pattern too, and is somebody else's."""
    at_domain = [row for row in people if canonical(str(row["Email"])).endswith(f"@{domain}")]
    counted = Counter(str(row["AccountId"]) for row in at_domain).most_common(1)
    live = [row for row in companies if not row["IsDeleted"]]
    ours = [row for row in companies if row.get(KEY_FIELD) == key]
    merged = [str(row["MasterRecordId"]) for row in ours if row["MasterRecordId"]]
    return Housed(
        by_people=counted[0][0] if counted else "",
        by_website=_first([row for row in live if website_domain(str(row["Website"] or "")) == domain]),
        by_name=_first([row for row in live if str(row["Name"]).strip().casefold() == domain]),
        ours=_first([row for row in ours if not row["IsDeleted"]]) or next(iter(merged), ""),
        deleted=bool(ours) and all(row["IsDeleted"] for row in ours) and not merged,
    )


def _first(rows: Sequence[Row]) -> str:
    return next((str(row["Id"]) for row in rows), "")
