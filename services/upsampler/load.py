"""Choosing and loading what upsamples: a remote model where there is one, else the embedded one."""

import logging

import dspy

from services import language_model
from services.upsampler import embedded, program
from services.upsampler.settings import UpsamplerSettings
from services.upsampler.writer import Writer

log = logging.getLogger("promptlift.upsampler")
OPENAI_MODEL = "gpt-4o-mini"
"""What is asked when there is a key for OpenAI and no model is named."""


def load(settings: UpsamplerSettings) -> Writer:
    """Load the model that the settings name, or for `auto` the best that is there.

    Raises:
        RuntimeError: there is none; the message says what to set.
    """
    if settings.model != "embedded" and settings.remote:
        name, reason = language_model.name_model(settings, OPENAI_MODEL)
        lm = language_model.connect(settings, name)
        writer = Writer(program.instructed(), lm, dspy.JSONAdapter(), name, program.VERSION, settings.timeout)
    else:
        name, reason = embedded.NAME, "it is named" if settings.model == "embedded" else "there is no key and no server"
        lm = _embedded(settings)
        writer = Writer(program.continued(), lm, program.Continuation(), name, program.VERSION, settings.timeout)
    log.info("the upsampler asks %s, because %s", name, reason)
    return writer


def _embedded(settings: UpsamplerSettings) -> dspy.LM:
    weights = embedded.find_weights()
    if weights is None:
        raise RuntimeError(
            "there is no language model: set OPENAI_API_KEY, or UPSAMPLER_API_BASE for an OpenAI-compatible server, "
            "or install the embedded one (make install)"
        )
    engine = embedded.Engine(embedded.start(weights, settings.threads), settings.samples)
    return dspy.LM(
        f"embedded/{embedded.NAME}",
        engine=engine,
        async_engine=embedded.AsyncEngine(engine),
        cache=False,
        num_retries=0,
        temperature=0.6,
    )
