"""Where the running code stands in a trace, and how that is passed on to another process."""

import re
import uuid
from collections.abc import Mapping
from contextvars import ContextVar, Token
from dataclasses import dataclass

from promptlift.tracing import PARENT, SAMPLED, TRACE

ACCEPTABLE_ID = re.compile(r"[0-9A-Za-z-]{1,64}", re.ASCII)


@dataclass(frozen=True)
class Position:
    """A call of a trace, under which further calls belong.

    Attributes:
        trace: id of the trace; empty where nothing is recorded.
        call: id of the call.
    """

    trace: str
    call: str

    @property
    def sampled(self) -> bool:
        """Whether calls under this one are recorded."""
        return bool(self.trace)

    def below(self) -> "Position":
        """Choose a place for a call under this one."""
        return Position(self.trace, str(uuid.uuid4())) if self.sampled else UNSAMPLED


UNSAMPLED = Position("", "")
"""Under it nothing is recorded, in this process or in those behind it."""

_here: ContextVar[Position | None] = ContextVar("position", default=None)


def begin() -> Position:
    """Choose a place for the first call of a trace, whose id is its own."""
    own = str(uuid.uuid4())
    return Position(own, own)


def here() -> Position | None:
    """Give the call that is running; None outside of any, where the next one begins a trace."""
    return _here.get()


def enter(position: Position | None) -> Token[Position | None]:
    """Stand at another position, until `leave`."""
    return _here.set(position)


def leave(token: Token[Position | None]) -> None:
    """Stand where the token was given."""
    _here.reset(token)


def arrive(received: Mapping[str, str], *, trusted: bool) -> None:
    """Take the position over that a caller passed on; one that is not trusted begins anew."""
    _here.set(_told(received) if trusted else None)


def _told(received: Mapping[str, str]) -> Position | None:
    if received.get(SAMPLED) == "0":
        return UNSAMPLED
    trace, parent = received.get(TRACE, ""), received.get(PARENT, "")
    if ACCEPTABLE_ID.fullmatch(trace) and ACCEPTABLE_ID.fullmatch(parent):
        return Position(trace, parent)
    return None


def headers() -> dict[str, str]:
    """Give the headers that pass the position on."""
    position = _here.get()
    if position is None:
        return {}
    if not position.sampled:
        return {SAMPLED: "0"}
    return {TRACE: position.trace, PARENT: position.call, SAMPLED: "1"}
