"""Who answered the calls to a language model and what they cost, written down for whoever asked."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from promptlift.contracts import Usage


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
