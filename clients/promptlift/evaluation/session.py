"""A run of an evaluation, from its plan to its report; a run that was stopped goes on where it stood."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from promptlift.async_client import AsyncClient
from promptlift.cli.controls import Case
from promptlift.connection import LOCAL
from promptlift.errors import PromptliftError
from promptlift.evaluation import checking, report
from promptlift.evaluation.effort import Effort, effort
from promptlift.evaluation.findings import Findings, findings
from promptlift.evaluation.journal import Journal
from promptlift.evaluation.plan import Plan, Trial, trials
from promptlift.evaluation.prompts import PromptSet
from promptlift.evaluation.record import Record
from promptlift.evaluation.run import missing, run
from promptlift.retry import Retry

PATIENCE = Retry(limit=5, first_pause=1.0, longest_pause=30.0)
"""An evaluation can wait longer than a person."""


@dataclass(frozen=True)
class Services:
    """Where the services are, and how hard they are worked.

    Attributes:
        url: the orchestrator's address.
        judge_url: the judge's, for its controls; None leaves the controls out.
        concurrency: trials in work at once.
        timeout: seconds for one trial, or one control.
    """

    url: str = LOCAL
    judge_url: str | None = LOCAL
    concurrency: int = 8
    timeout: float = 300.0


class Watch(Protocol):
    """Whoever wants to see the run."""

    def planned(self, kept: Sequence[Record], trials: int, controls: int) -> None:
        """Hear what is there already, and how much is to come."""

    def controlled(self) -> None:
        """Hear that the judge answered a control."""

    def unchecked(self, error: PromptliftError) -> None:
        """Hear that the judge can't be checked."""

    def tried(self, record: Record) -> None:
        """Hear of a trial."""


class Unwatched:
    """Shows nothing."""

    def planned(self, kept: Sequence[Record], trials: int, controls: int) -> None:
        """Take no note."""

    def controlled(self) -> None:
        """Take no note."""

    def unchecked(self, error: PromptliftError) -> None:
        """Take no note."""

    def tried(self, record: Record) -> None:
        """Take no note."""


@dataclass(frozen=True)
class Outcome:
    """What an evaluation came to, and the files of its report."""

    findings: Findings
    effort: Effort
    records: tuple[Record, ...]
    files: tuple[Path, ...]


async def evaluate(
    plan: Plan, prompts: PromptSet, folder: Path, services: Services, watch: Watch = Unwatched()
) -> Outcome:
    """Run what is missing, and write the report into the folder.

    Raises:
        PromptliftError: the services are not ready, or went away; what was kept stays, and can be gone on with.
    """
    with Journal(folder, plan) as journal:
        wanted = list(trials(plan, prompts))
        await _fill(journal, missing(wanted, journal), services, watch)
        records = [journal.records[trial.key] for trial in wanted]
        found = findings(plan, records, checking.results(journal))
        spent = effort(records, list(journal.controls.values()), journal.sessions)
    files = report.write(found, records, spent, folder)
    return Outcome(found, spent, tuple(records), tuple(files))


async def _fill(journal: Journal, wanted: Sequence[Trial], services: Services, watch: Watch) -> None:
    """Ask for everything that the journal lacks: the controls first, since they may show the rest to be in vain."""
    unasked = checking.unasked(journal) if services.judge_url is not None else []
    watch.planned(list(journal.records.values()), len(wanted), len(unasked))
    if not wanted and not unasked:
        return
    journal.begin()
    if unasked and services.judge_url is not None:
        await _check(unasked, journal, services, services.judge_url, watch)
    if wanted:
        async with AsyncClient(services.url, retry=PATIENCE) as client:
            await client.ready()
            await run(
                wanted,
                journal,
                client,
                concurrency=services.concurrency,
                timeout=services.timeout,
                told=watch.tried,
            )


async def _check(unasked: list[Case], journal: Journal, services: Services, url: str, watch: Watch) -> None:
    try:
        async with AsyncClient(url, retry=PATIENCE) as judge:
            await checking.check(
                unasked,
                journal,
                judge,
                concurrency=services.concurrency,
                timeout=services.timeout,
                told=watch.controlled,
            )
    except PromptliftError as error:
        watch.unchecked(error)
