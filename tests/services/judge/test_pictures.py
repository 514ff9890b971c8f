"""Making any picture fit to be looked at."""

import base64
import io

import numpy as np
import pytest
from PIL import Image as Pillow

from promptlift.contracts import Image
from services.errors import Invalid
from services.judge.pictures import digest, prepare
from tests.pictures import animated, claiming, encoded, plain, with_metadata


def shown(url: str) -> Pillow.Image:
    head, _, data = url.partition(",")
    assert head == "data:image/jpeg;base64"
    return Pillow.open(io.BytesIO(base64.b64decode(data, validate=True)))


@pytest.mark.parametrize("format", ["PNG", "JPEG", "WEBP"])
async def test_each_format_is_shown_as_a_jpeg(format: str) -> None:
    prepared = await prepare(plain("red", format=format), "image")

    red, green, blue = shown(prepared.url).convert("RGB").getpixel((16, 16))
    assert red > 240
    assert max(green, blue) < 15
    assert prepared.pixels.mode == "RGB"


async def test_transparent_parts_are_shown_on_white() -> None:
    clear = Image.of(encoded(Pillow.new("RGBA", (32, 32), (0, 0, 0, 0))))

    prepared = await prepare(clear, "image")

    assert prepared.pixels.getpixel((5, 5)) == (255, 255, 255)


async def test_sixteen_bits_of_grey_keep_their_shades() -> None:
    ramp = np.linspace(0, 65535, 256 * 4).reshape(4, 256).astype(np.uint16)

    prepared = await prepare(Image.of(encoded(Pillow.fromarray(ramp))), "image")

    assert [prepared.pixels.getpixel((x, 3))[0] for x in (0, 255)] == [192, 255]


async def test_a_photograph_is_turned_as_its_camera_says() -> None:
    lying = Pillow.new("RGB", (40, 20), "red")
    exif = lying.getexif()
    exif[0x0112] = 6  # the top is on the right

    prepared = await prepare(Image.of(encoded(lying, "JPEG", exif=exif)), "image")

    assert prepared.pixels.size == (20, 40)


async def test_no_metadata_is_shown() -> None:
    prepared = await prepare(with_metadata("a red circle, award winning"), "image")

    assert b"award" not in base64.b64decode(prepared.url.partition(",")[2])


@pytest.mark.parametrize(
    ("size", "expected"), [((1024, 1024), (1024, 1024)), ((3000, 1500), (1024, 512)), ((64, 32), (64, 32))]
)
@pytest.mark.parametrize("format", ["PNG", "JPEG"])
async def test_the_longest_side_has_at_most_1024_pixels(
    size: tuple[int, int], expected: tuple[int, int], format: str
) -> None:
    prepared = await prepare(plain(size=size, format=format), "image")

    assert prepared.pixels.size == shown(prepared.url).size == expected


@pytest.mark.parametrize(
    ("image", "said"),
    [
        (Image.of(plain(size=(300, 300)).data[:-40]), "second: can't be decoded"),
        (Image.of(plain(format="JPEG").data[:60]), "second: can't be decoded"),
        (Image.of(b"\x89PNG\r\n\x1a\n" + b"\0" * 50), "second: can't be decoded"),
        (animated(), "second: is animated; send one frame"),
        (claiming(4097, 4096), "second: has 4097x4096 pixels; send at most 16777216"),
        (claiming(60000, 60000), "second: .*pixels"),
    ],
    ids=["cut PNG", "cut JPEG", "no picture", "animated", "too many pixels", "bomb"],
)
async def test_what_cannot_be_looked_at_is_named(image: Image, said: str) -> None:
    with pytest.raises(Invalid, match=said):
        await prepare(image, "second")


async def test_a_picture_is_named_by_its_bytes() -> None:
    assert await digest(plain("red")) == await digest(plain("red"))
    assert await digest(plain("red")) != await digest(plain("blue"))
