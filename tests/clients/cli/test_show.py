"""How answers look on a terminal."""

import io

from rich.console import Console

from promptlift.cli import show
from promptlift.contracts import JudgedFact, Judgement


def test_a_judgement_is_printed_with_what_was_seen_of_each_fact() -> None:
    facts = (
        JudgedFact(id=1, kind="entity", question="Are there apples?", evidence="[both] red", vote=1, holds=True),
        JudgedFact(id=2, kind="count", question="Are there three?", evidence="four in a row", vote=0, holds=False),
    )
    judgement = Judgement(
        status="ok",
        score=0.25,
        verdict="incorrect",
        reasoning="1 of 2 facts hold.",
        facts=facts,
        flags=("overlay_text",),
        model="m",
        rubric_version="1",
    )
    console = Console(width=100, record=True, quiet=False, file=io.StringIO())

    show.print_judgement(console, judgement)

    lines = [" ".join(line.split()) for line in console.export_text().splitlines()]
    assert lines == [
        "incorrect, score 0.25: 1 of 2 facts hold.",
        "flagged: overlay_text",
        "yes Are there apples? [both] red",
        "no Are there three? four in a row",
    ]
