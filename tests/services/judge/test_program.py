"""What the model is told."""

import shutil
from pathlib import Path

import pytest

from services.judge import program
from services.judge.facts import Draft, arranged
from services.judge.rules import completed


def test_every_demo_is_a_plan_that_the_rules_have_nothing_to_add_to() -> None:
    for demo in program.planning().demos:
        facts = arranged([Draft(**fact) for fact in demo.facts])

        assert len(facts) == len(demo.facts)
        assert completed(demo.prompt, facts) == facts


@pytest.mark.parametrize("name", ["prompts/look.md", "prompts/plans.json", "vocabulary.json"])
def test_a_rubric_that_says_something_else_has_another_name(tmp_path: Path, name: str) -> None:
    package = shutil.copytree(Path(program.__file__).parent, tmp_path / "judge")
    assert program.version(package) == program.version()

    (package / name).write_text((package / name).read_text() + " ")

    assert program.version(package) != program.version()


def test_what_picks_the_better_picture_is_told_to_ignore_beauty_and_the_other_way_round() -> None:
    assert "Beauty, detail" in program.comparing().signature.instructions
    assert "What the pictures show does not matter" in program.appealing().signature.instructions
    assert "prompt" not in program.appealing().signature.input_fields


def test_eyes_are_given_questions_and_no_prompt() -> None:
    assert list(program.looking().signature.input_fields) == ["picture", "questions"]
