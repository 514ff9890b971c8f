"""What the README says is so."""

import re
import shlex

import pytest

from bench.generator import markdown
from promptlift import endpoints
from services.local.table import KINDS, table, variables
from tests.readme import README, ROOT, commands

KNOWN = ("make", "promptlift", "curl", "export", "bentoml", "pip", "kubectl", "python", "helm")


def test_every_setting_stands_in_it_as_the_code_has_it() -> None:
    assert table() in README, "write it anew: python -m services.local settings"


@pytest.mark.parametrize("title", KINDS)
def test_every_setting_says_what_it_means(title: str) -> None:
    unsaid = [name for name, field in variables(KINDS[title]).items() if not field.description]

    assert unsaid == []


def test_its_settings_exist() -> None:
    known = {name for kind in KINDS.values() for name in variables(kind)}
    prefixes = {re.match(r"[A-Z]+_", name)[0] for name in known}
    told = {name for name in re.findall(r"\b[A-Z]+_[A-Z_]+\b", README) if name.startswith(tuple(prefixes))}

    assert told <= known | {"OPENAI_API_KEY"}


def test_every_endpoint_stands_in_its_table_of_services() -> None:
    assert set(re.findall(r"`(/[a-z/]+)`", README)) >= {endpoint.path for endpoint in endpoints.ALL}


def test_its_make_targets_exist() -> None:
    makefile = (ROOT / "Makefile").read_text()
    targets = {shlex.split(line)[1] for line in commands() if line.startswith("make ")}

    assert targets
    assert all(re.search(rf"^{target}:", makefile, re.MULTILINE) for target in targets)


def test_its_commands_are_ones_that_tests_know() -> None:
    """A command of another kind needs a test of its own."""
    words = [re.sub(r"^([A-Z_]+=\S+\s+)+", "", line).split()[0] for line in commands()]

    assert set(words) <= set(KNOWN)


def test_its_links_lead_somewhere() -> None:
    links = re.findall(r"\]\(([^)#]+)\)", README)

    assert [link for link in links if "://" not in link and not (ROOT / link).exists()] == []


def test_its_load_figures_are_the_kept_ones() -> None:
    assert markdown.table() in README, "write it anew: python -m bench.generator plot"
    assert markdown.circumstances() in README
