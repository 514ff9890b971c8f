"""What a trace shows: pictures as pictures, and never base64, bytes or more than was said."""

import base64
import io

import pytest
from PIL import Image as Pillow

from promptlift.contracts import Image, JudgeRequest
from services.tracing import shown as module
from services.tracing.shown import shown
from services.tracing.weight import weight


def png(color: str = "red", size: tuple[int, int] = (64, 48)) -> bytes:
    written = io.BytesIO()
    Pillow.new("RGBA", size, color).save(written, "PNG")
    return written.getvalue()


def opened(content: object) -> Pillow.Image:
    return Pillow.open(io.BytesIO(content.data))  # type: ignore[attr-defined]


def test_a_picture_is_shown_as_jpeg_of_its_size() -> None:
    request = JudgeRequest(prompt="a bowl", image=Image(data=png(), media_type="image/png"))

    told = shown(request)

    assert told["prompt"] == "a bowl"
    assert (opened(told["image"]).format, opened(told["image"]).size) == ("JPEG", (64, 48))
    assert told["image"].mimetype == "image/jpeg"


def test_a_jpeg_is_shown_as_it_is() -> None:
    written = io.BytesIO()
    Pillow.new("RGB", (8, 8)).save(written, "JPEG")

    assert shown(Image(data=written.getvalue(), media_type="image/jpeg")).data == written.getvalue()


def test_a_data_url_anywhere_is_shown_as_a_picture() -> None:
    url = f"data:image/png;base64,{base64.b64encode(png()).decode()}"

    told = shown({"messages": [{"content": [{"type": "image_url", "image_url": {"url": url}}]}]})

    assert opened(told["messages"][0]["content"][0]["image_url"]["url"]).size == (64, 48)


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (b"\x00" * 9, "9 bytes"),
        ("data:image/png;base64,%%%", "25 characters that are no picture"),
        ("data:image/png;base64,AAAA", "3 bytes that are no picture"),
        ({"a": (1, 2.5, True, None, "x")}, {"a": [1, 2.5, True, None, "x"]}),
        ({1}, [1]),
    ],
)
def test_everything_else_is_plain(value: object, told: object) -> None:
    assert shown(value) == told


def test_a_picture_too_large_to_be_opened_is_only_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_PIXELS", 100)
    data = png("blue")

    assert module.picture(data) == f"a picture of 64x48 in {len(data)} bytes"


def test_the_weight_of_a_call_is_that_of_its_pictures_and_text() -> None:
    image = Image(data=png() + b"x" * 1000, media_type="image/png")

    assert 0 <= weight({"request": JudgeRequest(prompt="abc", image=image)}) - len(image.data) <= 100
    assert weight([b"12", ("34", {"5"}), 6]) == 5


def test_a_picture_that_several_calls_see_is_one_and_few_are_kept() -> None:
    first = module.picture(png("green"))

    assert module.picture(png("green")) is first
    for side in range(1, module.RECENT + 1):
        module.picture(png("green", (side, 1)))
    assert module.picture(png("green")) is not first
    assert len(module._recent) == module.RECENT
