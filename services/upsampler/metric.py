"""How good one draft is, told by rules: what an optimiser maximises, and the faults that it can learn from."""

from collections.abc import Callable
from dataclasses import dataclass

from services.upsampler.check import faults, unwanted
from services.upsampler.composition import compose, joined
from services.upsampler.constraints import clashes, lost
from services.upsampler.correction import is_same_request
from services.upsampler.draft import Draft, mended
from services.upsampler.task import CountTokens, Task

Reward = Callable[[str, str], float | None]
"""How well the picture of a prompt (second) shows what the base prompt (first) asks, in [0, 1]; None: unknown."""

WEIGHTS = {"coverage": 0.4, "wanted": 0.25, "budget": 0.2, "length": 0.1, "correction": 0.05}
PRICE_OF_UNWANTED = 0.34
"""Taken off for each kind of unwanted content, so that three kinds leave nothing."""
REWARD_SHARE = 0.5


@dataclass(frozen=True)
class Grade:
    """What a draft is worth, in [0, 1], and what is wrong with it, for a model that shall do better."""

    score: float
    feedback: str


def grade(task: Task, draft: Draft, count: CountTokens, reward: Reward | None = None) -> Grade:
    """Grade a draft as it would be painted; a picture's reward counts half where there is one."""
    clean = mended(task, draft)
    parts = _parts(task, clean, count)
    score = sum(WEIGHTS[name] * value for name, value in parts.items())
    said = [fault.words for fault in faults(task, clean.caption)]
    made = compose(task, clean, count)
    seen = reward(task.prompt, made.prompt) if reward and made else None
    if seen is not None:
        score = (1 - REWARD_SHARE) * score + REWARD_SHARE * seen
        said.append(f"the picture of it was judged {seen:.2f} of 1 against the request")
    return Grade(score, "; ".join(said) or "nothing is wrong")


def _parts(task: Task, draft: Draft, count: CountTokens) -> dict[str, float]:
    """Give each part of a draft's worth, in [0, 1]."""
    words = len(draft.caption.split())
    if not words:
        return dict.fromkeys(WEIGHTS, 0.0)
    wrong = len(clashes(task.constraints, draft.caption))
    wrong += len(lost(task.constraints, draft.caption)) if task.restates else 0
    whole = draft.caption if task.stands_alone else joined(task.line, draft.caption)
    mends = task.mode == "modify" or draft.corrected == task.line or is_same_request(task.prompt, draft.corrected)
    return {
        "coverage": max(0.0, 1 - wrong / max(len(task.constraints), 1)),
        "wanted": max(0.0, 1 - PRICE_OF_UNWANTED * len(list(unwanted(task, draft.caption)))),
        "budget": min(1.0, task.budget / count(whole).most),
        "length": min(1.0, words / task.least_words, task.most_words / words),
        "correction": float(mends),
    }
