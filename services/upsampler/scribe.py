"""Who writes the drafts: what the writer needs of a language model, whichever kind it is."""

import contextlib
from collections.abc import Iterator
from typing import Protocol

import dspy

from promptlift.contracts import Mode
from services.upsampler.draft import Draft
from services.upsampler.task import Task


class NoDraft(Exception):
    """The language model gave no draft; `again` tells whether another seed may help."""

    def __init__(self, reason: str, *, again: bool) -> None:
        super().__init__(reason)
        self.reason = reason
        self.again = again


class Scribe(Protocol):
    """A language model with a program that writes drafts."""

    @property
    def name(self) -> str:
        """The model's name."""

    @property
    def attempts(self) -> int:
        """How often it may be asked about one prompt."""

    def version(self, mode: Mode) -> str:
        """Name the instructions and demos that it is given in a mode."""

    async def write(self, task: Task, draft: Draft | None, faults: list[str], seed: int) -> Draft:
        """Write a draft, or mend the last one.

        Raises:
            NoDraft: nothing came of it.
        """


@contextlib.contextmanager
def told(name: str) -> Iterator[None]:
    """Translate what DSPy raises around a call of a model.

    Raises:
        NoDraft: whatever it was.
    """
    try:
        yield
    except dspy.AdapterParseError as error:
        raise NoDraft(f"{name} gave no caption that can be read", again=True) from error
    except dspy.LMError as error:
        raise NoDraft(
            f"{name} failed: {(error.message or type(error).__name__).splitlines()[0]}", again=False
        ) from error
    except (RecursionError, ValueError, TypeError) as error:  # of DSPy's reading of what is no JSON by any stretch
        raise NoDraft(f"{name} gave no caption that can be read: {type(error).__name__}", again=True) from error
