"""Tracing the command's own call with W&B Weave, when a project is named."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from promptlift.errors import Rejected


@contextmanager
def calls(project: str | None, entity: str | None) -> Iterator[Callable[[Any], Any]]:
    """Give a decorator that records a function's calls in a Weave project, or does nothing without one."""
    if project is None:
        if entity is not None:
            raise Rejected("--entity needs --project; name both, or neither")
        yield lambda function: function
        return
    try:
        import weave  # noqa: PLC0415  only who names a project needs it
    except ImportError as error:
        raise Rejected("--project needs weave; run: pip install 'promptlift[tracing]'") from error
    client = weave.init(f"{entity}/{project}" if entity else project)
    yield weave.op
    client.finish()
