"""Loading a model beside the event loop, so that a service is alive while it loads and ready when it has loaded."""

import gc
import logging
import os
import signal
import threading
import time
from collections.abc import Callable
from typing import Generic, TypeVar

from services.errors import NotReady

Model = TypeVar("Model")

log = logging.getLogger("promptlift.loading")
RETRY_SECONDS = 5.0


class Loading(Generic[Model]):
    """A model that is loaded on a thread of its own.

    Attributes:
        name: the service that loads it, for messages.
    """

    def __init__(self, name: str, load: Callable[[], Model], *, supervised: bool) -> None:
        """Prepare to load; `supervised` tells whether the parent process is BentoML's, to be stopped on failure."""
        self.name = name
        self._load = load
        self._supervised = supervised
        self._model: Model | None = None
        self._failure: str | None = None
        self._since = time.monotonic()

    def start(self) -> None:
        """Begin to load."""
        self._since = time.monotonic()
        threading.Thread(target=self._run, name=f"load-{self.name}", daemon=True).start()

    def get(self) -> Model:
        """Give the model.

        Raises:
            NotReady: it is still loading, or could not be loaded.
        """
        if self._model is not None:
            return self._model
        if self._failure is not None:
            raise NotReady(f"the {self.name} could not be loaded: {self._failure}")
        raise NotReady(f"the {self.name} is still loading", retry_after=RETRY_SECONDS)

    def close(self) -> None:
        """Close the model, if it was loaded and is one that can be closed."""
        close = getattr(self._model, "close", None)
        if close is not None:
            close()

    def _run(self) -> None:
        try:
            self._model = self._load()
            gc.collect()
            gc.freeze()  # what was loaded stays: to search it for garbage would stop the event loop for 0.2 s at a time
        except Exception as error:
            self._failure = str(error) or type(error).__name__
            in_words = isinstance(error, RuntimeError)  # what our own `load` raises; anything else is worth a traceback
            log.critical(
                "the %s could not be loaded: %s", self.name, self._failure, exc_info=None if in_words else error
            )
            if self._supervised:  # without a model there is nothing to serve
                os.kill(os.getppid(), signal.SIGTERM)
        else:
            log.info("the %s is ready after %.1f s", self.name, time.monotonic() - self._since)
