"""Completes a terse prompt without a language model: its own words, then details that a seed draws for each slot."""

import random

from pocket.gbnf import open_slots
from pocket.parse import parse


def fill(prompt: str, seed: int) -> str:
    """Add a size, a place and a background where the prompt leaves them open; otherwise return it as it is."""
    kept = prompt.strip().rstrip(".,;!")
    statement = parse(kept).statement
    if not statement.entities:
        return prompt
    chance = random.Random(f"{seed} {kept}")
    return kept + "".join(lead + chance.choice(choices) for lead, choices in open_slots(statement))
