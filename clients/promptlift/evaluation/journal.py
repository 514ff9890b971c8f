"""The folder of an evaluation: its pictures, and a journal to which each finished trial is added at once.

Each line of the journal is whole or, after a crash, the last one is torn and is dropped; so a run that was killed goes
on where it stood, and pays for nothing twice but what was in work.
"""

import json
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, Self

from pydantic import ValidationError

from promptlift.contracts import Image, Judgement
from promptlift.errors import Rejected, explain
from promptlift.evaluation.plan import Plan
from promptlift.evaluation.record import Kept, Record
from promptlift.version import __version__

if sys.platform != "win32":
    import fcntl

JOURNAL = "journal.jsonl"
PICTURES = "pictures"


class Answer(Kept):
    """What the judge said of one control."""

    control: str
    of: int
    judgement: Judgement


class Entry(Kept):
    """One line: the plan, the beginning of a run, a control, or a trial."""

    version: str | None = None
    plan: Plan | None = None
    began_at: float | None = None
    """Seconds since 1970."""
    control: Answer | None = None
    trial: Record | None = None


class Journal:
    """What is known so far; use as a context manager.

    Attributes:
        records: each trial's last record, by its key.
        controls: what the judge said of each control, by its kind and its picture's index.
        sessions: when each run began and when its last trial ended, in seconds since 1970.
    """

    def __init__(self, folder: Path, plan: Plan) -> None:
        self.folder = folder
        self.plan = plan
        self.records: dict[str, Record] = {}
        self.controls: dict[tuple[str, int], Judgement] = {}
        self.sessions: list[tuple[float, float]] = []
        self._file: IO[bytes] | None = None

    def __enter__(self) -> Self:
        """Open it, and read what earlier runs wrote.

        Raises:
            Rejected: the folder holds an evaluation of another plan, or another process is at work in it.
        """
        (self.folder / PICTURES).mkdir(parents=True, exist_ok=True)
        self._file = (self.folder / JOURNAL).open("a+b")
        try:
            self._claim(self._file)
            self._read(self._file)
        except BaseException:
            self._file.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        """Close it; another process may go on."""
        if self._file is not None:
            self._file.close()

    def begin(self) -> None:
        """Note that a run begins."""
        self._add(Entry(began_at=time.time()))

    def add(self, record: Record) -> None:
        """Keep a trial."""
        self._add(Entry(trial=record))

    def add_control(self, answer: Answer) -> None:
        """Keep what the judge said of a control."""
        self._add(Entry(control=answer))

    def save(self, name: str, image: Image) -> str:
        """Write a picture, and give its path within the folder."""
        relative = f"{PICTURES}/{name}{image.suffix}"
        with (self.folder / relative).open("wb") as file:
            file.write(image.data)
            file.flush()
            os.fsync(file.fileno())
        return relative

    def _claim(self, file: IO[bytes]) -> None:
        if sys.platform != "win32":
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                raise Rejected(f"another process evaluates into {self.folder}; wait for it, or name another") from error

    def _read(self, file: IO[bytes]) -> None:
        file.seek(0)
        whole = 0
        for number, line in enumerate(file, start=1):
            if not line.endswith(b"\n"):
                break
            whole += len(line)
            self._take(self._parsed(line, number))
        file.truncate(whole)
        if not whole:
            self._add(Entry(version=__version__, plan=self.plan))

    def _parsed(self, line: bytes, number: int) -> Entry:
        try:
            return Entry.model_validate_json(line)
        except ValidationError as error:
            where = f"{self.folder / JOURNAL}, line {number}"
            raise Rejected(f"{where} is no entry of this version: {explain(error)}; name another folder") from error

    def _add(self, entry: Entry) -> None:
        assert self._file is not None, "enter it first"
        self._file.write(entry.model_dump_json(exclude_none=True).encode() + b"\n")
        self._file.flush()
        os.fsync(self._file.fileno())
        self._take(entry)

    def _take(self, entry: Entry) -> None:
        if entry.plan is not None and entry.plan != self.plan:
            said = "; ".join(_differences(entry.plan, self.plan))
            raise Rejected(f"{self.folder} holds an evaluation with {said}; ask for the same, or name another folder")
        if entry.began_at is not None:
            self.sessions.append((entry.began_at, entry.began_at))
        if entry.control is not None:
            self.controls[entry.control.control, entry.control.of] = entry.control.judgement
        if entry.trial is not None:
            self.records[entry.trial.key] = entry.trial
            if self.sessions:
                self.sessions[-1] = (self.sessions[-1][0], entry.trial.finished_at)


def _differences(there: Plan, here: Plan) -> Iterator[str]:
    """Name each field in which two plans differ."""
    ours: dict[str, Any] = here.model_dump(mode="json")
    for name, value in there.model_dump(mode="json").items():
        if value != ours[name]:
            yield f"{name} {json.dumps(value)}, not {json.dumps(ours[name])}"
