"""Captions of the shapes world pass the whole pipeline unchanged, and stay in words that the painter knows."""

from itertools import islice
from typing import Any

import pytest

from pocket.captions import worded
from pocket.filling import fill
from pocket.parse import parse
from pocket.statement import terse
from pocket.world import scenes
from promptlift.contracts import UpsampleRequest
from services.upsampler import embedded, shapes
from services.upsampler.clip import Tokenizer
from services.upsampler.load import load
from services.upsampler.scribe import NoDraft
from services.upsampler.settings import UpsamplerSettings
from services.upsampler.shapes import Filler
from services.upsampler.writer import Writer
from tests.services.upsampler.asking import change, task

TERSE = [worded(terse(scene.statement)) for scene in islice(scenes(held_out=True), 100)]
LEAST_UNCHANGED = 0.98
"""Share of captions that the rules for all prompts leave alone; now and then they see two colours contradict."""


async def test_what_is_filled_in_passes_every_rule_of_the_pipeline() -> None:
    writer = Writer(Filler("none"), Tokenizer(), UpsamplerSettings())

    told = [await writer.upsample(UpsampleRequest(prompt=prompt, seed=seed)) for seed, prompt in enumerate(TERSE)]

    unchanged = [one.prompt == f"{fill(one.base_prompt, one.seed)}." for one in told]
    assert sum(unchanged) >= LEAST_UNCHANGED * len(TERSE)
    assert all(one.prompt.startswith(one.base_prompt) and parse(one.prompt).understood for one in told)
    assert all(constraint.kept for one in told for constraint in one.constraints)


@pytest.mark.parametrize("prompt", ["a frog", "a red circle and a frog", "red", "a circle that is not red"])
def test_a_prompt_of_another_world_is_not_confined(prompt: str) -> None:
    assert shapes.grammar(prompt) is None
    assert not shapes.is_complete(prompt)


@pytest.mark.parametrize(
    "given",
    [
        task("a frog"),
        change("a red circle", "make it blue"),
        task("a small red circle at the top on a white background"),
    ],
    ids=["another world", "a change", "complete"],
)
async def test_without_a_model_nothing_else_is_written(given: Any) -> None:
    with pytest.raises(NoDraft) as caught:
        await Filler("there is no model").write(given, None, [], 0)

    assert not caught.value.again


async def test_the_real_weights_stay_in_the_painters_world_and_the_seed_decides() -> None:
    if embedded.find_weights() is None:
        pytest.skip("the embedded weights are not installed")
    writer = load(UpsamplerSettings(model="embedded"))

    told = [await writer.upsample(UpsampleRequest(prompt=prompt, seed=1)) for prompt in TERSE[:6]]

    for one in told:
        assert not one.fallback
        assert parse(one.prompt).understood
        assert one.prompt.startswith(f"{one.base_prompt}, ")
        assert shapes.is_complete(one.prompt)
