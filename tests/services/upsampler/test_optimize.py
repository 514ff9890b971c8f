"""Compiling programs against the local stand-in for OpenAI's API."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from services.upsampler import optimize
from services.upsampler.optimize import read_requests
from services.upsampler.program import Captioning, load
from tests.openai_server import KEY, Chat, OpenAIServer
from tests.services.upsampler.asking import count

PROMPTS = [f"a {colour} {thing}" for colour in ("red", "blue", "green") for thing in ("bowl", "cup", "vase", "lamp")]
BETTER = "Describe the one picture that the request asks for, and settle everything that it leaves open."
POOR = "A thing."


def better_when_told(chat: Chat):
    """Propose better instructions when asked for any, and write good captions under these alone."""
    if "new_instruction" in chat.fields:
        return {"new_instruction": BETTER}
    prompt = chat.asked("prompt")
    caption = f"The request shows {prompt} on a wide oak table beside a tall window, in soft light."
    return {"corrected_prompt": prompt, "caption": caption if BETTER in chat.messages[0].text else POOR}


def good_for_some(chat: Chat):
    prompt = chat.asked("prompt")
    caption = f"The request shows {prompt} on a wide oak table beside a tall window, in soft light."
    return {"corrected_prompt": prompt, "caption": caption if "red" in prompt else POOR}


def run(llm: OpenAIServer, tmp_path: Path, *arguments: str, prompts: str = "\n".join(PROMPTS)):
    source = tmp_path / "prompts.txt"
    source.write_text(prompts)
    app = optimize.typer.Typer()
    app.command()(optimize.main)
    environment = {"UPSAMPLER_API_BASE": llm.url, "UPSAMPLER_API_KEY": KEY}
    return CliRunner().invoke(app, [str(source), str(tmp_path / "out" / "program.json"), *arguments], env=environment)


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out" / "program.json"


def test_gepa_finds_better_instructions(llm: OpenAIServer, tmp_path: Path, out: Path) -> None:
    llm.play(brain=better_when_told)

    shown = run(llm, tmp_path, "--optimizer", "gepa", "--calls", "60")

    assert shown.exit_code == 0, shown.output
    compiled = load(out, count)
    assert compiled.faithful.signature.instructions == BETTER
    assert len(compiled.faithful.demos) == len(Captioning(count).faithful.demos)
    before, after = (float(line.split("│")[2]) for line in shown.output.splitlines() if line.startswith("│"))
    assert before < 0.6 < 0.9 < after


def test_bootstrap_adds_demos_of_good_answers_alone(llm: OpenAIServer, tmp_path: Path, out: Path) -> None:
    llm.play(brain=good_for_some)

    shown = run(llm, tmp_path, "--optimizer", "bootstrap")

    assert shown.exit_code == 0, shown.output
    added = [demo for demo in json.loads(out.read_text())["faithful"]["demos"] if demo.get("augmented")]
    assert added
    assert all("red" in demo["prompt"] for demo in added)
    assert len(load(out, count).faithful.demos) == len(Captioning(count).faithful.demos) + len(added)


def test_no_key_is_saved(llm: OpenAIServer, tmp_path: Path, out: Path) -> None:
    llm.play(brain=good_for_some)

    run(llm, tmp_path, "--optimizer", "bootstrap")

    assert KEY not in out.read_text()
    assert llm.url not in out.read_text()


@pytest.mark.parametrize(
    ("arguments", "prompts", "message"),
    [
        (["--mode", "off"], "a\nb\nc\nd", "'off' has no program"),
        ([], "a\nb", "2 prompts are too few"),
        ([], "a\n" + "x" * 2001, "line 2: prompt:"),
        (["--mode", "modify"], "a", "line 1: request: mode modify needs both"),
        ([], '{"prompt": ', "line 1: is no JSON object"),
    ],
)
def test_what_can_not_be_compiled_is_told_in_words(
    llm: OpenAIServer, tmp_path: Path, out: Path, arguments: list[str], prompts: str, message: str
) -> None:
    shown = run(llm, tmp_path, *arguments, prompts=prompts)

    assert shown.exit_code == 1
    assert message in " ".join(shown.output.split())
    assert not out.exists()


def test_changes_are_read_as_objects(tmp_path: Path) -> None:
    source = tmp_path / "changes.jsonl"
    change = {"prompt": "a man", "previous": "A man.", "instruction": "make the light red"}
    source.write_text(f"{json.dumps(change)}\n\n{json.dumps(change | {'prompt': 'a cat'})}\n")

    requests = read_requests(source, "modify")

    assert [(request.prompt, request.instruction) for request in requests] == [
        ("a man", "make the light red"),
        ("a cat", "make the light red"),
    ]
