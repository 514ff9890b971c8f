"""A seeing stand-in for the drawn shapes: it finds coloured blobs in the pixels, without any model."""

import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from PIL import Image as Pillow

from promptlift.cli import controls
from promptlift.cli.pictures import drawn
from promptlift.contracts import Fact
from services.judge.eyes import Look, Observation
from services.judge.pictures import Prepared
from services.judge.witness import asked
from tests.openai_server import Brain, Chat
from tests.witness import sighting

COLOURS = {
    "red": (214, 40, 40), "orange": (247, 127, 0), "yellow": (250, 210, 30), "green": (45, 160, 70),
    "blue": (40, 90, 210), "purple": (125, 50, 170), "pink": (245, 130, 180), "black": (20, 20, 20),
    "white": (250, 250, 250),
}  # fmt: skip
SHAPES = {"square": (0.9, 1.01), "circle": (0.68, 0.9), "triangle": (0.43, 0.68), "star": (0.2, 0.43)}
"""Share of its box, from and below, that a shape fills."""
NUMBERS = {"a": None, "an": None, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6}
SIDE = 96
SMALLEST = 0.008
"""Of the picture; a letter is smaller."""
THING = rf"(?P<number{{0}}>{'|'.join(NUMBERS)}) (?P<colour{{0}}>{'|'.join(COLOURS)}) (?P<shape{{0}}>[a-z]+?)s?"
PROMPT = re.compile(
    THING.format(1)
    + rf"(?: (?:to the )?(?P<relation>left of|right of|above|below) {THING.format(2)})?"
    + r"(?: on a (?P<ground>\w+) background)?"
)


@dataclass(frozen=True)
class Thing:
    shape: str
    colour: str
    x: float
    y: float


def things(picture: Pillow.Image) -> tuple[list[Thing], str]:
    """Find the shapes of a picture, and the colour of its ground."""
    pixels = np.asarray(picture.resize((SIDE, SIDE), Pillow.Resampling.NEAREST), dtype=int)
    palette = np.array(list(COLOURS.values()))
    nearest = ((pixels[:, :, None] - palette) ** 2).sum(-1).argmin(-1)
    ground = Counter(nearest[0].tolist() + nearest[-1].tolist()).most_common(1)[0][0]
    names = list(COLOURS)
    found = [
        Thing(shape, names[colour], x, y)
        for colour in range(len(names))
        if colour != ground
        for shape, x, y in _blobs(nearest == colour)
    ]
    return found, names[ground]


def _blobs(mask: np.ndarray) -> Iterator[tuple[str, float, float]]:
    left = mask.copy()
    while left.any():
        stack = [tuple(np.argwhere(left)[0])]
        blob = []
        while stack:
            y, x = stack.pop()
            if 0 <= y < SIDE and 0 <= x < SIDE and left[y, x]:
                left[y, x] = False
                blob.append((y, x))
                stack += [(y + 1, x), (y - 1, x), (y, x + 1), (y, x - 1)]
        (top, start), (bottom, end) = np.min(blob, axis=0), np.max(blob, axis=0)
        filled = len(blob) / ((bottom - top + 1) * (end - start + 1))
        for shape, (least, below) in SHAPES.items():
            if len(blob) >= SMALLEST * SIDE * SIDE and least <= filled < below:
                yield shape, (start + end) / 2 / SIDE, (top + bottom) / 2 / SIDE


class ShapePlanner:
    """Reads prompts such as `two red circles` or `a red circle above a blue square`."""

    version = "shapes"

    async def plan(self, prompt: str) -> Sequence[Fact]:
        return self.read(prompt)

    def read(self, prompt: str) -> list[Fact]:
        said = PROMPT.fullmatch(prompt)
        assert said, prompt
        facts = [*self._thing(said, 1, 1)]
        if said["relation"]:
            facts += self._thing(said, 2, len(facts) + 1)
            subject, other = (f"{said[f'colour{n}']} {said[f'shape{n}']}" for n in (1, 2))
            question = f"Is the {subject} {said['relation']} the {other}?"
            relation = {"subject": subject, "relation": said["relation"], "object": other}
            facts.append(Fact(id=len(facts) + 1, kind="relation", question=question, **relation))
        if said["ground"]:
            ground = {"subject": "background", "value": said["ground"]}
            facts.append(Fact(id=len(facts) + 1, kind="background", question=f"Is it {said['ground']}?", **ground))
        return facts

    def _thing(self, said: re.Match[str], which: int, first: int) -> Iterator[Fact]:
        colour, shape = said[f"colour{which}"], said[f"shape{which}"]
        subject = f"{colour} {shape}"
        yield Fact(id=first, kind="entity", question=f"Is there a {subject}?", subject=subject)
        if count := NUMBERS[said[f"number{which}"]]:
            question = f"Are there {count} of {subject}?"
            yield Fact(
                id=first + 1, kind="count", question=question, subject=subject, parents=(first,), expected_count=count
            )


class ShapeEyes:
    """See the shapes that are there."""

    async def look(self, picture: Prepared, facts: Sequence[Fact], seed: int) -> Look:
        found, ground = things(picture.pixels)
        return Look({fact.id: self.observe(fact, found, ground) for fact in facts})

    def observe(self, fact: Fact, found: Sequence[Thing], ground: str) -> Observation:
        def those(subject: str | None) -> list[Thing]:
            return [thing for thing in found if f"{thing.colour} {thing.shape}" == subject]

        here, there = those(fact.subject), those(fact.object)
        evidence = ", ".join(f"{thing.colour} {thing.shape}" for thing in found)
        match fact.kind:
            case "background":
                shown = ground == fact.value
            case "relation":
                shown = any(_stands(one, fact.relation, other) for one in here for other in there)
            case _:
                shown = bool(here)
        return Observation(float(shown), evidence, count=len(here))


def _stands(one: Thing, relation: str | None, other: Thing) -> bool:
    return {
        "left of": one.x < other.x,
        "right of": one.x > other.x,
        "above": one.y < other.y,
        "below": one.y > other.y,
    }[relation or ""]


def seeing() -> Brain:
    """Make a multimodal model that really looks, for the drawn shapes alone."""
    prompts = {case.prompt for case in controls.cases(drawn())}  # a judge that planned them before won't ask again
    planned = {asked(fact): fact for prompt in prompts for fact in ShapePlanner().read(prompt)}

    def plan(chat: Chat) -> dict[str, Any]:
        facts = ShapePlanner().read(chat.asked("prompt"))
        planned.update({asked(fact): fact for fact in facts})
        return {"facts": [fact.model_dump(mode="json") for fact in facts]}

    def look(chat: Chat) -> dict[str, Any]:
        found, ground = things(chat.images[0])
        seen = []
        for question in json.loads(chat.asked("questions")):
            fact = planned[question]
            observed = ShapeEyes().observe(fact, found, ground)
            answer = "yes" if observed.shown else "no"
            seen.append(sighting(fact.id, answer, evidence=observed.evidence, count=observed.count))
        return {"seen": seen, "writing": ""}

    return lambda chat: plan(chat) if chat.fields == {"facts"} else look(chat)
