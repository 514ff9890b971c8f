"""What check, anchor and fit make of captions that another upsampler wrote: OpenAI's 200 for DrawBench."""

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from promptlift.contracts import UpsampleRequest
from services.upsampler.check import faults
from services.upsampler.clip import WINDOW, Tokenizer
from services.upsampler.composition import compose
from services.upsampler.constraints import clashes, extract, lost
from services.upsampler.draft import Draft, mended
from services.upsampler.task import plan

BETWEEN = ".. "
"""Stands between prompt and caption where the prompt itself was changed."""


@dataclass
class Tally:
    """Counts over all captions: as they came, and as they are painted."""

    captions: int = 0
    constraints: Counter[str] = field(default_factory=Counter)
    kept_before: Counter[str] = field(default_factory=Counter)
    kept_after: Counter[str] = field(default_factory=Counter)
    faulty: Counter[str] = field(default_factory=Counter)
    beyond_before: int = 0
    beyond_anchored: int = 0
    beyond_after: int = 0
    unanchored: int = 0
    untouched: int = 0
    tokens: list[int] = field(default_factory=list)


def pairs(bases: Path, upsampled: Path) -> list[tuple[str, str]]:
    """Read each prompt with its caption; a line is `<prompt>. <caption>`."""
    prompts = bases.read_text(encoding="utf-8").splitlines()
    lines = upsampled.read_text(encoding="utf-8").splitlines()
    return [(prompt, _caption(prompt, line)) for prompt, line in zip(prompts, lines, strict=True)]


def tally(pairs: list[tuple[str, str]], budget: int = WINDOW) -> Tally:
    """Pass each caption through the pipeline and look again at what comes out."""
    count = Tokenizer().count
    told = Tally()
    for prompt, caption in pairs:
        task = plan(UpsampleRequest(prompt=prompt), budget, count)
        draft = mended(task, Draft(prompt, caption))
        made = compose(task, draft, count)
        painted = made.prompt if made else prompt
        told.captions += 1
        told.untouched += painted == task.line
        told.unanchored += not painted.startswith(task.line.rstrip(". "))
        told.beyond_before += count(caption).most > budget
        told.beyond_anchored += count(f"{prompt} {caption}").most > budget
        told.beyond_after += count(painted).most > budget
        told.tokens.append(count(painted).most)
        told.faulty.update({_kind(fault.words) for fault in faults(task, draft.caption)})
        _keep(told, prompt, caption, painted)
    return told


def _keep(told: Tally, prompt: str, caption: str, painted: str) -> None:
    """Count what the caption kept as it came, and what the painted prompt keeps and does not contradict."""
    constraints = extract(prompt)
    contradicted = {said.kind for said in clashes(constraints, painted)}
    for constraint in constraints:
        told.constraints[constraint.kind] += 1
        told.kept_before[constraint.kind] += not lost([constraint], caption)
        told.kept_after[constraint.kind] += not lost([constraint], painted) and constraint.kind not in contradicted


def _caption(prompt: str, line: str) -> str:
    if line.startswith(prompt):
        return line[len(prompt) :].lstrip(". ")
    return line.partition(BETWEEN)[2]


def _kind(words: str) -> str:
    """Give the sort of a fault, without its details."""
    return "length" if words[:1].isdigit() else words.partition(":")[0].partition(";")[0]
