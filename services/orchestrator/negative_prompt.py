"""The negative prompt of a job: the user's own words, and the stock ones where they don't contradict the prompt."""

import re
from importlib.resources import files

from promptlift.contracts import MAX_PROMPT_CHARACTERS

WORD = re.compile(r"\w+")


def stock() -> tuple[str, ...]:
    """Read the terms of the stock negative prompt."""
    text = (files("services.orchestrator") / "prompts" / "stock_negative_prompt.txt").read_text(encoding="utf-8")
    return tuple(term.strip() for term in text.split(",") if term.strip())


def negative_prompt(prompt: str, own: str, stock_terms: tuple[str, ...]) -> str:
    """Join the user's own negative prompt and the stock terms that share no word with the prompt."""
    asked = {word.casefold() for word in WORD.findall(prompt)}
    terms = [term for term in stock_terms if asked.isdisjoint(WORD.findall(term.casefold()))]
    joined = ", ".join([own.strip(), *terms] if own.strip() else terms)
    return joined if len(joined) <= MAX_PROMPT_CHARACTERS else own
