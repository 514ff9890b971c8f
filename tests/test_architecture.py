"""The decisions that every change must keep."""

import ast
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from promptlift import endpoints

ROOT = Path(__file__).parents[1]
SERVICES = ("upsampler", "generator", "judge", "orchestrator")
MODULES = sorted(path for part in ("clients", "services", "pocket") for path in ROOT.glob(f"{part}/**/*.py"))
WEAVE_MODULES = {"board.py", "datasets.py", "scored.py", "weave_project.py"}
"""What is imported only when an evaluation is logged to Weave, or a prompt set comes from there."""
MOST_LINES = 250
MOST_FUNCTION_LINES = 40


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def imports(path: Path) -> set[str]:
    """Give the top-level names that a module imports anywhere in it."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.partition(".")[0])
    return found


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


@pytest.fixture(scope="module")
def routes() -> dict[str, set[str]]:
    """Ask each service which routes it answers, in a process of its own: importing one reads its settings."""
    code = """
import importlib, json, sys
routes = {}
for name in sys.argv[1:]:
    service = getattr(importlib.import_module(f"services.{name}.service"), name.capitalize())
    routes[name] = [api.route for api in service.apis.values()]
print(json.dumps(routes))
"""
    command = [sys.executable, "-c", code, *SERVICES]
    shown = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return {name: set(paths) for name, paths in json.loads(shown.stdout.splitlines()[-1]).items()}


@pytest.mark.parametrize("endpoint", endpoints.ALL, ids=lambda endpoint: endpoint.path)
def test_every_endpoint_is_served_by_its_service(endpoint: endpoints.Endpoint, routes: dict[str, set[str]]) -> None:
    assert endpoint.path in routes[endpoint.service]


def test_no_service_answers_a_route_that_no_endpoint_names(routes: dict[str, set[str]]) -> None:
    assert set.union(*routes.values()) == {endpoint.path for endpoint in endpoints.ALL}


@pytest.mark.parametrize("name", SERVICES)
def test_every_service_looks_like_the_others(name: str) -> None:
    folder = ROOT / "services" / name

    assert {"__init__.py", "service.py", "settings.py"} <= {path.name for path in folder.iterdir()}


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_bentoml_is_imported_by_services_alone(path: Path) -> None:
    assert "bentoml" not in imports(path) or path.name in ("service.py", "timers.py", "logs.py")


@pytest.mark.parametrize("path", [p for p in MODULES if p.name in ("service.py", "settings.py")], ids=named)
def test_importing_a_service_needs_no_model_library(path: Path) -> None:
    heavy = {"torch", "diffusers", "transformers", "dspy", "openai", "PIL", "xllamacpp", "weave"}

    assert not imports(path) & heavy


@pytest.mark.parametrize("module", ["services.judge.load", "services.upsampler.load"])
def test_the_embedded_judge_and_upsampler_need_no_torch(module: str) -> None:
    code = f"import sys, {module}; print(sorted({{'torch', 'transformers', 'diffusers'}} & set(sys.modules)))"
    shown = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)

    assert shown.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize("path", [p for p in MODULES if "clients" in p.parts], ids=named)
def test_the_client_needs_httpx_and_pydantic_alone(path: Path) -> None:
    standard = set(sys.stdlib_module_names)
    allowed = {"httpx", "pydantic", "pydantic_core", "promptlift"}
    if path.stem == "tracing":
        allowed |= {"weave"}  # where the caller has loaded it
    if "cli" in path.parts:
        allowed |= {"typer", "rich", "weave", "PIL"}
    if "evaluation" in path.parts:
        allowed |= {"jinja2", "numpy", "scipy", "PIL"} | ({"weave"} if path.name in WEAVE_MODULES else set())

    assert imports(path) <= standard | allowed


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_the_environment_is_read_by_settings_alone(path: Path) -> None:
    if path == ROOT / "services" / "local" / "system.py":
        pytest.skip("it hands its own environment on to its children")
    if path == ROOT / "services" / "tracing" / "connecting.py":
        pytest.skip("Weave takes its settings from there alone")

    assert not re.search(r"os\.(environ|getenv)", path.read_text())


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_a_file_fits_in_two_screens_and_a_function_in_a_glance(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= MOST_LINES
    for function in functions(path):
        body = function.body[1:] if ast.get_docstring(function) else function.body
        length = (function.end_lineno or 0) - body[0].lineno + 1 if body else 0
        assert length <= MOST_FUNCTION_LINES, f"{function.name} has {length} lines"


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_every_module_says_what_it_is_for(path: Path) -> None:
    docstring = ast.get_docstring(ast.parse(path.read_text()))

    assert docstring
    assert docstring.splitlines()[0].endswith((".", ":"))


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_no_module_is_a_drawer_for_odds_and_ends(path: Path) -> None:
    assert path.stem not in {"utils", "helpers", "common", "base", "misc"}
    assert "TODO" not in path.read_text()
