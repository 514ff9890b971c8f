"""Making a checklist of the facts that a model lists, however it numbers, orders or repeats them."""

from collections.abc import Sequence

from pydantic import BaseModel, ValidationError

from promptlift.contracts import MAX_COUNT, MAX_FACTS, MAX_PROMPT_CHARACTERS, Fact, FactKind
from promptlift.errors import explain
from services.judge.opinion import NoOpinion, Unreadable
from services.judge.words import words


class Draft(BaseModel):
    """A fact as a model plans it."""

    id: int
    kind: FactKind
    question: str
    subject: str
    value: str | None
    relation: str | None
    object: str | None
    parents: list[int]
    expected_count: int | None
    expected_text: str | None


def arranged(drafts: Sequence[Draft]) -> list[Fact]:
    """Number facts from 1, parents before children, each question once; a parent that can't stand before is dropped.

    Raises:
        NoOpinion: there are too many to judge, or a text in them can't stand in an answer.
    """
    distinct: list[Draft] = []
    by_question: dict[str, int] = {}
    by_id: dict[int, int] = {}
    for draft in drafts:
        place = by_question.setdefault(" ".join(words(draft.question)), len(distinct))
        if place == len(distinct):
            distinct.append(draft)
        by_id.setdefault(draft.id, place)
    if len(distinct) > MAX_FACTS:
        raise NoOpinion("too_large", f"the prompt holds {len(distinct)} facts; at most {MAX_FACTS} are judged")
    parents = [{by_id[parent] for parent in draft.parents if parent in by_id} for draft in distinct]
    order = _parents_first(parents)
    numbers = {place: number for number, place in enumerate(order, 1)}
    return [_fact(distinct[place], numbers[place], [numbers[parent] for parent in parents[place]]) for place in order]


def _parents_first(parents: Sequence[set[int]]) -> list[int]:
    order: list[int] = []
    visited: set[int] = set()

    def visit(place: int) -> None:
        if place not in visited:
            visited.add(place)
            for parent in sorted(parents[place]):
                visit(parent)
            order.append(place)

    for place in range(len(parents)):
        visit(place)
    return order


def _fact(draft: Draft, number: int, parents: Sequence[int]) -> Fact:
    count = draft.expected_count
    try:
        return Fact(
            id=number,
            kind=draft.kind,
            question=_line(draft.question) or "",
            subject=_line(draft.subject) or "",
            value=_line(draft.value),
            relation=_line(draft.relation),
            object=_line(draft.object),
            parents=tuple(sorted(parent for parent in parents if parent < number)),
            expected_count=count if count is not None and 0 <= count <= MAX_COUNT else None,
            expected_text=_line(draft.expected_text),
        )
    except ValidationError as error:
        raise Unreadable(f"the plan holds a fact that can't be judged: {explain(error)}") from error


def _line(text: str | None) -> str | None:
    return " ".join(text.split()) or None if text else None


def whole(prompt: str) -> Fact:
    """Make one fact of a prompt that can't be taken apart."""
    return Fact(id=1, kind="other", question=f"Is this shown: {prompt}"[:MAX_PROMPT_CHARACTERS])
