"""How failures and values of calls are written."""

import json

import pytest

from services.traces.showing import VALUE_CHARACTERS, failure, value


def test_a_failure_of_the_sdk_is_one_line_and_where_it_was() -> None:
    frames = [{"filename": "a.py", "line_number": 3, "function_name": "f", "text": "raise X"}]

    told = failure(json.dumps({"type": "X", "message": "no good", "traceback": frames}))

    assert told.headline == "X: no good"
    assert told.traceback == "a.py:3 in f\n    raise X"


@pytest.mark.parametrize(
    ("exception", "headline"),
    [("it broke\nhere", "it broke"), ("{", "{"), ("[1]", "[1]"), ('{"type": "X", "message": ""}', "X"), ("7", "7")],
)
def test_any_other_failure_is_told_as_it_stands(exception: str, headline: str) -> None:
    assert failure(exception).headline == headline


def test_files_in_a_value_are_named_by_their_kind() -> None:
    custom = {"_type": "CustomWeaveType", "weave_type": {"type": "PIL.Image.Image"}, "files": {"image.png": "abc"}}

    text, is_cut = value({"picture": custom})

    assert json.loads(text) == {"picture": "<Image: image.png>"}
    assert not is_cut


def test_a_long_text_is_cut_inside_its_value() -> None:
    text, is_cut = value({"long": "x" * 5000, "short": "y"})

    assert json.loads(text)["short"] == "y"
    assert "(5000 characters)" in text
    assert is_cut


def test_a_long_list_is_cut_at_its_end() -> None:
    text, is_cut = value(list(range(5000)))

    assert len(text) < VALUE_CHARACTERS + 10
    assert is_cut


def test_a_value_of_any_depth_is_written() -> None:
    deep: object = 1
    for _ in range(500):
        deep = [deep]

    assert value(deep)[1]
