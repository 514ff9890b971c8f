"""Reaching a Weave project, and saying in words why it can't be reached."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import weave
from weave.wandb_interface.context import get_wandb_api_context

from promptlift.errors import Rejected, Unavailable


@contextmanager
def opened(project: str, entity: str | None) -> Iterator[Any]:
    """Give the client of a project; what was logged is sent by the end of the block.

    Raises:
        Rejected: there is no key. Without one, Weave would ask for it on the terminal, and wait.
        Unavailable: the project can't be reached.
    """
    if get_wandb_api_context() is None:
        raise Rejected("Weave needs a W&B key; set WANDB_API_KEY (for a local trace server any value will do)")
    name = f"{entity}/{project}" if entity else project
    try:
        client = weave.init(name)
    except Exception as error:
        raise Unavailable(f"the Weave project {name} can't be reached: {error}") from error
    logging.getLogger("weave").setLevel(logging.WARNING)  # else it tells of every row
    try:
        yield client
    finally:
        weave.finish()
