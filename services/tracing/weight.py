"""How much memory a call keeps from being freed while it waits to be recorded."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel


def weight(value: Any) -> int:
    """Estimate the bytes that a call's inputs or outputs hold: their text and pictures, which is nearly all."""
    match value:
        case bytes() | bytearray() | str():
            return len(value)
        case BaseModel():
            return sum(map(weight, vars(value).values()))
        case Mapping():
            return sum(map(weight, value.values()))
        case list() | tuple() | set() | frozenset():
            return sum(map(weight, value))
    return 0
