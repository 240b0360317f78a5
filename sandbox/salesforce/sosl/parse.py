"""A SOSL statement: what to find, in which fields, and what to return of which objects."""

import re
from dataclasses import dataclass

from sandbox.salesforce.errors import SalesforceError
from sandbox.salesforce.soql.ast import Column, Path, Query
from sandbox.salesforce.soql.parse import Parser
from sandbox.salesforce.sosl.terms import Terms, malformed, parse_terms

GROUPS = ("ALL", "NAME", "EMAIL", "PHONE", "SIDEBAR")
MOST_ROWS = 2000
_FIND = re.compile(r"\s*FIND\s*\{((?:\\.|[^{}\\])*)\}", re.IGNORECASE | re.DOTALL)
_OPENED = re.compile(r"\s*FIND\s*\{", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Returning:
    """One object to search, as a query on it; `text` is what its places count in."""

    query: Query
    text: str
    list_view: str | None = None
    """USING ListView = name: only rows of that view."""

    @property
    def object_name(self) -> str:
        return self.query.source.names[0]


@dataclass(frozen=True, slots=True)
class Search:
    terms: Terms | None
    group: str = "ALL"
    returning: tuple[Returning, ...] = ()
    """Empty: every object that can be searched."""
    limit: int | None = None


def parse_search(text: str) -> Search:
    found = _FIND.match(text)
    if found is None:
        opened = _OPENED.match(text)
        if opened is None:
            raise malformed("No search term found. The search term must be enclosed in braces.")
        strange = next((at for at in range(opened.end(), len(text)) if text[at] in "{}"), None)
        raise malformed(
            "unexpected token: '<EOF>'"
            if strange is None
            else f"line 1:{strange} mismatched character '{text[strange]}' expecting '}}'"
        )
    terms = parse_terms(found[1])
    blank = " " * found.end()
    try:
        return _Rest(blank + text[found.end() :]).search(terms)
    except SalesforceError as error:
        if error.code == "MALFORMED_QUERY":
            raise malformed(error.message) from None
        raise


def only_ids(object_name: str, at: int = 0) -> Query:
    """What an object is asked for when nothing is said of it."""
    return Query((Column(Path(("Id",), at), None),), Path((object_name,), at), None, count_only=False)


class _Rest(Parser):
    """What stands behind the braces; the text before them is blank, so that places in errors are right."""

    def search(self, terms: Terms | None) -> Search:
        group = "ALL"
        if self.word("IN"):
            group = self.one_of(*GROUPS)
            self.need_word("FIELDS")
        found = self.listed(self.returned) if self.word("RETURNING") else ()
        while self.word("WITH"):
            self.with_option()
        limit = self.whole_number() if self.word("LIMIT") else None
        if limit is not None and limit > MOST_ROWS:
            raise malformed(f"LIMIT must be at most {MOST_ROWS}")
        if self.ahead("UPDATE"):
            raise malformed("UPDATE TRACKING and UPDATE VIEWSTAT are only supported on knowledge articles")
        self.end()
        return Search(terms, group, found, limit)

    def returned(self) -> Returning:
        token = self.name()
        source = Path((token.text,), token.at)
        if not self.mark("("):
            return Returning(only_ids(token.text, token.at), self.text)
        items = self.listed(self.select_item)
        where = self.condition() if self.word("WHERE") else None
        view = self.list_view()
        order = self.listed(self.order_item) if self.word("ORDER", "BY") else ()
        limit = self.whole_number() if self.word("LIMIT") else None
        offset = self.whole_number() if self.word("OFFSET") else 0
        self.need(")")
        query = Query(items, source, None, count_only=False, where=where, order=order, limit=limit, offset=offset)
        return Returning(query, self.text, view)

    def list_view(self) -> str | None:
        if not self.word("USING", "LISTVIEW"):
            return None
        self.need("=")
        return self.name().text

    def with_option(self) -> None:
        """Corrections of spelling are allowed and never made; nothing else is modelled."""
        option = self.name()
        if option.upper != "SPELL_CORRECTION":
            raise malformed(f"WITH {option.text} is not supported")
        self.need("=")
        self.one_of("TRUE", "FALSE")
