"""What the tokens of a call cost, by the prices that its project was given; there are no built-in ones."""

import json
import sqlite3
from typing import Any
from uuid import uuid4

from services.traces import moments
from services.traces.conditions import Sql, inside, order, page, where
from services.traces.errors import Refused
from services.traces.wire import Document, Searched
from services.traces.wire_data import NewPrices

NEWEST = "SELECT body FROM prices WHERE project = ? AND model = ? ORDER BY seq DESC LIMIT 1"


def create(file: sqlite3.Connection, request: NewPrices) -> dict[str, Any]:
    """Keep a price for each model."""
    ids = []
    for model, price in request.costs.items():
        body = {"effective_date": moments.iso(moments.now())} | price.model_dump(exclude_none=True)
        body |= {"id": str(uuid4()), "llm_id": model}
        row = (request.project_id, body["id"], model, json.dumps(body))
        file.execute("INSERT INTO prices (project, id, model, body) VALUES (?, ?, ?, ?)", row)
        ids.append([body["id"], model])
    return {"ids": ids}


def query(file: sqlite3.Connection, request: Searched) -> dict[str, Any]:
    """Give the prices that a condition names."""
    wanted = _wanted(request)
    sorting, part = order(request.sort_by, _field, "seq"), page(request.limit, request.offset)
    rows = file.execute(
        f"SELECT body FROM prices WHERE {wanted.text}{sorting.text}{part.text}",
        wanted.values + sorting.values + part.values,
    )
    return {"results": [json.loads(row["body"]) for row in rows]}


def purge(file: sqlite3.Connection, request: Searched) -> dict[str, Any]:
    """Delete the prices that a condition names."""
    if request.query is None:
        raise Refused("query: name what to delete")
    wanted = _wanted(request)
    file.execute(f"DELETE FROM prices WHERE {wanted.text}", wanted.values)
    return {}


def costs(file: sqlite3.Connection, project: str, usage: object) -> dict[str, Document]:
    """Price what a call used of each model, in US dollars; a model without a price is left out."""
    priced = {}
    for model, used in usage.items() if isinstance(usage, dict) else ():
        row = file.execute(NEWEST, (project, model)).fetchone()
        if row is None or not isinstance(used, dict):
            continue
        price, (read, written) = json.loads(row["body"]), tokens(used)
        priced[model] = {
            **used,
            **{name: price[name] for name in ("prompt_token_cost", "completion_token_cost", "effective_date")},
            "prompt_tokens": read,
            "completion_tokens": written,
            "prompt_tokens_total_cost": read * price["prompt_token_cost"],
            "completion_tokens_total_cost": written * price["completion_token_cost"],
        }
    return priced


def tokens(used: Document) -> tuple[int, int]:
    """Tell how many tokens were read and written, under either of the names that providers use."""
    names = (("prompt_tokens", "input_tokens"), ("completion_tokens", "output_tokens"))
    read, written = (next((used[name] for name in pair if _is_count(used.get(name))), 0) for pair in names)
    return int(read), int(written)


def _is_count(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and value > 0


def _wanted(request: Searched) -> Sql:
    condition = where(request.query.expr, _field) if request.query else Sql("1")
    return Sql(f"project = ? AND {condition.text}", (request.project_id, *condition.values))


def _field(name: str) -> Sql:
    return inside("body", name)
