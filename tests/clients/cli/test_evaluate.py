"""`promptlift evaluate` against the real services."""

import io
import json
import re
from pathlib import Path

import pytest
from rich.console import Console
from typer.testing import CliRunner, Result

from promptlift.cli.app import app
from promptlift.cli.exits import Exit
from promptlift.cli.progress import Bar
from promptlift.contracts import Usage
from promptlift.evaluation.journal import JOURNAL
from promptlift.evaluation.prompts import load
from tests.clients.evaluation.made import failed, pair, shot
from tests.clients.evaluation.opinions import opinionated
from tests.fakes import judged
from tests.openai_server import Brain, OpenAIServer, Step
from tests.witness import witness

NOBODY = "http://127.0.0.1:9"
PAINTED = [case.prompt for case in load("smoke").first(5).cases]
SMALL = ("--seeds", "2", "--limit", "10")


def evaluate(url: str, judge: str, out: Path, *options: str) -> Result:
    arguments = ["evaluate", "--url", url, "--judge-url", judge, "--out", str(out)]
    return CliRunner().invoke(app, [*arguments, *options])


def results(out: Path) -> dict[str, object]:
    found: dict[str, object] = json.loads((out / "results.json").read_text())
    return found


def refusing(word: str) -> Brain:
    """Make a model that upsamples no prompt with a word."""
    brain = opinionated()
    return lambda chat: (
        Step(refusal="I can't.") if "caption" in chat.fields and word in chat.asked("prompt") else brain(chat)
    )


def test_an_evaluation_ends_with_a_report(orchestrator: str, judge: str, llm: OpenAIServer, tmp_path: Path) -> None:
    llm.play(brain=opinionated())

    result = evaluate(orchestrator, judge, tmp_path, *SMALL)

    assert result.exit_code == Exit.DONE, result.output
    assert re.search(r"(Upsampling helps|Upsampling harms|No difference can be told)", result.stdout)
    assert {"report.html", "report.md", "results.json", "trials.csv", JOURNAL, "pictures"} == {
        file.name for file in tmp_path.iterdir()
    }
    found = results(tmp_path)
    assert found["validity"]["verdict"] == "valid"  # type: ignore[index]
    assert found["whole"]["pairs"] == 20  # type: ignore[index]


def test_both_pictures_are_judged_by_the_users_own_words(
    orchestrator: str, judge: str, llm: OpenAIServer, tmp_path: Path
) -> None:
    llm.play(brain=opinionated())

    evaluate(orchestrator, judge, tmp_path, "--seeds", "1", "--limit", "5", "--no-controls")

    shown = [chat for chat in llm.chats if "caption" not in chat.fields]
    planned = {chat.asked("prompt") for chat in shown if chat.fields == {"facts"}}
    assert sum(bool(chat.images) for chat in shown) == 5 * (2 + 2)  # each picture once, each pair in both orders
    assert planned <= set(PAINTED)
    assert not [chat for chat in shown if "soft light" in chat.messages[-1].text]  # as every upsampled prompt has it


def test_the_same_command_again_asks_for_nothing(
    orchestrator: str, judge: str, llm: OpenAIServer, tmp_path: Path
) -> None:
    llm.play(brain=opinionated())
    assert evaluate(orchestrator, judge, tmp_path, *SMALL).exit_code == Exit.DONE
    before = (tmp_path / "report.html").read_text()
    llm.play(brain=opinionated())

    result = evaluate(NOBODY, NOBODY, tmp_path, *SMALL)

    assert result.exit_code == Exit.DONE, result.output
    assert llm.chats == []
    assert (tmp_path / "report.html").read_text() == before


def test_a_judge_that_agrees_with_everything_makes_it_invalid(
    orchestrator: str, judge: str, llm: OpenAIServer, tmp_path: Path
) -> None:
    llm.play(brain=witness(writing="anything"))

    result = evaluate(orchestrator, judge, tmp_path, "--seeds", "1", "--limit", "5", "--judge-mode", "dalle3")

    assert result.exit_code == Exit.INCORRECT
    assert "the judge fails a control: blank pictures judged correct 1.00, wanted at most 0" in result.stdout


