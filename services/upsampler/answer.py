"""What the upsampler answers: the prompt to paint, and everything that is known about it."""

from dataclasses import dataclass

from promptlift.contracts import Constraint, Tokens, Upsampling
from services.replies import Prices, Reply, cost, fingerprints, usage
from services.upsampler.composition import Composed
from services.upsampler.constraints import clashes, keeps, rules
from services.upsampler.task import CountTokens, Task


@dataclass(frozen=True)
class Outcome:
    """What came of a task.

    Attributes:
        composed: the prompt, if there is one beside the fallback.
        reason: why the fallback is painted, if it is.
    """

    seed: int
    composed: Composed | None = None
    reason: str | None = None
    attempts: int = 0
    model: str = "none"
    version: str = "none"
    replies: tuple[Reply, ...] = ()
    prices: Prices | None = None


def answer(task: Task, outcome: Outcome, count: CountTokens) -> Upsampling:
    """Tell what came of a task; what is kept is looked up in the very prompt that will be painted."""
    prompt = outcome.composed.prompt if outcome.composed and not outcome.reason else task.fallback
    tokens = count(prompt)
    constraints = _checked(task, prompt)
    return Upsampling(
        base_prompt=task.prompt,
        corrected_prompt=outcome.composed.corrected if outcome.composed else task.prompt,
        prompt=prompt,
        mode=task.mode,
        constraints=constraints,
        tokens=Tokens(clip_l=tokens.first, clip_g=tokens.second),
        budget=task.budget,
        negative_prompt=_negative(constraints),
        attempts=outcome.attempts,
        model=outcome.model,
        seed=outcome.seed,
        fingerprint=fingerprints(outcome.replies),
        prompt_version=outcome.version,
        usage=usage(outcome.replies),
        cost=cost(outcome.replies, outcome.prices),
        fallback=outcome.reason is not None,
        reason=outcome.reason,
    )


def _checked(task: Task, prompt: str) -> tuple[Constraint, ...]:
    against = clashes(task.constraints, prompt)
    return tuple(
        Constraint(
            kind=fixed.kind,
            value=fixed.value,
            of=fixed.of,
            kept=keeps(fixed, prompt) and not any(rules.is_about(said, fixed) for said in against),
        )
        for fixed in task.constraints
    )


def _negative(constraints: tuple[Constraint, ...]) -> str:
    """Offer what the prompt rules out and nowhere asks for; what is denied of a thing is no thing to leave out."""
    ruled_out = (c.value for c in constraints if c.kind == "negation" and c.of is None and c.kept)
    return ", ".join(dict.fromkeys(ruled_out))
