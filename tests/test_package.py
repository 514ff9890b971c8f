"""What `pip install .` brings: the client, httpx and pydantic, and nothing else."""

import subprocess
import sys
import zipfile
from email.parser import Parser
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
BROUGHT = {
    "annotated_types",
    "anyio",
    "certifi",
    "h11",
    "httpcore",
    "httpx",
    "idna",
    "promptlift",
    "pydantic",
    "pydantic_core",
    "sniffio",
    "typing_extensions",
    "typing_inspection",
}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    subprocess.run(command, check=True, capture_output=True)
    [built] = folder.glob("*.whl")
    return built


def test_the_wheel_is_the_client_alone(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()

    assert {name.partition("/")[0].partition("-")[0] for name in names} == {"promptlift"}
    assert "promptlift/py.typed" in names


def test_the_wheel_asks_for_httpx_and_pydantic_alone(wheel: Path) -> None:
    archive = zipfile.ZipFile(wheel)
    [metadata] = [name for name in archive.namelist() if name.endswith("METADATA")]
    required = Parser().parsestr(archive.read(metadata).decode()).get_all("Requires-Dist") or []

    assert sorted(line.partition(">")[0].partition("<")[0] for line in required if "extra ==" not in line) == [
        "httpx",
        "pydantic",
    ]


def test_importing_the_client_loads_nothing_of_the_services() -> None:
    code = "import sys, promptlift; print(*{name.partition('.')[0] for name in sys.modules})"
    shown = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True, cwd="/")

    heavy = {"bentoml", "diffusers", "dspy", "openai", "starlette", "torch", "typer", "weave"}
    assert not heavy & set(shown.stdout.split())


@pytest.mark.e2e
def test_a_clean_environment_gets_the_client_and_its_command(wheel: Path, tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-m", "venv", str(tmp_path / "venv")], check=True)
    python = tmp_path / "venv" / "bin" / "python"
    subprocess.run([python, "-m", "pip", "install", "--quiet", str(wheel)], check=True, capture_output=True)

    listed = subprocess.run(
        [python, "-m", "pip", "list", "--format=freeze"], capture_output=True, text=True, check=True
    )
    imported = subprocess.run([python, "-c", "import promptlift; print(promptlift.Client)"], check=False)
    command = subprocess.run([tmp_path / "venv" / "bin" / "promptlift"], capture_output=True, text=True, check=False)

    installed = {line.partition("==")[0].replace("-", "_").lower() for line in listed.stdout.splitlines()}
    assert installed <= BROUGHT | {"pip", "setuptools"}
    assert imported.returncode == 0
    assert "pip install 'promptlift[cli]'" in command.stderr
