"""Rules of the painter's folder."""

from collections import Counter

import pytest
import torch
from diffusers import EulerDiscreteScheduler, StableDiffusionXLPipeline

from pocket.evaluation.exam import every_fact, examine, questions, share
from pocket.eyes import Eyes
from pocket.painter import EYES, PAINTER, WEIGHTS, brush, load_painter
from pocket.training.painter import hardness

PROMPT = "a large red circle in the center on a white background"


@pytest.fixture(scope="module")
def pipeline() -> StableDiffusionXLPipeline:
    return load_painter()


def test_the_folder_loads_with_plain_diffusers_and_paints_128_pixels_by_default() -> None:
    pipeline = StableDiffusionXLPipeline.from_pretrained(PAINTER)
    pipeline.set_progress_bar_config(disable=True)

    picture = pipeline("a red circle", num_inference_steps=2).images[0]

    assert picture.size == (128, 128)
    assert isinstance(pipeline.scheduler, EulerDiscreteScheduler)
    for name in ("unet", "vae", "text_encoder", "text_encoder_2"):
        assert next(getattr(pipeline, name).parameters()).dtype == torch.float32


def test_the_same_seed_gives_the_same_picture_and_another_seed_another(pipeline: StableDiffusionXLPipeline) -> None:
    paint = brush(pipeline, steps=4)

    first, again, other = (paint([PROMPT], [seed])[0].tobytes() for seed in (1, 1, 2))

    assert first == again
    assert first != other


def test_a_picture_does_not_depend_on_what_is_painted_beside_it(pipeline: StableDiffusionXLPipeline) -> None:
    paint = brush(pipeline, steps=4)

    alone = paint([PROMPT], [1])[0]
    beside = paint(["a blue star", PROMPT, "three hearts"], [5, 1, 6])[1]

    # Other batch sizes may round differently, by a step of 1 in 255.
    differences = torch.tensor(list(alone.tobytes())).sub(torch.tensor(list(beside.tobytes()))).abs()
    assert int(differences.max()) <= 2


@pytest.mark.parametrize("prompt", ["", "a frog dressed as a knight", "日本 café " * 40])
def test_any_prompt_is_painted(pipeline: StableDiffusionXLPipeline, prompt: str) -> None:
    assert brush(pipeline, steps=2)([prompt], [0])[0].size == (128, 128)


@pytest.mark.parametrize(
    ("group", "kinds", "floor"),
    [
        ("single", ("shape", "colour"), 0.95),
        ("relation", (), 0.8),
        ("inside", (), 0.3),
        ("count", ("shape", "colour", "count"), 0.75),
    ],
)
def test_most_held_out_pictures_show_what_was_asked(
    pipeline: StableDiffusionXLPipeline, group: str, kinds: tuple[str, ...], floor: float
) -> None:
    drawn = questions({"single": 20, "relation": 100, "count": 20})
    asked = [question for question in drawn if hardness(question.statement) == group][:20]

    sheets = examine(asked, brush(pipeline), Eyes.load(EYES), [0])

    assert len(sheets) == 20
    assert share(sheets, every_fact(*kinds)).mean >= floor


def test_the_exam_asks_for_every_relation_equally_often() -> None:
    asked = questions({"single": 3, "relation": 12})

    relations = Counter(question.statement.links[0].relation for question in asked if question.statement.links)
    assert sorted(relations.values()) == [2, 2, 2, 3, 3]
    assert len(asked) == 15


def test_the_weights_are_small_and_nothing_in_them_can_run_code() -> None:
    files = [path for path in WEIGHTS.rglob("*") if path.is_file()]

    assert sum(path.stat().st_size for path in files) <= 24_000_000
    assert {path.suffix for path in files} <= {".safetensors", ".json"}
