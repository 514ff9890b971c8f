"""Requests in, encoded pictures out: what the service asks, over the engine."""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, Future
from dataclasses import dataclass

from promptlift.contracts import GeneratedImage, GenerateRequest, GenerateResult, Image, TokenUse
from services.errors import ServiceError
from services.generator.encoding import encoded
from services.generator.engine import Engine
from services.generator.order import Defaults, Order, order_of
from services.generator.spans import Span
from services.generator.ticket import Painted

MARGIN_SECONDS = 0.1
"""Kept of a request's time for encoding and sending the picture."""


@dataclass(frozen=True)
class Painter:
    """A running engine with the choices for requests that leave them open.

    Attributes:
        name: the model's name, for answers.
        encoders: threads that encode pictures, so that neither the engine nor the event loop does.
        timeout: seconds for a request without a timeout of its own.
        remarks: what an answer must say of the model and a prompt.
    """

    engine: Engine
    defaults: Defaults
    name: str
    encoders: Executor
    timeout: float
    remarks: Callable[[str], tuple[str, ...]]

    async def paint(self, requests: Sequence[GenerateRequest]) -> list[GenerateResult]:
        """Paint each request; the results keep the order, and one that fails harms no other.

        Cancelling drops every picture that is not finished.

        Raises:
            ServiceError: not one of them could be painted; it is the first one's error.
        """
        outcomes = await asyncio.gather(*(self._paint(request) for request in requests), return_exceptions=True)
        results = [_result(outcome) for outcome in outcomes]
        if isinstance(outcomes[0], ServiceError) and all(result.picture is None for result in results):
            raise outcomes[0]
        return results

    def close(self) -> None:
        """Stop the engine; pictures in work are given up."""
        self.engine.stop()
        self.encoders.shutdown()

    async def _paint(self, request: GenerateRequest) -> GeneratedImage:
        span = Span(request)
        try:
            order = order_of(request, self.defaults)
            seconds = min(request.timeout or self.timeout, self.timeout) - MARGIN_SECONDS
            future: Future[Painted] = self.engine.submit(order, max(0.0, seconds), tag=span.position)
            painted = await asyncio.wrap_future(future)
            loop = asyncio.get_running_loop()
            image = await loop.run_in_executor(self.encoders, encoded, painted.pixels, order.format)
        except BaseException as error:
            span.failed(error)
            raise
        generated = self._generated(order, painted, image)
        span.painted(generated, painted.batches)
        return generated

    def _generated(self, order: Order, painted: Painted, image: Image) -> GeneratedImage:
        chunks = painted.plan.chunks
        cut = (f"{chunks.cut} tokens at the prompt's end were not painted; shorten it",) if chunks.cut else ()
        return GeneratedImage(
            image=image,
            prompt=order.prompt,
            negative_prompt=order.negative_prompt,
            width=order.width,
            height=order.height,
            steps=order.steps,
            guidance=order.guidance,
            seed=order.seed,
            model=self.name,
            tokens=TokenUse(used=chunks.used, cut=chunks.cut, chunks=len(chunks.texts)),
            batch_size=painted.company,
            queue_seconds=painted.waited,
            compute_seconds=painted.computed,
            warnings=(*self.remarks(order.prompt), *cut),
        )


def no_remarks(prompt: str) -> tuple[str, ...]:
    """Say nothing of a prompt, as of a model that was trained on all kinds of words."""
    return ()


def _result(outcome: GeneratedImage | BaseException) -> GenerateResult:
    if isinstance(outcome, GeneratedImage):
        return GenerateResult(picture=outcome)
    if isinstance(outcome, ServiceError):
        return GenerateResult(error=outcome.problem())
    raise outcome
