"""What calls of a language model took, whether or not their answers were of use."""

import math
from contextvars import ContextVar
from dataclasses import dataclass

from openai.types.chat import ChatCompletion


@dataclass(frozen=True)
class Spending:
    """What one call took.

    Attributes:
        fingerprint: of the endpoint's configuration, where it tells.
        cost: US dollars, where the endpoint tells.
    """

    input_tokens: int
    output_tokens: int
    fingerprint: str | None = None
    cost: float | None = None


spendings: ContextVar[list[Spending] | None] = ContextVar("spendings", default=None)
"""Set to a list around calls to have each of them noted there."""


def note(spending: Spending) -> None:
    """Note what a call took, where someone wants to know."""
    box = spendings.get()
    if box is not None:
        box.append(spending)


def note_completion(completion: ChatCompletion) -> None:
    """Note what an answer took, be it a refusal or cut short."""
    usage = completion.usage
    if usage is None or not all(map(_is_amount, (usage.prompt_tokens, usage.completion_tokens))):
        return
    cost = (usage.model_extra or {}).get("cost")  # OpenRouter's addition
    note(
        Spending(
            input_tokens=usage.prompt_tokens,
            output_tokens=usage.completion_tokens,
            fingerprint=completion.system_fingerprint,
            cost=cost if _is_amount(cost) else None,
        )
    )


def _is_amount(value: object) -> bool:
    """Tell whether an endpoint, whose answers the SDK does not check, gave a number that can be one."""
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value) and value >= 0
