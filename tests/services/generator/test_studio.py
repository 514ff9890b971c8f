"""The row-wise engine against diffusers' own pipeline, on a tiny random SDXL."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from diffusers import EulerAncestralDiscreteScheduler, StableDiffusionXLPipeline

from services.generator.calls import Strictness
from tests.services.generator.painting import difference, easels, order, painted, studio, theirs

LONG = "A red circle on a blue ground. " * 8
FIXED = [Strictness(rows, tried=False) for rows in (2, 4, 8)]
TRIED = Strictness(2, tried=True)


@pytest.fixture(scope="module")
def strict_pipeline(tiny_model: Path) -> Any:
    """One of its own: strictness changes some of the U-Net's layers."""
    return StableDiffusionXLPipeline.from_pretrained(tiny_model)


@pytest.mark.parametrize(
    "choices",
    [
        {},
        {"guidance": 0.0},
        {"guidance": 1.0},
        {"guidance": 12.0},
        {"negative_prompt": "blurry"},
        {"width": 128, "height": 64},
        {"width": 64, "height": 192},
        {"steps": 1},
        {"steps": 20},
    ],
    ids=str,
)
def test_one_request_alone_is_what_diffusers_paints(pipeline: Any, choices: dict[str, Any]) -> None:
    ordered = order(**choices)

    [ours] = painted(studio(pipeline), [ordered])

    assert difference(ours, theirs(pipeline, ordered)) <= 1


def test_a_sampler_that_adds_noise_paints_what_diffusers_paints(pipeline: Any) -> None:
    config = pipeline.scheduler.config
    ancestral = StableDiffusionXLPipeline(
        **pipeline.components | {"scheduler": EulerAncestralDiscreteScheduler.from_config(config)}
    )
    ancestral.set_progress_bar_config(disable=True)
    ordered = order(steps=6)

    [ours] = painted(studio(ancestral), [ordered])

    assert difference(ours, theirs(ancestral, ordered)) <= 1


MIXED = [
    order("a red circle", seed=1, steps=5, guidance=7.5),
    order("two blue squares", seed=2, steps=8, guidance=3.0, negative_prompt="blurry"),
    order("a star", seed=3, steps=4, guidance=0.0),
    order("a cat", seed=4, steps=6, guidance=12.0),
]


def test_requests_of_any_steps_and_guidance_together_are_what_each_is_alone(pipeline: Any) -> None:
    together = painted(studio(pipeline), MIXED)

    for ordered, ours in zip(MIXED, together, strict=True):
        assert difference(ours, theirs(pipeline, ordered)) <= 1


def test_requests_together_need_fewer_calls_than_one_after_another(pipeline: Any) -> None:
    calls: list[int] = []
    hook = pipeline.unet.register_forward_pre_hook(lambda module, inputs: calls.append(inputs[0].shape[0]))
    try:
        painted(studio(pipeline), MIXED)
    finally:
        hook.remove()

    assert len(calls) == 8  # the longest has 8 steps; one after another they would be 23
    assert calls == [7, 7, 7, 7, 6, 4, 2, 2]


@pytest.mark.parametrize("strictness", [*FIXED, TRIED], ids=str)
def test_when_strict_every_bit_is_the_same_in_any_company(strict_pipeline: Any, strictness: Strictness) -> None:
    strict = studio(strict_pipeline, strictness)

    together = painted(strict, MIXED)
    alone = [painted(strict, [ordered])[0] for ordered in MIXED]
    backwards = painted(strict, MIXED[::-1])[::-1]

    for ours, solo, turned in zip(together, alone, backwards, strict=True):
        assert np.array_equal(ours, solo)
        assert np.array_equal(ours, turned)


def test_strict_pictures_are_what_diffusers_paints(pipeline: Any, strict_pipeline: Any) -> None:
    together = painted(studio(strict_pipeline, TRIED), MIXED)

    for ordered, ours in zip(MIXED, together, strict=True):
        assert difference(ours, theirs(pipeline, ordered)) <= 1


