"""How prompt sets are written down: TSV and CSV with a header, JSONL, and plain text.

Recognised by their columns: PartiPrompts (`Prompt`, `Category`), DrawBench (`Prompts`, `Category`), DSG-1k (`item_id`,
`text`, one row for each question), GenEval (`prompt`, `tag`), and any other table with a column named like these.
"""

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from promptlift.errors import Rejected

PROMPT_COLUMNS = ("prompt", "prompts", "base_prompt", "text", "caption")
CATEGORY_COLUMNS = ("category", "tag", "categories")
ITEM_COLUMN = "item_id"
"""DSG-1k's name of a prompt, such as `whoops_5`; what stands before the number is the set that it was taken from."""
NUMBERED = re.compile(r"[_-]?\d+$")


class Tabs(csv.excel_tab):
    """PartiPrompts quotes nothing, and some of its prompts begin with a quotation mark."""

    quoting = csv.QUOTE_NONE


TABLES: dict[str, type[csv.Dialect]] = {".tsv": Tabs, ".csv": csv.excel}
LINES = (".jsonl", ".ndjson")
PLAIN = ".txt"


@dataclass(frozen=True)
class Row:
    """One prompt as it was found.

    Attributes:
        where: names its place for whoever must mend it.
    """

    prompt: str
    category: str
    where: str


def rows(name: str, text: str) -> list[Row]:
    """Read what a file of this name holds.

    Raises:
        Rejected: the name's ending is unknown, or no column holds prompts.
    """
    ending = PurePath(name).suffix.lower()
    if ending in TABLES:
        return list(_of_table(name, text, TABLES[ending]))
    if ending in LINES:
        return list(_of_lines(name, text))
    if ending == PLAIN:
        lines = enumerate(text.splitlines(), start=1)
        return [Row(line, "", f"line {number}") for number, line in lines if line.strip()]
    known = ", ".join([*TABLES, *LINES, PLAIN])
    raise Rejected(f"{name} ends in {ending or 'nothing'}; name the file by what it holds: {known}")


def row_of(entry: Mapping[str, Any], name: str, where: str) -> Row:
    """Find the prompt and its category in one entry of a table.

    Raises:
        Rejected: no column is named like one that holds prompts.
    """
    columns = {str(column).strip().lower(): value for column, value in entry.items()}
    prompt = _first(columns, PROMPT_COLUMNS)
    if not isinstance(prompt, str):
        found, wanted = ", ".join(map(str, entry)), ", ".join(PROMPT_COLUMNS)
        raise Rejected(f"{name}, {where}: no column holds a prompt (found: {found}); name one of them {wanted}")
    category = _first(columns, CATEGORY_COLUMNS)
    if category is None and ITEM_COLUMN in columns:
        category = NUMBERED.sub("", str(columns[ITEM_COLUMN]))
    return Row(prompt, str(category or ""), where)


def _first(columns: Mapping[str, Any], names: Sequence[str]) -> Any:
    return next((columns[name] for name in names if columns.get(name)), None)


def _of_table(name: str, text: str, dialect: type[csv.Dialect]) -> Iterator[Row]:
    reader = csv.DictReader(io.StringIO(text), dialect=dialect)
    try:
        for entry in reader:
            yield row_of({column: value for column, value in entry.items() if column}, name, f"line {reader.line_num}")
    except csv.Error as error:
        raise Rejected(f"{name}, line {reader.line_num}: {error}") from error


def _of_lines(name: str, text: str) -> Iterator[Row]:
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            entry = json.loads(line)
        except ValueError as error:
            raise Rejected(f"{name}, line {number}: {error}; write one JSON object a line") from error
        if isinstance(entry, str):
            yield Row(entry, "", f"line {number}")
        elif isinstance(entry, dict):
            yield row_of(entry, name, f"line {number}")
        else:
            raise Rejected(f"{name}, line {number}: holds {line[:40]}; write an object with a prompt, or a string")
