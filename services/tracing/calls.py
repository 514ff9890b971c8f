"""Noting what is called: cheap enough for every request, and for next to nothing where nothing is recorded."""

import functools
import random
from collections.abc import Awaitable, Callable, Mapping
from contextvars import Token
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Self, TypeVar

from services.tracing import position, recorder
from services.tracing.position import UNSAMPLED, Position
from services.tracing.recorder import Recorder

Answer = TypeVar("Answer")
Method = Callable[[Any, Any], Awaitable[Answer]]


class Call:
    """A call of which nothing is kept, and what the body of any call can say of it."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        return None

    def result(self, output: Any) -> None:
        """Say what came of it; it must not change any more."""

    def spent(self, model: str, prices: tuple[float, float] | None = None, **usage: int) -> None:
        """Say what a request to a language model took: `prompt_tokens` and `completion_tokens`.

        Prices are US dollars per million tokens that it reads, and that it writes.
        """


class _LeftOut(Call):
    """The first call of a trace that is not recorded; nothing under it is."""

    def __enter__(self) -> Self:
        self._token = position.enter(UNSAMPLED)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        position.leave(self._token)


class Noted(Call):
    """A call that is recorded when it ends; the first of a trace also when it begins.

    Attributes:
        inputs: what it was given; turned into JSON later, so it must not change any more.
        attributes: what else is to be said of it.
        usage: by the name of the language model.
        prices: US dollars per million tokens read and written, by the name of the language model.
        error: what it raised.
    """

    def __init__(
        self,
        op: str,
        inputs: Mapping[str, Any],
        at: Position,
        parent: Position | None,
        recorder: Recorder,
        attributes: Mapping[str, Any] | None = None,
    ) -> None:
        self.op = op
        self.inputs = inputs
        self.attributes = attributes or {}
        self.output: Any = None
        self.usage: dict[str, dict[str, int]] = {}
        self.prices: dict[str, tuple[float, float]] = {}
        self.error: BaseException | None = None
        self.parent = parent
        self.position = at
        self.started = self.ended = datetime.now(UTC)
        self._recorder = recorder
        self._token: Token[Position | None] | None = None

    def __enter__(self) -> Self:
        self._token = position.enter(self.position)
        if self.parent is None:
            self._recorder.begun(self)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.ended = datetime.now(UTC)
        self.error = error
        if self._token is not None:
            position.leave(self._token)
        self._recorder.ended(self)

    def result(self, output: Any) -> None:
        """Keep what came of it."""
        self.output = output

    def spent(self, model: str, prices: tuple[float, float] | None = None, **usage: int) -> None:
        """Keep what a request to a language model took."""
        if prices is not None:
            self.prices[model] = prices
        self.usage[model] = {"requests": 1, **usage, "total_tokens": sum(usage.values())}


_NOTHING = Call()


def call(op: str, inputs: Mapping[str, Any] | None = None, attributes: Mapping[str, Any] | None = None) -> Call:
    """Note a call, if anything is recorded here; use it in a `with`."""
    running = recorder.running()
    above = position.here()
    if running is None or above is UNSAMPLED:
        return _NOTHING
    at = place(above)
    if not at.sampled:
        return _LeftOut()
    return Noted(op, inputs or {}, at, above, running, attributes)


def place(under: Position | None) -> Position:
    """Choose a place for a call under another, or for the first call of a trace, which may be left out."""
    running = recorder.running()
    if running is None:
        return UNSAMPLED
    if under is not None:
        return under.below()
    return position.begin() if random.random() < running.sample else UNSAMPLED


def happened(
    op: str,
    inputs: Mapping[str, Any],
    output: Any,
    *,
    at: Position,
    under: Position | None,
    span: tuple[datetime, datetime],
    attributes: Mapping[str, Any],
    error: BaseException | None = None,
) -> None:
    """Note a call that began and ended elsewhere, at a place in a trace that was chosen for it before."""
    running = recorder.running()
    if running is None or not at.sampled:
        return
    noted = Noted(op, inputs, at, under, running, attributes)
    noted.output, noted.error = output, error
    noted.started, noted.ended = span
    running.ended(noted)


def traced(op: str) -> Callable[[Method[Answer]], Method[Answer]]:
    """Wrap a method that answers a request, so that each of its requests is a call of that name."""

    def wrap(method: Method[Answer]) -> Method[Answer]:
        @functools.wraps(method)
        async def tracing(self: Any, request: Any, /) -> Answer:
            with call(op, {"request": request}) as noted:
                answer = await method(self, request)
                noted.result(answer)
                return answer

        return tracing

    return wrap


def trace_id() -> str | None:
    """Give the id of the trace that is being recorded, if one is."""
    above = position.here()
    return above.trace if above is not None and above.sampled and recorder.running() else None


def trace_url() -> str | None:
    """Give the address of that trace's page, once the trace server is known."""
    running, above = recorder.running(), position.here()
    return running.url(above.call, above.trace) if running and above is not None and above.sampled else None
