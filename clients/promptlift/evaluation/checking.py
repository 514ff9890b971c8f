"""The judge's controls as a part of an evaluation: asked once, kept in its journal, and held against their bounds."""

import asyncio
from collections.abc import Callable

from promptlift.async_client import AsyncClient
from promptlift.cli import controls
from promptlift.cli.controls import Case, Result
from promptlift.cli.pictures import drawn
from promptlift.evaluation.journal import Answer, Journal


def unasked(journal: Journal) -> list[Case]:
    """Give the controls that the judge has not answered yet."""
    return [case for case in controls.cases(drawn()) if not _answered(case, journal)]


async def check(
    cases: list[Case],
    journal: Journal,
    judge: AsyncClient,
    *,
    concurrency: int,
    timeout: float,
    told: Callable[[], None],
) -> None:
    """Ask the judge about controls as it is asked about pictures, and keep what it says; `timeout` in seconds.

    Raises:
        PromptliftError: the judge does not answer at this address.
    """
    plan = journal.plan
    waiting = iter(cases)

    async def worker() -> None:
        for case in waiting:
            judgement = await judge.judge(
                prompt=case.prompt,
                image=case.image,
                mode=plan.judge_mode,
                samples=plan.judge_samples,
                seed=plan.judge_seed,
                timeout=timeout,
            )
            journal.add_control(Answer(control=case.control, of=case.of, judgement=judgement))
            told()

    try:
        async with asyncio.TaskGroup() as group:
            for _ in range(min(concurrency, len(cases))):
                group.create_task(worker())
    except ExceptionGroup as failures:
        raise failures.exceptions[0] from failures


def results(journal: Journal) -> list[Result]:
    """Hold the answers against what a judge must be able to tell; empty while any is missing."""
    judged = [
        (case, journal.controls[case.control, case.of])
        for case in controls.cases(drawn())
        if (case.control, case.of) in journal.controls
    ]
    complete = len(judged) == len(controls.cases(drawn()))
    return controls.grade(judged) if complete else []


def _answered(case: Case, journal: Journal) -> bool:
    judgement = journal.controls.get((case.control, case.of))
    return judgement is not None and judgement.status != "unavailable"
