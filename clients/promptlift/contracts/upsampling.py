"""What the upsampler is asked and what it answers."""

from promptlift.contracts.fields import Contract, Prompt, Request, Seed


class UpsampleRequest(Request):
    """Ask for a detailed prompt that keeps what the terse one says."""

    prompt: Prompt
    seed: Seed | None = None
    """Seed of the language model's sampling (best effort). Absent: drawn, and told in the answer."""


class Upsampling(Contract):
    """A terse prompt and what became of it."""

    base_prompt: str
    prompt: str
    """The prompt to paint: the upsampled one, or the base prompt when `fallback` is true."""
    model: str
    seed: Seed
    prompt_version: str
    """Names the instructions and demos that the language model was given."""
    fallback: bool = False
    """True when the language model gave nothing usable; `reason` says why."""
    reason: str | None = None
