"""The embedded judge: a parser that takes prompts of the shapes world apart, and small eyes that see that world.

What it can't read it says so and gives no score: a picture of a frog is none of its business.
"""

import asyncio
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from PIL import Image

from pocket.answers import account, answer, count
from pocket.eyes import Eyes
from pocket.facts import facts as stated
from pocket.parse import parse
from pocket.sight import SeenScene
from promptlift.contracts import MAX_FACTS, Fact
from services.judge.claims import claimed, written
from services.judge.eyes import Look, Observation
from services.judge.opinion import NoOpinion
from services.judge.pictures import Prepared

NAME = "pocket-eyes"
POCKET = Path(__file__).parents[2] / "pocket"
WEIGHTS = POCKET / "weights" / "eyes"
SOURCES = ("answers", "eyes", "facts", "grammar", "lexicon", "parse", "retina", "sight", "statement")
"""Modules of pocket that answers depend on."""
REMEDY = "for other pictures set OPENAI_API_KEY, or JUDGE_API_BASE for an OpenAI-compatible server"


class Sight(Protocol):
    """What looks at pixels."""

    def look(self, picture: Image.Image) -> SeenScene:
        """Report what is in a picture of any size."""


def open_eyes() -> "PocketEyes":
    """Load the trained eyes.

    Raises:
        RuntimeError: they are not there.
    """
    if not (WEIGHTS / "model.safetensors").exists():
        raise RuntimeError(f"the embedded eyes are not in {WEIGHTS}; put them there, or set OPENAI_API_KEY")
    return PocketEyes(Eyes.load(WEIGHTS))


def version() -> str:
    """Name the eyes and the rules by which their answers are read."""
    files = [POCKET / f"{name}.py" for name in SOURCES] + [POCKET / "grammar.json", *sorted(WEIGHTS.iterdir())]
    told = hashlib.sha256()
    for file in files:
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
            raise NoOpinion("unavailable", f"the embedded eyes give no score: {reading.beyond}; {REMEDY}")
        found = stated(reading.statement)
        if len(found) > MAX_FACTS:
            raise NoOpinion("too_large", f"the prompt holds {len(found)} facts; at most {MAX_FACTS} are judged")
        return [written(fact, number) for number, fact in enumerate(found, 1)]


@dataclass(frozen=True)
class PocketEyes:
    """Looks once at a picture and answers every fact from what was seen; a seed makes no difference."""

    sight: Sight

    async def look(self, picture: Prepared, facts: Sequence[Fact], seed: int) -> Look:
        """Say what is visible of each fact."""
        seen = await asyncio.to_thread(self.sight.look, picture.pixels)
        return Look({fact.id: _observed(seen, fact) for fact in facts})


def _observed(seen: SeenScene, fact: Fact) -> Observation:
    claim = claimed(fact)
    number = count(seen, claim.entity) if fact.expected_count is not None else None
    return Observation(answer(seen, claim).score, account(seen), number)
