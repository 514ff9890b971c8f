"""One request as the pipeline sees it: what binds, how long the caption may be, how many tokens the prompt."""

from collections.abc import Callable
from dataclasses import dataclass

from promptlift.contracts import Mode, UpsampleRequest
from services.upsampler.clip import Count
from services.upsampler.constraints import Constraint, extract, keeps, read
from services.upsampler.constraints.reading import stem

CountTokens = Callable[[str], Count]
MOST_WORDS: dict[Mode, int] = {"off": 0, "faithful": 60, "creative": 80, "modify": 60}
"""Words of a caption; the DALL-E 3 report asks for 15 to 80."""
LEAST_WORDS = 15
LEAST_ROOM = 12
"""Words that are asked for even where fewer may fit; the model then also mends the prompt."""
TOKENS_PER_WORD = 1.25
"""CLIP tokens per word of a caption: 1.225 on average in OpenAI's 200 published ones."""


@dataclass(frozen=True)
class Task:
    """One request as the pipeline sees it.

    Attributes:
        prompt: the user's own words as they came.
        constraints: what they fix, and in the mode `modify` what the instruction fixes instead.
        released: whether the instruction took something back that the prompt had fixed.
        budget: CLIP tokens of the prompt to paint.
        exceeds: whether the user's own words alone are beyond the budget.
        most_words: words that a caption may have.
    """

    mode: Mode
    prompt: str
    previous: str
    instruction: str
    constraints: tuple[Constraint, ...]
    released: bool
    budget: int
    exceeds: bool
    most_words: int

    @property
    def line(self) -> str:
        """The user's own words with single spaces."""
        return " ".join(self.prompt.split())

    @property
    def asked(self) -> str:
        """All of the user's own words."""
        return f"{self.prompt}. {self.instruction}" if self.instruction else self.prompt

    @property
    def fallback(self) -> str:
        """What is painted when the language model is of no use."""
        return self.previous or self.prompt

    @property
    def stands_alone(self) -> bool:
        """Whether the caption is painted without the user's words in front: they are too long, foreign, or outdated."""
        foreign = any(constraint.kind == "language" for constraint in self.constraints)
        return foreign or self.released or self.exceeds

    @property
    def restates(self) -> bool:
        """Whether the caption has to say again what the user's words fix; there may be no room for that."""
        return self.stands_alone or self.most_words >= len(self.asked.split())

    @property
    def least_words(self) -> int:
        """Words that a caption needs."""
        return min(LEAST_WORDS, self.most_words // 2)


def plan(request: UpsampleRequest, budget: int, count: CountTokens) -> Task:
    """Work out what binds the answer to a request; `budget` counts where the request names none."""
    tokens = request.budget or budget
    taken = count(request.prompt).most
    room = tokens if request.mode == "modify" or taken > tokens else tokens - taken
    bound, released = _bound(request)
    return Task(
        mode=request.mode,
        prompt=request.prompt,
        previous=request.previous or "",
        instruction=request.instruction or "",
        constraints=bound,
        released=released,
        budget=tokens,
        exceeds=taken > tokens,
        most_words=min(MOST_WORDS[request.mode], max(LEAST_ROOM, int(room / TOKENS_PER_WORD))),
    )


def _bound(request: UpsampleRequest) -> tuple[tuple[Constraint, ...], bool]:
    """Give what binds, and whether the instruction took something back.

    What a prompt contradicts itself, such as a cat without a hat beside a dog with a hat, binds nobody.
    """
    base = tuple(c for c in extract(request.prompt) if c.kind == "language" or keeps(c, request.prompt))
    if request.instruction is None:
        return base, False
    asked = tuple(constraint for constraint in extract(request.instruction) if constraint.kind != "language")
    staying = tuple(constraint for constraint in base if not _touched(constraint, request.instruction, asked))
    return tuple(dict.fromkeys(staying + asked)), len(staying) < len(base)


def _touched(constraint: Constraint, instruction: str, asked: tuple[Constraint, ...]) -> bool:
    """Tell whether an instruction speaks of what a constraint fixes."""
    if constraint.kind in ("text", "style") and any(new.kind == constraint.kind for new in asked):
        return True
    said = {stem(word.text) for word in read(instruction).words}
    about = constraint.of or constraint.value.lower()
    return any(stem(word) in said for word in about.split() if len(word) > 2)
