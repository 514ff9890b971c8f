"""Upsampling one prompt with any program and model; it never fails, at worst the prompt stays as it is."""

import asyncio
import logging
import secrets
from dataclasses import dataclass

import dspy
from pydantic import TypeAdapter, ValidationError

from promptlift.contracts import MAX_SEED, Prompt, UpsampleRequest, Upsampling

log = logging.getLogger("promptlift.upsampler")
PROMPT: TypeAdapter[str] = TypeAdapter(Prompt)
MARGIN_SECONDS = 0.2
"""Kept of a request's time for sending the answer."""


@dataclass(frozen=True)
class Writer:
    """A program with the model that runs it.

    Attributes:
        program: takes `prompt` and gives `caption`.
        lm: the language model.
        adapter: shows the program to the model.
        name: the model's name, for answers and logs.
        version: names the program's instructions and demos.
        timeout: seconds for a request without a timeout of its own.
    """

    program: dspy.Predict
    lm: dspy.LM
    adapter: dspy.Adapter
    name: str
    version: str
    timeout: float

    async def upsample(self, request: UpsampleRequest) -> Upsampling:
        """Give a detailed prompt, or the base prompt with the reason why it is no other."""
        seed = secrets.randbelow(MAX_SEED + 1) if request.seed is None else request.seed
        reason = None
        try:
            async with asyncio.timeout(max(0.0, min(request.timeout or self.timeout, self.timeout) - MARGIN_SECONDS)):
                painted = await self._caption(request.prompt, seed)
        except TimeoutError:
            reason = f"{self.name} gave no answer in time"
        except (dspy.AdapterParseError, ValidationError):
            reason = f"{self.name} gave no caption"
        except dspy.LMError as error:
            reason = f"{self.name} failed: {error.message.splitlines()[0]}"
        if reason:
            log.warning("the base prompt stays as it is: %s", reason)
            painted = request.prompt
        return Upsampling(
            base_prompt=request.prompt,
            prompt=painted,
            model=self.name,
            seed=seed,
            prompt_version=self.version,
            fallback=reason is not None,
            reason=reason,
        )

    async def _caption(self, prompt: str, seed: int) -> str:
        with dspy.context(lm=self.lm, adapter=self.adapter, disable_history=True, trace=None):
            prediction = await self.program.acall(prompt=prompt, config={"seed": seed})
        return PROMPT.validate_python(" ".join(prediction.caption.split()))
