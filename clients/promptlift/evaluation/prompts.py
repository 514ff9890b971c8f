"""Prompt sets: the one that ships with the package, and those read from files."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from promptlift.contracts import Prompt
from promptlift.errors import Rejected, explain
from promptlift.evaluation.formats import Row, rows

SHIPPED = {"smoke": "smoke.jsonl"}
REF = "weave:///"
PROMPT = TypeAdapter(Prompt)


@dataclass(frozen=True)
class Case:
    """A prompt of a set, and the category that it stands for; empty when the set has none."""

    prompt: str
    category: str = ""

    @property
    def id(self) -> str:
        """Name it by its words alone, so that neither order nor company matters."""
        return hashlib.sha256(self.prompt.encode()).hexdigest()[:12]


@dataclass(frozen=True)
class PromptSet:
    """Prompts that differ from each other.

    Attributes:
        name: for people; the content decides whether two sets are the same.
        repeated: rows that were left out because their prompt stands before.
    """

    name: str
    cases: tuple[Case, ...]
    repeated: int = 0

    @property
    def sha256(self) -> str:
        """Name the content: every prompt with its category, in order."""
        text = "\n".join(f"{case.category}\t{case.prompt}" for case in self.cases)
        return hashlib.sha256(text.encode()).hexdigest()

    def first(self, count: int | None) -> "PromptSet":
        """Give the first prompts of each category in turn, so that a part covers all of them."""
        if count is None or count >= len(self.cases):
            return self
        places: dict[str, int] = {}
        turns = []
        for index, case in enumerate(self.cases):
            places[case.category] = turn = places.get(case.category, 0) + 1
            turns.append((turn, index))
        kept = sorted(index for _, index in sorted(turns)[:count])
        return PromptSet(self.name, tuple(self.cases[index] for index in kept), self.repeated)


def load(source: str) -> PromptSet:
    """Read a prompt set: a TSV, CSV, JSONL or text file, a Weave dataset's ref, or the name of one of the package's.

    Raises:
        Rejected: there is none, it can't be read, or a prompt in it can't be painted.
    """
    if source in SHIPPED:
        text = (files("promptlift.evaluation") / SHIPPED[source]).read_text(encoding="utf-8")
        return prompt_set(source, rows(SHIPPED[source], text))
    if source.startswith(REF):
        from promptlift.evaluation import datasets  # noqa: PLC0415  it imports weave, which only refs need

        return datasets.fetch(source)
    path = Path(source)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        known = ", ".join(SHIPPED)
        raise Rejected(f"{source} is neither a file nor a prompt set of the package ({known})") from error
    except UnicodeDecodeError as error:
        raise Rejected(f"{source} is not UTF-8: {error}; convert it") from error
    return prompt_set(path.name, rows(str(path), text))


def prompt_set(name: str, found: Sequence[Row]) -> PromptSet:
    """Make a set of rows: each prompt once, each one that the services take.

    Raises:
        Rejected: it is empty, or a row holds no prompt that can be painted; the message names the row.
    """
    cases: dict[str, Case] = {}
    for row in found:
        try:
            prompt = PROMPT.validate_python(" ".join(row.prompt.split()))
        except ValidationError as error:
            raise Rejected(f"{name}, {row.where}: {explain(error)}") from error
        cases.setdefault(prompt, Case(prompt, row.category))
    if not cases:
        raise Rejected(f"{name} holds no prompt")
    return PromptSet(name, tuple(cases.values()), len(found) - len(cases))
