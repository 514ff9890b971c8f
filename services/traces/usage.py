"""Tokens and costs of the calls of a trace, each counted once.

The SDK adds what a call's children used to the call's own, but only of children in its own process. What a call used
itself is therefore what it tells, less what its children of the same service tell; what a subtree used is the sum.
"""

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from services.traces.prices import tokens
from services.traces.wire import Document

Prices = Mapping[tuple[str, str], Document]
"""By project and model."""


@dataclass(frozen=True)
class Spent:
    """Tokens, and US dollars where the price is known."""

    read: int = 0
    written: int = 0
    cost: float | None = None

    def __add__(self, other: "Spent") -> "Spent":
        """Add up; an unknown cost beside a known one is left out."""
        known = [cost for cost in (self.cost, other.cost) if cost is not None]
        return Spent(self.read + other.read, self.written + other.written, sum(known) if known else None)


class Call(Protocol):
    """What is needed of a call."""

    @property
    def id(self) -> str:
        """Its id."""

    @property
    def parent_id(self) -> str | None:
        """The id of its parent."""

    @property
    def project(self) -> str:
        """Its project."""

    @property
    def service(self) -> str | None:
        """The service that it ran in."""

    @property
    def usage(self) -> Document:
        """What it and its children in the same process used, by model."""


def newest_prices(file: sqlite3.Connection) -> Prices:
    """Read the newest price of each model in each project."""
    rows = file.execute("SELECT project, model, body FROM prices ORDER BY seq")
    return {(row["project"], row["model"]): json.loads(row["body"]) for row in rows}


def own(calls: Sequence[Call], prices: Prices) -> dict[str, Spent]:
    """Tell what each call of a trace used itself, by its id."""
    by_id = {call.id: call for call in calls}
    below: dict[tuple[str, str], list[Document]] = {}
    for call in calls:
        parent = by_id.get(call.parent_id or "")
        if parent is not None and parent.service == call.service:
            for model, used in call.usage.items():
                below.setdefault((parent.id, model), []).append(used)
    return {
        call.id: total(
            _own(used, below.get((call.id, model), []), prices.get((call.project, model)))
            for model, used in call.usage.items()
        )
        for call in calls
    }


def total(parts: Iterable[Spent]) -> Spent:
    """Add up."""
    return sum(parts, Spent())


def _own(used: object, below: Iterable[object], price: Document | None) -> Spent:
    if not isinstance(used, dict):
        return Spent()
    told = [each for each in below if isinstance(each, dict)]
    counts = [tokens(each) for each in told]
    read = max(0, tokens(used)[0] - sum(count[0] for count in counts))
    written = max(0, tokens(used)[1] - sum(count[1] for count in counts))
    if (paid := _paid(used)) is not None:
        return Spent(read, written, max(0.0, paid - sum(_paid(each) or 0.0 for each in told)))
    if price is None:
        return Spent(read, written)
    return Spent(read, written, read * price["prompt_token_cost"] + written * price["completion_token_cost"])


def _paid(used: Document) -> float | None:
    """Read the US dollars that the endpoint itself told, if it did."""
    cost = used.get("cost")
    return float(cost) if isinstance(cost, int | float) and not isinstance(cost, bool) else None
