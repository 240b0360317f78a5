"""Judges requests to Graph by Microsoft's own schema; knows neither the product nor the sandbox.

    report = GraphSchema.load().judge((entry.method, entry.path, entry.query, entry.request_body) for entry in log)
    print(report); assert not report.problems

The schema is the CSDL file of v1.0 cut down to mail and calendar (contracts/graph). Names that an open type would
swallow without a word are problems all the same: whoever sends them means a property that is not there.
"""

import base64
import binascii
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote
from uuid import UUID
from xml.etree import ElementTree

from tests.places import SHARED

CSDL = SHARED / "contracts" / "graph" / "graph-v1.0-mail-calendar-subset.csdl"
EDM = "{http://docs.oasis-open.org/odata/ns/edm}"
CUT_OFF = {"outlookUser": {"masterCategories": "Collection(graph.outlookCategory)"}}
"""What the cut left out and requests pass through."""
OUTSIDE = ("/groups",)
"""Beginnings of addresses whose types the cut does not have: counted, not judged."""
BATCH_LIMIT = 20

Call = tuple[str, str, str, bytes]
"""Method, path, query string, body."""


@dataclass(slots=True)
class Report:
    bodies: Counter[str] = field(default_factory=Counter)
    """`METHOD type` → how many bodies were judged."""
    queries: int = 0
    outside: int = 0
    problems: list[str] = field(default_factory=list)

    def add(self, other: "Report") -> None:
        self.bodies += other.bodies
        self.queries += other.queries
        self.outside += other.outside
        self.problems += other.problems

    def __str__(self) -> str:
        kinds = ", ".join(f"{count} × {kind}" for kind, count in sorted(self.bodies.items()))
        total = sum(self.bodies.values())
        beside = f"{self.outside} outside of the schema, " if self.outside else ""
        return f"{total} Graph bodies ({kinds}), {self.queries} queries, {beside}{len(self.problems)} problems"


TOTAL = Report()
"""Everything that was judged in this process, for a summary at the end of a run."""


@dataclass(frozen=True, slots=True)
class Shape:
    """An entity or complex type, or an action's parameters, with everything inherited."""

    name: str
    members: Mapping[str, str]
    """Property or parameter → type."""
    navigation: Mapping[str, str]
    required: frozenset[str] = frozenset()


ROOTS = {"users": "user", "me": "user", "subscriptions": "subscription"}
"""First word of an address → the type it leads to."""


