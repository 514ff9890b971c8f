"""What the command's exit status tells a script."""

from collections.abc import Iterator
from contextlib import contextmanager
from enum import IntEnum

import typer
from rich.console import Console

from promptlift.errors import PromptliftError, Rejected, Unavailable, Unreachable


class Exit(IntEnum):
    """0 done · 1 the service failed · 2 bad request · 3 not available · 4 judged incorrect · 5 no verdict."""

    DONE = 0
    FAILED = 1
    REJECTED = 2
    UNAVAILABLE = 3
    INCORRECT = 4
    NO_VERDICT = 5


def exit_of(error: PromptliftError) -> Exit:
    """Give the exit status of an error."""
    if isinstance(error, Rejected):
        return Exit.REJECTED
    if isinstance(error, Unavailable | Unreachable):
        return Exit.UNAVAILABLE
    return Exit.FAILED


@contextmanager
def told() -> Iterator[None]:
    """Turn errors into one line on standard error and an exit status."""
    try:
        yield
    except PromptliftError as error:
        message, status = str(error), exit_of(error)
    except (OSError, ValueError) as error:  # a file that can't be read or written, or is no picture
        message, status = str(error), Exit.REJECTED
    else:
        return
    Console(stderr=True, soft_wrap=True).print(f"promptlift: {message}", style="red", highlight=False, markup=False)
    raise typer.Exit(status)
