"""The cancel storm finds nothing left behind."""

from pathlib import Path

from bench.generator.storm import cancel


def test_rows_of_callers_that_left_are_freed_within_a_step_and_no_other_picture_suffers(tiny_model: Path) -> None:
    found = cancel(str(tiny_model), threads=1, count=24)

    assert found["cancelled"] > 0
    assert found["of these the same bits as alone"] == found["pictures of the others"] == 24 - found["cancelled"]
    assert found["most steps for one that had left"] <= 1
    assert found["tickets left behind"] == 0
