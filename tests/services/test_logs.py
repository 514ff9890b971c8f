"""Logs tell which request and which trace a line belongs to, in JSON where nobody sits before them."""

import json
import subprocess
import sys

from tests.conftest import ROOT

CODE = """
import logging, sys
from bentoml._internal.log import SERVER_LOGGING_CONFIG, configure_server_logging
configure_server_logging()
from services import logs, settings, tracing
from services.edge import request_id
logs.configure(settings.read(logs.LogSettings))
request_id.set("r-1")
logging.getLogger("promptlift.edge").info("a %s", "line")
logging.getLogger("promptlift.edge").debug("too much")
try:
    raise ValueError("no bowl")
except ValueError:
    logging.getLogger("bentoml.server").exception("it failed")
logging.config.dictConfig(SERVER_LOGGING_CONFIG)
logging.getLogger("bentoml.cli").warning("of the parent process")
"""


def lines(**variables: str) -> list[str]:
    environment = {"PYTHONPATH": f"{ROOT / 'clients'}:{ROOT}", "BENTOML_DO_NOT_TRACK": "True", "PATH": "", **variables}
    shown = subprocess.run([sys.executable, "-c", CODE], env=environment, capture_output=True, text=True, check=True)
    return shown.stdout.splitlines()


def test_where_nobody_looks_each_line_is_an_object() -> None:
    edge, failed, parent = map(json.loads, lines())

    assert (edge["level"], edge["logger"], edge["message"]) == ("INFO", "promptlift.edge", "a line")
    assert (edge["request_id"], edge["trace_id"]) == ("r-1", None)
    assert edge["time"].startswith("20")
    assert "no bowl" in failed["exc_info"]
    assert parent["message"] == "of the parent process"


def test_text_tells_the_request_too() -> None:
    first = lines(LOG_FORMAT="text")[0]

    assert "[INFO]" in first
    assert first.endswith("a line (request=r-1)")


def test_the_level_can_be_chosen() -> None:
    shown = lines(LOG_LEVEL="ERROR")

    assert [json.loads(line)["message"] for line in shown] == ["it failed", "of the parent process"]


def test_a_level_that_is_none_stops_the_start() -> None:
    environment = {"PYTHONPATH": f"{ROOT / 'clients'}:{ROOT}", "LOG_LEVEL": "LOUD", "PATH": ""}
    shown = subprocess.run([sys.executable, "-c", CODE], env=environment, capture_output=True, text=True, check=False)

    assert shown.returncode == 1
    assert "LOG_LEVEL: Input should be 'DEBUG', 'INFO', 'WARNING' or 'ERROR'" in shown.stderr
