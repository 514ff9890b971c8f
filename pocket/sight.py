"""What the eyes report about a picture: things with odds for all that they could be, and what is behind them."""

from collections.abc import Mapping
from dataclasses import dataclass

OTHER = "other"
"""The shape of a thing that is none of the grammar's shapes."""

Odds = Mapping[str, float]
"""Probability in [0, 1] by name; they sum to 1."""


@dataclass(frozen=True)
class SeenThing:
    """One thing in a picture; centre as shares of width and height, confidence in [0, 1] that it is a thing at all."""

    shape: str
    colour: str
    size: str
    x: float
    y: float
    confidence: float
    shapes: Odds
    colours: Odds
    sizes: Odds

    @property
    def name(self) -> str:
        """Say what it looks like: "small red circle"."""
        return f"{self.size} {self.colour} {'shape' if self.shape == OTHER else self.shape}"


@dataclass(frozen=True)
class SeenScene:
    """All that was seen."""

    things: tuple[SeenThing, ...]
    background: str
    backgrounds: Odds

    @property
    def presence(self) -> float:
        """Say how sure it is that the picture shows anything at all, in [0, 1]."""
        return max((thing.confidence for thing in self.things), default=0.0)

    @property
    def legibility(self) -> float:
        """Say how clearly every thing is one of the world's things, in [0, 1]; nothing seen is not legible.

        It is the mean over the things of confidence x odds of the shape x odds of the colour, with unnamed shapes
        counting zero, each thing weighted by how much it catches the eye.
        """
        weight = sum(thing.confidence for thing in self.things)
        clear = sum(
            thing.confidence**2
            * max(odds for name, odds in thing.shapes.items() if name != OTHER)
            * thing.colours[thing.colour]
            for thing in self.things
        )
        return clear / weight if weight else 0.0
