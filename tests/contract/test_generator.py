"""The real client against the real generator, painting with a tiny SDXL."""

import io
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from PIL import Image as Pillow

from promptlift import Client, GenerateRequest, Rejected


def test_a_prompt_becomes_a_picture_that_tells_how_it_was_painted(generator: str) -> None:
    with Client(generator) as client:
        generated = client.generate(prompt="a red circle", seed=3, width=128, height=64, guidance=2)

    picture = Pillow.open(io.BytesIO(generated.image.data))
    assert (picture.format, picture.size) == ("PNG", (128, 64))
    assert (generated.seed, generated.steps, generated.guidance, generated.width) == (3, 2, 2.0, 128)


def test_the_same_seed_gives_the_same_picture_and_another_seed_another(generator: str) -> None:
    with Client(generator) as client:
        first, again, other = (client.generate(prompt="a red circle", seed=seed) for seed in (3, 3, 4))

    assert first.image == again.image
    assert first.image != other.image


def test_a_seed_that_was_drawn_paints_the_same_picture_again(generator: str) -> None:
    with Client(generator) as client:
        drawn = client.generate(prompt="a red circle")
        again = client.generate(prompt="a red circle", seed=drawn.seed)

    assert drawn.image == again.image


@pytest.mark.parametrize(("format", "known_as"), [("png", "PNG"), ("jpeg", "JPEG"), ("webp", "WEBP")])
def test_a_picture_is_encoded_as_asked(generator: str, format: str, known_as: str) -> None:
    with Client(generator) as client:
        generated = client.generate(prompt="a red circle", format=format)

    assert Pillow.open(io.BytesIO(generated.image.data)).format == known_as
    assert generated.image.media_type == f"image/{format}"


def test_one_call_may_mix_sizes_steps_and_guidance(generator: str) -> None:
    requests = [
        GenerateRequest(prompt="a", seed=1, steps=1),
        GenerateRequest(prompt="b", seed=2, steps=2, width=128),
        GenerateRequest(prompt="c", seed=3, steps=1),
        GenerateRequest(prompt="d", seed=4, steps=2, guidance=0),
    ]

    with Client(generator) as client:
        results = client.generate_batch(requests)

    pictures = [result.picture for result in results]
    assert [(p.prompt, p.seed, p.steps, p.width) for p in pictures if p] == [
        ("a", 1, 1, 64),
        ("b", 2, 2, 128),
        ("c", 3, 1, 64),
        ("d", 4, 2, 64),
    ]


def test_callers_that_come_together_each_get_their_own_picture(generator: str) -> None:
    with Client(generator) as client, ThreadPoolExecutor(12) as pool:
        pictures = list(pool.map(lambda seed: client.generate(prompt=f"number {seed}", seed=seed), range(12)))

    assert [(picture.prompt, picture.seed) for picture in pictures] == [(f"number {s}", s) for s in range(12)]
    assert len({picture.image.data for picture in pictures}) == 12


def test_callers_that_come_together_share_batches(generator: str) -> None:
    with Client(generator) as client, ThreadPoolExecutor(12) as pool:
        pictures = list(pool.map(lambda seed: client.generate(prompt="x", seed=seed, guidance=0, steps=9), range(12)))

    assert max(picture.batch_size for picture in pictures) > 1


@pytest.mark.parametrize("count", [0, 33])
def test_a_batch_has_one_to_thirty_two_items(generator: str, count: int) -> None:
    answer = httpx.post(f"{generator}/generate", json=[{"prompt": "a"}] * count)

    assert answer.status_code == 422
    assert "item" in answer.json()["error"]["message"]


def test_a_wrong_item_is_named_by_its_place(generator: str) -> None:
    answer = httpx.post(f"{generator}/generate", json=[{"prompt": "a"}, {"prompt": "a", "width": 100}])

    assert answer.json()["error"]["message"] == "1.width: must be a multiple of 8, got 100"


def test_the_client_checks_bounds_before_it_sends(generator: str) -> None:
    with (
        Client("http://127.0.0.1:9") as client,
        pytest.raises(Rejected, match="steps: must be less than or equal to 150"),
    ):
        client.generate(prompt="a red circle", steps=151)
