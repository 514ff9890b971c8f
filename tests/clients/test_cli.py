"""The `promptlift` command against the real services."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from promptlift.cli.app import app
from tests.openai_server import OpenAIServer, Step
from tests.pictures import plain
from tests.witness import numbers, sighting, witness


def run(*arguments: str, **options: str) -> Result:
    return CliRunner().invoke(app, list(arguments), **options)


def test_create_writes_the_pictures_and_prints_the_proof(orchestrator: str, llm: OpenAIServer, tmp_path: Path) -> None:
    llm.play(brain=witness())

    result = run("create", "a red circle", "--url", orchestrator, "--out", str(tmp_path), "--compare", "--seed", "3")

    assert result.exit_code == 0, result.output
    assert {file.name for file in tmp_path.iterdir()} == {"base.png", "upsampled.png"}
    assert "a red circle, seen from the front" in " ".join(result.stdout.split())
    assert "score 1.00" in result.stdout


def test_create_as_json_is_one_object_without_picture_bytes(
    orchestrator: str, llm: OpenAIServer, tmp_path: Path
) -> None:
    llm.play(brain=witness())

    result = run("create", "a red circle", "--url", orchestrator, "--out", str(tmp_path), "--json", "-n", "2")

    creation = json.loads(result.stdout)
    assert [Path(picture["file"]).exists() for picture in creation["pictures"]] == [True, True]
    assert creation["pictures"][0]["judgement"]["score"] == 1.0
    assert "image" not in creation["pictures"][0]["generated"]


def test_a_prompt_can_come_from_standard_input(orchestrator: str, llm: OpenAIServer, tmp_path: Path) -> None:
    arguments = ["create", "-", "--url", orchestrator, "--out", str(tmp_path), "--no-upsample", "--no-judge", "--json"]

    result = run(*arguments, input="a blue square\n")

    assert json.loads(result.stdout)["prompt"] == "a blue square"


def test_upsample_prints_the_prompt_alone(upsampler: str, llm: OpenAIServer) -> None:
    result = run("upsample", "a red circle", "--url", upsampler)

    assert result.stdout.strip() == "a red circle, seen from the front in soft light on a plain grey ground."


def test_an_upsampler_that_gave_nothing_is_a_failure(upsampler: str, llm: OpenAIServer) -> None:
    llm.play(Step(refusal="No."))

    result = run("upsample", "a red circle", "--url", upsampler)

    assert (result.exit_code, result.stdout.strip()) == (1, "a red circle")


def test_generate_prints_the_file_that_it_wrote(generator: str, tmp_path: Path) -> None:
    result = run(
        "generate", "a red circle", "--url", generator, "--out", str(tmp_path), "--seed", "5", "--format", "webp"
    )

    assert result.stdout.strip() == str(tmp_path / "5.webp")
    assert (tmp_path / "5.webp").read_bytes().startswith(b"RIFF")


@pytest.mark.parametrize(("seen", "verdict", "status"), [("yes", "correct", 0), ("no", "incorrect", 4)])
def test_judge_tells_its_verdict_by_exit_status(
    judge: str, llm: OpenAIServer, tmp_path: Path, seen: str, verdict: str, status: int
) -> None:
    llm.play(brain=witness(seen=lambda chat: [sighting(number, seen) for number in numbers(chat)]))
    picture = plain().save(tmp_path / "picture.png")

    result = run("judge", "a red circle", str(picture), "--url", judge)

    assert result.exit_code == status
    assert verdict in result.stdout


def test_judge_without_an_opinion_has_a_status_of_its_own(judge: str, llm: OpenAIServer, tmp_path: Path) -> None:
    llm.play(Step(refusal="No."))
    picture = plain().save(tmp_path / "picture.png")

    assert run("judge", "a red circle", str(picture), "--url", judge).exit_code == 5


def test_a_file_that_is_no_picture_is_refused_in_words(judge: str, tmp_path: Path) -> None:
    text = tmp_path / "note.txt"
    text.write_text("not a picture")

    result = run("judge", "a red circle", str(text), "--url", judge)

    assert result.exit_code == 2
    assert "not a PNG, JPEG or WebP" in result.stderr


def test_an_argument_out_of_bounds_is_refused_in_words() -> None:
    result = run("create", "a red circle", "--steps", "151", "--url", "http://127.0.0.1:9")

    assert result.exit_code == 2
    assert "steps: must be less than or equal to 150, got 151" in result.stderr


def test_a_service_that_is_not_there_is_told_with_its_address() -> None:
    result = run("generate", "a red circle", "--url", "http://127.0.0.1:9", "--timeout", "2")

    assert result.exit_code == 3
    assert "http://127.0.0.1:9/generate can't be reached" in result.stderr


def test_nothing_moves_in_a_pipe(orchestrator: str, llm: OpenAIServer, tmp_path: Path) -> None:
    result = run("create", "a red circle", "--url", orchestrator, "--out", str(tmp_path), "--no-judge", "--json")

    assert result.stderr == ""
    assert "\x1b" not in result.stdout


def test_an_entity_without_a_project_is_refused() -> None:
    result = run("create", "a red circle", "--entity", "team")

    assert result.exit_code == 2
    assert "--entity needs --project" in result.stderr


def test_the_help_tells_the_exit_status() -> None:
    assert "Exit status: 0 done" in " ".join(run("--help").stdout.split())
