"""What is found inside the values that calls carry: files, and the prompt that it is all about."""

from collections import deque
from collections.abc import Iterator
from typing import Any

DEEPEST_PROMPT = 3
"""Levels of a call's inputs that are searched for a prompt."""
PROMPT_CHARACTERS = 500
"""Of a prompt that a list can show; the whole of it stays in the call."""


def files(value: Any) -> Iterator[tuple[str, str]]:
    """Give the name and digest of each file that a value refers to, in order.

    The SDK writes what is no JSON as `{"_type": "CustomWeaveType", "files": {name: digest}, …}`.
    """
    waiting = [value]
    while waiting:
        found = waiting.pop()
        if isinstance(found, dict):
            if is_custom(found):
                yield from found["files"].items()
            waiting.extend(reversed(found.values()))
        elif isinstance(found, list):
            waiting.extend(reversed(found))


def is_custom(value: Any) -> bool:
    """Tell whether a value is one that the SDK has put into files."""
    if not isinstance(value, dict) or value.get("_type") != "CustomWeaveType":
        return False
    named = value.get("files")
    return isinstance(named, dict) and all(isinstance(digest, str) for digest in named.values())


def prompt(inputs: Any) -> str | None:
    """Find the text that a call's inputs name `prompt`, the outermost one first."""
    waiting = deque([(inputs, 0)])
    while waiting:
        value, depth = waiting.popleft()
        if not isinstance(value, dict):
            continue
        found = value.get("prompt")
        if isinstance(found, str) and found and not found.startswith("weave:///"):
            return found[:PROMPT_CHARACTERS]
        if depth < DEEPEST_PROMPT:
            waiting.extend((inner, depth + 1) for inner in value.values())
    return None
