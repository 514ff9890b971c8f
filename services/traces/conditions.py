"""The SDK's query language as SQL, so that the database does the searching.

An expression is a tree of `{"$and": […]}`, `$or`, `$not`, `$eq`, `$gt`, `$gte`, `$lt`, `$lte`, `$in` and `$contains`
over `{"$getField": "a.b"}`, `{"$literal": value}` and `{"$convert": {"input": …, "to": type}}`.
"""

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.traces import moments
from services.traces.errors import Refused
from services.traces.wire import SortBy

DEEPEST = 40
"""Levels of an expression; SQLite itself has a limit far above."""
COMPARISONS = {"$gt": ">", "$gte": ">=", "$lt": "<", "$lte": "<="}
CASTS = {"double": "REAL", "int": "INTEGER", "bool": "INTEGER", "string": "TEXT"}
PART = re.compile(r'[^"\\]{1,200}')


@dataclass(frozen=True)
class Sql:
    """A piece of SQL with the values of its question marks."""

    text: str
    values: tuple[Any, ...] = ()
    is_time: bool = False
    """Whether it is a point in time, in seconds since 1970."""


Fields = Callable[[str], Sql]
"""Gives the SQL of a field by its name, such as `inputs.prompt`."""


def where(expression: dict[str, Any], fields: Fields, depth: int = 0) -> Sql:
    """Translate a condition.

    Raises:
        Refused: it is none of the language, or nested too deeply.
    """
    operator, operands = _single(expression, depth)
    match operator:
        case "$and" | "$or":
            parts = [where(each, fields, depth + 1) for each in _several(operator, operands)]
            return Sql(f"({f' {operator[1:]} '.join(part.text for part in parts)})", _values(*parts))
        case "$not":
            inner = where(_several(operator, operands)[0], fields, depth + 1)
            return Sql(f"NOT coalesce({inner.text}, 0)", inner.values)
        case "$eq":
            left, right = _pair(operator, operands, fields, depth)
            return Sql(f"({left.text} IS {right.text})", _values(left, right))
        case "$in":
            return _among(operands, fields, depth)
        case "$contains":
            return _contained(operands, fields, depth)
    if operator not in COMPARISONS:
        raise Refused(f"{operator!r} is no condition of the query language")
    left, right = _pair(operator, operands, fields, depth)
    same = f"(typeof({left.text}) = 'text') = (typeof({right.text}) = 'text')"
    both = f"({same} AND {left.text} {COMPARISONS[operator]} {right.text})"
    return Sql(both, _values(left, right, left, right))


def order(sort_by: Sequence[SortBy] | None, fields: Fields, default: str) -> Sql:
    """Translate what to sort by."""
    terms = [(fields(each.field), each.direction) for each in sort_by or []]
    text = ", ".join([*(f"{term.text} {direction}" for term, direction in terms), default])
    return Sql(f" ORDER BY {text}", _values(*(term for term, _ in terms)))


def page(limit: int | None, offset: int | None) -> Sql:
    """Translate which part of the results is wanted."""
    return Sql(" LIMIT ? OFFSET ?", (-1 if limit is None else limit, offset or 0))


def among(column: str, wanted: Sequence[str | int]) -> Sql:
    """Make a condition on a column by a list of any length."""
    return Sql(f"{column} IN (SELECT value FROM json_each(?))", (json.dumps(list(wanted)),))


def all_of(conditions: Sequence[Sql]) -> Sql:
    """Join conditions."""
    return Sql(" AND ".join(each.text for each in conditions), _values(*conditions))


def inside(column: str, path: str) -> Sql:
    """Give a value inside a JSON document by its dotted path.

    Raises:
        Refused: a name in it holds a quotation mark or a backslash.
    """
    steps = []
    for part in path.split("."):
        if not PART.fullmatch(part):
            raise Refused(
                f"the field {path[:100]!r} can't be searched; a name in it is empty or holds a quotation mark"
            )
        steps.append(f"[{int(part)}]" if part.isascii() and part.isdigit() else f'."{part}"')
    return Sql(f"json_extract({column}, ?)", ("$" + "".join(steps),))


def _single(expression: object, depth: int) -> tuple[str, Any]:
    if depth > DEEPEST:
        raise Refused(f"the query is nested more than {DEEPEST} levels deep")
    if not isinstance(expression, dict) or len(expression) != 1:
        raise Refused(f"{str(expression)[:100]} is no expression of the query language: it must have one key")
    return next(iter(expression.items()))


def _several(operator: str, operands: object) -> list[Any]:
    if not isinstance(operands, list) or not operands:
        raise Refused(f"{operator} needs a list of operands, got {str(operands)[:100]}")
    return operands


def _pair(operator: str, operands: object, fields: Fields, depth: int) -> tuple[Sql, Sql]:
    parts = _several(operator, operands)
    if len(parts) != 2:
        raise Refused(f"{operator} needs two operands, got {len(parts)}")
    left, right = (_operand(part, fields, depth + 1) for part in parts)
    return _timed(left, right), _timed(right, left)


def _among(operands: object, fields: Fields, depth: int) -> Sql:
    parts = _several("$in", operands)
    if len(parts) != 2 or not isinstance(parts[1], list):
        raise Refused("$in needs an operand and a list of operands")
    left = _operand(parts[0], fields, depth + 1)
    choices = [_timed(_operand(part, fields, depth + 1), left) for part in parts[1]]
    return Sql(f"{left.text} IN ({', '.join(choice.text for choice in choices)})", _values(left, *choices))


def _contained(operands: object, fields: Fields, depth: int) -> Sql:
    if not isinstance(operands, dict) or not {"input", "substr"} <= operands.keys():
        raise Refused("$contains needs an input and a substr")
    text, part = (_operand(operands[name], fields, depth + 1) for name in ("input", "substr"))
    if operands.get("case_insensitive"):
        return Sql(f"instr(lower({text.text}), lower({part.text})) > 0", _values(text, part))
    return Sql(f"instr({text.text}, {part.text}) > 0", _values(text, part))


def _operand(expression: object, fields: Fields, depth: int) -> Sql:
    kind, value = _single(expression, depth)
    match kind:
        case "$getField":
            return fields(str(value))
        case "$literal":
            return Sql("?", (_plain(value),))
        case "$convert" if isinstance(value, dict) and "input" in value:
            inner = _operand(value["input"], fields, depth + 1)
            if value.get("to") == "exists":
                return Sql(f"({inner.text} IS NOT NULL)", inner.values)
            if value.get("to") not in CASTS:
                raise Refused(f"$convert to {value.get('to')!r} is not known; use {', '.join(CASTS)} or exists")
            return Sql(f"CAST({inner.text} AS {CASTS[value['to']]})", inner.values)
    condition = where({kind: value}, fields, depth)
    return Sql(f"({condition.text})", condition.values)


def _plain(value: object) -> object:
    """Give a literal as the database compares it: objects and lists as the JSON text that it extracts."""
    return json.dumps(value, separators=(",", ":")) if isinstance(value, dict | list) else value


def _timed(term: Sql, other: Sql) -> Sql:
    """Read a literal as a point in time where it stands beside one."""
    if not other.is_time or len(term.values) != 1 or not isinstance(term.values[0], str) or term.text != "?":
        return term
    try:
        moment = datetime.fromisoformat(term.values[0])
    except ValueError as error:
        raise Refused(f"{term.values[0][:60]!r} is no point in time; write it as 2026-01-31T12:00:00Z") from error
    return Sql("?", (moments.of(moment) / 1e6,))


def _values(*parts: Sql) -> tuple[Any, ...]:
    return tuple(value for part in parts for value in part.values)
