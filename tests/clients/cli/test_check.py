"""The command that checks a judge, against the real judge."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from promptlift.cli.app import app
from promptlift.cli.exits import Exit
from tests.openai_server import OpenAIServer, Step
from tests.pictures import plain
from tests.shapes import seeing
from tests.witness import draft, witness


def check(judge: str, *options: str) -> Result:
    return CliRunner().invoke(app, ["judge-check", "--url", judge, "--seed", "11", *options])


def test_a_judge_whose_model_sees_passes(judge: str, llm: OpenAIServer) -> None:
    llm.play(brain=seeing())

    result = check(judge)

    assert result.exit_code == Exit.DONE, result.output
    assert "the judge passes" in result.output


def test_a_judge_whose_model_always_agrees_fails(judge: str, llm: OpenAIServer) -> None:
    llm.play(brain=witness([draft(1)], writing="anything"))

    result = check(judge, "--mode", "dalle3", "--json")

    told = json.loads(result.stdout)
    failed = {control["name"] for control in told["controls"] if control["passed"] is False}
    assert result.exit_code == Exit.INCORRECT
    assert (told["passed"], told["model"]) == (False, "local-multimodal-1")
    assert {"blank pictures judged correct", "painted instructions judged correct"} < failed
    assert {chat.seed for chat in llm.chats} == {11}


def test_a_judge_without_opinion_is_told_from_one_that_fails(judge: str, llm: OpenAIServer) -> None:
    llm.play(brain=lambda chat: Step(refusal="Not today."))

    result = check(judge, "--mode", "dalle3")

    assert result.exit_code == Exit.NO_VERDICT
    assert "Not today." in result.output


def test_own_pictures_can_be_used(judge: str, llm: OpenAIServer, tmp_path: Path) -> None:
    plain("red").save(tmp_path / "one.png")
    (tmp_path / "pictures.json").write_text(json.dumps([{"file": "one.png", "prompt": "a red square"}]))
    llm.play(brain=witness())

    check(judge, "--mode", "dalle3", "--pictures", str(tmp_path))

    assert {chat.asked("prompt") for chat in llm.chats} == {"a red square"}


@pytest.mark.parametrize("listed", [None, "[1]"])
def test_a_folder_without_a_list_is_a_bad_request(tmp_path: Path, listed: str | None) -> None:
    if listed:
        (tmp_path / "pictures.json").write_text(listed)

    result = CliRunner().invoke(app, ["judge-check", "--pictures", str(tmp_path)])

    assert result.exit_code == Exit.REJECTED
    assert "pictures.json" in result.output


def test_a_judge_that_is_not_there_is_unavailable() -> None:
    result = CliRunner().invoke(app, ["judge-check", "--url", "http://127.0.0.1:9", "--timeout", "1"])

    assert result.exit_code == Exit.UNAVAILABLE
