"""`promptlift evaluate` against the real services."""

import json
from pathlib import Path

from typer.testing import CliRunner, Result

from promptlift.cli.app import app
from promptlift.cli.exits import Exit
from tests.clients.evaluation.opinions import opinionated
from tests.openai_server import OpenAIServer


def evaluate(orchestrator: str, judge: str, out: Path, *options: str) -> Result:
    arguments = ["evaluate", "--url", orchestrator, "--judge-url", judge, "--out", str(out)]
    return CliRunner().invoke(app, [*arguments, *options])


def test_an_evaluation_ends_with_a_report(orchestrator: str, judge: str, llm: OpenAIServer, tmp_path: Path) -> None:
    llm.play(brain=opinionated())

    result = evaluate(orchestrator, judge, tmp_path, "--seeds", "2", "--limit", "10")

    assert result.exit_code == Exit.DONE, result.output
    found = json.loads((tmp_path / "results.json").read_text())
    assert found["validity"]["verdict"] == "valid"
    assert found["whole"]["pairs"] == 20
