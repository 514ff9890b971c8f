"""Answering requests: the same question gets the same answer, and whatever fails, no score is invented."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

from pydantic import ValidationError

from promptlift.contracts import MAX_SEED, CompareRequest, Comparison, Judgement, JudgeMode, JudgeRequest, Opinion
from promptlift.errors import explain
from services.judge.comparing import Comparer, compare
from services.judge.opinion import NoOpinion
from services.judge.pictures import Prepared, digest, prepare
from services.judge.ruling import Ruling
from services.judge.store import Store, key
from services.judge.words import readable
from services.replies import Prices, Reply, cost, fingerprints, recorded, usage

Answer = TypeVar("Answer", bound=Opinion)

log = logging.getLogger("promptlift.judge")
MARGIN_SECONDS = 0.2
"""Kept of a request's time for sending the answer."""


class Method(Protocol):
    """A way of judging."""

    async def judge(self, prompt: str, picture: Prepared, seeds: Sequence[int]) -> Ruling:
        """Look once with each seed, of which there is at least one.

        Raises:
            NoOpinion: there is nothing to say.
        """


@dataclass(frozen=True)
class Critic:
    """Judges and compares pictures.

    Attributes:
        methods: the ways of judging that there are.
        name: the model's, for answers.
        version: the rubric's.
        circumstances: all else that answers depend on, such as the endpoint and the temperature.
        seed: of a request that names none.
        timeout: seconds for a request without a timeout of its own.
        prices: of the model's tokens.
    """

    methods: Mapping[JudgeMode, Method]
    comparer: Comparer
    store: Store
    name: str
    version: str
    seed: int
    timeout: float
    prices: Prices | None = None
    circumstances: Mapping[str, Any] = field(default_factory=dict)

    async def judge(self, request: JudgeRequest) -> Judgement:
        """Say whether the picture shows what the prompt asks for."""
        seed = self.seed if request.seed is None else request.seed
        about = {
            "mode": request.mode,
            "samples": request.samples,
            "seed": seed,
            "image_sha256": await digest(request.image),
        }

        async def look() -> dict[str, Any]:
            method = self.methods.get(request.mode)
            if method is None:
                known = " or ".join(self.methods)
                raise NoOpinion("unavailable", f"{self.name} can't judge in the mode {request.mode}; use {known}")
            picture = await prepare(request.image, "image")
            seeds = [(seed + sample) % (MAX_SEED + 1) for sample in range(request.samples)]
            return vars(await method.judge(request.prompt, picture, seeds))

        return await self._answer(Judgement, look, request, about)

    async def compare(self, request: CompareRequest) -> Comparison:
        """Say which picture shows more, or is more pleasing, asking in both orders."""
        seed = self.seed if request.seed is None else request.seed
        about = {
            "question": request.question,
            "seed": seed,
            "first_sha256": await digest(request.first),
            "second_sha256": await digest(request.second),
        }

        async def look() -> dict[str, Any]:
            first, second = await prepare(request.first, "first"), await prepare(request.second, "second")
            return await compare(self.comparer, request.question, request.prompt, first, second, seed)

        return await self._answer(Comparison, look, request, about)

    def close(self) -> None:
        """Close the store."""
        self.store.close()

    async def _answer(
        self,
        kind: type[Answer],
        look: Callable[[], Awaitable[dict[str, Any]]],
        request: JudgeRequest | CompareRequest,
        about: dict[str, Any],
    ) -> Answer:
        """Give the answer that is kept, or look, and keep what is said."""
        name = key(
            kind=kind.__name__,
            prompt=request.prompt,
            model=self.name,
            version=self.version,
            circumstances=dict(self.circumstances),
            **about,
        )
        seconds = min(request.timeout or self.timeout, self.timeout) - MARGIN_SECONDS
        with recorded() as replies:
            try:
                async with asyncio.timeout(max(0.0, seconds)):
                    if answer := _read(kind, await self.store.get(name)):
                        return answer
                    answer = kind(status="ok", **await look(), **about, **self._source(replies))
                    own = answer.model_dump_json()
                    kept = await self.store.keep(name, own)
                    return answer if kept == own else _read(kind, kept) or answer
            except (NoOpinion, TimeoutError) as error:
                return kind(**self._silence(error), **about, **self._source(replies))

    def _source(self, replies: Sequence[Reply]) -> dict[str, Any]:
        """Tell who answered, and what it cost."""
        return {
            "model": replies[-1].model if replies else self.name,
            "fingerprint": fingerprints(replies),
            "rubric_version": self.version,
            "usage": usage(replies),
            "cost": cost(replies, self.prices),
        }

    def _silence(self, error: NoOpinion | TimeoutError) -> dict[str, Any]:
        if isinstance(error, NoOpinion):
            status, reason = error.status, readable(error.reason)
        else:
            status, reason = "unavailable", f"{self.name} gave no answer in time"
        log.warning("no opinion (%s): %s", status, reason)
        return {"status": status, "reason": reason}


def _read(kind: type[Answer], kept: str | None) -> Answer | None:
    """Read an answer that was kept, if it can still be read."""
    if kept is None:
        return None
    try:
        return kind.model_validate_json(kept).model_copy(update={"stored": True})
    except ValidationError as error:
        log.warning("an answer in the verdict store can't be read, and is not used: %s", explain(error))
        return None