class GraphSchema:
    def __init__(self, root: ElementTree.Element) -> None:
        self._types = {
            element.get("Name", ""): element
            for kind in ("EntityType", "ComplexType", "EnumType")
            for element in root.iter(EDM + kind)
        }
        self._operations: dict[tuple[str, str], ElementTree.Element] = {}
        for element in [*root.iter(EDM + "Action"), *root.iter(EDM + "Function")]:
            bound = element.find(EDM + "Parameter")
            if bound is not None:
                self._operations[_short(bound.get("Type", "")), element.get("Name", "")] = element

    @classmethod
    def load(cls, path: Path = CSDL) -> "GraphSchema":
        return cls(ElementTree.parse(path).getroot())

    def judge(self, calls: Iterable[Call]) -> Report:
        report = Report()
        for method, path, query, body in calls:
            self._judge_call(report, method, path, query, body)
        return report

    def _judge_call(self, report: Report, method: str, path: str, query: str, body: bytes) -> None:
        where = f"{method} {path}"
        try:
            value = json.loads(body) if body else None
        except ValueError:
            report.problems.append(f"{where}: the body is no JSON")
            return
        if path.endswith("/$batch"):
            self._judge_batch(report, value)
        else:
            self._judge_one(report, method, path.removeprefix("/v1.0"), query, value)

    def _judge_batch(self, report: Report, value: Any) -> None:
        report.bodies["POST $batch"] += 1
        requests = value.get("requests") if isinstance(value, dict) else None
        if not isinstance(requests, list) or not 1 <= len(requests) <= BATCH_LIMIT:
            report.problems.append("$batch: 1 to 20 requests are needed")
            return
        report.problems += [f"$batch: {problem}" for problem in _batch_problems(requests)]
        for one in requests:
            path, _, query = one["url"].partition("?")
            self._judge_one(report, one["method"], path, query, one.get("body"))

    def _judge_one(self, report: Report, method: str, path: str, query: str, value: Any) -> None:
        where = f"{method} {path}"
        if path.startswith(OUTSIDE):
            report.outside += 1
            return
        found = self._resolve(path)
        if found is None:
            report.problems.append(f"{where}: the schema has no such address")
            return
        shape, operation = found
        if query:
            report.queries += 1
            report.problems += [f"{where}: {problem}" for problem in self._query_problems(shape, query)]
        if method == "GET" or value is None:
            return
        report.bodies[f"{method} {operation or shape.name}"] += 1
        if operation:
            shape = self._parameters(shape.name, operation)
        report.problems += [f"{where}: {problem}" for problem in self._object(shape, value, method == "POST")]

    def _resolve(self, path: str) -> tuple[Shape, str] | None:
        """The type an address speaks of, and the operation at its end if there is one."""
        words = [unquote(word) for word in re.sub(r"\('([^']*)'\)", r"/\1", path).split("/") if word]
        if not words or words[0] not in ROOTS:
            return None
        shape, rest = self._shape(ROOTS[words[0]]), words[1 if words[0] == "me" else 2 :]
        collection = False
        while rest:
            word = rest.pop(0)
            plain = word.removeprefix("microsoft.graph.").removesuffix("()")
            if word == "$value":
                continue
            if plain in shape.navigation and not collection:
                type_ = shape.navigation[plain]
                shape, collection = self._shape(_short(type_)), type_.startswith("Collection(")
            elif not collection and (part := self._part(shape, plain)):
                shape = part
            elif (shape.name, plain) in self._operations:
                return shape, plain
            elif collection:
                collection = False
            else:
                return None
        return shape, ""

    def _part(self, shape: Shape, name: str) -> Shape | None:
        """A property that has properties of its own can be asked for by itself."""
        type_ = _short(shape.members.get(name, ""))
        element = self._types.get(type_)
        return self._shape(type_) if element is not None and element.tag == EDM + "ComplexType" else None

    def _query_problems(self, shape: Shape, query: str) -> Iterator[str]:
        for name, value in parse_qsl(query, keep_blank_values=True):
            if name == "$select":
                for one in value.split(","):
                    if one not in shape.members and one not in shape.navigation and one != "id":
                        yield f"$select: {shape.name} has no {one}"
            if name == "$expand" and value.partition("(")[0] not in shape.navigation:
                yield f"$expand: {shape.name} leads to no {value.partition('(')[0]}"
            if name in ("$filter", "$orderby"):
                first = re.split(r"[ /(]", value.strip())[0]
                if first not in shape.members and first not in shape.navigation:
                    yield f"{name}: {shape.name} has no {first}"

    def _shape(self, name: str) -> Shape:
        members: dict[str, str] = {}
        navigation: dict[str, str] = dict(CUT_OFF.get(name, {}))
        required: set[str] = set()
        element = self._types.get(name)
        while element is not None:
            for one in element.findall(EDM + "Property"):
                members[one.get("Name", "")] = one.get("Type", "")
                if one.get("Nullable") == "false":
                    required.add(one.get("Name", ""))
            for one in element.findall(EDM + "NavigationProperty"):
                navigation[one.get("Name", "")] = one.get("Type", "")
            element = self._types.get(_short(element.get("BaseType", "")))
        return Shape(name, members, navigation, frozenset(required))

    def _parameters(self, bound: str, operation: str) -> Shape:
        """Microsoft's pages and samples write parameters in camel case, its schema some in Pascal case."""
        parameters = self._operations[bound, operation].findall(EDM + "Parameter")[1:]
        names = {_camel(one.get("Name", "")): one for one in parameters}
        required = {name for name, one in names.items() if one.get("Nullable") == "false"}
        members = {name: one.get("Type", "") for name, one in names.items()}
        return Shape(operation, members, {}, frozenset(required))

    def _object(self, shape: Shape, value: Any, whole: bool = False) -> Iterator[str]:
        if not isinstance(value, dict):
            yield f"{shape.name}: an object is needed"
            return
        if derived := value.get("@odata.type"):
            shape = self._shape(_short(str(derived).lstrip("#")))
        for name, inner in value.items():
            if name == "@odata.type":
                continue
            type_ = shape.members.get(name) or shape.navigation.get(name)
            if type_ is None:
                yield f"{shape.name} has no {name}"
            elif inner is None:
                if name in shape.required:
                    yield f"{shape.name}.{name} must not be null"
            else:
                yield from self._value(f"{shape.name}.{name}", type_, inner)
        if whole and not shape.navigation:
            yield from (f"{shape.name} lacks {name}" for name in sorted(shape.required - {"id"} - set(value)))

    def _value(self, where: str, type_: str, value: Any) -> Iterator[str]:
        if type_.startswith("Collection("):
            if not isinstance(value, list):
                yield f"{where}: a list is needed"
                return
            for one in value:
                yield from self._value(where, type_[len("Collection(") : -1], one)
        elif type_.startswith("Edm."):
            if not _is_primitive(type_, value):
                yield f"{where}: {value!r} is no {type_}"
        elif (element := self._types.get(_short(type_))) is None:
            yield f"{where}: the schema lacks {type_}"
        elif element.tag == EDM + "EnumType":
            if value not in {one.get("Name") for one in element.findall(EDM + "Member")}:
                yield f"{where}: {value!r} is no {_short(type_)}"
        else:
            yield from self._object(self._shape(_short(type_)), value)


