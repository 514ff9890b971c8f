"""The README's blocks run as they stand, but for the port."""

import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from services.local.system import LocalSystem
from tests.openai_server import OpenAIServer
from tests.readme import LOCAL, ROOT, blocks, commands
from tests.witness import witness

pytestmark = pytest.mark.e2e
RUN = ("promptlift create", "promptlift upsample", "curl")


@pytest.mark.parametrize("code", blocks("python"), ids=lambda code: code.splitlines()[0])
def test_a_python_block_runs(code: str, system: LocalSystem, llm: OpenAIServer, tmp_path: Path) -> None:
    llm.play(brain=witness())
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT / "clients"), str(ROOT)])}

    shown = subprocess.run(
        [sys.executable, "-W", "error", "-c", code.replace(LOCAL, system.url)],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert shown.returncode == 0, shown.stderr
    assert shown.stdout.strip()


@pytest.mark.parametrize("line", [line for line in commands() if line.startswith(RUN)])
def test_a_command_runs(line: str, system: LocalSystem, llm: OpenAIServer, tmp_path: Path) -> None:
    llm.play(brain=witness())
    words = shlex.split(line.replace(LOCAL, system.url))
    if words[0] == "promptlift":
        words = [sys.executable, "-c", "from promptlift.cli import main; main()", *words[1:]]
        words += [] if "--url" in words else ["--url", system.url]
    environment = os.environ | {"PYTHONPATH": str(ROOT / "clients")}

    shown = subprocess.run(words, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)

    assert shown.returncode == 0, shown.stderr
    assert list(tmp_path.rglob("*.*")), "it leaves its answer in a file"
