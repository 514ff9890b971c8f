"""What the services' logs show, beside BentoML's own lines."""

import logging
import traceback

from pydantic import ValidationError

READING_A_REQUEST = "from_http_request"
"""The function of BentoML's that reads a body; a validation error from elsewhere is our own and stays in the log."""


class _NotTheCallersFault(logging.Filter):
    """Drops the traceback that BentoML logs for each request out of bounds: its answer says it all."""

    def filter(self, record: logging.LogRecord) -> bool:
        if not record.exc_info or not isinstance(record.exc_info[1], ValidationError):
            return True
        frames = traceback.extract_tb(record.exc_info[2])
        return all(frame.name != READING_A_REQUEST for frame in frames)


def configure() -> None:
    """Show our own lines from INFO on; call it once in each process."""
    logging.getLogger("promptlift").setLevel(logging.INFO)
    logging.getLogger("bentoml._internal.server.http_app").addFilter(_NotTheCallersFault())
