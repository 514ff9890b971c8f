"""How prompt sets are read."""

import pytest

from promptlift.errors import Rejected
from promptlift.evaluation.formats import Row, rows


def read(name: str, text: str) -> list[tuple[str, str]]:
    return [(row.prompt, row.category) for row in rows(name, text)]


def test_partiprompts_are_recognised_with_their_categories() -> None:
    text = 'Prompt\tCategory\tChallenge\tNote\nbond\tAbstract\tBasic\tof science\n"A" on a wall\tArts\tWriting\t\n'

    assert read("PartiPrompts.tsv", text) == [("bond", "Abstract"), ('"A" on a wall', "Arts")]


def test_drawbench_is_recognised_with_its_categories() -> None:
    text = 'Prompts,Category\n"A cube, made of denim.",Descriptions\nA red car.,Colors\n'

    assert read("drawbench.csv", text) == [("A cube, made of denim.", "Descriptions"), ("A red car.", "Colors")]


def test_geneval_is_recognised_with_its_tags() -> None:
    text = '{"tag": "counting", "include": [{"class": "cat", "count": 2}], "prompt": "a photo of two cats"}\n\n'

    assert read("metadata.jsonl", text) == [("a photo of two cats", "counting")]


def test_dsg_has_a_row_for_each_question_and_its_source_as_category() -> None:
    text = (
        "item_id,text,proposition_id,question_natural_language\n"
        "whoops_5,A cube with ten squares,1,Is there a cube?\n"
        "whoops_5,A cube with ten squares,2,Are there ten squares?\n"
        "localized_narratives_95,In this image,1,Is there an image?\n"
    )

    assert read("dsg.csv", text) == [("A cube with ten squares", "whoops")] * 2 + [
        ("In this image", "localized_narratives")
    ]


def test_the_columns_of_the_published_datasets_are_known() -> None:
    assert read("set.jsonl", '{"base_prompt": "a cat"}\n"a dog"\n') == [("a cat", ""), ("a dog", "")]


def test_text_has_one_prompt_a_line() -> None:
    assert rows("mine.txt", "a cat\n\n# 1 fan\n") == [Row("a cat", "", "line 1"), Row("# 1 fan", "", "line 3")]


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("set.xlsx", "", "ends in .xlsx; name the file by what it holds: .tsv, .csv"),
        ("set", "", "ends in nothing"),
        ("set.csv", "words,kind\na cat,x\n", "line 2: no column holds a prompt (found: words, kind)"),
        ("set.csv", "prompt,category\n,Arts\n", "line 2: no column holds a prompt"),
        ("set.jsonl", '{"prompt": "a"}\n{"prompt"', "line 2: .* write one JSON object a line"),
        ("set.jsonl", "[1]\n", r"line 1: holds \[1\]"),
        ("set.jsonl", '{"prompt": 7}\n', "no column holds a prompt"),
    ],
)
def test_what_can_not_be_read_is_named_with_its_place(name: str, text: str, said: str) -> None:
    with pytest.raises(Rejected, match=said.replace("(", r"\(").replace(")", r"\)")):
        rows(name, text)
