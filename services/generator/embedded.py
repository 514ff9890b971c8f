"""What is special about painting with the embedded model: how many steps it takes, and which words it never saw."""

from pathlib import Path

from pocket.parse import parse

WEIGHTS = Path(__file__).parents[2] / "pocket" / "weights" / "painter"
STEPS = 20
MOST_NAMED = 8
"""Unknown words that are named; a long prompt has dozens."""


def remarks(prompt: str) -> tuple[str, ...]:
    """Say which words of a prompt the model does not know, or that it names nothing that could be painted."""
    reading = parse(prompt)
    named = ", ".join(reading.unknown[:MOST_NAMED])
    more = len(reading.unknown) - MOST_NAMED
    if reading.unknown:
        return (
            f"the pocket painter knows coloured shapes only, not: {named}{f' and {more} more' if more > 0 else ''}",
        )
    if not reading.statement.entities:
        return ("the pocket painter knows coloured shapes only, and the prompt names none",)
    return ()
