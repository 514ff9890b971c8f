"""Each bento builds, carries what its service needs, and nothing of the others."""

import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[1]
SERVICES = ("upsampler", "generator", "judge", "orchestrator")
ALL_IN_ONE = ("embedded", *SERVICES)
TRACING = "tracing"
"""An extra of every service: an image can record what it does."""
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


def bentofile(name: str | None) -> Path:
    return ROOT / "bentofile.yaml" if name is None else ROOT / "services" / name / "bentofile.yaml"


@pytest.mark.parametrize("name", [*SERVICES, None], ids=str)
def test_a_bento_asks_for_what_the_extra_of_its_service_asks_for(name: str | None) -> None:
    extras = (*(ALL_IN_ONE if name is None else (name,)), TRACING)
    wanted = {*PROJECT["dependencies"], *(line for extra in extras for line in PROJECT["optional-dependencies"][extra])}

    assert set(yaml.safe_load(bentofile(name).read_text())["python"]["packages"]) == wanted


@pytest.mark.parametrize("name", ["upsampler", "judge", "orchestrator"])
def test_only_the_generators_bento_carries_torch(name: str) -> None:
    packages = yaml.safe_load(bentofile(name).read_text())["python"]["packages"]

    assert not [package for package in packages if package.startswith(("torch", "diffusers", "transformers"))]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> dict[str | None, Path]:
    """Build all five, offline, into a store of their own, and give the folder of each."""
    home = tmp_path_factory.mktemp("bentoml")
    folders = {}
    for name in (*SERVICES, None):
        command = [sys.executable, "-m", "bentoml", "build", "-f", str(bentofile(name)), "--output", "tag", "."]
        own = {"BENTOML_HOME": str(home), "BENTOML_DO_NOT_TRACK": "True"}
        shown = subprocess.run(command, cwd=ROOT, env=os.environ | own, capture_output=True, text=True, check=False)
        assert shown.returncode == 0, shown.stderr
        bento, _, version = shown.stdout.strip().rpartition("__tag__:")[2].partition(":")
        folders[name] = home / "bentos" / bento / version / "src"
    return folders


@pytest.mark.e2e
@pytest.mark.parametrize("name", [*SERVICES, None], ids=str)
def test_the_service_in_a_bento_can_be_imported_from_there_alone(
    name: str | None, built: dict[str | None, Path]
) -> None:
    service = name or "orchestrator"
    code = (
        f"from services.{service}.service import {service.capitalize()} as s; import services; print(services.__file__)"
    )

    shown = subprocess.run([sys.executable, "-c", code], cwd=built[name], capture_output=True, text=True, check=False)

    assert shown.returncode == 0, shown.stderr
    assert shown.stdout.strip().startswith(str(built[name]))


@pytest.mark.e2e
@pytest.mark.parametrize("name", SERVICES)
def test_a_bento_carries_no_other_services_core(name: str, built: dict[str | None, Path]) -> None:
    others = {path.parent.name for path in (built[name] / "services").glob("*/load.py")} - {name}

    assert not others
    assert not list(built[name].rglob("tests")) + list(built[name].rglob(".*cache"))
