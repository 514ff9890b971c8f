"""Choosing and loading what judges: a multimodal model where there is one."""

import logging

from services import language_model
from services.judge import program
from services.judge.critic import Critic
from services.judge.settings import JudgeSettings
from services.judge.silent import Silent

log = logging.getLogger("promptlift.judge")
OPENAI_MODEL = "gpt-4o"
"""What is asked when there is a key for OpenAI and no model is named."""


def load(settings: JudgeSettings) -> Critic | Silent:
    """Load the model that the settings name, or for `auto` the one that is there."""
    if not settings.remote:
        reason = "there is no multimodal model: set OPENAI_API_KEY, or JUDGE_API_BASE for an OpenAI-compatible server"
        log.warning("the judge gives no opinion, because %s", reason)
        return Silent(reason, program.VERSION)
    name, reason = language_model.name_model(settings, OPENAI_MODEL)
    log.info("the judge asks %s, because %s", name, reason)
    return Critic(
        judging=program.judging(),
        comparing=program.comparing(),
        lm=language_model.connect(settings, name),
        name=name,
        version=program.VERSION,
        seed=settings.seed,
        timeout=settings.timeout,
    )
