"""What the services' logs show, and how: one JSON object a line in containers, BentoML's own lines on a terminal."""

import logging
import sys
import traceback
from typing import Literal

from bentoml._internal.log import SERVER_LOGGING_CONFIG
from pydantic import ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict
from pythonjsonlogger.json import JsonFormatter

from services import tracing
from services.edge import request_id

READING_A_REQUEST = "from_http_request"
"""The function of BentoML's that reads a body; a validation error from elsewhere is our own and stays in the log."""
BENTOML_FORMATTER = "traced"
LEFT_OUT = ("component", "levelname_bracketed", "service_name", "taskName", "trace_msg")
"""What BentoML adds to each record for its own format."""


class LogSettings(BaseSettings):
    """Variables with the prefix `LOG_`."""

    model_config = SettingsConfigDict(
        env_prefix="LOG_", frozen=True, env_ignore_empty=True, use_attribute_docstrings=True
    )

    level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    """What is shown, at least, of our own and BentoML's lines."""
    format: Literal["auto", "json", "text"] = "auto"
    """`auto`: text on a terminal, else JSON."""

    @property
    def as_json(self) -> bool:
        """Whether each line is a JSON object."""
        return self.format == "json" or (self.format == "auto" and not sys.stdout.isatty())


class _NotTheCallersFault(logging.Filter):
    """Drops the traceback that BentoML logs for each request out of bounds: its answer says it all."""

    def filter(self, record: logging.LogRecord) -> bool:
        if not record.exc_info or not isinstance(record.exc_info[1], ValidationError):
            return True
        frames = traceback.extract_tb(record.exc_info[2])
        return all(frame.name != READING_A_REQUEST for frame in frames)


class _Ids(logging.Filter):
    """Tells of each line which request and which trace it belongs to."""

    def filter(self, record: logging.LogRecord) -> bool:
        request, trace = request_id.get() or None, tracing.trace_id()
        told = ", ".join(f"{name}={value}" for name, value in (("request", request), ("trace", trace)) if value)
        vars(record).update(
            service=getattr(record, "service_name", None),
            request_id=request,
            trace_id=trace,
            trace_msg=f" ({told})" if told else "",
        )
        return True


class Json(JsonFormatter):
    """A line of JSON: `time`, `level`, `logger`, `message`, `service`, `request_id`, `trace_id`, `exc_info`."""

    def __init__(self) -> None:
        super().__init__(
            "{asctime}{levelname}{name}{message}{service}{request_id}{trace_id}",
            style="{",
            datefmt="%Y-%m-%dT%H:%M:%S%z",
            rename_fields={"asctime": "time", "levelname": "level", "name": "logger"},
            reserved_attrs=[*logging.makeLogRecord({}).__dict__, *LEFT_OUT],
        )


def configure(settings: LogSettings) -> None:
    """Show our own lines, and all lines in the form that is wanted; call it once in each process."""
    logging.getLogger("promptlift").setLevel(settings.level)
    logging.getLogger("bentoml").setLevel(settings.level)
    logging.getLogger("bentoml._internal.server.http_app").addFilter(_NotTheCallersFault())
    if settings.as_json:
        SERVER_LOGGING_CONFIG["formatters"][BENTOML_FORMATTER] = {"()": Json}  # of the process that starts the workers
    for logger in (logging.getLogger(), logging.getLogger("bentoml"), logging.getLogger("uvicorn.error")):
        for handler in logger.handlers:
            handler.addFilter(_Ids())
            if settings.as_json and type(handler) is logging.StreamHandler:
                handler.setFormatter(Json())