def test_a_judge_that_gives_no_opinion_leaves_nothing_to_say(
    orchestrator: str, judge: str, llm: OpenAIServer, tmp_path: Path
) -> None:
    llm.play(brain=lambda chat: Step(refusal="No.") if chat.images else None)

    result = evaluate(orchestrator, judge, tmp_path, "--seeds", "1", "--limit", "5", "--judge-mode", "dalle3")

    assert result.exit_code == Exit.NO_VERDICT
    assert "No pair was judged in both arms" in result.stdout


def test_prompts_that_the_upsampler_refuses_are_counted_apart(
    orchestrator: str, judge: str, llm: OpenAIServer, tmp_path: Path
) -> None:
    llm.play(brain=refusing("heart"))

    result = evaluate(orchestrator, judge, tmp_path, *SMALL, "--no-controls")

    apart = results(tmp_path)["apart"]
    assert [(one["arm"], one["fate"], one["count"]) for one in apart] == [("upsampled", "not upsampled", 6)]  # type: ignore[attr-defined]
    assert "I can't." in apart[0]["reasons"][0]  # type: ignore[index]
    assert "6 of 20 prompts were not upsampled" in result.stdout


def test_a_judge_that_can_not_be_asked_leaves_it_unchecked(
    orchestrator: str, llm: OpenAIServer, tmp_path: Path
) -> None:
    llm.play(brain=opinionated())

    result = evaluate(orchestrator, f"{orchestrator}/nowhere", tmp_path, "--seeds", "1", "--limit", "5")

    assert result.exit_code == Exit.DONE, result.output
    assert "the judge can't be checked" in result.stderr
    assert "unchecked" in result.stdout


def test_one_arm_alone_can_be_measured(orchestrator: str, judge: str, llm: OpenAIServer, tmp_path: Path) -> None:
    llm.play(brain=opinionated())

    result = evaluate(orchestrator, judge, tmp_path, *SMALL, "--arms", "base", "--no-controls")

    assert result.exit_code == Exit.DONE, result.output
    assert "of the base pictures show all" in result.stdout
    assert not [chat for chat in llm.chats if "caption" in chat.fields]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--arms", "base,best"], "arms.1: must be 'base' or 'upsampled', got 'best'"),
        (["--seeds", "0"], "seeds: must be greater than or equal to 1, got 0"),
        (["--limit", "0"], "limit: must be greater than or equal to 1, got 0"),
        (["--steps", "151"], "steps: must be less than or equal to 150, got 151"),
        (["--judge-mode", "quick", "--judge-samples", "3"], "judge_samples is 3, but each quick look"),
        (["--prompts", "nothing.csv"], "nothing.csv is neither a file nor a prompt set"),
        (["--prompts", "weave:///a/b"], "'weave:///a/b' is no dataset's ref"),
        (["--entity", "team"], "--entity needs --project"),
        (["--project", "p"], "Weave needs a W&B key; set WANDB_API_KEY"),
    ],
)
def test_what_is_wrong_is_said_before_anything_is_asked(options: list[str], said: str, tmp_path: Path) -> None:
    result = evaluate(NOBODY, NOBODY, tmp_path / "out", *options)

    assert result.exit_code == Exit.REJECTED
    assert said in " ".join(result.stderr.split())


def test_services_that_are_not_there_are_unavailable(tmp_path: Path) -> None:
    result = evaluate(NOBODY, NOBODY, tmp_path, "--no-controls", "--timeout", "1")

    assert result.exit_code == Exit.UNAVAILABLE
    assert "can't be reached" in result.stderr


def test_the_bar_tells_what_is_left_and_what_it_cost_so_far() -> None:
    console = Console(file=io.StringIO(), force_terminal=True, width=160)
    paid = judged(0.9).model_copy(update={"usage": Usage(calls=1, input_tokens=1900, output_tokens=82), "cost": 0.5})
    kept = pair("a", 0.9, 0.9)

    with Bar(console) as bar:
        bar.planned([kept], trials=2, controls=0)
        bar.tried(pair("b", 0.9, 0.9, shots=(shot("base", 0.9, judgement=paid), shot("upsampled", 0.9))))
        bar.tried(failed("c"))

    shown = console.file.getvalue()  # type: ignore[attr-defined]
    assert "going on: 2 trials are left" in shown
    assert "2/2" in shown
    assert "2.0k tokens, $0.50" in shown
    assert "failed: c: no answer" in shown
