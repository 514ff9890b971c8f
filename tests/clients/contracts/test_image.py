"""An encoded picture as it travels."""

import base64

import pytest

from promptlift import Image
from tests.pictures import plain


@pytest.mark.parametrize("format", ["PNG", "JPEG", "WEBP"])
def test_a_data_url_is_taken_for_its_picture(format: str) -> None:
    picture = plain(format=format)
    url = f"data:{picture.media_type};base64,{base64.b64encode(picture.data).decode()}"

    assert Image.of_url(url) == picture


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("https://example.invalid/a.png", "is no picture's data URL"),
        ("data:text/html;base64,AAAA", "is no picture's data URL"),
        ("data:image/png,AAAA", "is no picture's data URL"),
        ("data:image/png;base64,A*", "holds no whole base64"),
        ("data:image/png;base64,AAAA", "not a PNG, JPEG or WebP"),
    ],
)
def test_what_is_no_data_url_of_a_picture_is_refused(url: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        Image.of_url(url)
