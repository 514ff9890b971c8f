"""Choosing and loading what upsamples: a remote model where there is one, else the embedded one."""

import logging

import dspy

from promptlift.contracts import UpsampleRequest
from services import language_model
from services.upsampler import check, embedded, program
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


def load(settings: UpsamplerSettings, grammar: Grammar | None = None) -> Writer:
    """Load the model that the settings name, or for `auto` the best that is there.

    `grammar` confines the captions of the embedded model.

    Raises:
        RuntimeError: there is none; the message says what to set.
    """
    tokenizer = Tokenizer()
    if settings.model != "embedded" and settings.remote:
        scribe, reason = _remote(settings, tokenizer)
    else:
        scribe = Continued(_embedded(settings, tokenizer, grammar), embedded.NAME)
        reason = "it is named" if settings.model == "embedded" else "there is no key and no server"
    log.info("the upsampler asks %s, because %s", scribe.name, reason)
    return Writer(scribe, tokenizer, settings)


def _remote(settings: UpsamplerSettings, tokenizer: Tokenizer) -> tuple[Scribe, str]:
    captioning = (
        program.load(settings.program, tokenizer.count) if settings.program else program.Captioning(tokenizer.count)
    )
    name, reason = language_model.name_model(settings, OPENAI_MODEL)
    return Instructed(captioning, language_model.connect(settings, name), name, settings.attempts), reason


def _embedded(settings: UpsamplerSettings, tokenizer: Tokenizer, grammar: Grammar | None) -> dspy.LM:
    weights = embedded.find_weights()
    if weights is None:
        raise RuntimeError(
            "there is no language model: set OPENAI_API_KEY, or UPSAMPLER_API_BASE for an OpenAI-compatible server, "
            "or install the embedded one (make install)"
        )

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
