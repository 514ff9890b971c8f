"""Choosing and loading what upsamples: a remote model where there is one, else the embedded one."""

import logging
from pathlib import Path

import dspy

from promptlift.contracts import UpsampleRequest
from services import language_model
from services.upsampler import check, embedded, program, shapes
from services.upsampler.clip import Tokenizer
from services.upsampler.continued import Continued
from services.upsampler.embedded import Grammar
from services.upsampler.instructed import Instructed
from services.upsampler.scribe import Scribe
from services.upsampler.settings import UpsamplerSettings
from services.upsampler.task import plan
from services.upsampler.writer import Writer

log = logging.getLogger("promptlift.upsampler")
OPENAI_MODEL = "gpt-4o-mini"
"""What is asked when there is a key for OpenAI and no model is named."""
EMBEDDED_TEMPERATURE = 0.6
NO_MODEL = (
    "there is no language model: set OPENAI_API_KEY, or UPSAMPLER_API_BASE for an OpenAI-compatible server, "
    "or install the embedded one (make install)"
)


def load(settings: UpsamplerSettings, grammar: Grammar = shapes.grammar) -> Writer:
    """Load the model that the settings name, or for `auto` the best that is there.

    `grammar` confines the captions of the embedded model.

    Raises:
        RuntimeError: one is named and not there; the message says what to set.
    """
    tokenizer = Tokenizer()
    if settings.model != "embedded" and settings.remote:
        scribe, reason = _remote(settings, tokenizer)
    else:
        scribe, reason = _embedded(settings, tokenizer, grammar)
    log.info("the upsampler asks %s, because %s", scribe.name, reason)
    return Writer(scribe, tokenizer, settings)


def _remote(settings: UpsamplerSettings, tokenizer: Tokenizer) -> tuple[Scribe, str]:
    captioning = (
        program.load(settings.program, tokenizer.count) if settings.program else program.Captioning(tokenizer.count)
    )
    name, reason = language_model.name_model(settings, OPENAI_MODEL)
    return Instructed(captioning, language_model.connect(settings, name), name, settings.attempts), reason


def _embedded(settings: UpsamplerSettings, tokenizer: Tokenizer, grammar: Grammar) -> tuple[Scribe, str]:
    weights = embedded.find_weights()
    if weights is not None:
        reason = "it is named" if settings.model == "embedded" else "there is no key and no server"
        return Continued(_engine(settings, tokenizer, grammar, weights), embedded.NAME), reason
    if settings.model == "embedded":
        raise RuntimeError(NO_MODEL)
    log.warning("only prompts of coloured shapes are upsampled: %s", NO_MODEL)
    return shapes.Filler(NO_MODEL), "there is no language model"


def _engine(settings: UpsamplerSettings, tokenizer: Tokenizer, grammar: Grammar, weights: Path) -> dspy.LM:
    def count_faults(prompt: str, caption: str) -> int:
        task = plan(UpsampleRequest(prompt=prompt), settings.budget, tokenizer.count)
        return sum(fault.serious for fault in check.faults(task, caption))

    server = embedded.start(weights, settings.threads)
    engine = embedded.Engine(server, settings.samples, count_faults, grammar)
    return dspy.LM(
        f"embedded/{embedded.NAME}",
        engine=engine,
        async_engine=embedded.AsyncEngine(engine),
        cache=False,
        num_retries=0,
        temperature=EMBEDDED_TEMPERATURE,
    )
