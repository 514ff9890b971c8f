"""The generator's part of a trace: a call for each picture, and one for each batch that pictures shared."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import ConfigDict, Field, PrivateAttr

from promptlift.contracts import MAX_BATCH, GeneratedImage, GenerateRequest
from services import tracing
from services.generator.batch import Batch


class Asked(GenerateRequest):
    """A request that knows which call of a trace it came from.

    It notes that when it is read: BentoML's adaptive batches run in the context of the first request that there was.
    """

    model_config = ConfigDict(title="GenerateRequest")
    _origin: tracing.Position | None = PrivateAttr(default_factory=tracing.here)

    @property
    def origin(self) -> tracing.Position | None:
        """The call that asked."""
        return self._origin


AskedBatch = Annotated[list[Asked], Field(min_length=1, max_length=MAX_BATCH)]


class Span:
    """The call of one picture, from its request's arrival; its `position` is the tag of the picture's ticket."""

    def __init__(self, request: GenerateRequest) -> None:
        self._request = request
        self._origin = request.origin if isinstance(request, Asked) else tracing.here()
        self._started = datetime.now(UTC)
        self.position = tracing.place(self._origin)

    def painted(self, generated: GeneratedImage, batches: Sequence[Batch]) -> None:
        """Note the picture and the batches that it was painted in."""
        if self.position.sampled:
            shared = [_shared(batch, self.position) for batch in batches]
            longest = max(shared, key=lambda each: each["steps"], default=None)
            self._note(generated, {"batch": longest, "batches": shared})

    def failed(self, error: BaseException) -> None:
        """Note why there is no picture."""
        self._note(None, {}, error)

    def _note(
        self, output: GeneratedImage | None, attributes: Mapping[str, Any], error: BaseException | None = None
    ) -> None:
        tracing.happened(
            "generate",
            {"request": self._request},
            output,
            at=self.position,
            under=self._origin,
            span=(self._started, datetime.now(UTC)),
            attributes=attributes,
            error=error,
        )


def _noted(batch: Batch) -> tracing.Position:
    """Note a batch when the first of its pictures is done, and give its place: a trace of its own."""
    known: tracing.Position | None = batch.place
    if known is not None:
        return known
    place = batch.place = tracing.begin()
    links = [
        {"index": index, "trace_id": tag.trace, "call_id": tag.call}
        for index, tag in enumerate(batch.tags)
        if tag is not None and tag.sampled
    ]
    tracing.happened(
        "batch",
        {"pictures": len(batch.members), "rows": batch.rows},
        {"steps": batch.steps, "seconds": batch.seconds},
        at=place,
        under=None,
        span=(batch.began, batch.ended),
        attributes={"links": links, "batch_size": len(batch.members)},
    )
    return place


def _shared(batch: Batch, tag: tracing.Position) -> dict[str, Any]:
    place = _noted(batch)
    return {
        "trace_id": place.trace,
        "call_id": place.call,
        "index": batch.tags.index(tag),
        "size": len(batch.members),
        "rows": batch.rows,
        "steps": batch.steps,
        "seconds": batch.seconds,
    }
