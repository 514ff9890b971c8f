"""What a picture must show, taken apart into facts that hold or do not, and what became of each."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from promptlift.contracts.fields import Contract, PlainText, Score, without_markers

MAX_FACTS = 64
"""Facts of one prompt."""
MAX_COUNT = 10_000

FactKind = Literal[
    "entity",
    "count",
    "colour",
    "attribute",
    "size",
    "position",
    "relation",
    "action",
    "text",
    "style",
    "background",
    "absence",
    "other",
]
Phrase = Annotated[PlainText, AfterValidator(without_markers)]
FactId = Annotated[int, Field(ge=1, le=MAX_FACTS)]
Count = Annotated[int, Field(ge=0, le=MAX_COUNT)]


class Fact(Contract):
    """One thing that a prompt says of its picture."""

    id: FactId
    """Its place among the facts of its prompt, from 1."""
    kind: FactKind
    question: Annotated[Phrase, Field(min_length=1)]
    """Yes to it means that the thing is there; of an `absence` it asks for what must not be there."""
    subject: Phrase = ""
    """What the fact is about, such as `red circle`."""
    value: Phrase | None = None
    """What is said of the subject: a colour, size, material, place in the picture, action or style."""
    relation: Phrase | None = None
    """How the subject stands to the object, such as `left of`."""
    object: Phrase | None = None
    parents: tuple[FactId, ...] = ()
    """Facts without which this one means nothing; they stand before it, and it fails with them."""
    expected_count: Count | None = None
    expected_text: Phrase | None = None
    """What the picture must spell out."""


class JudgedFact(Fact):
    """A fact, what was seen of it, and whether it holds. What was seen is that of a sample that agrees with `holds`."""

    evidence: PlainText = ""
    observed_count: Count | None = None
    observed_text: PlainText | None = None
    vote: Score
    """Mean of the samples: 1 when what was seen is what was asked, 0.5 when that is unclear, else 0."""
    holds: bool
    """Whether the vote is above 0.5 and every parent holds."""