def _batch_problems(requests: list[Any]) -> Iterator[str]:
    """https://learn.microsoft.com/graph/json-batching: all parallel, or one chain."""
    ids = [one.get("id") for one in requests]
    if len({str(one).lower() for one in ids}) != len(ids) or not all(isinstance(one, str) for one in ids):
        yield "ids are unique texts"
    before: str | None = None
    chained = [one for one in requests if one.get("dependsOn")]
    for one in requests:
        if chained and before is not None and one.get("dependsOn") != [before]:
            yield "neither all parallel nor one chain"
        before = one.get("id")
        headers = {str(name).lower() for name in one.get("headers", {})}
        if one.get("body") is not None and "content-type" not in headers:
            yield f"request {before} has a body and no Content-Type"
        if not str(one.get("url", "")).startswith("/"):
            yield f"request {before} has no relative address"


def _is_primitive(type_: str, value: Any) -> bool:
    match type_:
        case "Edm.String":
            return isinstance(value, str)
        case "Edm.Boolean":
            return isinstance(value, bool)
        case "Edm.Int32" | "Edm.Int64":
            bits = 31 if type_ == "Edm.Int32" else 63
            return isinstance(value, int) and not isinstance(value, bool) and -(2**bits) <= value < 2**bits
        case "Edm.Double" | "Edm.Single" | "Edm.Decimal":
            return isinstance(value, int | float) and not isinstance(value, bool)
        case "Edm.DateTimeOffset":
            return _parses(lambda: datetime.fromisoformat(value).utcoffset() is not None)
        case "Edm.Date":
            return _parses(lambda: date.fromisoformat(value) is not None)
        case "Edm.TimeOfDay":
            return _parses(lambda: time.fromisoformat(value) is not None)
        case "Edm.Guid":
            return _parses(lambda: UUID(value) is not None)
        case "Edm.Binary":
            return _parses(lambda: base64.b64decode(value, validate=True) is not None)
        case _:
            return False


def _parses(read: Any) -> bool:
    try:
        return bool(read())
    except (ValueError, TypeError, AttributeError, binascii.Error):
        return False


def _short(type_: str) -> str:
    inner = type_[len("Collection(") : -1] if type_.startswith("Collection(") else type_
    return inner.rpartition(".")[2]


def _camel(name: str) -> str:
    return name[:1].lower() + name[1:]
