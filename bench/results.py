"""Keeping what a benchmark measured: with date, machine and versions, so that no figure stands without them."""

import json
import platform
from dataclasses import asdict, is_dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import psutil

FOLDER = Path(__file__).parent / "results"
PACKAGES = ("bentoml", "torch", "diffusers", "transformers", "dspy", "openai", "weave")


def keep(name: str, results: Any) -> Path:
    """Write results to bench/results/NAME.json."""
    FOLDER.mkdir(exist_ok=True)
    path = FOLDER / f"{name}.json"
    told = {
        "measured": datetime.now(UTC).date().isoformat(),
        "machine": f"{psutil.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}",
        "versions": {package: version(package) for package in PACKAGES},
        "results": results,
    }
    path.write_text(json.dumps(told, indent=2, default=_plain) + "\n")
    return path


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    raise TypeError(f"{type(value).__name__} can't be kept")
