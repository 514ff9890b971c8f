"""From a draft to the prompt that is painted: pruned, anchored on the user's words, fitted, checked once more."""

from collections.abc import Iterator
from dataclasses import dataclass

from pydantic import TypeAdapter, ValidationError

from promptlift.contracts import MAX_PROMPT_CHARACTERS, Prompt
from services.upsampler.check import unwanted
from services.upsampler.constraints import Constraint, clashes, lost
from services.upsampler.correction import is_same_request
from services.upsampler.draft import Draft
from services.upsampler.sentences import beginnings, ended, split
from services.upsampler.task import CountTokens, Task

PROMPT: TypeAdapter[str] = TypeAdapter(Prompt)
LEAST_WORDS = 4
"""Words of a caption below which it says nothing."""


@dataclass(frozen=True)
class Composed:
    """A prompt that keeps every constraint and holds the budget, and the corrected prompt that it begins with."""

    prompt: str
    corrected: str


def compose(task: Task, draft: Draft, count: CountTokens) -> Composed | None:
    """Make the prompt of a mended draft, or none if nothing that keeps every constraint is left of it."""
    body = [kept for sentence in split(draft.caption) if (kept := _pruned(task, sentence))]
    if sum(len(sentence.split()) for sentence in body) < LEAST_WORDS:
        body = []
    for corrected, anchor in _anchors(task, draft, count):
        for prompt in _fitting(task, anchor, body, count):
            if holds(task.constraints, prompt):
                return Composed(prompt, corrected)
    return None


def holds(constraints: tuple[Constraint, ...], prompt: str) -> bool:
    """Tell whether a prompt is one that can be painted and keeps every constraint."""
    try:
        PROMPT.validate_python(prompt)
    except ValidationError:
        return False
    return not lost(constraints, prompt) and not clashes(constraints, prompt)


def _pruned(task: Task, sentence: str) -> str:
    """Give a sentence, or as much of its beginning as says nothing that it should not, or nothing."""
    for candidate in (ended(sentence), *beginnings(sentence)):
        if (
            not clashes(task.constraints, candidate)
            and not any(unwanted(task, candidate))
            and not _shows(task, candidate)
        ):
            return candidate
    return ""


def _shows(task: Task, sentence: str) -> bool:
    """Tell whether a sentence shows what is ruled out."""
    return bool(lost((constraint for constraint in task.constraints if constraint.kind == "negation"), sentence))


def _anchors(task: Task, draft: Draft, count: CountTokens) -> Iterator[tuple[str, str]]:
    """Give the words that the prompt may begin with, the best first, each with the corrected prompt that it shows.

    The user's own words come first, so that no constraint is lost whatever follows. Without them a caption has to keep
    every constraint by itself; that is left to prompts that are too long, foreign, or changed by an instruction.
    """
    good = draft.corrected if draft.corrected and _is_acceptable(task, draft.corrected) else ""
    if good and count(good).most <= task.budget:
        yield good, good
    if task.stands_alone:
        yield good or task.prompt, ""
    else:
        yield task.prompt, task.line


def _is_acceptable(task: Task, corrected: str) -> bool:
    if task.mode == "modify":
        return holds(task.constraints, corrected) and len(corrected) <= 2 * len(task.asked)
    return is_same_request(task.prompt, corrected)


def _fitting(task: Task, anchor: str, body: list[str], count: CountTokens) -> Iterator[str]:
    """Give prompts that hold the budget: with all leading sentences that fit, a part of the first, or the anchor."""

    def fits(prompt: str) -> bool:
        return count(prompt).most <= task.budget and len(prompt) <= MAX_PROMPT_CHARACTERS

    shorter = [body[:length] for length in range(len(body), 0, -1)]
    shorter += [[beginning] for sentence in body[:1] for beginning in beginnings(sentence)]
    for sentences in shorter:
        prompt = joined(anchor, " ".join(sentences))
        if fits(prompt):
            yield prompt
    if anchor and fits(anchor):
        yield anchor


def joined(anchor: str, body: str) -> str:
    """Put the user's words in front of a caption, but not twice."""
    bare = anchor.rstrip(" .,;:")
    if not anchor:
        return body
    if body.lower().startswith(bare.lower()) and not body[len(bare) : len(bare) + 1].isalnum():
        return bare + body[len(bare) :]
    return f"{ended(anchor)} {body}"
