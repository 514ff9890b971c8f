"""Our tables against diffusers' own schedulers, step by step on the same made-up model."""

import itertools
from typing import Any

import pytest
import torch
from diffusers import (
    DDIMScheduler,
    DPMSolverMultistepScheduler,
    EulerAncestralDiscreteScheduler,
    EulerDiscreteScheduler,
    LCMScheduler,
)

from services.generator.solvers import UnknownSolver, tabulate

SDXL = {"beta_start": 0.00085, "beta_end": 0.012, "beta_schedule": "scaled_linear", "num_train_timesteps": 1000}
SHAPE = (1, 4, 8, 8)


def variants(kind: type, **choices: tuple[Any, ...]) -> list[Any]:
    return [
        pytest.param(kind, dict(zip(choices, values, strict=True)), id=f"{kind.__name__}-{'-'.join(map(str, values))}")
        for values in itertools.product(*choices.values())
    ]


EULER = variants(
    EulerDiscreteScheduler,
    timestep_spacing=("leading", "trailing", "linspace"),
    prediction_type=("epsilon", "v_prediction", "sample"),
    use_karras_sigmas=(False, True),
)
ANCESTRAL = variants(
    EulerAncestralDiscreteScheduler,
    timestep_spacing=("leading", "trailing"),
    prediction_type=("epsilon", "v_prediction"),
)
MULTISTEP = variants(
    DPMSolverMultistepScheduler,
    timestep_spacing=("leading", "trailing"),
    prediction_type=("epsilon", "v_prediction"),
    use_karras_sigmas=(False, True),
    solver_type=("midpoint", "heun"),
    solver_order=(1, 2),
)
CONSISTENCY = variants(LCMScheduler, prediction_type=("epsilon", "v_prediction"))


def model(latents: torch.Tensor, timestep: torch.Tensor) -> torch.Tensor:
    pattern = torch.randn(SHAPE, generator=torch.Generator().manual_seed(5))
    return torch.tanh(latents * 0.7 + pattern * 0.3) * (0.5 + timestep / 2000)


@pytest.mark.parametrize("steps", [1, 2, 4, 20, 50])
@pytest.mark.parametrize(("kind", "options"), EULER + ANCESTRAL + MULTISTEP + CONSISTENCY)
def test_a_table_gives_what_diffusers_gives(kind: type, options: dict[str, Any], steps: int) -> None:
    theirs, table = kind(**SDXL, **options), tabulate(kind(**SDXL, **options), steps)
    theirs.set_timesteps(steps)
    generator, again = torch.Generator().manual_seed(1), torch.Generator().manual_seed(1)

    expected = torch.randn(SHAPE, generator=generator) * theirs.init_noise_sigma
    random = {"generator": generator} if kind in (EulerAncestralDiscreteScheduler, LCMScheduler) else {}
    for timestep in theirs.timesteps:
        output = model(theirs.scale_model_input(expected, timestep), timestep)
        expected = theirs.step(output, timestep, expected, return_dict=False, **random)[0]
    latents = torch.randn(SHAPE, generator=again) * table.start
    before = torch.zeros(SHAPE)
    for scale, timestep, keep, take, carry, use, recall, noise in table.steps:
        denoised = keep * latents + take * model(latents * scale, timestep)
        fresh = noise * torch.randn(SHAPE, generator=again) if noise else 0
        latents = carry * latents + use * denoised + recall * before + fresh
        before = denoised

    torch.testing.assert_close(latents, expected, rtol=0, atol=2e-5 * float(expected.abs().max()))


def test_tabulating_leaves_the_scheduler_as_it_was() -> None:
    scheduler = EulerDiscreteScheduler(**SDXL)
    before = scheduler.timesteps.clone()

    tabulate(scheduler, 4)

    assert torch.equal(scheduler.timesteps, before)


def test_a_schedule_whose_last_step_has_no_length_stays_finite() -> None:
    options = {"use_karras_sigmas": True, "final_sigmas_type": "sigma_min"}

    table = tabulate(DPMSolverMultistepScheduler(**SDXL, **options), 20)

    assert torch.isfinite(table.steps).all()


@pytest.mark.parametrize(
    "scheduler",
    [
        DDIMScheduler(),
        DPMSolverMultistepScheduler(algorithm_type="sde-dpmsolver++"),
        DPMSolverMultistepScheduler(solver_order=3),
    ],
    ids=["ddim", "stochastic", "third order"],
)
def test_a_sampler_without_a_table_is_refused_by_name(scheduler: Any) -> None:
    with pytest.raises(UnknownSolver, match="table"):
        tabulate(scheduler, 4)
