"""Prompt sets."""

from collections import Counter
from pathlib import Path

import pytest

from promptlift.errors import Rejected
from promptlift.evaluation.formats import Row
from promptlift.evaluation.prompts import Case, PromptSet, load, prompt_set
from promptlift.evaluation.statistics import FEWEST


def test_the_smoke_set_has_forty_prompts_and_enough_of_each_category_for_an_interval() -> None:
    smoke = load("smoke")

    counts = Counter(case.category for case in smoke.cases)
    assert len(smoke.cases) == 40
    assert len(counts) == 5
    assert min(counts.values()) >= FEWEST


def test_a_file_is_named_after_itself(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("\ufeffa cat\n", encoding="utf-8")

    found = load(str(tmp_path / "mine.txt"))

    assert (found.name, found.cases) == ("mine.txt", (Case("a cat"),))


def test_a_prompt_that_stands_twice_counts_once() -> None:
    found = prompt_set("x", [Row("a cat", "one", "1"), Row("a  cat ", "two", "2"), Row("a dog", "", "3")])

    assert (found.cases, found.repeated) == ((Case("a cat", "one"), Case("a dog")), 1)


def test_a_prompt_that_no_service_takes_is_named_with_its_row() -> None:
    with pytest.raises(Rejected, match=r"x, line 7: .*at most 2000 characters"):
        prompt_set("x", [Row("a" * 2001, "", "line 7")])


def test_an_empty_set_is_refused() -> None:
    with pytest.raises(Rejected, match="x holds no prompt"):
        prompt_set("x", [])


def test_a_name_that_is_nothing_is_refused_with_what_there_is() -> None:
    with pytest.raises(Rejected, match=r"nothing.tsv is neither a file nor a prompt set of the package \(smoke\)"):
        load("nothing.tsv")


def test_a_file_in_another_encoding_is_refused(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_bytes("ein Käfer".encode("latin-1"))

    with pytest.raises(Rejected, match="is not UTF-8"):
        load(str(tmp_path / "mine.txt"))


def test_a_part_of_a_set_covers_its_categories() -> None:
    cases = tuple(Case(f"{category}{number}", category) for category in "ab" for number in range(3))

    part = PromptSet("x", cases).first(4)

    assert [case.prompt for case in part.cases] == ["a0", "a1", "b0", "b1"]


def test_the_content_decides_whether_two_sets_are_the_same() -> None:
    one, other = PromptSet("one", (Case("a", "x"),)), PromptSet("other", (Case("a", "x"),))

    assert one.sha256 == other.sha256
    assert one.sha256 != PromptSet("one", (Case("a", "y"),)).sha256
