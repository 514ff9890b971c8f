"""Choosing and loading what judges: a multimodal model where there is one."""

import logging
import sqlite3
from pathlib import Path

from services import language_model
from services.judge import embedded, program
from services.judge.checklist import Checklist
from services.judge.comparing import FactComparer
from services.judge.critic import Critic
from services.judge.eyes import Eyes
from services.judge.model import Model
from services.judge.plans import RememberedPlanner
from services.judge.settings import JudgeSettings
from services.judge.store import Forgetful, SqliteStore, Store
from services.judge.witness import Glance, ModelComparer, ModelEyes, ModelPlanner, PlainAnswer

log = logging.getLogger("promptlift.judge")
OPENAI_MODEL = "gpt-4o"
"""What is asked when there is a key for OpenAI and no model is named."""
CACHED = Path(".cache") / "promptlift" / "judge.sqlite3"
"""In the home folder."""


def load(settings: JudgeSettings) -> Critic:
    """Load what the settings name, or for `auto` the best that is there: a multimodal model, else the embedded eyes.

    Raises:
        RuntimeError: the model or the store can't be used.
    """
    if settings.model == "embedded" or not settings.remote:
        reason = "they are named" if settings.model == "embedded" else "there is no multimodal model"
        log.info("the judge looks with %s, because %s", embedded.NAME, reason)
        return sighted(settings, embedded.open_eyes(), open_store(settings))
    name, reason = language_model.name_model(settings, OPENAI_MODEL)
    log.info("the judge asks %s, because %s", name, reason)
    return witnessed(settings, Model(language_model.connect(settings, name), name), open_store(settings))


def sighted(settings: JudgeSettings, eyes: Eyes, store: Store) -> Critic:
    """Make the critic that judges by the shapes world's facts, with eyes that are no language model."""
    version = embedded.version()
    checklist = Checklist(embedded.PocketPlanner(version), eyes)
    return Critic(
        methods={"checklist": checklist},
        comparer=FactComparer(checklist),
        store=store,
        name=embedded.NAME,
        version=version,
        seed=settings.seed,
        timeout=settings.timeout,
    )


def witnessed(settings: JudgeSettings, model: Model, store: Store) -> Critic:
    """Make the critic that asks a multimodal model for everything."""
    version = program.version()
    circumstances = {
        "endpoint": settings.endpoint[0],
        "temperature": settings.temperature,
        "max_tokens": settings.max_tokens,
    }
    origin = f"{version} {model.name} {settings.seed} {circumstances}"
    planner = RememberedPlanner(ModelPlanner(model, program.planning(), settings.seed, origin), store)
    return Critic(
        methods={
            "checklist": Checklist(planner, ModelEyes(model, program.looking())),
            "quick": Glance(model, program.glancing()),
            "dalle3": PlainAnswer(model, program.deciding()),
        },
        comparer=ModelComparer(model, program.comparing(), program.appealing()),
        store=store,
        name=model.name,
        version=version,
        seed=settings.seed,
        timeout=settings.timeout,
        prices=settings.prices,
        circumstances=circumstances,
    )


def open_store(settings: JudgeSettings) -> Store:
    """Open the store that the settings name.

    Raises:
        RuntimeError: it is named, and can't be opened; one that is not named is done without.
    """
    if settings.store == "off":
        return Forgetful()
    named = settings.store != "auto"
    try:
        path = Path(settings.store) if named else Path.home() / CACHED
        store = SqliteStore(path, settings.store_megabytes * 1024 * 1024)
    except (OSError, RuntimeError, sqlite3.Error) as error:
        if named:
            raise RuntimeError(f"JUDGE_STORE names {settings.store}, which can't be opened: {error}") from error
        log.warning("no verdict is kept, because the home folder's cache can't be used: %s", error)
        return Forgetful()
    log.info("verdicts are kept in %s", path)
    return store
