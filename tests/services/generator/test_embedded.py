"""What the embedded painter says of prompts, and that the service paints with it as plain diffusers does."""

import io
from collections.abc import Iterator

import numpy as np
import pytest
from PIL import Image as Pillow

from pocket.painter import GUIDANCE, STEPS, brush, load_painter
from promptlift.contracts import GeneratedImage, GenerateRequest
from services.generator import embedded
from services.generator.load import load
from services.generator.painter import Painter
from services.generator.settings import GeneratorSettings

IN_WORLD = "a red circle, large, in the center, on a white background"


@pytest.mark.parametrize("prompt", ["a red circle", IN_WORLD, f"{IN_WORLD}.", "three blue stars above a heart"])
def test_a_prompt_of_known_words_needs_no_remark(prompt: str) -> None:
    assert embedded.remarks(prompt) == ()


def test_unknown_words_are_named() -> None:
    [remark] = embedded.remarks("a frog dressed as a red circle")

    assert remark.endswith("only coloured shapes are known, not: frog, dressed")


def test_of_many_unknown_words_the_first_are_named() -> None:
    [remark] = embedded.remarks(" ".join(f"word{number}" for number in range(20)))

    assert remark.endswith("word7 and 12 more")


def test_a_prompt_that_names_no_shape_is_told() -> None:
    assert embedded.remarks("red")[0].endswith("names none")


@pytest.fixture(scope="module")
def painter() -> Iterator[Painter]:
    painter = load(GeneratorSettings(model="pocket", steps=None, strict_calls="fixed"))
    yield painter
    painter.close()


async def paint(painter: Painter, prompt: str, **choices: int) -> GeneratedImage:
    [result] = await painter.paint([GenerateRequest(prompt=prompt, **choices)])
    assert result.picture is not None
    return result.picture


async def test_the_embedded_model_has_its_own_size_steps_and_guidance(painter: Painter) -> None:
    generated = await paint(painter, "a frog", seed=1)

    assert (generated.model, generated.width, generated.height, generated.steps) == ("pocket", 128, 128, STEPS)
    assert generated.guidance == GUIDANCE
    assert generated.warnings == embedded.remarks("a frog")


async def test_the_service_paints_with_the_trained_weights_what_diffusers_paints(painter: Painter) -> None:
    generated = await paint(painter, IN_WORLD, seed=3, steps=6)

    [theirs] = brush(load_painter(), steps=6)([IN_WORLD], [3])
    ours = Pillow.open(io.BytesIO(generated.image.data))
    assert np.abs(np.asarray(ours, int) - np.asarray(theirs, int)).max() <= 2
