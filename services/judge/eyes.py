"""What the judge needs of whoever takes a prompt apart and of whoever looks at a picture, whatever they are made of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from promptlift.contracts import Fact
from services.judge.pictures import Prepared


@dataclass(frozen=True)
class Observation:
    """What was seen of one fact; what follows from it is decided elsewhere.

    Attributes:
        shown: how sure it is that what the fact's question asks for is there, in [0, 1]; 0.5 when unclear.
        evidence: what is visible.
        count: how many of the fact's subject are visible, if that was counted.
        text: the text that is visible, if that was read.
    """

    shown: float
    evidence: str = ""
    count: int | None = None
    text: str | None = None


@dataclass(frozen=True)
class Look:
    """One look at a picture.

    Attributes:
        observations: by the id of the fact, one for every fact.
        writing: all the text in the picture.
    """

    observations: Mapping[int, Observation]
    writing: str = ""


class Planner(Protocol):
    """Takes a prompt apart."""

    @property
    def version(self) -> str:
        """Name what a plan depends on besides its prompt."""

    async def plan(self, prompt: str) -> Sequence[Fact]:
        """List the facts that a picture must show, at least one and at most `MAX_FACTS`, parents before children.

        Raises:
            NoOpinion: there is no plan.
        """


class Eyes(Protocol):
    """Look at pictures."""

    async def look(self, picture: Prepared, facts: Sequence[Fact], seed: int) -> Look:
        """Say what is visible of each fact.

        Raises:
            NoOpinion: nothing can be said.
        """
