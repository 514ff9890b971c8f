"""What is wrong with a caption, in words that a language model can act on."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from services.upsampler.constraints import clashes, extract, lost, read
from services.upsampler.constraints.lexicon import STOP, UNSEEN, UNSEEN_PHRASES
from services.upsampler.constraints.negations import states
from services.upsampler.constraints.reading import stem
from services.upsampler.task import Task

TOLERANCE = 1.25
"""Times the words that were asked for; what is longer than the budget is cut anyway."""
PERIOD_OR_PEOPLE = re.compile(r"\w+(?:ian|ish|ese|ean|ican)|Gothic|Baroque|French|Dutch|Greek|Deco")
LEAST_OVERLAP = 0.4
"""Share of the previous caption's words that a modification keeps."""


@dataclass(frozen=True)
class Fault:
    """One thing wrong with a caption.

    Attributes:
        words: what is wrong and what to do, for the language model.
        serious: whether asking again is worth its price; the rest is cut out.
    """

    words: str
    serious: bool = True


def faults(task: Task, caption: str) -> list[Fault]:
    """List what is wrong with a caption, the serious first."""
    found = [*_about_facts(task, caption), *_about_extent(task, caption)]
    found += [Fault(words, serious=False) for words in unwanted(task, caption)]
    return sorted(found, key=lambda fault: not fault.serious)


def unwanted(task: Task, text: str) -> Iterator[str]:
    """Say what a text holds that nobody asked for and a picture is better without."""
    asked = extract(task.asked)
    texts = {constraint.value for constraint in asked if constraint.kind == "text"}
    names = read(f"{task.asked} {task.previous}").plain
    for said in extract(text):
        if said.kind == "text" and said.value not in texts:
            yield f'written text that was not asked for: "{said.value}"'
        if said.kind == "name" and not _is_known(said.value, names):
            yield f"a name that was not asked for: {said.value}"
    reading = read(text)
    if states(reading):
        yield "says what is absent; describe what is there instead"
    unseen = [word.text for word in reading.words if word.text in UNSEEN and f" {word.text} " not in names]
    unseen += [phrase for phrase in UNSEEN_PHRASES if reading.has(phrase)]
    if unseen:
        yield f"no camera sees: {', '.join(dict.fromkeys(unseen))}"


def _is_known(name: str, words: str) -> bool:
    """Tell whether the user gave a part of a name, or it is none but a period or a people, such as `Victorian`."""
    return any(f" {part.lower()} " in words for part in name.split()) or PERIOD_OR_PEOPLE.fullmatch(name) is not None


def _about_facts(task: Task, caption: str) -> Iterator[Fault]:
    for constraint in lost(task.constraints, caption):
        if task.restates or constraint.kind == "negation":
            yield Fault(f"missing: {constraint}")
    for said in clashes(task.constraints, caption):
        yield Fault(f"contradicts the request: {said}")


def _about_extent(task: Task, caption: str) -> Iterator[Fault]:
    words = len(caption.split())
    if words < task.least_words:
        yield Fault(f"{words} words; write {task.least_words} to {task.most_words}")
    if words > task.most_words * TOLERANCE:
        yield Fault(f"{words} words; write at most {task.most_words}", serious=False)
    if task.previous and _overlap(task.previous, caption) < LEAST_OVERLAP:
        yield Fault("changes more than the instruction asks for; keep the rest of the previous caption")


def _overlap(previous: str, caption: str) -> float:
    """Give the share of the previous caption's telling words that are still there, in [0, 1]."""
    before, after = (
        {stem(word.text) for word in read(text).words if not word.is_mark and word.text not in STOP}
        for text in (previous, caption)
    )
    return len(before & after) / len(before) if before else 1.0
