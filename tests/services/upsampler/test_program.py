"""The programs, their demos, and compiled states of them."""

import json
from functools import cache
from pathlib import Path

import dspy
import pytest

from promptlift.contracts import UpsampleRequest
from services.upsampler.check import faults
from services.upsampler.clip import WINDOW
from services.upsampler.composition import compose
from services.upsampler.constraints import extract
from services.upsampler.draft import Draft, mended
from services.upsampler.program import CHANGED, DEMOS, MODES, Captioning, inputs_of, load, read, version
from services.upsampler.task import Task, plan
from tests.services.upsampler.asking import change, count, task


@cache
def captioning() -> Captioning:
    return Captioning(count)


def demos() -> list[tuple[str, dict[str, str]]]:
    return [(mode, demo) for mode, name in DEMOS.items() for demo in json.loads(read(name))]


def task_of(mode: str, demo: dict[str, str]) -> Task:
    asked = {name: demo[name] for name in ("prompt", *CHANGED) if name in demo}
    return plan(UpsampleRequest.model_validate({"mode": mode, **asked}), WINDOW, count)


@pytest.mark.parametrize(
    ("mode", "demo"), demos(), ids=lambda value: value if isinstance(value, str) else value["prompt"][:30]
)
def test_every_demo_obeys_the_rules_that_it_teaches(mode: str, demo: dict[str, str]) -> None:
    asked = task_of(mode, demo)
    draft = Draft(demo["corrected_prompt"], demo["caption"])

    made = compose(asked, draft, count)

    assert mended(asked, draft) == draft
    assert faults(asked, draft.caption) == []
    assert made is not None
    assert made.corrected == demo["corrected_prompt"]
    assert len(demo["caption"].split()) <= asked.most_words


def test_the_demos_cover_what_goes_wrong_most() -> None:
    faithful = [demo for mode, demo in demos() if mode == "faithful"]
    kinds = {constraint.kind for demo in faithful for constraint in extract(demo["prompt"])}

    assert kinds >= {"count", "text", "negation", "relation", "style", "colour", "language"}
    assert any(demo["prompt"] != demo["corrected_prompt"] for demo in faithful)
    lengths = [len(demo["prompt"].split()) for demo in faithful]
    assert min(lengths) == 1
    assert max(lengths) > 30


def test_no_two_demos_of_a_mode_ask_for_the_same() -> None:
    for mode in MODES:
        prompts = [demo.prompt + demo.get("instruction", "") for demo in captioning().of(mode).demos]
        assert len(set(prompts)) == len(prompts)


def test_a_program_is_given_what_binds_and_what_was_wrong() -> None:
    asked = change("two red bowls", "make them blue", previous="Two red bowls on a table.")

    given = inputs_of(asked, Draft("", "A bowl."), ["missing: count: 2 (bowls)"])

    assert given["must_keep"] == [str(each) for each in asked.constraints]
    assert (given["draft"], given["faults"]) == ("A bowl.", ["missing: count: 2 (bowls)"])
    assert (given["previous"], given["instruction"]) == ("Two red bowls on a table.", "make them blue")
    assert set(given) == set(captioning().modify.signature.input_fields)
    assert set(inputs_of(task("a bowl"), None, [])) == set(captioning().faithful.signature.input_fields)


def test_the_version_changes_with_instructions_and_demos_alone() -> None:
    one, same, told, shown = (Captioning(count).faithful for _ in range(4))
    told.signature = told.signature.with_instructions("Caption it.")
    shown.demos = shown.demos[1:]

    assert version(one) == version(same)
    assert len({version(one), version(told), version(shown)}) == 3


def test_a_compiled_state_is_loaded_without_its_model(tmp_path: Path) -> None:
    compiled = Captioning(count)
    compiled.faithful.signature = compiled.faithful.signature.with_instructions("Caption it well.")
    compiled.faithful.demos = compiled.faithful.demos[:1]
    compiled.faithful.lm = dspy.LM("openai/other", api_key="sk-secret")
    compiled.save(tmp_path / "program.json")

    loaded = load(tmp_path / "program.json", count)

    assert loaded.faithful.signature.instructions == "Caption it well."
    assert [demo["prompt"] for demo in loaded.faithful.demos] == [compiled.faithful.demos[0].prompt]
    assert loaded.faithful.lm is None
    assert version(loaded.faithful) == version(compiled.faithful)
    assert version(loaded.creative) == version(captioning().creative)


@pytest.mark.parametrize("content", [None, "not json", "{}", "[]", '{"faithful": {}, "creative": {}, "modify": {}}'])
def test_a_file_that_is_no_compiled_program_is_refused_in_words(tmp_path: Path, content: str | None) -> None:
    path = tmp_path / "program.json"
    if content is not None:
        path.write_text(content)

    with pytest.raises(RuntimeError, match=rf"UPSAMPLER_PROGRAM={path} can't be loaded"):
        load(path, count)
