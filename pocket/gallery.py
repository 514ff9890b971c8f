"""Writes the sheet of held-out prompts and their pictures: `python -m pocket.gallery docs/pocket.png`."""

from pathlib import Path
from typing import Annotated

import typer

from pocket.evaluation.exam import Sheet, questions
from pocket.evaluation.gallery import gallery
from pocket.eyes import Eyes
from pocket.painter import EYES, brush, load_painter

SHOWN = {"single": 8, "relation": 8, "count": 5, "group": 3}


def show(
    path: Annotated[Path, typer.Argument(help="The PNG to write.")] = Path("docs/pocket.png"),
    seed: Annotated[int, typer.Option(help="One seed for all pictures.")] = 0,
) -> None:
    """Paint the first held-out prompts of each kind, unselected, and write them as one sheet."""
    asked = questions(SHOWN)
    pictures = brush(load_painter())([question.prompt for question in asked], [seed] * len(asked))
    seen = Eyes.load(EYES).look_at(pictures)
    sheets = [Sheet(question, (view,)) for question, view in zip(asked, seen, strict=True)]
    order = sorted(range(len(asked)), key=lambda place: list(SHOWN).index(asked[place].group))
    gallery([sheets[place] for place in order], [pictures[place] for place in order], path)


if __name__ == "__main__":
    typer.run(show)
