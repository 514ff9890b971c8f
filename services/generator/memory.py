"""A device's memory running out, in one kind of error and with what is left given back."""

from collections.abc import Iterator
from contextlib import contextmanager

import torch


@contextmanager
def in_memory(device: torch.device) -> Iterator[None]:
    """Turn torch's errors of too little memory into `MemoryError`."""
    try:
        yield
    except torch.OutOfMemoryError as error:
        if device.type == "cuda":
            torch.cuda.empty_cache()
        raise MemoryError(str(error).splitlines()[0]) from error
    except RuntimeError as error:
        if "can't allocate memory" in str(error):  # what torch says on a CPU
            raise MemoryError(str(error).splitlines()[0]) from error
        raise
