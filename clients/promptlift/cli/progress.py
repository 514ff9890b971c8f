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
        self._tokens = 0
        self._dollars: float | None = None
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
        if kept and trials:
            self.say(f"going on: {trials} trials are left")
        self._progress.update(self._controls, total=controls, visible=controls > 0)
        self._progress.update(self._trials, total=trials, visible=trials > 0, spent=self._spent(kept))

    def controlled(self) -> None:
        """Count a control."""
        self._progress.advance(self._controls)

    def unchecked(self, error: PromptliftError) -> None:
        """Say that the judge can't be checked."""
        self._progress.update(self._controls, visible=False)
        self.say(f"the judge can't be checked ({error}); name its address: --judge-url")

    def tried(self, record: Record) -> None:
        """Count a trial, and tell of one that failed."""
        self._progress.update(self._trials, advance=1, spent=self._spent([record]))
        if record.fault is not None:
            self.say(f"failed: {record.prompt}: {record.fault.message}")

    def say(self, message: str) -> None:
        """Print a line above the bar."""
        self._console.print(f"promptlift: {message}", style="yellow", markup=False, highlight=False)

    def _spent(self, records: Sequence[Record]) -> str:
        """Add what trials took, and tell the sum."""
        spent = effort(records, [], [])
        self._tokens += spent.upsampler_tokens + spent.judge_tokens
        if spent.dollars is not None:
            self._dollars = (self._dollars or 0.0) + spent.dollars
        tokens = f"{self._tokens / 1000:,.1f}k tokens"
        return tokens if self._dollars is None else f"{tokens}, ${self._dollars:.2f}"
