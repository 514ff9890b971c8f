"""Conditions of the query language, as SQL that SQLite runs."""

import json
import sqlite3
from typing import Any

import pytest

from services.traces.conditions import inside, where

DOCUMENTS: list[dict[str, Any]] = [
    {"n": 1, "s": "a", "deep": {"list": [{"x": True}]}},
    {"n": 2.5, "s": "b%", "deep": {"list": []}},
    {"n": "3", "s": None},
    {},
]


def found(expression: dict[str, Any]) -> list[int]:
    file = sqlite3.connect(":memory:")
    file.execute("CREATE TABLE kept (body TEXT)")
    file.executemany("INSERT INTO kept VALUES (?)", [(json.dumps(each),) for each in DOCUMENTS])
    condition = where(expression, lambda name: inside("body", name))
    rows = file.execute(f"SELECT rowid - 1 FROM kept WHERE {condition.text} ORDER BY rowid", condition.values)
    return [row[0] for row in rows]


def field(name: str) -> dict[str, str]:
    return {"$getField": name}


def literal(value: object) -> dict[str, object]:
    return {"$literal": value}


@pytest.mark.parametrize(
    ("expression", "matches"),
    [
        ({"$eq": [field("n"), literal(1)]}, [0]),
        ({"$eq": [field("s"), literal(None)]}, [2, 3]),
        ({"$eq": [field("deep.list.0.x"), literal(True)]}, [0]),
        ({"$eq": [field("deep.list"), literal([])]}, [1]),
        ({"$gt": [field("n"), literal(1)]}, [1]),
        ({"$lte": [field("n"), literal("3")]}, [2]),
        ({"$gte": [{"$convert": {"input": field("n"), "to": "double"}}, literal(2.5)]}, [1, 2]),
        ({"$eq": [{"$convert": {"input": field("deep"), "to": "exists"}}, literal(True)]}, [0, 1]),
        ({"$not": [{"$eq": [field("n"), literal(1)]}]}, [1, 2, 3]),
        ({"$not": [{"$gt": [field("n"), literal(1)]}]}, [0, 2, 3]),
        ({"$in": [field("s"), [literal("a"), literal("b%")]]}, [0, 1]),
        ({"$contains": {"input": field("s"), "substr": literal("%")}}, [1]),
        ({"$contains": {"input": field("s"), "substr": literal("A")}}, []),
        ({"$contains": {"input": field("s"), "substr": literal("A"), "case_insensitive": True}}, [0]),
        ({"$and": [{"$gt": [field("n"), literal(0)]}, {"$eq": [field("s"), literal("a")]}]}, [0]),
        ({"$or": [{"$eq": [field("n"), literal("3")]}, {"$eq": [field("s"), literal("a")]}]}, [0, 2]),
        ({"$eq": [literal("1"), literal("1")]}, [0, 1, 2, 3]),
    ],
)
def test_a_condition_matches_what_it_says(expression: dict[str, Any], matches: list[int]) -> None:
    assert found(expression) == matches
