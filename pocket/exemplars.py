"""Pairs of a terse and a descriptive caption, to show a language model how this world completes a prompt."""

from itertools import islice

from pocket.captions import worded
from pocket.statement import terse
from pocket.world import scenes


def exemplars(number: int = 6, start: int = 123) -> list[tuple[str, str]]:
    """Take pairs from trained scenes, each of another number of things or another relation."""
    pairs: dict[str, tuple[str, str]] = {}
    for scene in islice(scenes(held_out=False, start=start), 500):
        kind = f"{scene.statement.things} {[link.relation for link in scene.statement.links]}"
        prompt = worded(terse(scene.statement))
        pairs.setdefault(kind, (prompt, worded(scene.statement, "trailing")))
    return list(pairs.values())[:number]