def rows_of_calls(pipeline: Any, strictness: Strictness) -> list[int]:
    strict = studio(pipeline, strictness)
    painted(strict, MIXED[:1])  # whatever is tried is tried now
    calls: list[int] = []
    hook = pipeline.unet.register_forward_pre_hook(lambda module, inputs: calls.append(inputs[0].shape[0]))
    try:
        painted(strict, MIXED)
    finally:
        hook.remove()
    return calls


def test_a_fixed_call_has_always_the_same_number_of_rows(strict_pipeline: Any) -> None:
    assert set(rows_of_calls(strict_pipeline, FIXED[1])) == {4}


def test_larger_calls_are_used_where_they_give_the_same_bits(strict_pipeline: Any) -> None:
    assert max(rows_of_calls(strict_pipeline, TRIED)) > 2


def test_when_fast_company_changes_a_picture_by_less_than_can_be_seen(pipeline: Any) -> None:
    together = painted(studio(pipeline), MIXED)
    alone = [painted(studio(pipeline), [ordered])[0] for ordered in MIXED]

    for ours, solo in zip(together, alone, strict=True):
        error = np.mean((ours.astype(float) - solo.astype(float)) ** 2)
        assert error == 0 or 10 * np.log10(255**2 / error) >= 50


def test_a_picture_that_pauses_is_the_same_as_one_that_does_not(pipeline: Any) -> None:
    ours = studio(pipeline)
    paused, other = easels(ours, [order("a red circle", seed=1, steps=4), order("a star", seed=2, steps=3)])
    for working in ([paused], [paused, other], [other], [other], [paused], [paused]):
        ours.step(working)

    assert np.array_equal(ours.decode(paused), painted(studio(pipeline), [order("a red circle", seed=1, steps=4)])[0])


def test_a_long_prompt_is_encoded_in_chunks_and_what_is_cut_is_told(pipeline: Any) -> None:
    plan = studio(pipeline).plan(order(LONG))

    assert plan.lane.tokens == 154
    assert len(plan.chunks.texts) == 2
    assert plan.chunks.texts[0].endswith(".")
    assert plan.chunks.cut > 0


def test_the_second_chunk_is_heard(pipeline: Any) -> None:
    beginning = "A red circle on a plain grey ground. " * 3
    first, second = (order(beginning + end) for end in ("A star", "A cat"))

    assert studio(pipeline).plan(first).lane.tokens == 154
    assert not np.array_equal(*(painted(studio(pipeline), [ordered])[0] for ordered in (first, second)))


def test_a_prompt_is_truncated_when_asked_as_diffusers_truncates(pipeline: Any) -> None:
    ordered = order(LONG, truncate=True)
    plan = studio(pipeline).plan(ordered)

    assert plan.lane.tokens == 77
    assert plan.chunks.cut > 0


def test_prompts_of_different_length_do_not_share_a_call(pipeline: Any) -> None:
    short, long = (studio(pipeline).plan(order(prompt)).lane for prompt in ("a red circle", LONG))

    assert short != long


def test_every_tensor_of_a_short_prompt_is_bitwise_diffusers(pipeline: Any) -> None:
    for negative in ("", "blurry"):
        ours = studio(pipeline)
        ordered = order(negative_prompt=negative)
        stage = ours.easel(ordered, ours.plan(ordered)).stage
        positive, negative_text = stage.positive.text, stage.negative.text
        prompt, away, pooled, away_pooled = pipeline.encode_prompt(
            ordered.prompt, device="cpu", negative_prompt=negative or None
        )

        assert torch.equal(positive.hidden, prompt[0])
        assert torch.equal(positive.pooled, pooled[0])
        assert torch.equal(negative_text.hidden, away[0])
        assert torch.equal(negative_text.pooled, away_pooled[0])


def test_dropping_one_of_several_leaves_the_others_as_they_were(pipeline: Any) -> None:
    ours = studio(pipeline)
    kept, gone = easels(ours, [order(seed=1, steps=4), order(seed=2, steps=4)])
    ours.step([kept, gone])
    ours.drop(gone)
    while kept.done < kept.steps:
        ours.step([kept])

    assert difference(ours.decode(kept), theirs(pipeline, order(seed=1, steps=4))) <= 1
