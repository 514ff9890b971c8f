"""The embedded judge: a parser that takes prompts of the shapes world apart, and small eyes that see that world.

What it can't read it says so and gives no score: a picture of a frog is none of its business.
"""

import asyncio
import hashlib
import importlib.util
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from PIL import Image

from pocket.answers import account, answer, count
from pocket.facts import facts
from pocket.parse import Reading, parse
from pocket.sight import SeenScene
from promptlift.contracts import MAX_FACTS, Fact
from services.judge.claims import claimed, written
from services.judge.eyes import Look, Observation
from services.judge.opinion import NoOpinion
from services.judge.pictures import Prepared

NAME = "pocket-eyes"
POCKET = Path(__file__).parents[2] / "pocket"
WEIGHTS = POCKET / "weights" / "eyes"
SOURCES = ("answers.py", "eyes.py", "facts.py", "grammar.json", "lexicon.py", "parse.py", "retina.py", "statement.py")
"""Files of pocket that answers depend on beside the weights."""
MOST_NAMED = 8
"""Unknown words that are named; a long prompt has dozens."""


class Sight(Protocol):
    """What looks at pixels."""

    def look(self, picture: Image.Image) -> SeenScene:
        """Report what is in a picture of any size."""


def trouble() -> str | None:
    """Say why the embedded eyes can't be used here, if so."""
    missing = [name for name in ("torch", "safetensors") if importlib.util.find_spec(name) is None]
    if missing:
        return f"the embedded eyes need {' and '.join(missing)}, which this installation lacks"
    return None if (WEIGHTS / "model.safetensors").exists() else f"the embedded eyes are not in {WEIGHTS}"


def open_eyes() -> "PocketEyes":
    """Load the eyes."""
    import torch  # noqa: PLC0415  not in every image

    from pocket.eyes import Eyes  # noqa: PLC0415  it imports torch

    torch.set_num_threads(1)
    return PocketEyes(Eyes.load(WEIGHTS))


def version() -> str:
    """Name the eyes and the rules by which their answers are read."""
    told = hashlib.sha256()
    for file in (*(POCKET / name for name in SOURCES), *sorted(WEIGHTS.iterdir())):
        told.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    return f"pocket-{told.hexdigest()[:8]}"


@dataclass(frozen=True)
class PocketPlanner:
    """Takes prompts apart by the shapes world's grammar."""

    version: str

    async def plan(self, prompt: str) -> list[Fact]:
        """List the facts of a prompt.

        Raises:
            NoOpinion: it says something that this world does not know.
        """
        reading = parse(prompt)
        if not reading.understood:
            raise NoOpinion("unavailable", _beyond(reading))
        found = facts(reading.statement)
        if len(found) > MAX_FACTS:
            raise NoOpinion("too_large", f"the prompt holds {len(found)} facts; at most {MAX_FACTS} are judged")
        return [written(fact, number) for number, fact in enumerate(found, 1)]


@dataclass(frozen=True)
class PocketEyes:
    """Looks once at a picture and answers every fact from what was seen; a seed makes no difference."""

    sight: Sight

    async def look(self, picture: Prepared, asked: Sequence[Fact], seed: int) -> Look:
        """Say what is visible of each fact."""
        seen = await asyncio.to_thread(self.sight.look, picture.pixels)
        return Look({fact.id: _observed(seen, fact) for fact in asked})


def _beyond(reading: Reading) -> str:
    named, more = ", ".join(reading.unknown[:MOST_NAMED]), len(reading.unknown) - MOST_NAMED
    others = f" and {more} more" if more > 0 else ""
    why = f"not: {named}{others}" if reading.unknown else "and the prompt names none"
    return (
        f"the embedded eyes know coloured shapes only, {why}; "
        "for other pictures set OPENAI_API_KEY, or JUDGE_API_BASE for an OpenAI-compatible server"
    )


def _observed(seen: SeenScene, fact: Fact) -> Observation:
    claim = claimed(fact)
    number = count(seen, claim.entity) if fact.expected_count is not None else None
    return Observation(answer(seen, claim).score, account(seen), number)
