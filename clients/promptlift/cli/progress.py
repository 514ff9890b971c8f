"""How far an evaluation is: a bar with what is left and what it cost so far, on a terminal only."""

from collections.abc import Sequence
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from promptlift.errors import PromptliftError
from promptlift.evaluation.effort import effort
from promptlift.evaluation.record import Record


class Bar:
    """Shows an evaluation; implements `promptlift.evaluation.session.Watch`. Use as a context manager."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._records: dict[str, Record] = {}
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            TextColumn("{task.fields[spent]}"),
            console=console,
            transient=True,
            disable=not console.is_terminal,
        )
        self._controls = self._progress.add_task("checking the judge", total=0, visible=False, spent="")
        self._trials = self._progress.add_task("painting and judging", total=0, visible=False, spent="")

    def __enter__(self) -> Self:
        """Begin to show it."""
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Take it away."""
        self._progress.stop()

    def planned(self, kept: Sequence[Record], trials: int, controls: int) -> None:
        """Show what is to come, and tell what is there already."""
        self._records = {record.key: record for record in kept}
        if kept and trials:
            self.say(f"going on: {trials} trials are left")
        self._progress.update(self._controls, total=controls, visible=controls > 0)
        self._progress.update(self._trials, total=trials, visible=trials > 0, spent=self._spent())

    def controlled(self) -> None:
        """Count a control."""
        self._progress.advance(self._controls)

    def unchecked(self, error: PromptliftError) -> None:
        """Say that the judge can't be checked."""
        self._progress.update(self._controls, visible=False)
        self.say(f"the judge can't be checked ({error}); name its address: --judge-url")

    def tried(self, record: Record) -> None:
        """Count a trial, and tell of one that failed."""
        self._records[record.key] = record
        self._progress.update(self._trials, advance=1, spent=self._spent())
        if record.fault is not None:
            self.say(f"failed: {record.prompt}: {record.fault.message}")

    def say(self, message: str) -> None:
        """Print a line above the bar."""
        self._console.print(f"promptlift: {message}", style="yellow", markup=False, highlight=False)

    def _spent(self) -> str:
        if self._progress.disable:
            return ""
        spent = effort(list(self._records.values()), [], [])
        tokens = f"{(spent.upsampler_tokens + spent.judge_tokens) / 1000:,.1f}k tokens"
        return tokens if spent.dollars is None else f"{tokens}, ${spent.dollars:.2f}"
