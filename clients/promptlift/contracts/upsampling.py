"""What the upsampler is asked and what it answers."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from promptlift.contracts.fields import Contract, Problem, Prompt, Request, Seed, Usage

Mode = Literal["off", "faithful", "creative", "modify"]
Kind = Literal["count", "colour", "text", "relation", "negation", "style", "name", "language"]

MAX_UPSAMPLE_BATCH = 64
"""Requests in one call of `/upsample/batch`."""
Budget = Annotated[int, Field(ge=20, le=300)]
"""CLIP tokens without start and end; 75 fill one pass of SDXL's text encoders, 150 two."""


class UpsampleRequest(Request):
    """Ask for a detailed prompt that keeps what the terse one says."""

    prompt: Prompt
    """The user's own words; in the mode `modify` those that the previous caption was made from."""
    mode: Mode = "faithful"
    """`off` only checks and counts, `faithful` adds what the prompt leaves open, `creative` adds more, and `modify`
    changes `previous` as `instruction` says."""
    previous: Prompt | None = None
    """The upsampled prompt that the mode `modify` changes."""
    instruction: Prompt | None = None
    """What the mode `modify` changes, such as `make the light red`."""
    budget: Budget | None = None
    """Absent: the upsampler's setting (75)."""
    seed: Seed | None = None
    """Seed of the language model's sampling (best effort). Absent: drawn, and told in the answer."""

    @model_validator(mode="after")
    def _modifies_what_there_is(self) -> Self:
        if self.mode == "modify" and (self.previous is None or self.instruction is None):
            raise ValueError("mode modify needs both previous and instruction")
        if self.mode != "modify" and (self.previous is not None or self.instruction is not None):
            raise ValueError(f"previous and instruction belong to mode modify, not {self.mode}; drop them")
        return self


UpsampleBatch = Annotated[list[UpsampleRequest], Field(min_length=1, max_length=MAX_UPSAMPLE_BATCH)]


class Constraint(Contract):
    """One thing that the user's words fix, as far as rules can tell."""

    kind: Kind
    value: str
    """What is fixed: `3`, `red`, `Open Late`, `cat left of dog`, `people` (that there are none), `photograph`,
    `Darth Vader`, `fr` (the language of the request)."""
    of: str | None = None
    """The thing that it belongs to, where the rules can tell."""
    kept: bool
    """Whether the prompt to paint keeps it. For a language: whether that prompt is in English, which painters read."""


class Tokens(Contract):
    """Content tokens of the prompt to paint for each text encoder of SDXL."""

    clip_l: Annotated[int, Field(ge=0)]
    """CLIP ViT-L, the first encoder."""
    clip_g: Annotated[int, Field(ge=0)]
    """OpenCLIP ViT-bigG, the second encoder; it counts every exclamation mark."""


class Upsampling(Contract):
    """A terse prompt and what became of it."""

    base_prompt: str
    corrected_prompt: str
    """The base prompt with spelling and grammar mended, in English whatever language it was in; in the mode `modify`
    with the instruction worked in."""
    prompt: Prompt
    """The prompt to paint: the upsampled one, or the base prompt when `fallback` is true or the mode is `off`.
    When a modification fails, it is the previous caption."""
    mode: Mode
    constraints: tuple[Constraint, ...]
    tokens: Tokens
    budget: int
    """CLIP tokens that the prompt was fitted to; only the user's own words may be longer, never what was added."""
    negative_prompt: str
    """What the prompt rules out, in the form that painters take. An offer: nothing uses it unless it is sent on."""
    attempts: Annotated[int, Field(ge=0)]
    """How often the language model was asked."""
    model: str
    """The language model; `none` in the mode `off`."""
    seed: Seed
    fingerprint: str | None = None
    """Of the endpoint's configuration, where it tells: the same seed gives the same words only under the same one."""
    prompt_version: str
    """Names the instructions and demos that the language model was given."""
    usage: Usage
    """Of all attempts together."""
    cost: Annotated[float, Field(ge=0, allow_inf_nan=False)] | None = None
    """US dollars, where the endpoint tells them or prices are set."""
    fallback: bool = False
    """True when the language model gave nothing usable; `reason` says why."""
    reason: str | None = None


class UpsampleResult(Contract):
    """One item's outcome in a batch: an upsampling or an error, so that no item harms another."""

    upsampling: Upsampling | None = None
    error: Problem | None = None

    @model_validator(mode="after")
    def _is_one_of_both(self) -> Self:
        if (self.upsampling is None) == (self.error is None):
            raise ValueError("holds an upsampling or an error, never both or neither")
        return self
