"""Prompt sets as Weave datasets: published for others, and fetched by their refs."""

import re
from typing import Any

import weave

from promptlift.errors import Rejected
from promptlift.evaluation.formats import row_of
from promptlift.evaluation.prompts import PromptSet, prompt_set
from promptlift.evaluation.weave_project import opened

REF = re.compile(r"weave:///(?P<entity>[^/]+)/(?P<project>[^/]+)/object/(?P<name>[^/:]+):\S+")
UNUSUAL = re.compile(r"[^\w.-]+")
"""Characters that a name in Weave can't hold."""


def publish(prompts: PromptSet, project: str, entity: str | None, name: str | None, description: str) -> str:
    """Publish a prompt set, and give its ref.

    Raises:
        PromptliftError: the project can't be reached.
    """
    rows = [{"prompt": case.prompt, "category": case.category} for case in prompts.cases]
    with opened(project, entity):
        dataset = weave.Dataset(
            name=name_of(name or prompts.name), description=description or None, rows=weave.Table(rows)
        )
        ref: str = weave.publish(dataset).uri
    return ref


def fetch(ref: str) -> PromptSet:
    """Read a published prompt set; any column named as in a file will do.

    Raises:
        Rejected: the ref is none of a dataset, or its rows hold no prompts.
        Unavailable: the project can't be reached.
    """
    found = REF.fullmatch(ref)
    if found is None:
        raise Rejected(f"{ref!r} is no dataset's ref; it must look like weave:///entity/project/object/name:version")
    with opened(found["project"], found["entity"]):
        try:
            rows = [dict(row) for row in weave.ref(ref).get().rows]
        except (AttributeError, TypeError, ValueError) as error:
            raise Rejected(f"{ref} can't be read as a dataset: {error}") from error
    return prompt_set(ref, [row_of(_plain(row), ref, f"row {number}") for number, row in enumerate(rows, start=1)])


def name_of(text: str) -> str:
    """Make a name that Weave takes, of any name or of a dataset's ref."""
    found = REF.fullmatch(text)
    if found is not None:
        return found["name"]
    return UNUSUAL.sub("-", text).strip("-")


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    """Take values out of Weave's own types, which know where they came from."""
    return {name: str(value) if isinstance(value, str) else value for name, value in row.items()}
