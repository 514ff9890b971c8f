"""Keeping what diffusers and transformers say of parts that are not used here, and their progress bars, out of the log."""

from diffusers.utils import logging as diffusers
from transformers.utils import logging as transformers


def silence() -> None:
    """Call it before anything else of the two is imported: they speak at their import, too."""
    for library in (diffusers, transformers):
        library.set_verbosity_error()
        library.disable_progress_bar()
