"""Who answered the calls to a language model and what they cost, written down for whoever asked."""

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from openai.types.chat import ChatCompletion

from promptlift.contracts import Usage

Prices = tuple[float, float]
"""US dollars per million tokens that a model reads, and that it writes."""


@dataclass(frozen=True)
class Reply:
    """The reply to one call, whether or not its answer could be used.

    Attributes:
        model: the model that the endpoint says it ran, often with a date.
        fingerprint: what the endpoint says of that model's state.
        cost: US dollars, where the endpoint says so.
    """

    model: str
    fingerprint: str | None
    input_tokens: int
    output_tokens: int
    cost: float | None = None


_replies: ContextVar[list[Reply] | None] = ContextVar("replies", default=None)


@contextmanager
def recorded() -> Iterator[list[Reply]]:
    """Write down the reply to every call made inside the block, also by the tasks that it starts."""
    replies: list[Reply] = []
    token = _replies.set(replies)
    try:
        yield replies
    finally:
        _replies.reset(token)


def record(reply: Reply) -> None:
    """Write a reply down, if anyone wants to know."""
    replies = _replies.get()
    if replies is not None:
        replies.append(reply)


def reply_in(completion: ChatCompletion) -> Reply:
    """Read what a call cost; an endpoint may leave it out, and the SDK checks nothing of it."""
    told: dict[str, Any] = completion.usage.model_dump() if completion.usage else {}
    amounts = {name: value for name, value in told.items() if isinstance(value, int | float) and 0 <= value < math.inf}
    return Reply(
        model=completion.model,
        fingerprint=completion.system_fingerprint,
        input_tokens=int(amounts.get("prompt_tokens", 0)),
        output_tokens=int(amounts.get("completion_tokens", 0)),
        cost=amounts.get("cost"),  # OpenRouter's addition
    )


def usage(replies: Sequence[Reply]) -> Usage:
    """Add up what calls cost."""
    return Usage(
        calls=len(replies),
        input_tokens=sum(reply.input_tokens for reply in replies),
        output_tokens=sum(reply.output_tokens for reply in replies),
    )


def fingerprints(replies: Sequence[Reply]) -> str | None:
    """Name every fingerprint once, in order."""
    return ", ".join(dict.fromkeys(reply.fingerprint for reply in replies if reply.fingerprint)) or None


def cost(replies: Sequence[Reply], prices: Prices | None) -> float | None:
    """Add up what the endpoint told that calls cost, or what the prices make of them, in US dollars."""
    told = [reply.cost for reply in replies if reply.cost is not None]
    if replies and len(told) == len(replies):
        return sum(told)
    if not replies or prices is None:
        return None
    reading, writing = prices
    return sum(reply.input_tokens * reading + reply.output_tokens * writing for reply in replies) / 1_000_000
