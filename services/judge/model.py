"""Asking the multimodal model through DSPy; whatever goes wrong is a reason to have no opinion."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

import dspy

from promptlift.contracts import MAX_SEED
from services import tracing
from services.judge.opinion import NoOpinion, Silence, Unreadable
from services.judge.pictures import Prepared
from services.judge.program import Attached
from services.judge.words import shortened
from services.language_model import attachments
from services.structured import Structured

Answer = TypeVar("Answer")

log = logging.getLogger("promptlift.judge")
STATUSES: dict[str, Silence] = {
    "refused": "refused",
    "truncated": "malformed",
    "context_length_exceeded": "too_large",
}
"""The contract's word for each reason of a model to give no answer; any other is `unavailable`."""
MOST_WORDS = 40
"""Of what an endpoint says of its failure."""
SECOND_TRY = 1_000_003
"""Added to the seed of a second try, far from the seeds of other samples."""


@dataclass(frozen=True)
class Model:
    """A multimodal language model.

    Attributes:
        name: what it is called at its endpoint.
    """

    lm: dspy.LM
    name: str
    adapter: Structured = field(default_factory=Structured)

    async def ask(
        self,
        program: dspy.Predict,
        read: Callable[[Any], Answer],
        seed: int,
        pictures: Mapping[str, Prepared],
        **inputs: Any,
    ) -> Answer:
        """Run a program and read its prediction; once more with another seed when that can't be read.

        `pictures` are attached by the names of the program's fields.

        Raises:
            NoOpinion: there is no answer, or none that can be read.
        """
        try:
            return read(await self._predict(program, seed, pictures, inputs))
        except Unreadable as error:
            log.info("%s is asked again: %s", self.name, error.reason)
        return read(await self._predict(program, (seed + SECOND_TRY) % (MAX_SEED + 1), pictures, inputs))

    async def _predict(
        self, program: dspy.Predict, seed: int, pictures: Mapping[str, Prepared], inputs: Mapping[str, Any]
    ) -> Any:
        named = {field: Attached(name=f"attached:{field}") for field in pictures}
        token = attachments.set({named[field].name: picture.url for field, picture in pictures.items()})
        try:
            with (
                tracing.call(
                    "dspy.Predict", {**inputs, "seed": seed}, {"signature": program.signature.__name__}
                ) as noted,
                dspy.context(lm=self.lm, adapter=self.adapter, disable_history=True, trace=None),
            ):
                prediction = await program.acall(**inputs, **named, config={"seed": seed})
                noted.result(dict(prediction))
                return prediction
        except dspy.AdapterParseError as error:
            raise Unreadable(f"{self.name} gave an answer that can't be read") from error
        except dspy.LMError as error:
            status = STATUSES.get(error.provider_code or "", "unavailable")
            raise NoOpinion(status, f"{self.name} gave no opinion: {shortened(error.message, MOST_WORDS)}") from error
        finally:
            attachments.reset(token)
