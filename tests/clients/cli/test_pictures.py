"""Labelled pictures, and what is made of them."""

import io
import json
from pathlib import Path

import pytest
from PIL import Image as Pillow

from promptlift.cli.pictures import blank, drawn, mirrored, read, written
from promptlift.contracts import Image
from tests.pictures import encoded, plain
from tests.shapes import ShapePlanner, things


def opened(image: Image) -> Pillow.Image:
    return Pillow.open(io.BytesIO(image.data)).convert("RGB")


def test_every_drawn_picture_shows_as_many_things_as_its_prompt_says() -> None:
    for labelled in drawn():
        facts = ShapePlanner().read(labelled.prompt)
        wanted = sum(fact.expected_count or 1 for fact in facts if fact.kind in ("entity", "count")) - sum(
            fact.kind == "count" for fact in facts
        )

        found, _ = things(opened(labelled.image))

        assert len(found) == wanted, labelled.prompt


def test_pictures_are_drawn_the_same_every_time() -> None:
    assert drawn() == drawn()


def test_a_mirrored_picture_swaps_left_and_right() -> None:
    halves = Pillow.new("RGB", (20, 10), "red")
    halves.paste("blue", (10, 0, 20, 10))

    swapped = opened(mirrored(Image.of(encoded(halves))))

    assert (swapped.getpixel((2, 5)), swapped.getpixel((17, 5))) == ((0, 0, 255), (255, 0, 0))


def test_a_blank_picture_is_white_and_a_written_one_is_not() -> None:
    assert opened(blank()).getcolors() == [(512 * 512, (255, 255, 255))]
    assert min(opened(written("a red circle")).convert("L").tobytes()) == 0


def test_the_longest_prompt_can_be_written() -> None:
    assert written("word " * 400).data


def test_a_folder_lists_its_pictures(tmp_path: Path) -> None:
    plain().save(tmp_path / "one.png")
    (tmp_path / "pictures.json").write_text(json.dumps([{"file": "one.png", "prompt": "a red square"}]))

    [labelled] = read(tmp_path)

    assert (labelled.prompt, labelled.image) == ("a red square", plain())


@pytest.mark.parametrize("listed", ["[1]", '{"file": "one.png"}', '[{"file": "one.png"}]', "no list"])
def test_a_list_that_is_none_is_refused(tmp_path: Path, listed: str) -> None:
    plain().save(tmp_path / "one.png")
    (tmp_path / "pictures.json").write_text(listed)

    with pytest.raises(ValueError, match=r"pictures\.json must be a list|Expecting value"):
        read(tmp_path)
