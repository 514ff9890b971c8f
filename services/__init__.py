"""The four services: upsampler, generator, judge and orchestrator."""

import importlib.util
import sys
from pathlib import Path

if importlib.util.find_spec("promptlift") is None:  # in a bento the client lies beside the services, not installed
    sys.path.append(str(Path(__file__).parents[1] / "clients"))
